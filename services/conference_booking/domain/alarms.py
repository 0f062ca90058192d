"""When a line that is bad concerns somebody, and when silence is the line's and not the centre's own."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.quality import BAD, Band, Rules
from services.conference_booking.domain.sessions import Session
from services.conference_booking.domain.transitions import State

KINDS = ("primary", "backup")
LATE = timedelta(seconds=10)
"""Who looks for what is due looks every second. What is looked at so late was due while nobody looked."""

OLD = 2
"""Times `silent_after` after which a sample tells of a time gone by: it waited while the centre was away. One is not
enough, since an endpoint's clock may be off by a minute before its probe asks for the time."""

DEAF = 5
"""Times `silent_after` for which silence of all lines is taken for the centre's own."""

Line = Mapping[str, Any]


def calls(line: Line, rules: Rules, now: datetime) -> bool:
    """Whether a line is bad now: silent, or red by what was measured lately, and not getting better."""
    if line["band"] == Band.SILENT:
        return True
    fresh = line["measured_at"] >= now - OLD * _silence(rules)
    return line["band"] in BAD and fresh and (line.get("slow", 0) >= rules.slow_after or not line.get("towards"))


def lines_of(endpoints: Iterable[str]) -> list[str]:
    """The identifiers of the lines that endpoints could have."""
    return [f"{endpoint}:{kind}" for endpoint in endpoints for kind in KINDS]


def sessions_begun(meeting: Document, now: datetime) -> list[Session]:
    """The sessions whose endpoints are held since a moment after the last at which their lines were looked at."""
    return [session for session in _unlooked(meeting) if session["from"] <= now]


def next_look(meeting: Document) -> datetime | None:
    """When the lines of a session have to be looked at; None while the meeting is not approved, or none is ahead."""
    return min((session["from"] for session in _unlooked(meeting)), default=None)


def _unlooked(meeting: Document) -> list[Session]:
    if meeting["state"] != State.APPROVED:
        return []
    looked = meeting.get("lines_looked")
    return [
        session
        for session in meeting["sessions"]
        if session["state"] in ("planned", "live") and (looked is None or session["from"] > looked)
    ]


def judge_silence(line: Line, others: Iterable[Line], rules: Rules, began: datetime, now: datetime) -> datetime | None:
    """Until when to wait for a line, when this process listens since `began`; None when it is silent.

    Nobody is silent who was not listened to: probes come back within a minute after the centre does. So whoever was
    away begins to wait anew, and when no other line of the network was heard all that time the centre is suspected,
    for a while.
    """
    span = _silence(rules)
    due: datetime = max(line.get("silent_at") or line["heard_at"] + span, began + span)
    if now < due:
        return due
    if now - due > LATE:
        return now + span
    witnesses = [one for one in others if one["endpoint"] != line["endpoint"] and one["band"] != Band.SILENT]
    if witnesses and now < line["heard_at"] + DEAF * span and not _was_heard(witnesses, span, now):
        return now + span / 2
    return None


def _was_heard(witnesses: Iterable[Line], span: timedelta, now: datetime) -> bool:
    """Whether one of these lines was heard all the time of a span until now."""
    heard = (one for one in witnesses if one["heard_at"] >= now - span / 2)
    return any(one.get("heard_since", one["heard_at"]) <= now - span for one in heard)


def heard_since(before: Line, rules: Rules, now: datetime) -> datetime:
    """Since when a line that is heard now is heard without a break."""
    last = before.get("heard_at")
    if last is None or now - last > _silence(rules) / 2:
        return now
    since: datetime = before.get("heard_since", last)
    return since


def _silence(rules: Rules) -> timedelta:
    return timedelta(seconds=rules.silent_after)
