"""The sessions of a meeting: how each begins, goes on, ends, or is called off."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.holdings import HOLDING
from services.conference_booking.domain.networks import minutes
from services.conference_booking.domain.occupancy import STEP
from services.conference_booking.domain.transitions import State
from shared.errors import Conflict, NotFound

SESSION_NAMES = {
    "planned": {"vi": "chưa diễn ra", "en": "planned"},
    "live": {"vi": "đang diễn ra", "en": "live"},
    "ended": {"vi": "đã kết thúc", "en": "ended"},
    "cancelled": {"vi": "đã hủy", "en": "cancelled"},
    "preempted": {"vi": "đã nhường chỗ", "en": "preempted"},
}
AHEAD = frozenset({"planned", "live"})
LONGEST = minutes(24 * 60)

Session = dict[str, Any]


def session_of(meeting: Document, number: str) -> Session:
    """One session.

    Raises:
        NotFound: there is none of this number.
    """
    for session in meeting["sessions"]:
        if str(session["n"]) == number:
            found: Session = session
            return found
    raise NotFound("session_unknown", session=number)


def in_session(meeting: Document, session: Mapping[str, Any]) -> Document:
    """A meeting as it is in one session: who stands in for whom there, and who is there over the backup line."""
    return {**meeting, **session.get("instead", {}), "on_backup": session.get("on_backup", [])}


def session_meant(meeting: Document, number: int | None, now: datetime) -> Session | None:
    """The session of this number, or the one that is on or next; None when it is over."""
    ahead = [one for one in sessions_ahead(meeting) if one["until"] > now and number in (None, one["n"])]
    return min(ahead, key=lambda one: one["from"], default=None)


def cancel_session(meeting: Document, number: str, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """One session will not be; with the last one the meeting is off."""
    session = session_of(meeting, number)
    check_state(session, "planned")
    rest = [one for one in sessions_ahead(meeting) if one["n"] != session["n"]]
    data = {"session": session["n"]}
    if not rest:
        off = called_off(meeting, State.CANCELLED)
        return Decision("conference_cancelled", off, data, body["reason"])
    changes = with_session(meeting, session, state="cancelled") | {"sequence": meeting["sequence"] + 1}
    return Decision("conference_cancelled", changes, data, body["reason"])


def start(meeting: Document, number: str, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A session begins; not before its endpoints are held."""
    session = session_of(meeting, number)
    check_state(session, "planned")
    if not session["from"] <= occasion.now < session["until"]:
        raise Conflict("session_not_now", opens=session["from"].isoformat(), closes=session["until"].isoformat())
    changes = with_session(meeting, session, state="live")
    return Decision("session_started", changes, {"session": session["n"]}, body["reason"])


def extend(meeting: Document, number: str, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A running session goes on; only the time that is added has to be free, and calendars are told of it."""
    session = session_of(meeting, number)
    check_state(session, "live")
    more = minutes(body["minutes"])
    if session["end"] + more - session["start"] > LONGEST:
        raise Conflict("session_too_long", hours=LONGEST // timedelta(hours=1))
    longer = {"end": session["end"] + more, "until": session["until"] + more}
    longer["extended"] = session.get("extended", 0) + body["minutes"]
    changes = with_session(meeting, session, **longer) | {"sequence": meeting["sequence"] + 1}
    return Decision("session_extended", changes, {"session": session["n"]}, body["reason"])


def end(meeting: Document, number: str, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A session is over; after the tear-down what it held is free, also when it was over before it was to begin.

    It never ends before its beginning: calendars would not take that, and hours of it would be counted off.
    """
    session = session_of(meeting, number)
    check_state(session, "live")
    over = max(_next_step(occasion.now), session["from"] + minutes(STEP))
    until = min(session["until"], over + minutes(meeting["tear_down"]))
    ended = min(session["end"], max(over, session["start"] + minutes(STEP)))
    changes = with_session(meeting, session, state="ended", end=ended, until=until)
    return Decision("session_ended", changes, {"session": session["n"]}, body["reason"])


def check_state(session: Session, *states: str) -> None:
    """Refuse what is done with sessions in these states only.

    Raises:
        Conflict: naming its state.
    """
    if session["state"] not in states:
        raise Conflict("session_action_not_allowed", session=session["n"], state=SESSION_NAMES[session["state"]])


def with_session(meeting: Document, session: Session, **changed: Any) -> Changes:
    """One session becomes another; the others stay."""
    return {"sessions": [{**one, **changed} if one["n"] == session["n"] else one for one in meeting["sessions"]]}


def _next_step(moment: datetime) -> datetime:
    past = timedelta(minutes=moment.minute % STEP, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + (minutes(STEP) if past else timedelta())


def sessions_ahead(meeting: Document) -> list[Session]:
    """Those that are not over."""
    return [session for session in meeting["sessions"] if session["state"] in AHEAD]


def held_until(meeting: Document) -> datetime:
    """When the last of its sessions that are not off gives back what it holds."""
    latest: datetime = max(session["until"] for session in meeting["sessions"] if session["state"] in HOLDING)
    return latest


def next_finish(meeting: Document) -> datetime:
    """When the next session gives back what it holds, or when the last one did."""
    return min((session["until"] for session in sessions_ahead(meeting)), default=held_until(meeting))


def called_off(meeting: Document, state: State) -> Changes:
    """What is ahead will not be."""
    sessions = [{**one, "state": "cancelled"} if one["state"] in AHEAD else one for one in meeting["sessions"]]
    changes: Changes = {"state": state.value, "sessions": sessions, "hold_until": None, "at_risk": []}
    return changes | {"sequence": meeting["sequence"] + 1}
