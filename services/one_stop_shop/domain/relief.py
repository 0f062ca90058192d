"""Paying less, or another amount: what follows from answers and copies that change, and from an officer's word on it.

Money that was paid for something else is held until it is given back, or until what is owed is that amount again.
"""

from typing import Any

from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.contents import situation_now
from services.one_stop_shop.domain.guards import OWED
from services.one_stop_shop.domain.payment import Payment, met, obligation, surplus
from services.one_stop_shop.domain.procedure import compute_fee
from shared.errors import Conflict
from shared.working_time import VIETNAM


def reassessed(application: Application, occasion: Occasion, payment: Payment) -> Payment:
    """`payment` as it is owed by the application's present answers, under the fees of the day it was handed in.

    A ground for paying less that comes after the money was taken is a claim, until an officer has seen its proof.
    """
    fresh = _owed_now(application, occasion, payment)
    ground = _new_ground(payment, fresh)
    if payment["state"] == "paid" and ground and fresh["amount"] < payment["amount"]:
        return {**payment, "relief_claimed": {"amount": fresh["amount"], "ground": ground}}
    return _replaced(application, payment, fresh)


def _owed_now(application: Application, occasion: Occasion, payment: Payment) -> Payment:
    on = application["submitted_at"].astimezone(VIETNAM).date()
    situation = situation_now(application)
    relieved = not payment.get("relief_rejected")
    return obligation(compute_fee(occasion.version, situation, application["quantities"], on, relieved=relieved))


def _new_ground(payment: Payment, fresh: Payment) -> dict[str, str] | None:
    known = {line["key"]: line["ground"] for line in payment["lines"]}
    return next((line["ground"] for line in fresh["lines"] if line["ground"] != known.get(line["key"])), None)


def _replaced(application: Application, payment: Payment, fresh: Payment) -> Payment:
    """`payment` with the `fresh` obligation in its place.

    An exemption that an officer granted stays. What was paid in another amount meets nothing any more: it is held
    until it is given back, and the new amount is due.
    """
    payment = {**payment, "relief_claimed": None}
    relieved = not payment.get("relief_rejected")
    if fresh["lines"] == payment["lines"] and (relieved or payment["state"] != "exempt"):
        return payment
    changed = {**payment, **{name: fresh[name] for name in ("amount", "collected", "lines")}}
    if payment["state"] == "paid":
        if payment["amount"] == fresh["amount"]:
            return changed
        return _met_again(_owed_anew(application, changed, payment, fresh))
    granted = payment["state"] == "exempt" and payment["amount"] and relieved
    if granted:
        return changed
    if payment["state"] in OWED and fresh["amount"]:
        return _met_again(changed)
    return _met_again({**changed, "state": fresh["state"], "ground": fresh["ground"]})


def _owed_anew(application: Application, changed: Payment, paid: Payment, fresh: Payment) -> Payment:
    how = {name: paid[name] for name in _HOW_PAID}
    held = {"state": "not_owed", "told_amount": paid["amount"], "met_by": how}
    attempts = [{**attempt, **held} if attempt["state"] == "paid" else attempt for attempt in paid["attempts"]]
    if attempts == paid["attempts"]:  # it was paid at the counter
        number = f"{application['_id']}-{len(attempts) + 1}"
        at = {"started_at": paid["paid_at"], "told_at": paid["paid_at"], "expires_at": paid["paid_at"]}
        attempts.append(
            {"payment": number, "amount": paid["amount"], "transaction": paid["receipt_number"], **at, **held}
        )
    changed = {**changed, **{name: fresh[name] for name in ("state", "ground", *_HOW_PAID)}, "attempts": attempts}
    return {**changed, "surplus": surplus(changed)}


_HOW_PAID = ("method", "receipt_number", "paid_at")


def _met_again(payment: Payment) -> Payment:
    """What is owed is what was paid for it once, and that money is still held: it meets the obligation again."""
    held = next((one for one in payment["attempts"] if _can_meet(one, payment)), None)
    if held is None:
        return payment
    attempts = [{**one, "state": "paid"} if one is held else one for one in payment["attempts"]]
    again = {**payment, **held["met_by"], "state": "paid", "attempts": attempts}
    return {**again, "surplus": surplus(again)}


def _can_meet(attempt: dict[str, Any], payment: Payment) -> bool:
    held = attempt["state"] == "not_owed" and "met_by" in attempt
    return held and payment["state"] in OWED and bool(attempt["told_amount"] == payment["amount"])


def exempt_payment(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Nothing need be paid, on a ground that is printed beside the amount (D 2.6)."""
    payment = {**application["payment"], "state": "exempt", "ground": request["ground"], "relief_rejected": None}
    return Decision("payment_exempted", met(application, occasion, payment), reason=request["ground"])


def accept_exemption(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The ground for paying less holds: one stated after the money was taken, or one that was rejected by mistake.

    What was paid is held to be given back.

    Raises:
        Conflict: by the answers there is no such ground.
    """
    before = {**application["payment"], "relief_rejected": None}
    payment = _replaced(application, before, _owed_now(application, occasion, before))
    if payment["lines"] == before["lines"]:
        raise Conflict("no_exemption_claimed")
    changes: Changes = {"payment": payment} if payment["state"] in OWED else met(application, occasion, payment)
    return Decision("exemption_accepted", changes, {"amount": payment["amount"]}, request["note"])


def reject_exemption(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The ground for paying less does not hold, whoever stated it: the full amount is due."""
    rejected = {"reason": request["reason"], "at": occasion.now, "by": occasion.actor.subject}
    before = {**application["payment"], "relief_rejected": rejected}
    payment = _replaced(application, before, _owed_now(application, occasion, before))
    changes: Changes = {"payment": payment} if payment["state"] in OWED else met(application, occasion, payment)
    return Decision("exemption_rejected", changes, {"amount": payment["amount"]}, request["reason"])
