"""Every change that an application may go through, one row each: the law of D 2.4 as people can read it.

`to` is the status reached, `SAME` where only money, delivery or the desk changes, and `BEFORE` where the
application returns to the status that it had before it was made to wait.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.one_stop_shop.domain import guards
from services.one_stop_shop.domain.access import is_party
from services.one_stop_shop.domain.actors import (
    AGENCY_SYSTEM,
    CITIZEN,
    HEAD_OF_UNIT,
    OFFICERS,
    RECEPTION_OFFICER,
    SPECIALIST,
    Actor,
)
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.guards import not_in_this_status
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Error, Forbidden

Guard = Callable[[Mapping[str, Any], Actor], Error | None]


class To(StrEnum):
    """Where a change leads when it is not to one fixed status."""

    SAME = "same"
    BEFORE = "before"
    BEFORE_UNLESS_ACCEPTED = "7 if accepted, else before"
    RETURNED_IF_DELIVERED = "10 if delivered, else same"


class At(StrEnum):
    """Which of the application's agencies an officer must act for."""

    RECEIVING = "received_agency"
    COMPETENT = "competent_agency"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: who may do what, from where to where, and what it leaves behind."""

    action: str
    sources: frozenset[Status]
    to: Status | To
    roles: tuple[str, ...]
    at: At
    event: str
    reason: bool = False
    form: FormKind | None = None
    claim_binds: bool = False
    guards: tuple[Guard, ...] = ()


def _row(
    action: str, sources: str, to: Status | To, roles: tuple[str, ...], at: At, event: str, **rest: Any
) -> Transition:
    statuses = frozenset(Status(int(number)) for number in sources.split())
    return Transition(action, statuses, to, roles, at, event, **rest)


_CITIZEN_OR_COUNTER = (CITIZEN, RECEPTION_OFFICER)
_COUNTER, _HEAD = (RECEPTION_OFFICER,), (HEAD_OF_UNIT,)
_UNFINISHED = "1 2 4 5 6 8 9"
_ALL = "1 2 3 4 5 6 7 8 9 10"
_CLAIM = {"claim_binds": True}

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    # Reception
    _row("receive", "1", Status.RECEIVED, _COUNTER, At.RECEIVING, "application_received",
         form=FormKind.RECEIPT, **_CLAIM),
    _row("refuse", "1 5 6", Status.REFUSED, _COUNTER, At.RECEIVING, "application_refused",
         reason=True, form=FormKind.REFUSAL, guards=(guards.no_longer_waiting,), **_CLAIM),
    # What was taken down wrongly
    _row("correct", "1 2 4 5", To.SAME, OFFICERS, At.EITHER, "application_corrected", reason=True, **_CLAIM),
    # Supplement
    _row("request_supplement", "1 2 4", Status.SUPPLEMENT, OFFICERS, At.EITHER, "supplement_requested",
         reason=True, form=FormKind.SUPPLEMENT_REQUEST, **_CLAIM),
    _row("supply_supplement", "5", To.BEFORE, _CITIZEN_OR_COUNTER, At.RECEIVING, "supplement_supplied"),
    # Money: a machine of its own, which only moves the status out of 6
    _row("request_payment", "1 4 6", Status.PAYMENT, OFFICERS, At.EITHER, "payment_requested",
         guards=(guards.payment_may_be_requested,), **_CLAIM),
    _row("start_payment", "1 2 4 5 6 9", To.SAME, (CITIZEN,), At.EITHER, "payment_started",
         guards=(guards.payment_owed,)),
    _row("record_payment", _UNFINISHED, To.BEFORE, (RECEPTION_OFFICER, AGENCY_SYSTEM), At.EITHER, "payment_received",
         guards=(guards.payment_owed,)),
    _row("exempt_payment", _UNFINISHED, To.BEFORE, OFFICERS, At.EITHER, "payment_exempted",
         guards=(guards.payment_owed,)),
    _row("accept_exemption", _UNFINISHED, To.BEFORE, OFFICERS, At.EITHER, "exemption_accepted",
         guards=(guards.relief_claimed,)),
    _row("reject_exemption", _UNFINISHED, To.BEFORE, OFFICERS, At.EITHER, "exemption_rejected",
         reason=True, guards=(guards.fee_relieved,)),
    _row("refund_payment", _ALL, To.SAME, _HEAD, At.EITHER, "payment_refunded",
         reason=True, guards=(guards.payment_made,)),
    # Processing
    _row("hand_over", "2", Status.IN_PROCESS, _COUNTER, At.RECEIVING, "application_handed_over",
         form=FormKind.CONTROL_SHEET, **_CLAIM),
    _row("complete_step", "4", Status.IN_PROCESS, OFFICERS, At.EITHER, "step_completed",
         form=FormKind.CONTROL_SHEET, guards=(guards.step_is_open, guards.step_belongs_to_role), **_CLAIM),
    _row("request_opinion", "4", To.SAME, (SPECIALIST, HEAD_OF_UNIT), At.COMPETENT, "opinion_requested",
         guards=(guards.step_is_open,), **_CLAIM),
    _row("claim", "1 2 4 9", To.SAME, OFFICERS, At.EITHER, "assignment_changed",
         guards=(guards.is_free, guards.step_belongs_to_role)),
    _row("release", _UNFINISHED, To.SAME, OFFICERS, At.EITHER, "assignment_changed", guards=(guards.is_own,)),
    _row("assign", _UNFINISHED, To.SAME, _HEAD, At.EITHER, "assignment_changed"),
    _row("extend", "2 4", To.SAME, _HEAD, At.COMPETENT, "deadline_extended",
         reason=True, form=FormKind.APOLOGY, guards=(guards.has_due_moment,)),
    _row("stop", "4 6", Status.STOPPED, _HEAD, At.COMPETENT, "application_stopped",
         reason=True, guards=(guards.was_received,)),
    _row("resume", "8", Status.IN_PROCESS, _HEAD, At.COMPETENT, "application_resumed", reason=True),
    # Withdrawal: at once before reception, by decision afterwards
    _row("request_withdrawal", "1 2 4 5 6 8", Status.WITHDRAWN, _CITIZEN_OR_COUNTER, At.RECEIVING,
         "withdrawal_requested", reason=True),
    # form 05 is sealed: the head of the agency that decides signs it
    _row("decide_withdrawal", "7", To.BEFORE_UNLESS_ACCEPTED, _HEAD, At.COMPETENT, "withdrawal_decided",
         reason=True, form=FormKind.STOP_NOTICE, guards=(guards.withdrawal_is_open,)),
    # Result
    _row("finish", "2 4", Status.FINISHED, (HEAD_OF_UNIT, SPECIALIST), At.COMPETENT, "application_finished",
         form=FormKind.CONTROL_SHEET, guards=(guards.steps_done, guards.parts_ended), **_CLAIM),
    _row("recall_result", "9", Status.IN_PROCESS, _HEAD, At.COMPETENT, "result_recalled",
         reason=True, form=FormKind.CONTROL_SHEET, guards=(guards.not_with_post,)),
    _row("send_by_post", "9", To.SAME, _COUNTER, At.RECEIVING, "delivery_changed",
         guards=(guards.wants_post, guards.not_with_post, guards.payment_settled)),
    _row("record_post_event", "9", To.RETURNED_IF_DELIVERED, (AGENCY_SYSTEM, RECEPTION_OFFICER), At.EITHER,
         "delivery_changed", guards=(guards.is_with_post,)),
    _row("return_result", "9", Status.RETURNED, _COUNTER, At.RECEIVING, "application_returned",
         guards=(guards.not_with_post, guards.payment_settled)),
    _row("rate", "10", To.SAME, (CITIZEN,), At.EITHER, "application_rated", guards=(guards.not_yet_rated,)),
    # Beside the business
    _row("link", _UNFINISHED, To.SAME, OFFICERS, At.EITHER, "application_linked"),
    _row("unlink", _ALL, To.SAME, OFFICERS, At.EITHER, "application_unlinked",
         reason=True, guards=(guards.is_linked,)),
    _row("record_synchronisation", _ALL, To.SAME, (AGENCY_SYSTEM,), At.EITHER, "application_synchronised"),
)
# fmt: on

BY_ACTION = {row.action: row for row in TRANSITIONS}


def check_allowed(application: Mapping[str, Any], actor: Actor, action: str) -> Transition:
    """The row under which the actor may act now.

    Raises:
        Forbidden: the role or the agency is not the right one, whatever the status.
        Conflict: not in this status, or another officer has claimed it, or a guard says no.
    """
    row = BY_ACTION[action]
    refusal = next(_refusals(row, application, actor), None)
    if refusal is not None:
        raise refusal
    return row


def allowed_actions(application: Mapping[str, Any], actor: Actor) -> list[str]:
    """What the actor may do now, in the order of the table."""
    return [row.action for row in TRANSITIONS if is_allowed(application, actor, row.action)]


def is_allowed(application: Mapping[str, Any], actor: Actor, action: str) -> bool:
    """Whether the actor may do this now."""
    return next(_refusals(BY_ACTION[action], application, actor), None) is None


def _refusals(row: Transition, application: Mapping[str, Any], actor: Actor) -> Iterator[Error]:
    if not actor.has(*row.roles):
        yield Forbidden("role_not_allowed", action=row.action)
    elif not _stands_right(row, application, actor):
        yield Forbidden("other_agency", action=row.action)
    if Status(application["status"]) not in row.sources:
        yield not_in_this_status(row.action, Status(application["status"]))
    if row.claim_binds and claimed_by_other(application, actor):
        yield Conflict("claimed_by_other", assignee=application["assignee_name"])
    for guard in row.guards:
        refusal = guard(application, actor)
        if refusal is not None:
            yield refusal


def claimed_by_other(application: Mapping[str, Any], actor: Actor) -> bool:
    """Whether another officer has it; the head of unit answers for the unit and is not bound."""
    return application["assignee"] not in (None, actor.subject) and not actor.has(HEAD_OF_UNIT)


def _stands_right(row: Transition, application: Mapping[str, Any], actor: Actor) -> bool:
    if CITIZEN in row.roles and is_party(application, actor):
        return True
    if not actor.has(*(role for role in row.roles if role != CITIZEN)):
        return False
    agencies = {"received_agency", "competent_agency"} if row.at is At.EITHER else {row.at.value}
    return actor.agency in {application[name] for name in agencies}
