"""Who may do what with a meeting, in which state: one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.conference_booking.domain.actors import Part
from shared.errors import Conflict, Error, Forbidden

Meeting = Mapping[str, Any]
Guard = Callable[[Meeting], Error | None]


class State(StrEnum):
    """Where a meeting stands."""

    SUBMITTED = "submitted"
    NEEDS_INFO = "needs_info"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PREEMPTED = "preempted"
    ENDED = "ended"


STATE_NAMES = {
    State.SUBMITTED: "Chờ duyệt, đang giữ chỗ",
    State.NEEDS_INFO: "Chờ bổ sung thông tin",
    State.APPROVED: "Đã duyệt",
    State.REJECTED: "Bị từ chối",
    State.EXPIRED: "Hết hạn giữ chỗ",
    State.CANCELLED: "Đã hủy",
    State.PREEMPTED: "Nhường cuộc họp ưu tiên cao hơn",
    State.ENDED: "Đã kết thúc",
}
WAITING = frozenset({State.SUBMITTED, State.NEEDS_INFO})
ACTIVE = WAITING | {State.APPROVED}
"""States in which a meeting has something ahead of it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row; `to` is None where the state stays, or follows from what the meeting was."""

    action: str
    sources: frozenset[State]
    to: State | None
    parts: tuple[Part, ...]
    event: str
    reason: bool = False
    guards: tuple[Guard, ...] = ()


def nothing_is_live(meeting: Meeting) -> Error | None:
    """No session is live; one that is has to be ended first."""
    if any(session["state"] == "live" for session in meeting["sessions"]):
        return Conflict("session_live")
    return None


def a_change_waits(meeting: Meeting) -> Error | None:
    """A change of it waits for approval."""
    return None if meeting.get("proposed") else Conflict("no_change_waits")


def the_change_is_clear(meeting: Meeting) -> Error | None:
    """What the approver asked about the change is answered."""
    return Conflict("change_lacks_answer") if (meeting.get("proposed") or {}).get("questioned") else None


def the_change_is_questioned(meeting: Meeting) -> Error | None:
    """The approver asked something about the change."""
    return None if (meeting.get("proposed") or {}).get("questioned") else Conflict("no_question_about_change")


_HOUSE = (Part.CONVENER, Part.APPROVER, Part.OPERATOR)
_CALM = (nothing_is_live,)
_PROPOSED = (a_change_waits, the_change_is_clear)

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    Transition("change_meeting", ACTIVE, None, _HOUSE, "conference_changed", guards=_CALM),
    Transition("answer_meeting_question", frozenset({State.NEEDS_INFO}), State.SUBMITTED, (Part.CONVENER,),
               "conference_answered"),
    Transition("approve_meeting", frozenset({State.SUBMITTED}), State.APPROVED, (Part.APPROVER,),
               "conference_scheduled"),
    Transition("reject_meeting", WAITING, State.REJECTED, (Part.APPROVER,), "conference_rejected", reason=True),
    Transition("ask_meeting_information", frozenset({State.SUBMITTED}), State.NEEDS_INFO, (Part.APPROVER,),
               "conference_questioned", reason=True),
    Transition("approve_change", frozenset({State.APPROVED}), None, (Part.APPROVER,), "conference_changed",
               guards=(*_PROPOSED, *_CALM)),
    Transition("reject_change", frozenset({State.APPROVED}), None, (Part.APPROVER,), "conference_change_rejected",
               reason=True, guards=_PROPOSED[:1]),
    Transition("ask_change_information", frozenset({State.APPROVED}), None, (Part.APPROVER,),
               "conference_change_questioned", reason=True, guards=_PROPOSED),
    Transition("answer_change_question", frozenset({State.APPROVED}), None, (Part.CONVENER,),
               "conference_change_answered", guards=(the_change_is_questioned,)),
    Transition("move_session", ACTIVE, None, _HOUSE, "conference_changed"),
    Transition("cancel_meeting", ACTIVE, State.CANCELLED, _HOUSE, "conference_cancelled", reason=True, guards=_CALM),
    Transition("cancel_session", ACTIVE, None, _HOUSE, "conference_cancelled", reason=True),
    Transition("start_session", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "session_started"),
    Transition("extend_session", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "session_extended"),
    Transition("end_session", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "session_ended"),
    Transition("ask_invitation_letter", frozenset({State.APPROVED}), None, (Part.CONVENER,),
               "invitation_letter_asked"),
    Transition("write_script", ACTIVE, None, _HOUSE, "script_written"),
    Transition("copy_script", ACTIVE, None, _HOUSE, "script_written"),
    Transition("release_script", ACTIVE, None, _HOUSE, "script_released"),
    Transition("move_pointer", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "script_moved"),
    Transition("report_readiness", frozenset({State.APPROVED}), None, (Part.OPERATOR, Part.HOST),
               "readiness_reported"),
    Transition("record_rehearsal", frozenset({State.APPROVED}), None, (Part.OPERATOR, Part.HOST),
               "rehearsal_recorded"),
    Transition("conclude_rehearsal", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "rehearsal_concluded"),
    Transition("kick_participant", frozenset({State.APPROVED}), None, (Part.OPERATOR,), "participant_kicked"),
    Transition("preempt", ACTIVE, State.PREEMPTED, (Part.SYSTEM,), "conference_preempted"),
    Transition("expire", WAITING, State.EXPIRED, (Part.SYSTEM,), "conference_expired"),
    Transition("finish_session", frozenset({State.APPROVED}), None, (Part.SYSTEM,), "session_ended"),
    Transition("finish", frozenset({State.APPROVED}), State.ENDED, (Part.SYSTEM,), "conference_ended"),
)
# fmt: on

BY_ACTION = {row.action: row for row in TRANSITIONS}


def check_allowed(meeting: Meeting, parts: frozenset[Part], action: str) -> tuple[Transition, Part]:
    """The row under which somebody may act now, and the part in which they do.

    Raises:
        Forbidden: none of their parts may, whatever the state.
        Conflict: not in this state, or a guard says no.
    """
    row = BY_ACTION[action]
    part = next((part for part in row.parts if part in parts), None)
    if part is None:
        raise Forbidden("role_not_allowed", action=action)
    if meeting["state"] not in row.sources:
        state = State(meeting["state"])
        told = {"vi": STATE_NAMES[state], "en": state.replace("_", " ")}
        raise Conflict("meeting_action_not_allowed", action=action, state=told)
    for guard in row.guards:
        refusal = guard(meeting)
        if refusal is not None:
            raise refusal
    return row, part


def allowed_actions(meeting: Meeting, parts: frozenset[Part]) -> list[str]:
    """What somebody may try now, in the order of the table."""
    return [
        row.action
        for row in TRANSITIONS
        if Part.SYSTEM not in row.parts
        and parts.intersection(row.parts)
        and meeting["state"] in row.sources
        and not any(guard(meeting) for guard in row.guards)
    ]
