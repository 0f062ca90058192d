"""Appointed over REST, judged by imaplib and smtplib: a mailbox of the directory on a real Postfix and Dovecot."""

import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import httpx
import pytest

from local.demo.caller import Caller
from local.demo.papers import make_paper
from local.demo.play import PEOPLE
from local.mail import MailHost, WithoutMail
from tests.support import stack
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import Stack, secret_of
from tests.support.world import OWNER

WHY = "Công văn số 46/VP ngày 20/11/2026"
PASSWORD = "bon con trau gam co xanh"


@dataclass
class City:
    """The platform with its mail host, and two who administer it."""

    platform: Stack
    mailer: Mailer
    admin: httpx.Client
    operator: httpx.Client

    def read(self, mailbox: str) -> dict[str, Any]:
        found: dict[str, Any] = self.admin.get(f"/api/v1/mail/mailboxes/{mailbox}").json()
        return found

    def active_mailbox(self, owner: str) -> dict[str, Any] | None:
        found = self.admin.get("/api/v1/mail/mailboxes", params={"owner": owner}).json()["items"]
        return found[0] if found and found[0]["state"] == "active" else None

    def act(self, mailbox: str, action: str, body: dict[str, Any]) -> None:
        headers = {"Idempotency-Key": uuid.uuid4().hex, "If-Match": f'"{self.read(mailbox)["version"]}"'}
        path = f"/api/v1/mail/mailboxes/{mailbox}/{action}"
        answer = self.operator.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.admin.post(f"/api/v1{path}", json=body, headers={"Idempotency-Key": uuid.uuid4().hex})
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def city(servers: stack.Servers) -> Iterator[City]:
    with stack.fresh_state() as state:
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.skip(str(reason))
        with (
            stack.started_stack(state, servers, host) as platform,
            platform.client("directory-can-tho") as admin,
            platform.client("operator") as operator,
        ):
            yield City(platform, Mailer(host.ports), admin, operator)


def test_from_the_appointment_to_a_mail_and_a_suspension(city: City) -> None:
    place = {"agency": "H13.30.01", "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2026-01-05"}
    body = {"name": f"Nguyễn Thật {time.time_ns()}", "reason": WHY, "post": place, "sample": True}
    officer = city.post("/directory/officers", body)["id"]

    mailbox = eventually(lambda: city.active_mailbox(officer), "the mailbox is on its host")
    address = mailbox["address"]
    token = city.post(f"/mail/mailboxes/{mailbox['id']}/password-link", {"reason": WHY})["token"]
    assert not city.mailer.may_sign_in(address, PASSWORD)
    city.post("/mail/passwords", {"token": token, "password": PASSWORD})
    eventually(lambda: city.mailer.may_sign_in(address, PASSWORD), "the password works")
    assert city.mailer.send(address, "welcome").taken
    eventually(lambda: city.mailer.subjects(address, PASSWORD) == ["welcome"], "the mail is there")

    city.act(mailbox["id"], "suspend", {"suspension": "receive", "reason": WHY})
    eventually(lambda: not city.mailer.may_sign_in(address, PASSWORD), "nobody is let in")
    assert not city.mailer.may_send_as(address, PASSWORD)
    assert city.mailer.send(address, "while suspended").taken
    city.act(mailbox["id"], "restore", {"reason": WHY})
    eventually(lambda: city.mailer.may_sign_in(address, PASSWORD), "the same password works again")
    subjects = ["welcome", "while suspended"]
    eventually(lambda: city.mailer.subjects(address, PASSWORD) == subjects, "nothing was lost")


def test_the_host_is_shown_with_its_contact_and_without_drift(city: City) -> None:
    def shown() -> dict[str, Any] | None:
        hosts = city.operator.get("/api/v1/mail/hosts").json()["hosts"]
        return hosts[0] if hosts and hosts[0]["host"] == "mail-1" else None

    host = eventually(shown, "the host has told of itself")
    assert host


def test_accepted_is_written_to_the_citizen_with_form_01(city: City) -> None:
    place = {"agency": "H13.30.01", "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2026-01-05"}
    body = {"name": f"Trần Nhận Thư {time.time_ns()}", "reason": WHY, "post": place, "sample": True}
    officer = city.post("/directory/officers", body)["id"]
    mailbox = eventually(lambda: city.active_mailbox(officer), "the mailbox is on its host")
    token = city.post(f"/mail/mailboxes/{mailbox['id']}/password-link", {"reason": WHY})["token"]
    city.post("/mail/passwords", {"token": token, "password": PASSWORD})
    address = mailbox["address"]
    eventually(lambda: city.mailer.may_sign_in(address, PASSWORD), "the password works")

    paper = make_paper("Giấy đề nghị đăng ký hộ kinh doanh", "Chủ hộ: Nguyễn Văn An")
    with ExitStack() as people:
        citizen, reception = (
            people.enter_context(Caller(city.platform.base_url, login, secret_of(login)))
            for login in (PEOPLE["citizen"], PEOPLE["reception"])
        )
        content = {
            "procedure": "1.001612",
            "agency": "H13.30.01",
            "owner": OWNER | {"email": address},
            "content": "Đăng ký hộ kinh doanh",
            "answers": {"business_name": "Cà phê Bến Ninh Kiều"},
            "components": [{"component": "giay_de_nghi", "file": citizen.upload("giấy.pdf", "application/pdf", paper)}],
        }
        application = citizen.post("/applications", content)
        reception.act(application, "receive")

    def accepted() -> EmailMessage | None:
        mails = city.mailer.mails(address, PASSWORD)
        return next((mail for mail in mails if "Hồ sơ đã được tiếp nhận" in str(mail["Subject"])), None)

    mail = eventually(accepted, "the mail is in the citizen's mailbox")
    body_text = mail.get_body(("plain",))
    assert body_text is not None
    assert application["code"] in body_text.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    (form,) = mail.iter_attachments()
    assert form.get_filename() == f"mau-01-{application['code']}.pdf"
    assert form.get_content().startswith(b"%PDF-")
    assert len([one for one in city.mailer.mails(address, PASSWORD) if one["Message-ID"] == mail["Message-ID"]]) == 1
    sent = city.operator.get("/api/v1/mail/messages", params={"state": "sent"}).json()["items"]
    assert {row["kind"] for row in sent if row["about"] == application["id"]} >= {"application_received"}
    assert address not in str(sent), "operators see no whole address"
