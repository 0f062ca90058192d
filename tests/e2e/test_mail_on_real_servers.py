"""Appointed over REST and SCIM, judged by imaplib and smtplib: mailboxes of the directory on real mail servers."""

import imaplib
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from local.demo.caller import Caller
from local.demo.documents import ASSIGNMENT, LETTER, Correspondence
from local.demo.papers import make_paper
from local.demo.people import PEOPLE
from local.mail import MailHost, WithoutMail
from shared.working_time import VIETNAM
from tests.e2e.mail_city import MIB, OFFICER, PASSWORD, WHY, City
from tests.e2e.main_journey import Journey
from tests.e2e.test_officers_and_work import DEPARTMENT, WARD, appoint, leave, patiently
from tests.support import stack
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import secret_of
from tests.support.timetable import Timetable
from tests.support.world import OWNER


@pytest.fixture(scope="module")
def city(servers: stack.Servers) -> Iterator[City]:
    with stack.fresh_state() as state, pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAIL_USAGE_SECONDS", "0.5")  # the processes of the platform take it from here
        try:
            host = MailHost(state)
        except WithoutMail as reason:
            pytest.skip(str(reason))
        with (
            stack.started_stack(state, servers, host) as platform,
            platform.client("directory-can-tho") as admin,
            platform.client("operator") as operator,
            platform.client("identity-can-tho") as idp,
        ):
            yield City(platform, host, Mailer(host.ports), admin, operator, idp)


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


def test_who_signs_in_is_in_the_figures_of_the_agency(city: City) -> None:
    _, mailbox = city.provision(f"dung{time.time_ns()}@cantho.gov.vn", "Phạm Thị Dung", 64)
    city.give_password(mailbox["id"])
    eventually(lambda: city.mailer.may_sign_in(mailbox["address"], PASSWORD), "the password works")
    used = eventually(lambda: (city.read(mailbox["id"])["usage"] or {}).get("last_login"), "the sign-in is reported")
    assert used.startswith(f"{datetime.now(UTC):%Y-}")
    today = datetime.now(VIETNAM).date().isoformat()
    asked = {"agency": "H13.30.01", "first_day": today, "last_day": today}

    def figures() -> dict[str, Any] | None:
        [found] = city.admin.get("/api/v1/mail/reports/use", params=asked).json()["agencies"] or [None]
        return found if found and found["regular_use"]["numerator"] else None

    found = eventually(figures, "it is counted as used")
    assert found["coverage"]["numerator"] >= found["regular_use"]["numerator"] >= 1
    assert found["coverage"]["denominator"] >= found["coverage"]["numerator"]
    sheet = city.admin.get("/api/v1/mail/reports/use/xlsx", params=asked)
    assert (sheet.status_code, sheet.content[:2]) == (200, b"PK")
    assert city.admin.get("/api/v1/mail/reports/unused", params={"days": 90}).json()["items"] == []


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


def test_who_leaves_is_let_in_no_more_and_hands_on_applications_and_documents(city: City) -> None:
    logins = {**PEOPLE, "directory": "directory-can-tho"}
    with ExitStack() as stack:
        people = {
            part: stack.enter_context(Caller(city.platform.base_url, login, secret_of(login)))
            for part, login in logins.items()
        }
        officer, account = appoint(people, f"Lý Thị Ra Đi {time.time_ns()}", WARD, DEPARTMENT)
        mailbox = eventually(lambda: city.active_mailbox(officer), "the mailbox is on its host")
        city.give_password(mailbox["id"])
        eventually(lambda: city.mailer.may_sign_in(mailbox["address"], PASSWORD), "the password works")
        journey = Journey(city.platform, people)
        journey.submit(answers={"business_name": f"Quán {time.time_ns()}"})
        journey.do("reception", "exempt-payment", 1, ground="Nghị quyết 05/2024/NQ-HĐND")
        journey.do("reception", "receive", 2)
        patiently(lambda: journey.do("reception", "hand-over", 4, assignee=account, note=""))
        letters = Correspondence(people)
        letter = letters.write("ward", LETTER, make_paper("Lấy ý kiến"))
        arrival = letters.act(
            "department_clerk", "arrivals", letters.incoming("department_clerk", letter["code"]), "register"
        )
        lead = ASSIGNMENT | {"lead": {"unit": "Phòng Quy hoạch", "officer": account}}
        arrival = patiently(lambda: letters.act("department_leader", "arrivals", arrival, "assign", **lead))

        leave(people["directory"], officer)
        eventually(lambda: not city.mailer.may_sign_in(mailbox["address"], PASSWORD), "nobody is let in")
        left = city.read(mailbox["id"])
        assert (left["state"], left["suspension"]) == ("scheduled_for_revocation", "receive")
        assert city.mailer.send(mailbox["address"], "what still comes is kept").taken
        people["head"].wait_for(f"/applications/{journey.application['id']}", lambda view: view["assignee"] is None)
        people["department_leader"].wait_for(f"/arrivals/{arrival['id']}", lambda view: view["status"] == "03")


def test_the_whole_life_of_a_mailbox_through_scim(city: City) -> None:
    """Each step is judged by mail programs; how long it took is written, and asserted nowhere."""
    times, mailer, now = Timetable("life-of-a-mailbox"), city.mailer, time.time_ns()
    old, new, colleague = (f"{name}{now}@cantho.gov.vn" for name in ("an", "an.le", "binh"))
    city.provision(colleague, "Trần Thị Bình", 64)
    with times.step("provisioned through SCIM, until the mail host has it"):
        user, mailbox = city.provision(old, "Lê Văn An", 3)
    assert (mailbox["address"], mailbox["quota"]) == (old, 3)
    assert not mailer.may_sign_in(old, PASSWORD)
    with times.step("first password by one-time link, until IMAP lets in"):
        city.give_password(mailbox["id"])
        eventually(lambda: mailer.may_sign_in(old, PASSWORD), "the password works")
    with times.step("mail from outside: SMTP, LMTP, IMAP"):
        assert mailer.send(old, "welcome").taken
        city.inbox(old, "welcome")
    sent = _is_refused_when_full(city, old, times)
    with times.step("a bigger quota through SCIM, until mail is taken again"):
        city.wish(user, f"{OFFICER}:quota", 64)
        eventually(lambda: mailer.send(old, "fits again", size=MIB // 2).taken, "the quota holds")
    sent += ["fits again"]
    city.inbox(old, *sent)
    with times.step("sends as itself, and not as a colleague"):
        assert mailer.send(old, "own", sender=old, account=(old, PASSWORD)).taken
        assert mailer.send(old, sender=colleague, account=(old, PASSWORD)).code == 553
        assert mailer.send(old, sender=colleague).code == 553  # from outside, without signing in
    sent += ["own"]
    city.inbox(old, *sent)
    _is_suspended_and_restored(city, user, old, times)
    sent += ["while suspended"]
    city.inbox(old, *sent)
    with times.step("renamed through SCIM, until the new address lets in"):
        city.wish(user, "userName", new)
        eventually(lambda: mailer.may_sign_in(new, PASSWORD), "the new address works")
    assert mailer.send(old, "to the old address").taken
    assert mailer.send(new, sender=new, account=(new, PASSWORD)).taken
    sent += ["to the old address", "hello"]
    eventually(lambda: sorted(mailer.subjects(new, PASSWORD)) == sorted(sent), "the old address leads to it")
    with times.step("transferred to another agency through SCIM"):
        city.wish(user, f"{OFFICER}:agency", "H13.06")
        eventually(lambda: city.read(mailbox["id"])["agency"] == "H13.06", "it belongs to the new agency")
    assert sorted(mailer.subjects(new, PASSWORD)) == sorted(sent), "its mail went along"
    _ends(city, user, mailbox["id"], new, times)
    times.write()


def _is_refused_when_full(city: City, address: str, times: Timetable) -> list[str]:
    """Over its quota the mailbox says so while the sender waits; answers what is in it."""
    assert city.mailer.send(address, "large", size=3 * MIB - 200_000).taken
    city.inbox(address, "welcome", "large")
    with times.step("refused over quota at RCPT"):
        full = city.mailer.send(address, "more", size=MIB // 2)
    assert (full.code, full.words.startswith("5.2.2")) == (552, True)
    return ["welcome", "large"]


def _is_suspended_and_restored(city: City, user: str, address: str, times: Timetable) -> None:
    """Sessions that are open end, nobody gets in by IMAP or SMTP, mail is still kept; then all is as before."""
    session = city.mailer.sign_in(address, PASSWORD)
    with times.step("suspended through SCIM, until the open session has ended"):
        city.wish(user, "active", False)
        eventually(lambda: _has_ended(session), "the open session ends")
    assert not city.mailer.may_sign_in(address, PASSWORD)
    assert not city.mailer.may_send_as(address, PASSWORD)
    assert city.mailer.send(address, "while suspended").taken
    with times.step("restored through SCIM, until IMAP lets in"):
        city.wish(user, "active", True)
        eventually(lambda: city.mailer.may_sign_in(address, PASSWORD), "the same password works again")


def _ends(city: City, user: str, mailbox: str, address: str, times: Timetable) -> None:
    """Revoked with an archive, which is kept for its time and then destroyed."""
    files, archive = city.host.layout.homes / mailbox, city.host.layout.archive / mailbox
    with times.step("revoked, until the mail is in the archive and nowhere else"):
        city.wish(user, "active", False)
        city.act(mailbox, "revoke", {"reason": WHY})
        eventually(lambda: archive.exists() and not files.exists(), "the mail is put away")
    assert not city.mailer.may_sign_in(address, PASSWORD)
    assert city.mailer.send(address).code == 550
    kept = city.tries(mailbox, "purge", {})
    assert (kept.status_code, kept.json()["code"]) == (409, "mailbox_retained")
    city.age_archive(mailbox, 366)
    with times.step("purged, until the archive is destroyed"):
        city.act(mailbox, "purge", {})
        eventually(lambda: not archive.exists(), "nothing is left")
    assert city.read(mailbox)["state"] == "purged"
    assert not files.exists()
    assert city.mailer.send(address).code == 550


def _has_ended(session: imaplib.IMAP4) -> bool:
    try:
        session.noop()
    except (imaplib.IMAP4.abort, OSError):
        session.shutdown()
        return True
    return False
