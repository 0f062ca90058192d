"""A meeting as calendars know it, before it is written as iCalendar (RFC 5545)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.holdings import HOLDING
from services.conference_booking.domain.invitations import Guest, Letter, longer_of, off_of
from services.conference_booking.domain.meetings import series_of
from services.conference_booking.domain.spans import Span
from services.conference_booking.domain.transitions import WAITING

BUSY = "Bận · Busy"
"""All that is said of a meeting to those who may not know more."""


@dataclass(frozen=True, slots=True)
class Attendee:
    """An invited mailbox; a room, or a person."""

    address: str
    name: str
    room: bool
    role: str
    answer: str


@dataclass(frozen=True, slots=True)
class Appointment:
    """What one calendar message says.

    `starts`, `left_out`, `only` and `others` are on the wall clock of `zone`; `only` are the sessions of a series that
    are meant, `others` those that do not begin, or last, as the rule says: when they do, and how many minutes.
    `answers` are those about single sessions, by address.
    """

    method: str
    uid: str
    sequence: int
    stamp: datetime
    title: str
    text: str
    place: str
    organizer: str
    starts: datetime
    minutes: int
    zone: str
    rule: str
    left_out: tuple[datetime, ...]
    attendees: tuple[Attendee, ...]
    only: tuple[datetime, ...] = ()
    others: Mapping[datetime, tuple[datetime, int]] = field(default_factory=dict)
    answers: Mapping[datetime, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Booked:
    """One session in a calendar that others subscribe to; `tentative` until it is approved.

    The UID is that of the meeting, as in mailed invitations, so that a calendar which has both shows one; a
    session of a series is known by when it was to begin, `known_by` (RFC 5545, 3.8.4.4).
    """

    uid: str
    sequence: int
    stamp: datetime
    span: Span
    title: str
    text: str
    place: str
    tentative: bool
    known_by: datetime | None = None


def booked(meeting: Document, place: str, organizer: str, stamp: datetime, *, full: bool) -> list[Booked]:
    """The sessions of a meeting that are not off, as it was last changed; without its words unless all may be told."""
    return [
        Booked(
            uid=uid_of(meeting["_id"], organizer),
            sequence=meeting["sequence"],
            stamp=stamp,
            span=Span(session["start"], session["end"]),
            title=meeting["title"] if full else BUSY,
            text=meeting["note"] if full else "",
            place=place if full else "",
            tentative=meeting["state"] in WAITING,
            known_by=session.get("was", session["start"]) if meeting["rule"] else None,
        )
        for session in meeting["sessions"]
        if session["state"] in HOLDING
    ]


def appointment(
    meeting: Document,
    letter: Letter,
    guests: Iterable[Guest],
    endpoints: Mapping[str, Document],
    *,
    organizer: str,
    stamp: datetime,
    way_in: str = "",
) -> Appointment:
    """The calendar part of a letter: every endpoint is named in it, of the delegates only its recipient."""
    series = series_of(meeting)
    walls = dict(enumerate(series.walls(), start=1))
    rows = [guest for guest in guests if guest["address"] == letter.address or (_room(guest) and guest["invited"])]
    chair = endpoints.get(meeting["chair"])
    off = off_of(meeting)
    meant = [row for row in longer_of(meeting) if row[0] not in off or row[0] in letter.sessions]
    return Appointment(
        method=letter.method,
        uid=uid_of(meeting["_id"], organizer),
        sequence=letter.sequence,
        stamp=stamp,
        title=meeting["title"],
        text="\n".join(filter(None, (meeting["note"], way_in))),
        place=chair["name"]["vi"] if chair else meeting["chair"],
        organizer=organizer,
        starts=series.starts,
        minutes=series.minutes,
        zone=series.zone,
        rule=series.rule,
        left_out=(*series.left_out, *(walls[number] for number in off)) if series.rule else (),
        attendees=tuple(_attendee(guest, meeting) for guest in rows),
        only=tuple(walls[number] for number in letter.sessions) if series.rule else (),
        others={walls[row[0]]: _other(row, walls[row[0]], series.minutes) for row in meant},
        answers={walls[row[0]]: _answers(rows, row[0]) for row in meant},
    )


def _other(row: Sequence[Any], wall: datetime, usual: int) -> tuple[datetime, int]:
    """When a session that is not as the rule says begins, and how long it takes."""
    starts, length = (datetime.fromisoformat(row[2]), row[3]) if len(row) > 2 else (wall, usual)
    return starts, length + row[1]


def _answers(guests: Iterable[Guest], session: int) -> dict[str, str]:
    return {
        guest["address"]: one["answer"] for guest in guests for one in guest["sessions"] if one["session"] == session
    }


def uid_of(meeting: str, organizer: str) -> str:
    """The UID of a meeting, the same for all its life."""
    return f"{meeting}@{organizer.rpartition('@')[2]}"


def meeting_of(uid: str) -> str:
    """The id of the meeting that a UID names."""
    return uid.partition("@")[0]


def _room(guest: Guest) -> bool:
    return not guest["delegate"]


def _attendee(guest: Guest, meeting: Document) -> Attendee:
    role = "OPT-PARTICIPANT" if _room(guest) and guest["endpoint"] in meeting["standby"] else "REQ-PARTICIPANT"
    if _room(guest) and guest["endpoint"] == meeting["chair"]:
        role = "CHAIR"
    return Attendee(guest["address"], guest["name"], _room(guest), role, guest["answer"])
