"""How a meeting becomes another, or one session of it.

Whatever whoever approves changes is true at once, and so are words. Other times, endpoints or another rank that the
convener wants of an approved meeting wait beside it (`proposals`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain.actors import Part
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.meetings import (
    PREPARED,
    RESOURCES,
    TIMES,
    WISH,
    check_lead,
    check_technicians,
    hold_until,
    verdict,
    wished,
)
from services.conference_booking.domain.needs import Resources, needed, without_gone
from services.conference_booking.domain.networks import minutes
from services.conference_booking.domain.proposals import propose, withdraw
from services.conference_booking.domain.series import Series
from services.conference_booking.domain.sessions import AHEAD, Session, check_state, session_of
from services.conference_booking.domain.transitions import WAITING, State
from shared.errors import Conflict

_MATTERS = {*TIMES, *RESOURCES, "rank"}


def change(
    meeting: Document, body: Mapping[str, Any], occasion: Occasion, resources: Resources, part: Part
) -> Decision:
    """Something else about a meeting.

    Other times make new sessions, which is possible until the first has begun; other endpoints hold for the sessions
    ahead. Either waits for approval when the convener of an approved meeting wants it, with what waits already.

    Raises:
        Invalid, Conflict: as `wished`; a series that has begun cannot be given other times.
    """
    given = {name: value for name, value in body.items() if name in (*WISH, *TIMES, "urgent", "urgent_reason")}
    waiting = meeting.get("proposed") if part is Part.CONVENER and given.keys() & _MATTERS else None
    if waiting and "session" not in waiting["given"]:
        given = waiting["given"] | given
    left = without_gone({**meeting, **given})
    given = {name: left[name] for name in left if left[name] != meeting.get(name, [])} | given
    other = {name: value for name, value in given.items() if value != meeting.get(name)}
    if not other:
        if waiting:
            return withdraw()
        raise Conflict("meeting_unchanged")
    changes = _changed(meeting, other, occasion, resources, part)
    if _waits(meeting, part) and other.keys() & _MATTERS:
        moved = changes["sessions"] if other.keys() & {*TIMES} else None
        return propose(meeting, other, changes, moved, occasion, body["reason"])
    changes |= _undecided(meeting, changes, occasion, part)
    return Decision("conference_changed", changes, reason=body["reason"])


def _changed(
    meeting: Document, other: Mapping[str, Any], occasion: Occasion, resources: Resources, part: Part
) -> Changes:
    merged = {**meeting, **other}
    changes: Changes = dict(other)
    moved, refitted = bool(other.keys() & {*TIMES}), bool(other.keys() & {*RESOURCES})
    if "rank" in other:
        occasion.networks.rank(other["rank"])
    if moved:
        if any(session["state"] in ("live", "ended") for session in meeting["sessions"]):
            raise Conflict("meeting_begun")
        changes |= wished(merged, occasion, resources)
        sessions = [{**one, "moved_at": occasion.now} for one in changes["sessions"]]
        changes["sessions"] = _still_off(sessions, meeting, merged["zone"])
        check_lead(changes["sessions"][0]["start"], occasion, urgent=merged["urgent"], part=part)
    elif refitted or other.keys() & {*PREPARED}:
        changes |= needed(merged, resources)
        changes["sessions"] = [_with_held(session, meeting, refitted=refitted) for session in meeting["sessions"]]
    if moved or refitted or _uninvited(meeting, merged):
        changes["sequence"] = meeting["sequence"] + 1
    return changes


def _still_off(sessions: list[Session], meeting: Document, zone: str) -> list[Session]:
    """On a day on which a session was cancelled there is none at another hour either, unless no day is left."""

    def day(session: Session) -> Any:
        return session["start"].astimezone(ZoneInfo(zone)).date()

    off = {day(one) for one in meeting["sessions"] if one["state"] == "cancelled"}
    found = [{**one, "state": "cancelled"} if day(one) in off else one for one in sessions]
    return found if any(one["state"] == "planned" for one in found) else sessions


def _uninvited(before: Document, after: Document) -> bool:
    """Whether a delegate is not wanted any more; who is told so has to see a newer invitation (RFC 5546, 3.2.5)."""
    former = {delegate["address"] for delegate in before.get("delegates", ())}
    return not former.issubset(delegate["address"] for delegate in after.get("delegates", ()))


def _with_held(session: Session, meeting: Document, *, refitted: bool) -> Session:
    """A session that is over keeps what it held; where endpoints become others nobody stands in for anybody."""
    if session["state"] in AHEAD and refitted:
        return {name: value for name, value in session.items() if name != "instead"}
    if session["state"] in AHEAD or session.get("held"):
        return session
    return {**session, "held": {"things": meeting["things"], "counts": meeting["counts"]}}


def _waits(meeting: Document, part: Part) -> bool:
    return part is Part.CONVENER and bool(meeting["state"] == State.APPROVED)


def _undecided(meeting: Document, changes: Changes, occasion: Occasion, part: Part) -> Changes:
    """The state after a change; a meeting that waits for its first decision is held for it anew."""
    if meeting["state"] not in WAITING:
        return {}
    hold = {"hold_until": hold_until({**meeting, **changes}, occasion)}
    return hold | ({"state": State.SUBMITTED.value} if part is Part.CONVENER else {})


def move_session(
    meeting: Document, number: str, body: Mapping[str, Any], occasion: Occasion, resources: Resources, part: Part
) -> Decision:
    """One session of a series at another time, for which it is known by the time that the rule gives it.

    One that gave way to a higher rank may so take place after all. What is no series is moved whole.

    Raises:
        Conflict: it has begun or is off, the time is past, too near, or the same.
    """
    length = body.get("minutes") or meeting["minutes"]
    if not meeting["rule"]:
        session_of(meeting, number)
        whole = {"starts": body["starts"], "minutes": length, "reason": body["reason"]}
        return change(meeting, whole, occasion, resources, part)
    session = session_of(meeting, number)
    check_state(session, "planned", "preempted")
    [span] = Series(datetime.fromisoformat(body["starts"]), length, meeting["zone"]).spans()
    if span.start <= occasion.now:
        raise Conflict("meeting_in_past")
    if session["state"] == "planned" and (span.start, span.end) == (session["start"], session["end"]):
        raise Conflict("meeting_unchanged")
    check_lead(span.start, occasion, urgent=meeting["urgent"], part=part)
    moved = {
        **{name: value for name, value in session.items() if name not in ("instead", "on_backup")},
        "moved_at": occasion.now,
        "start": span.start,
        "end": span.end,
        "from": span.start - minutes(meeting["set_up"]),
        "until": span.end + minutes(meeting["tear_down"]),
        "state": "planned",
        "was": session.get("was", session["start"]),
        "moved": {"starts": body["starts"], "minutes": length},
    }
    if _waits(meeting, part):
        given = {"session": session["n"], "starts": body["starts"], "minutes": length}
        return propose(meeting, given, {}, [moved], occasion, body["reason"])
    sessions = [moved if one is session else one for one in meeting["sessions"]]
    changes: Changes = {"sessions": sessions, "sequence": meeting["sequence"] + 1}
    changes |= _undecided(meeting, changes, occasion, part)
    return Decision("conference_changed", changes, {"session": session["n"]}, body["reason"])


def approve_change(meeting: Document, body: Mapping[str, Any], occasion: Occasion, resources: Resources) -> Decision:
    """The change that waits becomes true; what it needs it has held since it was asked for.

    Raises:
        Invalid, Conflict: as `change`, when it is not possible any more, and as `approve`.
    """
    given = {**meeting["proposed"]["given"], "reason": body["note"]}
    as_it_is = {**meeting, "proposed": None}
    if "session" in given:
        made = move_session(as_it_is, str(given["session"]), given, occasion, resources, Part.APPROVER)
    else:
        made = change(as_it_is, given, occasion, resources, Part.APPROVER)
    check_technicians({**meeting, **made.changes}, occasion)
    decided = {"proposed": None, "decision": verdict("approved", body["note"], occasion)}
    return Decision(made.event, made.changes | decided, made.data, body["note"])


def reject_change(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The meeting stays as it was approved."""
    decided = {"proposed": None, "decision": verdict("rejected", body["reason"], occasion)}
    return Decision("conference_change_rejected", decided, reason=body["reason"])
