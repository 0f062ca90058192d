"""What a meeting of a whole network has around it: its people, mailboxes of its endpoints on a real mail host."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from functools import partial
from typing import Any

from icalendar import Calendar

from local.demo.caller import Caller
from tests.support.mail_client import Mailer
from tests.support.running import eventually
from tests.support.stack import Stack, secret_of

PASSWORD = "bon con trau gam co xanh"
WHY = "Công văn số 46/VP ngày 20/11/2026"
PEOPLE = {
    "clerk": "clerk-hac-thanh",
    "specialist": "specialist-hac-thanh",
    "head": "head-hac-thanh",
    "approver": "head-van-phong-thanh-hoa",
    "technician": "technician-thanh-hoa",
    "directory": "directory-thanh-hoa",
    "operator": "operator",
}
_POST = {"agency": "H56.04", "title": "Chuyên viên", "roles": ["specialist"], "starts_on": "2026-01-05"}


@dataclass(frozen=True)
class House:
    """The platform with its mail host and those who act."""

    platform: Stack
    mailer: Mailer
    people: Mapping[str, Caller]

    def open_mailboxes(self, addresses: Iterable[str]) -> None:
        """Ask for mailboxes of a unit, approve them, choose the password, as people do; they work in the end."""
        admin, operator = self.people["directory"], self.people["operator"]
        person = {"name": "Trần Minh Trực", "reason": WHY, "post": _POST, "sample": True}
        owner = admin.post("/directory/officers", person)["id"]
        made = []
        for address in addresses:
            body = {"kind": "unit", "name": "Hộp thư điểm cầu", "address": address, "owner": owner, "quota": 64}
            mailbox = admin.post("/mail/mailboxes", body)
            operator.post(f"/mail/mailboxes/{mailbox['id']}/approve", {}, version=mailbox["version"])
            token = admin.post(f"/mail/mailboxes/{mailbox['id']}/password-link", {"reason": WHY})["token"]
            admin.post("/mail/passwords", {"token": token, "password": PASSWORD})
            made.append(address)
        for address in made:
            eventually(partial(self.mailer.may_sign_in, address, PASSWORD), f"{address} works", 120)

    def mails(self, address: str) -> list[EmailMessage]:
        """All mail in a mailbox, read over IMAP."""
        return self.mailer.mails(address, PASSWORD)

    def calendars(self, address: str, count: int) -> list["CalendarMail"]:
        """The calendar messages in a mailbox in the order in which they came, as soon as there are so many."""

        def found() -> list[CalendarMail] | None:
            told = [one for mail in self.mails(address) for one in calendars_in(mail)]
            return told if len(told) >= count else None

        return eventually(found, f"{count} calendar messages at {address}", 180)


@dataclass(frozen=True)
class CalendarMail:
    """A mail by which a calendar is told something."""

    mail: EmailMessage
    method: str
    text: str

    @property
    def event(self) -> Any:
        """The one event that it is about."""
        (event,) = Calendar.from_ical(self.text).walk("VEVENT")
        return event


def calendars_in(mail: EmailMessage) -> Iterator[CalendarMail]:
    """The part by which mail programs can answer, which the attached file has to repeat."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    files = [part.get_content() for part in mail.iter_attachments()]
    for part in parts:
        text = part.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
        assert files == [text.encode()], "the file says the same"
        yield CalendarMail(mail, str(part.get_param("method")), text)


@contextmanager
def house_of(platform: Stack, mailer: Mailer) -> Iterator[House]:
    """The house, until the end."""
    with ExitStack() as stack:
        yield House(
            platform,
            mailer,
            {
                part: stack.enter_context(Caller(platform.base_url, login, secret_of(login)))
                for part, login in PEOPLE.items()
            },
        )
