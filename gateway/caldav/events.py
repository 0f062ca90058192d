"""A calendar taken apart into the resources that CalDAV wants: one for each event, with a name and a tag.

Our own calendars hold one VEVENT for each session, in UTC and without rules, so that they can be cut as text: a
thousand events parsed as a whole would hold everybody else up.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_EVENT = re.compile(r"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", re.DOTALL)
_FOLD = re.compile(r"\r\n[ \t]")
_NAME = re.compile(r"^X-WR-CALNAME:(.*?)\r$", re.MULTILINE)
_VALUE = r"^{}(?:;[^:\r\n]*)?:(.*?)\r$"


@dataclass(frozen=True, slots=True)
class EventResource:
    """One event: its name in the collection, its tag, the whole text, and from when until when it is."""

    name: str
    tag: str
    text: str
    start: datetime
    end: datetime

    def within(self, first: datetime | None, last: datetime | None) -> bool:
        """Whether some of it lies between two moments (RFC 4791, 9.9)."""
        return (last is None or self.start < last) and (first is None or self.end > first)


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
    head = calendar[: calendar.find("BEGIN:VEVENT")]
    head = "".join(line for line in head.splitlines(keepends=True) if not line.startswith(("X-WR-", " ", "\t")))
    for found in _EVENT.finditer(calendar):
        plain = _FOLD.sub("", found[0])
        text = f"{head}{found[0]}END:VCALENDAR\r\n"
        uid, start, end = (_value(plain, name) for name in ("UID", "DTSTART", "DTEND"))
        yield EventResource(f"{_digest(uid)}.ics", _digest(text), text, moment(start), moment(end))


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
