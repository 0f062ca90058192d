"""Who may do what with a document or an arrival, from where to where: one table for each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.document_routing.domain import statuses as s
from services.document_routing.domain.actors import CLERK, LEADER, STAFF
from shared.actors import Actor
from shared.errors import Conflict, Error, Forbidden

Guard = Callable[[Mapping[str, Any], Actor], Error | None]

DRAFT, IN_REVIEW, SIGNED, ISSUED = "draft", "in_review", "signed", "issued"

DOCUMENT_STATUSES = {
    DRAFT: "Dự thảo",
    IN_REVIEW: "Đang trình duyệt",
    SIGNED: "Đã ký, chờ phát hành",
    ISSUED: "Đã phát hành",
}
DOCUMENT_STATUSES_EN = {
    DRAFT: "Draft",
    IN_REVIEW: "Before the leader",
    SIGNED: "Signed, to be issued",
    ISSUED: "Issued",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row; `to` is empty where the status stays. Who is at work (05) stays so when others are assigned."""

    action: str
    sources: frozenset[str]
    to: str
    roles: tuple[str, ...]
    event: str
    reason: bool = False
    guards: tuple[Guard, ...] = ()


def _row(action: str, sources: str, to: str, roles: tuple[str, ...], event: str, **rest: Any) -> Transition:
    return Transition(action, frozenset(sources.split()), to, roles, event, **rest)


def is_assigned(arrival: Mapping[str, Any], actor: Actor) -> Error | None:
    """A specialist handles what was assigned to them, or to no person by name."""
    named = [handler["officer"] for handler in handlers_of(arrival) if handler.get("officer")]
    if named and actor.subject not in named and not actor.has(CLERK, LEADER):
        return Forbidden("assigned_to_others")
    return None


def has_open_request(arrival: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be a wish of the sender that waits for its answer."""
    if any(asked["answer"] is None for asked in arrival["requests"]):
        return None
    return Conflict("no_request_open")


def handlers_of(arrival: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Lead and co-operating handlers of the assignment that holds."""
    if not arrival["assignments"]:
        return []
    last = arrival["assignments"][-1]
    return [last["lead"], *last["co_operating"]]


# fmt: off
OUTGOING: tuple[Transition, ...] = (
    _row("revise_document", "draft", DRAFT, STAFF, "document_revised"),
    _row("submit_document", "draft", IN_REVIEW, STAFF, "document_submitted"),
    _row("return_document", "in_review signed", DRAFT, (LEADER,), "document_returned", reason=True),
    _row("sign_document", "in_review", SIGNED, (LEADER,), "document_signed"),
    _row("issue_document", "signed", ISSUED, (CLERK,), "document_issued"),
    _row("recall_document", "issued", "", (CLERK, LEADER), "document_recalled", reason=True),
    _row("update_document", "issued", "", (CLERK, LEADER), "document_updated", reason=True),
)

INCOMING: tuple[Transition, ...] = (
    _row("register_arrival", "01", s.REGISTERED, (CLERK,), "document_registered"),
    _row("refuse_arrival", "01", s.REFUSED, (CLERK,), "document_refused", reason=True),
    _row("assign_arrival", "03 04 05", s.ASSIGNED, (LEADER,), "document_assigned"),
    _row("work_on_arrival", "03 04 05", s.WORKED_ON, STAFF, "document_worked_on", guards=(is_assigned,)),
    _row("complete_arrival", "03 04 05", s.COMPLETED, STAFF, "document_completed", guards=(is_assigned,)),
    _row("answer_request", "01 03 04 05 06", "", (CLERK, LEADER), "sender_request_answered",
         guards=(has_open_request,)),
)
# fmt: on

BY_ACTION = {row.action: row for row in (*OUTGOING, *INCOMING)}


_STATUS_NAMES = {"vi": DOCUMENT_STATUSES | s.NAMES, "en": DOCUMENT_STATUSES_EN | s.NAMES_EN}


def check_allowed(aggregate: Mapping[str, Any], actor: Actor, action: str) -> Transition:
    """The row under which the actor may act now.

    Raises:
        Forbidden: the role is not the right one, whatever the status.
        Conflict: not in this status, or a guard says no.
    """
    row = BY_ACTION[action]
    refusal = next(_refusals(row, aggregate, actor), None)
    if refusal is not None:
        raise refusal
    return row


def allowed_actions(table: tuple[Transition, ...], aggregate: Mapping[str, Any], actor: Actor) -> list[str]:
    """What the actor may do now, in the order of the table."""
    return [row.action for row in table if next(_refusals(row, aggregate, actor), None) is None]


def _refusals(row: Transition, aggregate: Mapping[str, Any], actor: Actor) -> Iterator[Error]:
    if not actor.has(*row.roles):
        yield Forbidden("role_not_allowed", action=row.action)
    if aggregate["status"] not in row.sources:
        told = {language: names[aggregate["status"]] for language, names in _STATUS_NAMES.items()}
        yield Conflict("document_action_not_allowed", action=row.action, status=told)
    for guard in row.guards:
        refusal = guard(aggregate, actor)
        if refusal is not None:
            yield refusal
