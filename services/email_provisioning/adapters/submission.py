"""Hands mail to the server that sends it, and says in words why one was not taken."""

import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from prometheus_client import Counter

from services.email_provisioning.domain.mail.failed_letters import WITHOUT_SERVER
from services.email_provisioning.ports_mail import NotTaken
from shared.settings import Settings

SECONDS = 20.0
"""How long one step with the server may take."""

TRIED = Counter("outgoing_messages_total", "Attempts to send an outgoing message.", ["outcome"])

Write = Callable[[str, Mapping[str, Any]], bytes]

_OURS = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPSenderRefused)
"""Refusals that are no fault of the message: whoever mends the settings wants it sent then."""


class Submission:
    """Submits mail; one connection for each, so that nothing is left half done by a lost one."""

    def __init__(self, settings: Settings, write: Write) -> None:
        self._settings, self._write = settings, write

    def send(self, identifier: str, message: Mapping[str, Any]) -> None:
        """Send one message.

        Raises:
            NotTaken: it was not taken.
        """
        outcome = "sent"
        try:
            self._send(identifier, message)
        except NotTaken as error:
            outcome = "refused" if error.for_good else "postponed"
            raise
        finally:
            TRIED.labels(outcome).inc()

    def _send(self, identifier: str, message: Mapping[str, Any]) -> None:
        if not self._settings.smtp_host:
            raise NotTaken(WITHOUT_SERVER, for_good=True)
        try:
            mail = self._write(identifier, message)
        except ValueError as error:
            raise NotTaken(f"malformed: {error}", for_good=True) from error
        try:
            self._submit(message["to"], mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _not_taken(code, words) from error
        except _OURS as error:
            raise NotTaken(_said(error.smtp_code, error.smtp_error), for_good=False) from error
        except smtplib.SMTPResponseException as error:
            raise _not_taken(error.smtp_code, error.smtp_error) from error
        except UnicodeError as error:
            raise NotTaken(f"address: {error}", for_good=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(f"{type(error).__name__}: {error}"[:500], for_good=False) from error

    def _submit(self, to: str, mail: bytes) -> None:
        connection = self._connect()
        try:
            if self._settings.smtp_user:
                connection.login(self._settings.smtp_user, self._settings.smtp_password)
            connection.sendmail(self._settings.smtp_sender, [to], mail)
        finally:
            with suppress(OSError, smtplib.SMTPException):  # once it was taken, a failed farewell changes nothing
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        host, port = str(self._settings.smtp_host), self._settings.smtp_port
        if self._settings.smtp_tls == "tls":
            return smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=ssl.create_default_context())
        connection = smtplib.SMTP(host, port, timeout=SECONDS)
        if self._settings.smtp_tls == "starttls":
            try:
                connection.starttls(context=ssl.create_default_context())
            except BaseException:
                connection.close()
                raise
        return connection


def _not_taken(code: int, words: bytes | str) -> NotTaken:
    return NotTaken(_said(code, words), for_good=500 <= code < 600)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {text}"[:500]
