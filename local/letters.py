"""`make letters`: what the platform of this folder wrote to addresses outside, which it keeps and never sends."""

import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from local.mail import kept_outside
from local.state import DEFAULT_FOLDER, State


def letters(box: Path) -> Iterator[EmailMessage]:
    """The letters of a Maildir, the oldest first; none where no letter came yet."""
    files = [path for folder in ("new", "cur") for path in (box / folder).glob("*")]
    for path in sorted(files, key=lambda file: file.stat().st_mtime_ns):
        yield message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)


def shown(letter: EmailMessage) -> str:
    """A letter as a person reads it: when, to whom, about what, the text, and what is attached."""
    written = parsedate_to_datetime(letter["Date"]).astimezone() if letter["Date"] else None
    to = letter["X-Original-To"] or letter["To"]
    body = letter.get_body(("plain",))
    text = body.get_content().strip() if body else ""
    attached = [f"[{part.get_filename()}]" for part in letter.iter_attachments()]
    head = f"{written:%Y-%m-%d %H:%M:%S}  {to}" if written else to
    return "\n".join([f"=== {head}", letter["Subject"] or "", "", text, *attached, ""])


if __name__ == "__main__":
    found = list(letters(kept_outside(State(DEFAULT_FOLDER))))
    sys.stdout.write("\n".join(map(shown, found)) or "No letter to the outside was written yet\n")
