"""Reads what comes back to the sender's mailbox: status notifications (RFC 3464), answers to invitations (RFC 6047)."""

import imaplib
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parseaddr
from typing import Any

from pymongo.database import Database

from services.email_provisioning.ports_mail import Answered, Returned
from shared.errors import Unavailable
from shared.indexes import DUE_INDEX
from shared.persistence import Document, ensure_indexes
from shared.settings import Settings

COLLECTION = "returned_mail"
"""One row, which is due ever again: whoever gets it reads the mailbox, and no other replica meanwhile."""

SECONDS, AT_ONCE, MOST_WORDS = 20.0, 100, 500
_OUR_ID = re.compile(r"<([0-9a-f]{32})@[^<>@\s]+>")


def ensure_reading_index(store: Database[Document]) -> None:
    """Create the index by which the loop finds that it is time to look."""
    ensure_indexes(store[COLLECTION], [DUE_INDEX])


def begin_reading(store: Database[Document]) -> None:
    """Have the mailbox looked into from now on."""
    row = {"$setOnInsert": {"next_due_at": datetime.now(UTC)}}
    store[COLLECTION].update_one({"_id": "inbox"}, row, upsert=True)


class ReturnedMailbox:
    """The inbox to which other servers return what they could not deliver."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def take(self, note: Callable[[Returned | Answered], None]) -> int:
        """Give each notification and answer to `note`, then remove it; other mail is marked as read and left.

        Answers how many there were.

        Raises:
            Unavailable: the mail server is away, or lets nobody in.
        """
        try:
            session = self._sign_in()
            with session:
                return self._take(session, note)
        except (OSError, imaplib.IMAP4.error) as error:
            raise Unavailable("service_unavailable", service="imap", reason=repr(error)) from error

    def _take(self, session: imaplib.IMAP4, note: Callable[[Returned | Answered], None]) -> int:
        session.select("INBOX")
        taken = 0
        for number in session.search(None, "UNSEEN", "UNDELETED")[1][0].split()[:AT_ONCE]:
            content = _content(session.fetch(number, "(BODY.PEEK[])")[1])
            came = read_notice(content) or read_answer(content)
            if came is not None:
                note(came)
                taken += 1
            session.store(number, "+FLAGS", "\\Deleted" if came else "\\Seen")
        session.expunge()
        return taken

    def _sign_in(self) -> imaplib.IMAP4:
        settings = self._settings
        host, port = str(settings.returned_host), settings.returned_port
        if settings.returned_tls == "tls":
            secure = ssl.create_default_context()
            session: imaplib.IMAP4 = imaplib.IMAP4_SSL(host, port, ssl_context=secure, timeout=SECONDS)
        else:
            session = imaplib.IMAP4(host, port, timeout=SECONDS)
        try:
            session.login(settings.returned_user or "", settings.returned_password)
        except BaseException:
            with suppress(OSError, imaplib.IMAP4.error):
                session.logout()
            raise
        return session


def read_notice(content: bytes) -> Returned | None:
    """What a notification says of one of our messages; None for anything else, and for what is only late."""
    mail = message_from_bytes(content, _class=EmailMessage, policy=default)
    if mail.get_content_type() != "multipart/report":
        return None
    parts = list(mail.walk())
    failed = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in _blocks(part)
        if str(block.get("Action", "")).strip().lower() == "failed"
    ]
    ours = next(filter(None, (_our_id(part) for part in parts)), None)
    if not failed or ours is None:
        return None
    words = f"{failed[0].get('Status', '')} {failed[0].get('Diagnostic-Code', '')}"
    return Returned(ours, " ".join(words.split())[:MOST_WORDS])


def read_answer(content: bytes) -> Answered | None:
    """The calendar text of an answer to an invitation, and who wrote the mail; None for anything else."""
    mail = message_from_bytes(content, _class=EmailMessage, policy=default)
    for part in mail.walk():
        if part.get_content_type() == "text/calendar" and str(part.get_param("method", "")).upper() == "REPLY":
            text = bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")
            return Answered(parseaddr(str(mail.get("From", "")))[1], text)
    return None


def _blocks(part: Any) -> list[Message]:
    blocks = part.get_payload()
    return blocks if isinstance(blocks, list) else []


def _our_id(part: Any) -> str | None:
    """The id of the message that came back, whole or as its headers."""
    if part.get_content_type() == "message/rfc822":
        [whole] = part.get_payload()
        found = _OUR_ID.fullmatch(str(whole.get("Message-ID", "")).strip())
    elif part.get_content_type() == "text/rfc822-headers":
        headers = message_from_bytes(part.get_payload(decode=True), policy=default)
        found = _OUR_ID.fullmatch(str(headers.get("Message-ID", "")).strip())
    else:
        return None
    return found[1] if found else None


def _content(fetched: list[Any]) -> bytes:
    return next((bytes(part[1]) for part in fetched if isinstance(part, tuple)), b"")
