"""Appointed over REST, judged by imaplib and smtplib: a mailbox of the directory on a real Postfix and Dovecot."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from local.mail import MailHost, WithoutMail
from tests.support import stack
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import Stack

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

    def active() -> dict[str, Any] | None:
        found = city.admin.get("/api/v1/mail/mailboxes", params={"owner": officer}).json()["items"]
        return found[0] if found and found[0]["state"] == "active" else None

    mailbox = eventually(active, "the mailbox is on its host")
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
