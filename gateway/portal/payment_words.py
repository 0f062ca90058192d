"""What an application owes, whether it came, and what came beside it, in words that applicants and officers read."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from gateway.portal.language import clock, look_up, money, said
from gateway.portal.language import gettext as _

STATES = {
    "none": said("Không phải nộp"),
    "due": said("Chưa nộp"),
    "requested": said("Chờ nộp"),
    "started": said("Đang thanh toán"),
    "expired": said("Quá hạn nộp"),
    "paid": said("Đã nộp"),
    "exempt": said("Được miễn"),
    "refunded": said("Đã hoàn lại"),
}
UNMATCHED = {
    "not_owed": said("Đã nộp thừa %(amount)s. Khoản này sẽ được hoàn lại cho người nộp."),
    "wrong_amount": said("Đã nhận %(amount)s, không đúng số tiền phải nộp. Khoản này sẽ được hoàn lại cho người nộp."),
}
"""Of money that meets nothing: an attempt stands so until it is given back."""

FEE = "fee"
"""What stands for the fee itself where one chooses which money goes back; an attempt has a number."""

_ENDED = {3, 8, 10}
"""Beside a withdrawal that was agreed to: a fee may go back."""

Payment = Mapping[str, Any]


def money_words(payment: Payment) -> str:
    """How much, and whether it came."""
    if not payment or payment["amount"] == 0:
        return _("Không mất phí")
    return f"{money(payment['amount'])} ({look_up(STATES, payment['state'])})"


def unmatched_words(cause: str, amount: int) -> str:
    """What becomes of money that meets nothing."""
    return _(UNMATCHED[cause], amount=money(amount))


def held_words(payment: Payment) -> list[str]:
    """What is held that meets nothing, and has to go back."""
    return [unmatched_words(one["state"], one["told_amount"]) for one in _held(payment)]


def open_order(payment: Payment, now: datetime) -> Mapping[str, Any] | None:
    """The order with which somebody went to pay what is owed, and of which nothing was heard since."""
    begun = (one for one in _attempts(payment) if one["state"] == "started" and one["amount"] == payment["amount"])
    return next((one for one in begun if datetime.fromisoformat(one["expires_at"]) > now), None)


def refundable(application: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Which money may go back, each with its words: what is held, and the fee once nothing is done for it."""
    payment, held = application["payment"], _held(application["payment"])
    for one in held:
        figures = {"amount": money(one["told_amount"]), "number": one["transaction"], "moment": clock(one["told_at"])}
        if one["state"] == "not_owed":
            yield one["payment"], _("%(amount)s nộp thừa (giao dịch %(number)s, %(moment)s)", **figures)
        else:
            yield one["payment"], _("%(amount)s không đúng số phải nộp (giao dịch %(number)s, %(moment)s)", **figures)
    at_an_end = application["status"] in _ENDED or application["withdrawn"]
    if payment["state"] == "paid" and (at_an_end or not held):
        yield FEE, _("%(amount)s phí, lệ phí đã nộp", amount=money(payment["amount"]))


def _held(payment: Payment) -> list[Mapping[str, Any]]:
    return [one for one in _attempts(payment) if one["state"] in UNMATCHED]


def _attempts(payment: Payment) -> list[Mapping[str, Any]]:
    """The latest first."""
    return list(reversed(payment.get("attempts", ())))
