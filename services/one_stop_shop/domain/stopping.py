"""Processing that stops: by the agency on a ground, or because the applicant wants the application back."""

from datetime import timedelta
from typing import Any

from services.one_stop_shop.domain import paper, pauses
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.clock import PauseReason
from services.one_stop_shop.domain.form_sets import FormKind, FormSet, forms_of
from services.one_stop_shop.domain.statuses import Status


def stop(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Stop on a ground; an obligation that was asked for is no longer asked while nothing is done for it."""
    changes: Changes = {
        "status": int(Status.STOPPED),
        "stopped": {"reason": request["reason"], "at": occasion.now, "by": occasion.actor.subject},
        "payment": _no_longer_asked(application["payment"]),
        **pauses.stand(application, occasion, PauseReason.STOP),
    }
    return Decision("application_stopped", changes, reason=request["reason"])


def resume(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Go on with what was stopped, by decision."""
    changes = {
        "stopped": None,
        "payment": _owed_again(application["payment"]),
        **pauses.go_on(application, occasion, Status.IN_PROCESS),
    }
    return Decision("application_resumed", changes, reason=request["reason"])


def request_withdrawal(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Before reception an application is its owner's own and simply goes back; afterwards the agency decides."""
    at_once = application["status"] == Status.SUBMITTED
    changes: Changes = {
        "status": int(Status.WITHDRAWN),
        "withdrawal": {
            "state": "accepted" if at_once else "requested",
            "reason": request["reason"],
            "requested_at": occasion.now,
            "requested_by": occasion.actor.subject,
            "from_status": application["status"],
            "decided_at": occasion.now if at_once else None,
            "decision": "",
        },
    }
    if at_once:
        changes |= {"closed_at": occasion.now, "assignee": None, "assignee_name": None}
    else:
        changes |= pauses.stand(application, occasion, PauseReason.WITHDRAWAL)
    return Decision("withdrawal_requested", changes, reason=request["reason"])


def decide_withdrawal(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Accept, which closes the application with form 05, or go back to where it was."""
    accepted = request["accept"]
    withdrawal = {
        **application["withdrawal"],
        "state": "accepted" if accepted else "refused",
        "decided_at": occasion.now,
        "decided_by": occasion.actor.subject,
        "decision": request["reason"],
    }
    changes: Changes = {"withdrawal": withdrawal}
    if accepted:
        changes |= {"closed_at": occasion.now, "step": None, "assignee": None, "assignee_name": None}
        if FormKind.STOP_NOTICE in forms_of(FormSet(application["form_set"] or FormSet.C2025)):
            after = {**application, **changes}
            changes["forms"] = paper.issue(after, occasion, paper.stop_notice(after, occasion, application["step"]))
    else:
        changes |= pauses.go_on(application, occasion, _back_to(application))
        changes |= _wait_longer(application, occasion.now - withdrawal["requested_at"])
    return Decision("withdrawal_decided", changes, {"accepted": accepted}, request["reason"])


def _back_to(application: Application) -> Status:
    """Where an application was before its withdrawal was asked for; what was paid meanwhile waits no more for it."""
    before, payment = Status(application["withdrawal"]["from_status"]), application["payment"]
    met = before is Status.PAYMENT and payment["state"] in ("paid", "exempt")
    return Status(payment["from_status"]) if met else before


def _wait_longer(application: Application, waited: timedelta) -> Changes:
    """The time to supply or to pay stood still as well while the withdrawal was being decided."""
    match Status(application["withdrawal"]["from_status"]):
        case Status.SUPPLEMENT if not application["supplements"][-1]["expired_at"]:
            last = application["supplements"][-1]
            longer = {**last, "supply_by": last["supply_by"] + waited}
            return {"supplements": [*application["supplements"][:-1], longer]}
        case Status.PAYMENT if application["payment"]["state"] in ("requested", "started"):
            payment = application["payment"]
            return {"payment": {**payment, "expires_at": payment["expires_at"] + waited}}
    return {}


def _no_longer_asked(payment: dict[str, Any]) -> dict[str, Any]:
    return {**payment, "state": "due"} if payment["state"] in ("requested", "started", "expired") else payment


def _owed_again(payment: dict[str, Any]) -> dict[str, Any]:
    """A fee that was given back when the application was stopped; the history keeps how it was paid."""
    if payment["state"] != "refunded":
        return payment
    kept = {name: value for name, value in payment.items() if not name.startswith("refund")}
    return {**kept, "state": "due", "method": None, "receipt_number": None, "paid_at": None}
