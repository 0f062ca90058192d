"""Writes a message as mail: Vietnamese first with English below, plain and HTML, its Message-ID always the same."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

NAME = "Trục Chung · Dịch vụ hành chính công"
_TEMPLATES = Path(__file__).parents[1] / "data" / "letters"

ReadFile = Callable[[str, int], bytes]


class LetterWriter:
    """Writes mail as one sender; attachments beyond `most` bytes together are left out, and the mail says so."""

    def __init__(self, *, sender: str, site: str, most: int, read: ReadFile) -> None:
        self._sender, self._site, self._most, self._read = sender, site.rstrip("/"), most, read
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html.j2"]),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, identifier: str, message: Mapping[str, Any], now: datetime | None = None) -> bytes:
        """The mail, ready to be handed to a server.

        Raises:
            ValueError: the recipient's address is none.
        """
        attachments = message["attachments"]
        fits = sum(file["size"] for file in attachments) <= self._most
        link = f"{self._site}{message['page']}"
        values = {**message, "link": link, "left_out": [] if fits else [file["name"] for file in attachments]}
        mail = EmailMessage(policy=SMTP)
        mail["From"] = Address(NAME, addr_spec=self._sender)
        mail["To"] = _address(message["to"])
        mail["Subject"] = _line(f"{message['vi']['subject']} · {message['en']['subject']}")
        mail["Date"] = format_datetime(now or datetime.now(UTC))
        mail["Message-ID"] = f"<{identifier}@{self._sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail["Content-Language"] = "vi, en"
        mail.set_content(self._text("letter.txt.j2", values), cte="quoted-printable")
        mail.add_alternative(self._text("letter.html.j2", values), subtype="html", cte="quoted-printable")
        if message["calendar"]:
            _add_calendar(mail, **message["calendar"])
        for file in attachments if fits else ():
            kind, _, subtype = file["type"].partition("/")
            mail.add_attachment(
                self._read(file["file"], self._most), maintype=kind, subtype=subtype, filename=_line(file["name"])
            )
        return mail.as_bytes()

    def _text(self, name: str, values: Mapping[str, Any]) -> str:
        return unicodedata.normalize("NFC", self._templates.get_template(name).render(values))


def _add_calendar(mail: EmailMessage, method: str, text: str) -> None:
    """As a part by which mail programs can answer (RFC 6047), and as a file for those that only open files."""
    mail.add_alternative(text, subtype="calendar", cte="base64", params={"method": method})
    mail.add_attachment(text.encode(), maintype="application", subtype="ics", filename="invite.ics")


def _address(text: str) -> Address:
    try:
        return Address(addr_spec=text)
    except (HeaderParseError, IndexError) as error:  # an empty one makes the parser reach beyond its end
        raise ValueError(f"no address: {error}") from error


def _line(text: str) -> str:
    """A text for a header: one line, NFC."""
    return unicodedata.normalize("NFC", " ".join(text.split()))
