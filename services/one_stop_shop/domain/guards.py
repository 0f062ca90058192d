"""Conditions beyond role and status; each answers with the refusal, or None when nothing stands in the way."""

from collections.abc import Mapping
from typing import Any

from services.one_stop_shop.domain.actors import CLOCKWORK, HEAD_OF_UNIT, RECEPTION_OFFICER, ROLE_NAMES, Actor
from services.one_stop_shop.domain.statuses import BEFORE_RESULT, REFUNDABLE, Status, status_names
from shared.errors import Conflict, Error, Forbidden

OWED = frozenset({"due", "requested", "started", "expired"})
"""States of the obligation in which money is still to come."""

_UNENDED = BEFORE_RESULT - {Status.STOPPED}
"""A part in one of these still works towards a result; one that was stopped may never have any."""

_WITH_POST = frozenset({"handed_to_post", "in_transit"})


def not_in_this_status(action: str, status: Status) -> Conflict:
    """The refusal of an action that the table does not know in the present status."""
    return Conflict("action_not_allowed", action=action, status=int(status), status_name=status_names(status))


def no_longer_waiting(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Who was asked for something may be refused only once the time for it is over (D 2.4)."""
    if application["status"] == Status.SUPPLEMENT and not application["supplements"][-1]["expired_at"]:
        return Conflict("supplement_not_expired", supply_by=_text(application["supplements"][-1]["supply_by"]))
    if application["status"] == Status.PAYMENT and application["payment"]["state"] != "expired":
        return Conflict("payment_not_expired", expires_at=_text(application["payment"]["expires_at"]))
    if application["status"] == Status.PAYMENT and application["received_at"]:
        return not_in_this_status("refuse", Status.PAYMENT)
    return None


def payment_may_be_requested(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be something to pay, and no other request that still runs."""
    if application["payment"]["state"] not in OWED:
        return Conflict("nothing_to_pay", state=application["payment"]["state"])
    if application["status"] == Status.PAYMENT and application["payment"]["state"] != "expired":
        return Conflict("payment_not_expired", expires_at=_text(application["payment"]["expires_at"]))
    return None


def payment_owed(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be something to pay."""
    if application["payment"]["state"] in OWED:
        return None
    return Conflict("nothing_to_pay", state=application["payment"]["state"])


def fee_relieved(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be an exemption or reduction, claimed or counted, to reject."""
    payment = application["payment"]
    relieved = payment["state"] == "exempt" or any(line["ground"] for line in payment["lines"])
    return None if relieved or payment.get("relief_claimed") else Conflict("no_exemption")


def relief_claimed(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be a claim to pay less that nobody has decided on, or that was rejected."""
    payment = application["payment"]
    claimed = payment.get("relief_claimed") or payment.get("relief_rejected")
    return None if claimed else Conflict("no_exemption_claimed")


def payment_made(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Only money that came can go back: surplus at any time, the fee itself when nothing is being done for it."""
    if application["payment"].get("surplus"):
        return None
    if application["payment"]["state"] != "paid":
        return Conflict("nothing_to_refund", state=application["payment"]["state"])
    return None if is_at_an_end(application) else refund_too_early(Status(application["status"]))


def is_at_an_end(application: Mapping[str, Any]) -> bool:
    """Whether nothing is being done for the fee; a withdrawal that is not decided is no end."""
    undecided = application["status"] == Status.WITHDRAWN and application["withdrawal"]["state"] == "requested"
    return application["status"] in REFUNDABLE and not undecided


def refund_too_early(status: Status) -> Conflict:
    """The fee of an application that goes on is owed."""
    return Conflict("refund_too_early", status=int(status), status_name=status_names(status))


def payment_settled(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """No result leaves before the obligation is met (D 2.6) and a claim to pay less has its answer."""
    payment = application["payment"]
    if payment["state"] in OWED:
        return Conflict("payment_outstanding", amount=payment["amount"])
    return Conflict("exemption_undecided") if payment.get("relief_claimed") else None


def result_handed_over(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Until it is returned a result can be taken back, and what was downloaded cannot (D 2.4: 9 is not 10)."""
    if not application["result"]:
        return None
    owed = payment_settled(application, actor)
    if owed or application["status"] == Status.RETURNED:
        return owed
    return Conflict(
        "result_not_returned", status=application["status"], status_name=status_names(application["status"])
    )


def step_is_open(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """There must be a step to complete."""
    return None if application["step"] else Conflict("no_step_open")


def step_belongs_to_role(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """While an application is processed its present step says whose work it is; the head may do all.

    Before, it is for those who receive and hand over: held by anybody else nobody could do either.
    """
    if application["status"] in (Status.SUBMITTED, Status.RECEIVED) and not actor.has(RECEPTION_OFFICER):
        return Forbidden("step_of_other_role", role=ROLE_NAMES[RECEPTION_OFFICER])
    if application["status"] != Status.IN_PROCESS or not application["step"] or actor.has(HEAD_OF_UNIT):
        return None
    role = next(step["role"] for step in application["steps"] if step["key"] == application["step"])
    return None if actor.has(role) else Forbidden("step_of_other_role", role=ROLE_NAMES[role])


def steps_done(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """The result comes with the last step; the head, who answers for the unit, may cut the rest short."""
    waiting = [step["name"] for step in application["steps"] if not step["started_at"]]
    return Conflict("steps_open", steps=waiting) if waiting and not actor.has(HEAD_OF_UNIT) else None


def parts_ended(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """A bundle has its result when each of its parts has one, or will never have."""
    waiting = [tie["code"] for tie in application["links"] if tie["kind"] == "part" and tie["status"] in _UNENDED]
    return Conflict("parts_open", applications=waiting) if waiting else None


def is_linked(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Only a tie that there is can be undone, and only one that people made: parts belong to their procedure."""
    if not application["links"]:
        return Conflict("not_linked")
    if ended_without_result(application):
        return None
    opened = application["submitted_by"]["sub"] == CLOCKWORK.subject
    if any(not tie.get("opened") and not (opened and tie["kind"] == "bundle") for tie in application["links"]):
        return None
    return Conflict("part_of_the_procedure", application=application["links"][0]["code"])


def ended_without_result(application: Mapping[str, Any]) -> bool:
    """Whether nothing will ever come of it; what was stopped, or is only asked to be withdrawn, may go on."""
    accepted = application["status"] == Status.WITHDRAWN and application["withdrawal"]["state"] == "accepted"
    return bool(accepted or application["status"] == Status.REFUSED)


def is_free(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Only what nobody has can be claimed."""
    if application["assignee"] is None:
        return None
    if application["assignee"] == actor.subject:
        return Conflict("already_claimed")
    return Conflict("claimed_by_other", assignee=application["assignee_name"])


def is_own(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Only the officer who has it gives it back."""
    if application["assignee"] == actor.subject:
        return None
    if application["assignee"] is None:
        return Conflict("not_claimed")
    return Conflict("claimed_by_other", assignee=application["assignee_name"])


def has_due_moment(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Only a due moment can be moved."""
    return None if application["due_at"] else Conflict("no_due_date")


def was_received(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Before reception there is no processing that could stop."""
    return None if application["received_at"] else Conflict("not_received_yet")


def withdrawal_is_open(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """A withdrawal is decided on once."""
    withdrawal = application["withdrawal"]
    return None if withdrawal and withdrawal["state"] == "requested" else Conflict("withdrawal_already_decided")


def wants_post(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """The post gets only what the applicant asked it to bring."""
    return None if application["delivery"]["method"] == "post" else Conflict("post_not_requested")


def not_with_post(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """What the carrier has is neither here to be handed over nor to be taken back."""
    return Conflict("result_with_post") if application["delivery"]["state"] in _WITH_POST else None


def is_with_post(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """A carrier can only report what it was given."""
    return None if application["delivery"]["state"] in _WITH_POST else Conflict("not_with_post")


def not_yet_rated(application: Mapping[str, Any], actor: Actor) -> Error | None:
    """Each person says once how satisfied they are (D 2.9)."""
    return Conflict("already_rated") if any(r["by"] == actor.subject for r in application["ratings"]) else None


def _text(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
