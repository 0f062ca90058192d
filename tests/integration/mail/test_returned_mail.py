"""A message that a real Postfix took and could not deliver: its notification is found by IMAP and noted once."""

import base64
import smtplib
from collections.abc import Mapping
from typing import Any

import pytest

from services.email_provisioning.adapters.letters import LetterWriter
from services.email_provisioning.adapters.returned_mail import ReturnedMailbox, read_notice
from services.email_provisioning.adapters.submission import Submission
from services.email_provisioning.ports_mail import Answered, Courier
from services.email_provisioning.usecases.messages import find_messages, fire_message, fire_returned, request_message
from shared.errors import Invalid, Unavailable
from shared.settings import Settings, load
from tests.integration.mail.conftest import Post, wait
from tests.support.directory import OPERATOR, DirectoryWorld
from tests.unit.email_provisioning.mail.test_messages import MESSAGE, asked_for


def settings_of(post: Post, sender: str, password: str = "right") -> Settings:
    """The platform submits as this sender, and opens its inbox."""
    ports = post.host.ports
    environ = {"AMQP_URI": "-", "MONGO_URI": "-", "SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(ports.submission)}
    environ |= {"SMTP_TLS": "none", "SMTP_USER": sender, "SMTP_PASSWORD": "right", "SMTP_SENDER": sender}
    environ |= {"RETURNED_HOST": "127.0.0.1", "RETURNED_PORT": str(ports.imap), "RETURNED_TLS": "none"}
    return load(environ | {"RETURNED_USER": sender, "RETURNED_PASSWORD": password})


def sent(world: DirectoryWorld, settings: Settings, to: str, **changes: Any) -> str:
    """Send a message; answers its id."""
    request_message(world.context, asked_for(world))
    [key] = world.mail.messages.stored

    def ask(_: str, __: str) -> dict[str, Any]:
        return {**MESSAGE, "to": to, **changes}

    writer = LetterWriter(sender=settings.smtp_sender, site="https://h", most=100, read=lambda file, most: b"%PDF-")
    fire_message(world.context, Courier(ask, Submission(settings, writer.write).send), key)
    return str(key)


def rows(world: DirectoryWorld, state: str) -> list[Mapping[str, Any]]:
    return list(find_messages(world.context, {"state": state}, OPERATOR)["items"])


def test_what_comes_back_is_noted_on_its_message_and_other_mail_is_left(post: Post, domain: str) -> None:
    sender, group, world = f"khong-tra-loi@{domain}", f"nhom@{domain}", DirectoryWorld()
    post.officer(sender)
    group_box = {"kind": "group", "login": False, "addresses": [group], "forwards": ["citizen@example.com"]}
    post.change(post.directory.want(**group_box))  # a private host sends nothing to the outside, so it comes back
    settings = settings_of(post, sender)
    assert post.mailer.send(sender, "a question of a person").taken
    sent(world, settings, group)
    assert [row["state"] for row in rows(world, "sent")] == ["sent"]
    wait(lambda: len(post.mailer.subjects(sender, "right")) == 2, "the notification is in the inbox", 30)
    inbox = ReturnedMailbox(settings)
    fire_returned(world.context, inbox.take, nobody, "inbox")
    [row] = rows(world, "returned")
    assert row["last_error"].startswith("5.7.1")
    assert "sends nothing to the outside" in row["last_error"]
    assert post.mailer.subjects(sender, "right") == ["a question of a person"]
    version = row["id"], world.mail.messages.find(row["id"]).document["version"]
    assert inbox.take(lambda returned: pytest.fail(f"{returned} came twice")) == 0
    assert version == (row["id"], world.mail.messages.find(row["id"]).document["version"])


def nobody(answered: Answered) -> None:
    raise AssertionError(f"{answered} is no answer")


CALENDAR = """BEGIN:VCALENDAR\r
PRODID:-//Trục Chung//VI\r
END:VCALENDAR\r
"""
ANSWER = f"""From: Điểm cầu <{{sender}}>\r
To: {{to}}\r
Subject: Accepted\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=B\r
\r
--B\r
Content-Type: text/plain; charset=UTF-8\r
\r
Có dự\r
--B\r
Content-Type: text/calendar; charset=UTF-8; method=REPLY\r
Content-Transfer-Encoding: base64\r
\r
{base64.b64encode(CALENDAR.encode()).decode()}\r
--B--\r
"""


def test_an_invitation_arrives_as_a_calendar_part_and_its_answer_is_brought(post: Post, domain: str) -> None:
    """Refused while the service is away, then brought once; one that is refused for good does not come again."""
    sender, room, world = f"moi-hop@{domain}", f"diem-cau@{domain}", DirectoryWorld()
    post.officer(sender)
    post.officer(room)
    settings = settings_of(post, sender)
    sent(world, settings, room, calendar={"method": "REQUEST", "text": CALENDAR})
    wait(lambda: len(post.mailer.subjects(room, "right")) == 1, "the invitation is there", 30)
    [mail] = post.mailer.mails(room, "right")
    alternatives, invite, _ = mail.iter_parts()
    [*_, part] = alternatives.iter_parts()
    kind = (part.get_content_type(), part["Content-Type"].params["method"], part.get_content_charset())
    assert kind == ("text/calendar", "REQUEST", "utf-8")
    assert part.get_payload(decode=True).decode() == CALENDAR
    assert (invite.get_content_type(), invite.get_filename()) == ("application/ics", "invite.ics")
    with smtplib.SMTP("127.0.0.1", post.host.ports.submission, "test.localhost", timeout=20) as session:
        session.login(room, "right")
        session.sendmail(room, [sender], ANSWER.format(sender=room, to=sender).encode())
    wait(lambda: len(post.mailer.subjects(sender, "right")) == 1, "the answer is in the inbox", 30)
    inbox, brought = ReturnedMailbox(settings), []

    def away(_: Answered) -> None:
        raise Unavailable("service_unavailable", service="conference_booking")

    def refuse(answered: Answered) -> None:
        brought.append(answered)
        raise Invalid("calendar_reply_malformed")

    fire_returned(world.context, inbox.take, away, "inbox")
    for _ in range(2):
        fire_returned(world.context, inbox.take, refuse, "inbox")
    assert brought == [Answered(room, CALENDAR)]
    assert post.mailer.subjects(sender, "right") == []


def test_an_inbox_that_lets_nobody_in_is_told(post: Post, domain: str) -> None:
    settings = settings_of(post, f"nobody@{domain}", "wrong")
    with pytest.raises(Unavailable):
        ReturnedMailbox(settings).take(lambda returned: None)


NOTICE = """From: MAILER-DAEMON@example.vn
Content-Type: multipart/report; report-type=delivery-status; boundary=B

--B
Content-Type: text/plain

sorry
--B
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.vn

Final-Recipient: rfc822; an@example.vn
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such
 mailbox

--B
Content-Type: text/rfc822-headers

From: a@b.vn
Message-ID: {identifier}

--B--
"""
OURS = f"<{'0f' * 16}@cantho.localhost>"


@pytest.mark.parametrize(
    ("action", "identifier", "noted"),
    [
        ("failed", OURS, True),
        ("Failed", OURS, True),
        ("delayed", OURS, False),
        ("delivered", OURS, False),
        ("failed", "<somebody.elses@example.vn>", False),
    ],
)
def test_only_what_failed_of_ours_counts(action: str, identifier: str, noted: bool) -> None:
    found = read_notice(NOTICE.format(action=action, identifier=identifier).replace("\n", "\r\n").encode())
    if not noted:
        assert found is None
        return
    assert found is not None
    assert (found.message, found.words) == ("0f" * 16, "5.1.1 smtp; 550 5.1.1 no such mailbox")


@pytest.mark.parametrize("content", [b"", b"Subject: hello\r\n\r\ntext", b"Content-Type: multipart/report\r\n\r\nx"])
def test_other_mail_is_no_notice(content: bytes) -> None:
    assert read_notice(content) is None
