"""The obligation of an application: what is owed, asked, started, paid, exempted, given back.

A machine of its own: none -> due -> requested -> started -> paid -> refunded, with exempt and expired beside it.
It touches the business status only by letting an application out of status 6.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from services.one_stop_shop.domain import pauses
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion, check_past
from services.one_stop_shop.domain.clock import PauseReason
from services.one_stop_shop.domain.fees import FeeLine, total
from services.one_stop_shop.domain.guards import OWED, is_at_an_end, refund_too_early
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Invalid, field_error

Payment = dict[str, Any]

TIME_TO_PAY = timedelta(days=10)
TIME_AT_THE_PAGE = timedelta(minutes=15)
"""How long an order must still be payable to be offered again: less is no time to pay in."""
SUCCESS = "00"
"""Result code of a payment that went through (D 2.6)."""
DECLINED = "declined"
UNMATCHED = frozenset({"not_owed", "wrong_amount"})
"""Attempts that brought money which meets nothing."""


def obligation(lines: Sequence[FeeLine]) -> Payment:
    """What the application owes by the procedure's fees; full amounts stay beside what is payable."""
    amount = total(lines)
    relieved = [line for line in lines if line.full_amount and not line.amount]
    state = "due" if amount else "exempt" if relieved else "none"
    ground = next((line.ground.vi for line in relieved if line.ground), "") if state == "exempt" else ""
    return {
        "state": state,
        "amount": amount,
        "collected": next((str(line.collected) for line in lines), None),
        "lines": [line.to_dict() for line in lines],
        "requested_at": None,
        "expires_at": None,
        "attempts": [],
        "surplus": 0,
        "method": None,
        "receipt_number": None,
        "paid_at": None,
        "ground": ground,
        "relief_claimed": None,
        "relief_rejected": None,
    }


def request_payment(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Notify the obligation; the clock stands until proof of payment."""
    latest = occasion.now + occasion.longest_to_pay
    expires_at = request["due_at"] or min(occasion.now + TIME_TO_PAY, latest)
    if expires_at <= occasion.now:
        raise Invalid("request_invalid", fields=[field_error("due_at", "not_in_future")])
    if expires_at > latest:
        raise Invalid("request_invalid", fields=[field_error("due_at", "beyond_procedure", latest=latest.isoformat())])
    payment = application["payment"]
    renewed = application["status"] == Status.PAYMENT
    from_status = payment["from_status"] if renewed else application["status"]
    changes: Changes = {
        "status": int(Status.PAYMENT),
        "payment": {
            **payment,
            "state": "requested",
            "requested_at": occasion.now,
            "expires_at": expires_at,
            "from_status": from_status,
        },
    }
    if not renewed:
        changes |= pauses.stand(application, occasion, PauseReason.OBLIGATION)
    return Decision("payment_requested", changes, {"amount": payment["amount"]}, request["note"])


def start_payment(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """The applicant goes to the payment gateway with an order; every attempt has its own number.

    Not while an order is open (`has_open_order`): whoever has two may pay both.
    """
    payment = application["payment"]
    number = f"{application['_id']}-{len(payment['attempts']) + 1}"
    attempt = _started(number, payment["amount"], occasion.now, _time_to_pay(payment, occasion.now))
    state = payment["state"] if payment["state"] == "expired" else "started"  # officers may still renew or refuse
    started = {**payment, "state": state, "attempts": [*payment["attempts"], attempt]}
    return Decision("payment_started", {"payment": started}, {"amount": payment["amount"]}, request["note"])


def orders_unanswered(payment: Payment) -> list[dict[str, Any]]:
    """The attempts at what is owed now of which nobody has heard yet, oldest first: abandoned, or being paid."""
    return [one for one in payment["attempts"] if one["state"] == "started" and one["amount"] == payment["amount"]]


def has_open_order(application: Application, occasion: Occasion) -> bool:
    """Whether the last of them can be paid for a while yet, or for as long as a new one could."""
    payment, now = application["payment"], occasion.now
    orders = orders_unanswered(payment)
    return bool(orders) and orders[-1]["expires_at"] >= min(now + TIME_AT_THE_PAGE, _time_to_pay(payment, now))


def _started(number: str, amount: int, at: datetime, expires_at: datetime) -> dict[str, Any]:
    begun = {"payment": number, "amount": amount, "state": "started", "started_at": at}
    return {**begun, "transaction": None, "expires_at": expires_at}


def _time_to_pay(payment: Payment, now: datetime) -> datetime:
    asked: datetime | None = payment["expires_at"]
    return asked if asked is not None and asked > now else now + TIME_TO_PAY


def record_payment(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Money taken at the counter or seen on the account: all of it or nothing."""
    owed = application["payment"]["amount"]
    if request["amount"] != owed:
        raise Conflict("wrong_amount", amount=request["amount"], owed=owed)
    paid = {"method": request["method"], "receipt_number": request["receipt_number"], "paid_at": occasion.now}
    return _paid(application, occasion, application["payment"], paid)


def confirm_payment(application: Application, occasion: Occasion, notice: dict[str, Any]) -> Decision:
    """The payment gateway's word on one attempt: money, a failure, or an amount that was not asked for.

    Whatever comes is written down; only the right amount, once, meets the obligation. Other money is held as surplus
    until it is given back, also a second transaction on the same attempt, which becomes an attempt of its own.

    Raises:
        Invalid: nobody can have paid then; the payment platform must mend its notice.
    """
    begun = attempt_told_of(application["payment"], notice)["started_at"]
    check_past("paid_at", notice["paid_at"], occasion, since=begun)
    payment = _with_attempt_for(application["payment"], notice)
    number = attempt_told_of(payment, notice)["payment"]
    attempts = [
        {**attempt, "transaction": notice["transaction"], "told_at": occasion.now, "told_amount": notice["amount"]}
        if attempt["payment"] == number
        else attempt
        for attempt in payment["attempts"]
    ]
    attempt = next(attempt for attempt in attempts if attempt["payment"] == number)
    reason = _why_not(payment, attempt, notice)
    attempt["state"] = reason or "paid"
    told = {**payment, "attempts": attempts}
    if reason:
        if payment["state"] == "started" and not any(a["state"] == "started" for a in attempts):
            told["state"] = _before_starting(application, occasion.now)
        data = {"amount": notice["amount"], "cause": reason}
        if reason == DECLINED:
            return Decision("payment_failed", {"payment": told}, data)
        told["surplus"] = surplus(told)
        return Decision("payment_unmatched", {"payment": told}, {**data, "payment": attempt["payment"]})
    paid = {"method": "online", "receipt_number": notice["transaction"], "paid_at": notice["paid_at"]}
    return _paid(application, occasion, told, paid)


def attempt_told_of(payment: Payment, notice: dict[str, Any]) -> dict[str, Any]:
    """The attempt that a notice speaks of: a later transaction on the same number has an attempt of its own."""
    later = f"{notice['payment']}/{notice['transaction']}"
    by_number = {attempt["payment"]: attempt for attempt in payment["attempts"]}
    found: dict[str, Any] = by_number.get(later) or by_number[notice["payment"]]
    return found


def is_told(attempt: dict[str, Any], notice: dict[str, Any]) -> bool:
    """Whether a notice brings nothing new: the same word again, or a failure after the money came."""
    if attempt["state"] == "started":
        return False
    return bool(attempt["transaction"] == notice["transaction"] or notice["result_code"] != SUCCESS)


def _with_attempt_for(payment: Payment, notice: dict[str, Any]) -> Payment:
    attempt = attempt_told_of(payment, notice)
    if attempt["state"] in ("started", DECLINED):
        return payment
    # Only what was asked for is the same: what became of the money before says nothing of this one.
    number = f"{notice['payment']}/{notice['transaction']}"
    later = _started(number, attempt["amount"], attempt["started_at"], attempt["expires_at"])
    return {**payment, "attempts": [*payment["attempts"], later]}


def refund_payment(application: Application, occasion: Occasion, request: dict[str, Any]) -> Decision:
    """Give back what was paid, or, where an attempt is named, the surplus that came by it.

    Raises:
        Conflict: nothing was paid, or the named attempt left no surplus.
    """
    payment = application["payment"]
    if request["payment"] is not None:
        return _give_back(payment, occasion, request)
    if payment["state"] != "paid":
        raise Conflict("nothing_to_refund", state=payment["state"])
    if not is_at_an_end(application):
        raise refund_too_early(Status(application["status"]))
    returned = _returned(occasion, request)
    # The money of an attempt goes back with the fee that it met: it meets no later one and is surplus of none.
    attempts = [{**attempt, **returned} if attempt["state"] == "paid" else attempt for attempt in payment["attempts"]]
    payment = {**payment, **returned, "attempts": attempts}
    return Decision("payment_refunded", {"payment": payment}, {"amount": payment["amount"]}, request["reason"])


def _returned(occasion: Occasion, request: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": "refunded",
        "refunded_at": occasion.now,
        "refund_reason": request["reason"],
        "refunded_by": occasion.actor.subject,
    }


def expire_payment(application: Application, occasion: Occasion) -> Decision:
    """The time to pay is over; the request may be renewed, or the application ended."""
    return Decision("payment_expired", {"payment": {**application["payment"], "state": "expired"}})


def surplus(payment: Payment) -> int:
    """Money held that met nothing: came twice, or in another amount."""
    return sum(attempt["told_amount"] for attempt in payment["attempts"] if attempt["state"] in UNMATCHED)


def _give_back(payment: Payment, occasion: Occasion, request: dict[str, Any]) -> Decision:
    named = next((a for a in payment["attempts"] if a["payment"] == request["payment"]), None)
    if named is None or named["state"] not in UNMATCHED:
        raise Conflict("nothing_to_refund", state=payment["state"])
    returned = {**named, **_returned(occasion, request)}
    changed = {**payment, "attempts": [returned if a is named else a for a in payment["attempts"]]}
    changed["surplus"] = surplus(changed)
    return Decision("payment_refunded", {"payment": changed}, {"amount": named["told_amount"]}, request["reason"])


def _why_not(payment: Payment, attempt: dict[str, Any], notice: dict[str, Any]) -> str:
    if notice["result_code"] != SUCCESS:
        return DECLINED
    if payment["state"] not in OWED:
        return "not_owed"
    return "" if notice["amount"] == attempt["amount"] == payment["amount"] else "wrong_amount"


def _before_starting(application: Application, now: datetime) -> str:
    payment = application["payment"]
    if not _waits_for_money(application):
        return "due"
    return "requested" if payment["expires_at"] > now else "expired"


def _waits_for_money(application: Application) -> bool:
    """Also while it is being decided whether an application that waited for money is withdrawn."""
    withdrawn = application["status"] == Status.WITHDRAWN
    return bool((application["withdrawal"]["from_status"] if withdrawn else application["status"]) == Status.PAYMENT)


def _paid(application: Application, occasion: Occasion, payment: Payment, paid: dict[str, Any]) -> Decision:
    changes = met(application, occasion, {**payment, **paid, "state": "paid"})
    data = {"amount": payment["amount"], "method": paid["method"], "receipt_number": paid["receipt_number"]}
    return Decision("payment_received", changes, data)


def met(application: Application, occasion: Occasion, payment: Payment) -> Changes:
    """What changes when nothing is owed any more: an application that waited for that goes on."""
    if application["status"] != Status.PAYMENT:
        return {"payment": payment}
    return {"payment": payment, **pauses.go_on(application, occasion, Status(payment["from_status"]))}
