"""What is counted of a network's meetings in a period: how many, how long, asked for when, connected, disturbed."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.holders import kind_of
from services.conference_booking.domain.incidents import LOST, POOR, WORST
from services.conference_booking.domain.networks import Network
from services.conference_booking.domain.sessions import Session
from services.conference_booking.domain.spans import Span
from services.conference_booking.domain.transitions import State
from shared.working_time import VIETNAM, WorkingTime

SHARE_AT = 30
"""Minutes before a session at which the share connected is counted."""

SEVERE = frozenset({WORST, LOST})
"""An endpoint or the bridge was lost, as the incident is judged now; a line that is merely poor is none of these."""

_NEVER_AGREED = frozenset({State.REJECTED, State.EXPIRED})
_SEVERITIES = (WORST, LOST, POOR)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Held:
    """A session that took, or takes, place in the period, and how many endpoints it connects."""

    meeting: Document
    session: Session
    endpoints: int

    @property
    def endpoint_hours(self) -> float:
        """Hours times endpoints."""
        length: timedelta = self.session["end"] - self.session["start"]
        return length / _HOUR * self.endpoints


def held_in(meetings: Iterable[Document], period: Span) -> Iterator[Held]:
    """The sessions that begin in the period and are not off."""
    for meeting in meetings:
        for session in meeting["sessions"]:
            if period.start <= session["start"] < period.end and _takes_place(meeting, session):
                things = (session.get("held") or meeting)["things"]
                yield Held(meeting, session, sum(kind_of(thing) == "endpoint" for thing in things))


def _takes_place(meeting: Document, session: Session) -> bool:
    took_place = session["state"] in ("live", "ended")  # whatever became of the rest of its series
    return took_place or (meeting["state"] == State.APPROVED and session["state"] == "planned")


def lost_in(meetings: Iterable[Document], period: Span) -> Counter[str]:
    """How many sessions of the period were cancelled or gave way; what nobody agreed to was never to be."""
    return Counter(
        session["state"]
        for meeting in meetings
        if meeting["state"] not in _NEVER_AGREED
        for session in meeting["sessions"]
        if period.start <= session["start"] < period.end and session["state"] in ("cancelled", "preempted")
    )


def by_rank(held: Sequence[Held], ranks: Iterable[str]) -> list[dict[str, Any]]:
    """Meetings, sessions and endpoint-hours of each rank; those without any too."""
    return [_sum(rank, [one for one in held if one.meeting["rank"] == rank], "rank") for rank in ranks]


def by_month(held: Sequence[Held], period: Span) -> list[dict[str, Any]]:
    """The same of each month of Viet Nam that the period touches."""
    months = dict.fromkeys(_months(period))
    return [_sum(month, [one for one in held if _month(one.session["start"]) == month], "month") for month in months]


def _months(period: Span) -> Iterator[str]:
    day = period.start
    while day < period.end:
        yield _month(day)
        day += timedelta(days=1)


def _month(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m}"


def _sum(key: str, held: Sequence[Held], name: str) -> dict[str, Any]:
    return {name: key, **totals(held)}


def totals(held: Sequence[Held]) -> dict[str, Any]:
    """How many meetings and sessions, and their hours times endpoints."""
    return {
        "meetings": len({one.meeting["_id"] for one in held}),
        "sessions": len(held),
        "endpoint_hours": round(sum(one.endpoint_hours for one in held), 2),
    }


def connected_at_mark(held: Iterable[Held], readiness: Mapping[str, Document]) -> dict[str, int]:
    """How many endpoints were judged half an hour before a session, and how many of them were connected."""
    marks = [
        mark
        for one in held
        for mark in readiness.get(f"{one.meeting['_id']}-{one.session['n']}", {}).get("marks", ())
        if mark["before"] == SHARE_AT
    ]
    return {name: sum(mark[name] for mark in marks) for name in ("invited", "connected")}


def lead_times(held: Iterable[Held], network: Network, working_time: WorkingTime) -> dict[str, int]:
    """How many meetings were asked for in time, how many as urgent, how many later than that; moved or not since."""
    found = Counter({"on_time": 0, "urgent": 0, "late": 0})
    for meeting in {one.meeting["_id"]: one.meeting for one in held}.values():
        start = meeting.get("asked_for") or meeting["sessions"][0]["start"]
        if working_time.add(meeting["asked_at"], network.lead) <= start:
            found["on_time"] += 1
        elif meeting["urgent"] and working_time.add(meeting["asked_at"], network.urgent_lead) <= start:
            found["urgent"] += 1
        else:
            found["late"] += 1
    return dict(found)


def without_severe(held: Iterable[Held], incidents: Iterable[Document], now: datetime) -> dict[str, int]:
    """How many meetings have begun, and during how many of them nothing severe was written down.

    An incident counts against a meeting whose session of the period it names, or that it names without a session.
    """
    begun: dict[str, set[int | None]] = {}
    for one in held:
        if one.session["start"] <= now or one.session["state"] in ("live", "ended"):
            begun.setdefault(one.meeting["_id"], {None}).add(one.session["n"])
    hit = {
        one["meeting"]
        for one in incidents
        if one["severity"] in SEVERE and one["session"] in begun.get(one["meeting"], ())
    }
    return {"meetings": len(begun), "without": len(begun) - len(hit)}


def times_to_restore(incidents: Iterable[Document], period: Span) -> list[dict[str, Any]]:
    """Of the incidents that were opened in the period, by severity: how many, restored, and how long that took.

    The time is the minutes of impact: from when it began until the meeting could go on, be it from standby.
    """
    opened = [one for one in incidents if period.start <= one["opened_at"] < period.end]
    return [_restored([one for one in opened if one["severity"] == severity], severity) for severity in _SEVERITIES]


def _restored(opened: Sequence[Document], severity: int) -> dict[str, Any]:
    took = [one["impact_minutes"] for one in opened if one["impact_minutes"] is not None]
    return {
        "severity": severity,
        "incidents": len(opened),
        "restored": len(took),
        "mean_minutes": round(sum(took) / len(took), 1) if took else None,
        "longest_minutes": max(took, default=None),
    }
