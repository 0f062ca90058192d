"""A change that the convener wants of an approved meeting waits beside it until it is decided on.

Meanwhile the meeting is as it was approved, may be run and is what guests are told; the change holds what it needs
beyond that. It is void once the meeting is another than the one that it was meant for.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import who
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.sessions import Session
from services.conference_booking.domain.transitions import State


def propose(
    meeting: Document,
    given: Mapping[str, Any],
    changes: Changes,
    moved: list[Session] | None,
    occasion: Occasion,
    reason: str,
) -> Decision:
    """The change waits; `given` is what was asked for, `changes` what follows from it, `moved` the sessions moved."""
    proposed = {
        **who(occasion.actor),
        "at": occasion.now,
        "reason": reason,
        "given": dict(given),
        "sessions": moved,
        "hold_until": decide_until((*meeting["sessions"], *(moved or ())), occasion),
        **{name: changes.get(name, meeting[name]) for name in ("things", "counts")},
    }
    data = {"session": given.get("session")}
    return Decision("conference_change_proposed", {"proposed": proposed}, data, reason)


def decide_until(sessions: Iterable[Session], occasion: Occasion) -> datetime:
    """A change is decided on in some working time, and before the next session would begin, as it is or would be."""
    planned = [one["start"] for one in sessions if one["state"] == "planned"]
    ahead: list[datetime] = [start for start in planned if start > occasion.now]
    return min([occasion.working_time.add(occasion.now, occasion.network.hold), *ahead])


def as_proposed(meeting: Document) -> Document:
    """The meeting as it would be when the change that waits is approved; itself when none does."""
    proposed = meeting.get("proposed")
    if not proposed:
        return meeting
    fresh = {one["n"]: one for one in proposed["sessions"] or ()}
    alone = "session" in proposed["given"]
    kept = meeting["sessions"] if alone or not fresh else ()
    sessions = [fresh.get(one["n"], one) for one in kept] or proposed["sessions"]
    given = {} if alone else proposed["given"]
    return {**meeting, **given, **{name: proposed[name] for name in ("things", "counts")}} | {
        "sessions": sessions,
        "proposed": None,
    }


def settle_proposal(before: Document, changes: Changes) -> Changes:
    """The changes, which end what waited for another meeting than it is now."""
    proposed = before.get("proposed")
    if not proposed or "proposed" in changes or not _is_void(proposed, before, {**before, **changes}):
        return changes
    return changes | {"proposed": None}


def _is_void(proposed: Mapping[str, Any], before: Document, after: Document) -> bool:
    """Other endpoints are still wanted when some sessions are over; other times only for those that they replace."""
    if after["state"] != State.APPROVED or before["things"] != after["things"]:
        return True
    number = proposed["given"].get("session")
    was, now = _planned(before, number), _planned(after, number)
    if number is not None:
        return was != now
    return not now or not now <= was or (bool(proposed["sessions"]) and was != now)


def _planned(meeting: Document, number: int | None) -> set[tuple[Any, ...]]:
    """When sessions that have not begun, or this one, hold what they need."""
    return {
        (one["n"], one["from"], one["until"], one["state"])
        for one in meeting["sessions"]
        if (one["state"] == "planned" if number is None else one["n"] == number)
    }


def withdraw() -> Decision:
    """The convener wants the meeting as it was approved."""
    return Decision("conference_change_withdrawn", {"proposed": None})
