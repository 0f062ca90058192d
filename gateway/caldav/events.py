"""A calendar taken apart into the resources that CalDAV wants: one for each UID (RFC 4791, 4.1), with a name and a tag.

Our own calendars hold one VEVENT for each session, in UTC and without rules, so that they can be cut as text: a
thousand events parsed as a whole would hold everybody else up. They are cut at whole lines only: what goes on from the
line before begins with a space (RFC 5545, 3.1), so no words that people wrote can stand there for a border.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

_EVENT = re.compile(r"^BEGIN:VEVENT\r\n.*?^END:VEVENT\r\n", re.DOTALL | re.MULTILINE)
_FOLD = re.compile(r"\r\n[ \t]")
_NAME = re.compile(r"^X-WR-CALNAME:(.*?)\r$", re.MULTILINE)
_VALUE = r"^{}(?:;[^:\r\n]*)?:(.*?)\r$"


@dataclass(frozen=True, slots=True)
class EventResource:
    """One meeting: its name in the collection, its tag, the whole text, and from when until when each session is."""

    name: str
    tag: str
    text: str
    spans: Sequence[tuple[datetime, datetime]]

    def within(self, first: datetime | None, last: datetime | None) -> bool:
        """Whether some of it lies between two moments (RFC 4791, 9.9)."""
        return any((last is None or start < last) and (first is None or end > first) for start, end in self.spans)


@dataclass(frozen=True, slots=True)
class EventCollection:
    """A calendar: what it is called, its events by their names, and a tag that changes with any of them."""

    title: str
    events: dict[str, EventResource]

    @property
    def tag(self) -> str:
        """The tag of the whole."""
        return _digest("".join(event.tag for event in self.events.values()))


def take_apart(calendar: str) -> EventCollection:
    """The events of one of our calendars."""
    plain = _FOLD.sub("", calendar)
    named = _NAME.search(plain)
    title = re.sub(r"\\(.)", r"\1", named[1]) if named else ""
    return EventCollection(title, {event.name: event for event in _events(calendar)})


def _events(calendar: str) -> Iterator[EventResource]:
    parts: dict[str, list[str]] = {}
    for found in _EVENT.finditer(calendar):
        parts.setdefault(_value(_FOLD.sub("", found[0]), "UID"), []).append(found[0])
    head = _head(calendar)
    for uid, sessions in parts.items():
        text = f"{head}{''.join(sessions)}END:VCALENDAR\r\n"
        yield EventResource(f"{_digest(uid)}.ics", _digest(text), text, [_span(one) for one in sessions])


def _head(calendar: str) -> str:
    """What stands before the first event, without what only collections have."""
    lines = _FOLD.sub("", calendar.partition("\r\nBEGIN:VEVENT\r\n")[0]).split("\r\n")
    return "".join(f"{line}\r\n" for line in lines if not line.startswith("X-WR-"))


def _span(session: str) -> tuple[datetime, datetime]:
    plain = _FOLD.sub("", session)
    return moment(_value(plain, "DTSTART")), moment(_value(plain, "DTEND"))


def _value(event: str, name: str) -> str:
    found = re.search(_VALUE.format(name), event, re.MULTILINE)
    if found is None:
        raise ValueError(f"an event without {name}")
    return found[1]


def moment(text: str) -> datetime:
    """A moment in UTC as iCalendar writes it.

    Raises:
        ValueError: it is none.
    """
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
