"""Mail programs as people have them: imaplib and smtplib of the standard library, the judges of the mail host."""

import base64
import hashlib
import imaplib
import os
import smtplib
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import cache

from mail_host.layout import Ports


@cache
def hashed(password: str) -> str:
    """A password as a directory may keep it, in a form that needs no library; real ones are slower to guess."""
    salt = os.urandom(8)
    return "{SSHA512}" + base64.b64encode(hashlib.sha512(password.encode() + salt).digest() + salt).decode()


@dataclass(frozen=True, slots=True)
class Answer:
    """How a server ended a try: its code (0 when it was not said) and words."""

    code: int
    words: str

    @property
    def taken(self) -> bool:
        """Whether the mail was taken."""
        return self.code == 250


class _Imap(imaplib.IMAP4):
    """A connection from a chosen address."""

    def __init__(self, source: str, port: int) -> None:
        self._source = source
        super().__init__("127.0.0.1", port, timeout=10)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout, (self._source, 0))


class Mailer:
    """Signs in, sends and reads."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def sign_in(self, address: str, password: str, source: str = "127.0.0.1") -> imaplib.IMAP4:
        """An open session, from one of the addresses of this machine.

        Raises:
            imaplib.IMAP4.error: refused.
        """
        session = _Imap(source, self._ports.imap)
        try:
            session.login(address, password)
        except imaplib.IMAP4.error:
            session.shutdown()
            raise
        return session

    def may_sign_in(self, address: str, password: str, source: str = "127.0.0.1") -> bool:
        """Whether IMAP lets somebody in."""
        try:
            self.sign_in(address, password, source).logout()
        except imaplib.IMAP4.error:
            return False
        return True

    def may_send_as(self, address: str, password: str) -> bool:
        """Whether submission lets somebody in."""
        with smtplib.SMTP("127.0.0.1", self._ports.submission, "test.localhost", timeout=10) as session:
            try:
                session.login(address, password)
            except smtplib.SMTPAuthenticationError:
                return False
        return True

    def subjects(self, address: str, password: str, folder: str = "INBOX") -> list[str]:
        """The subjects of all mail in a folder."""
        session = self.sign_in(address, password)
        _, count = session.select(folder, readonly=True)
        found = session.fetch("1:*", "(BODY[HEADER.FIELDS (SUBJECT)])")[1] if count != [b"0"] else []
        session.logout()
        return [part[1].decode().partition(":")[2].strip() for part in found if isinstance(part, tuple)]

    def mails(self, address: str, password: str) -> list[EmailMessage]:
        """All mail in the inbox, whole."""
        session = self.sign_in(address, password)
        _, count = session.select("INBOX", readonly=True)
        found = session.fetch("1:*", "(BODY[])")[1] if count != [b"0"] else []
        session.logout()
        parser = BytesParser(_class=EmailMessage, policy=default)
        return [parser.parsebytes(part[1]) for part in found if isinstance(part, tuple)]

    def send(
        self,
        to: str | Sequence[str],
        subject: str = "hello",
        *,
        sender: str = "friend@example.com",
        account: tuple[str, str] | None = None,
        size: int = 100,
    ) -> Answer:
        """Send one mail, from outside or with an account; answers how the server ended it."""
        port = self._ports.submission if account else self._ports.smtp
        text = f"From: {sender}\r\nTo: somebody\r\nSubject: {subject}\r\n\r\n" + ("x" * 78 + "\r\n") * (size // 80)
        with smtplib.SMTP("127.0.0.1", port, "test.localhost", timeout=20) as session:
            try:
                if account:
                    session.login(*account)
                session.sendmail(sender, [to] if isinstance(to, str) else list(to), text)
            except smtplib.SMTPRecipientsRefused as error:
                code, words = next(iter(error.recipients.values()))
                return Answer(code, words.decode())
            except smtplib.SMTPResponseException as error:
                return Answer(error.smtp_code, str(error.smtp_error))
        return Answer(250, "")
