"""The rules of meetings: what is asked for, what is decided, and what becomes of it.

A meeting is a mapping in the shape of what is stored. What it holds follows from its sessions, so that claims can be
told from the meeting alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import Part, who
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.holdings import PROPOSED
from services.conference_booking.domain.needs import Resources, connected, needed
from services.conference_booking.domain.networks import minutes
from services.conference_booking.domain.proposals import decide_until
from services.conference_booking.domain.series import Series
from services.conference_booking.domain.sessions import (
    AHEAD,
    Session,
    called_off,
    held_until,
    next_finish,
    sessions_ahead,
    with_session,
)
from services.conference_booking.domain.technicians import without_technician
from services.conference_booking.domain.transitions import WAITING, State
from shared.errors import Conflict

RESOURCES = ("chair", "endpoints", "standby", "resolution", "recording")
PREPARED = ("standby_lines", "technicians", "delegates")
WISH = ("title", "note", "rank", "contact", *RESOURCES, *PREPARED)
TIMES = ("starts", "minutes", "zone", "rule", "left_out", "set_up", "tear_down")


def wished(body: Mapping[str, Any], occasion: Occasion, resources: Resources) -> Changes:
    """What a request asks for, with all that follows: sessions, things held, ports.

    Raises:
        Invalid: an endpoint is not of this network, the rank or resolution unknown, the rule malformed.
        Conflict: the first session lies in the past.
    """
    network = occasion.network
    occasion.networks.rank(body.get("rank", next(iter(occasion.networks.ranks))))
    times = {
        "set_up": network.set_up if body["set_up"] is None else body["set_up"],
        "tear_down": network.tear_down if body["tear_down"] is None else body["tear_down"],
        "rehearsal": network.rehearsal,
    }
    times["rehearsal"] = min(times["rehearsal"], times["set_up"])
    sessions = _sessions(body, times)
    if sessions[0]["start"] <= occasion.now:
        raise Conflict("meeting_in_past")
    return {
        **{name: body[name] for name in (*WISH, *TIMES) if name in body},
        **times,
        "marks": [mark.before for mark in network.marks],
        **needed(body, resources),
        "sessions": sessions,
    }


def _sessions(body: Mapping[str, Any], times: Mapping[str, int]) -> list[Session]:
    return [
        {
            "n": number,
            "start": span.start,
            "end": span.end,
            "from": span.start - minutes(times["set_up"]),
            "until": span.end + minutes(times["tear_down"]),
            "state": "planned",
        }
        for number, span in enumerate(series_of(body).spans(), start=1)
    ]


def series_of(body: Mapping[str, Any]) -> Series:
    """The series that a request or a meeting describes."""
    left_out = tuple(datetime.fromisoformat(wall) for wall in body["left_out"])
    starts = datetime.fromisoformat(body["starts"])
    return Series(starts, body["minutes"], body["zone"], body["rule"], left_out=left_out)


def request(identifier: str, body: Mapping[str, Any], occasion: Occasion, resources: Resources, part: Part) -> Decision:
    """A new meeting, which holds what it needs until it is decided on.

    Raises:
        Invalid, Conflict: as `wished`, and when it is asked for too late.
    """
    changes = wished(body, occasion, resources)
    urgent = bool(body["urgent"])
    check_lead(changes["sessions"][0]["start"], occasion, urgent=urgent, part=part)
    return Decision(
        "conference_requested",
        {
            "network": body["network"],
            "convener": occasion.actor.agency,
            "asked_by": occasion.actor.subject,
            "asked_at": occasion.now,
            "asked_for": changes["sessions"][0]["start"],
            "state": State.SUBMITTED.value,
            "urgent": urgent,
            "urgent_reason": body["urgent_reason"] if urgent else "",
            "decision": None,
            "answer": "",
            "at_risk": [],
            "sequence": 0,
            "hold_until": hold_until(changes, occasion),
            **changes,
        },
        reason=body["urgent_reason"],
    )


def check_lead(start: datetime, occasion: Occasion, *, urgent: bool, part: Part) -> None:
    """Meetings are asked for some working time ahead, urgent ones less; not so by who approves or runs them.

    Raises:
        Conflict: naming the first moment at which it could begin.
    """
    if part is not Part.CONVENER:
        return
    earliest = earliest_start(occasion, urgent=urgent)
    if start < earliest:
        code = "urgent_lead_too_short" if urgent else "lead_too_short"
        raise Conflict(code, earliest=earliest.isoformat(), lead=str(_lead(occasion, urgent)))


def earliest_start(occasion: Occasion, *, urgent: bool) -> datetime:
    """When a meeting that is asked for now may begin at the earliest."""
    return occasion.working_time.add(occasion.now, _lead(occasion, urgent))


def _lead(occasion: Occasion, urgent: bool) -> Any:
    return occasion.network.urgent_lead if urgent else occasion.network.lead


def hold_until(meeting: Mapping[str, Any], occasion: Occasion) -> datetime:
    """Until when a meeting holds what it needs without being approved: some working time, or until it would begin.

    Its set-up may have begun: what is entered by telephone is approved at the last moment.
    """
    ahead: list[datetime] = [session["start"] for session in meeting["sessions"] if session["state"] in AHEAD]
    return min([occasion.working_time.add(occasion.now, occasion.network.hold), *ahead])


def approve(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The meeting takes place; what it holds it has held since it was asked for.

    Raises:
        Conflict: the network wants a technician everywhere, and somewhere there is none.
    """
    check_technicians(meeting, occasion)
    rank = body["rank"] or meeting["rank"]
    occasion.networks.rank(rank)
    changes = {"state": State.APPROVED.value, "rank": rank, "hold_until": None}
    changes["decision"] = verdict("approved", body["note"], occasion)
    return Decision("conference_scheduled", changes, reason=body["note"])


def check_technicians(meeting: Document, occasion: Occasion) -> None:
    """Refuse to approve what lacks technicians, where a network wants one everywhere.

    Raises:
        Conflict: naming the endpoints without.
    """
    missing = without_technician(meeting, connected(meeting)) if occasion.network.technicians.required else []
    if missing:
        raise Conflict("technicians_missing", endpoints=", ".join(missing))


def reject(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The meeting does not take place."""
    changes = called_off(meeting, State.REJECTED)
    changes["decision"] = verdict("rejected", body["reason"], occasion)
    return Decision("conference_rejected", changes, reason=body["reason"])


def question(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The approver wants to know more; the hold goes on as it was."""
    return _asked("conference_questioned", {"state": State.NEEDS_INFO.value}, body, occasion)


def question_change(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The same about a change that waits; meanwhile the meeting is as it was approved."""
    return _asked("conference_change_questioned", _proposed(meeting, questioned=True), body, occasion)


def _asked(event: str, changes: Changes, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    changes = {**changes, "decision": verdict("questioned", body["reason"], occasion), "answer": ""}
    return Decision(event, changes, reason=body["reason"])


def answer(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The convener answers, and the time to decide begins anew."""
    changes = {"state": State.SUBMITTED.value, "answer": body["answer"], "hold_until": hold_until(meeting, occasion)}
    return Decision("conference_answered", changes, reason=body["answer"])


def answer_change(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The same about a change that waits."""
    sessions = (*meeting["sessions"], *(meeting["proposed"]["sessions"] or ()))
    changes = _proposed(meeting, questioned=False, hold_until=decide_until(sessions, occasion))
    changes |= {"answer": body["answer"]}
    return Decision("conference_change_answered", changes, reason=body["answer"])


def _proposed(meeting: Document, **facts: Any) -> Changes:
    return {"proposed": {**meeting["proposed"], **facts}}


def verdict(named: str, said: str, occasion: Occasion) -> dict[str, Any]:
    """What the approver decided, and when."""
    return {**who(occasion.actor), "at": occasion.now, "verdict": named, "said": said}


def cancel(meeting: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """What is ahead will not be; sessions that took place stay."""
    return Decision("conference_cancelled", called_off(meeting, State.CANCELLED), reason=body["reason"])


def expire(meeting: Document, now: datetime) -> Decision | None:
    """Nobody decided in time on the meeting, or on a change of it; None when it is not over, or was decided on."""
    proposed = meeting.get("proposed")
    if proposed and proposed["hold_until"] <= now:
        return Decision("conference_change_expired", {"proposed": None})
    if meeting["state"] not in WAITING or meeting["hold_until"] > now:
        return None
    return Decision("conference_expired", called_off(meeting, State.EXPIRED))


def finish(meeting: Document, now: datetime) -> Decision | None:
    """A session's time is over, and with the last one's the meeting's, whether anybody said so or not; None when not.

    What took place is not ahead any more: it stays as it was when the rest of its series is changed or called off.
    """
    if meeting["state"] != State.APPROVED or next_finish(meeting) > now:
        return None
    if held_until(meeting) <= now:
        sessions = [{**one, "state": "ended"} if one["state"] in AHEAD else one for one in meeting["sessions"]]
        return Decision("conference_ended", {"state": State.ENDED.value, "sessions": sessions})
    session = min(sessions_ahead(meeting), key=lambda one: one["until"])
    return Decision("session_ended", with_session(meeting, session, state="ended"), {"session": session["n"]})


def preempt(meeting: Document, numbers: Iterable[int], by: str, alternatives: Sequence[str]) -> Decision:
    """Sessions lose what they held to a meeting of a higher rank; with its last session the meeting is over.

    So does a change that waits; when only that was in the way, the meeting stays as it is.
    """
    lost = {number for number in numbers if number < PROPOSED}
    if not lost:
        return Decision("conference_change_expired", {"proposed": None}, {"by": by})
    sessions = [{**one, "state": "preempted"} if one["n"] in lost else one for one in meeting["sessions"]]
    changes: Changes = {"sessions": sessions, "sequence": meeting["sequence"] + 1, "proposed": None}
    if not any(one["state"] in AHEAD for one in sessions):
        changes |= {"state": State.PREEMPTED.value, "hold_until": None, "at_risk": []}
    data = {"by": by, "alternatives": list(alternatives), "session": min(lost) if len(lost) == 1 else None}
    return Decision("conference_preempted", changes, data)


def threatened(meeting: Document, risks: Sequence[Mapping[str, Any]]) -> Decision | None:
    """The meeting with what threatens it now; None when that is as it was. It is never taken away for that."""
    if list(risks) == list(meeting["at_risk"]):
        return None
    event = "conference_at_risk" if risks else "conference_safe_again"
    reason = "; ".join(dict.fromkeys(risk["reason"] for risk in risks))
    return Decision(event, {"at_risk": list(risks)}, reason=reason)
