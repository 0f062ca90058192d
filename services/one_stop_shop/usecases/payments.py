"""Paying online: the applicant goes to the payment gateway, the gateway's signed word comes back."""

from typing import Any

from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application
from services.one_stop_shop.domain.payment import (
    SUCCESS,
    attempt_told_of,
    confirm_payment,
    has_open_order,
    is_told,
    orders_unanswered,
)
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.context import Context, occasion_on
from shared.commands import ATTEMPTS
from shared.contracts.one_stop_shop.payment_requests import PaymentNotice
from shared.contracts.principal import Principal
from shared.errors import Stale
from shared.requests import read_request

UNKNOWN = "01"
WRONG_AMOUNT = "04"
"""Codes by which the gateway knows that its word arrived, but met nothing (unknown payment, other amount)."""


def start_payment(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Say where to pay what is owed: the open order again, or else one that is begun."""

    def where_to_pay(application: Application) -> dict[str, Any]:
        attempt = orders_unanswered(application["payment"])[-1]
        back = f"{context.terms.lookup.site}/ho-so/{application['_id']}"
        url = context.payments.pay_url(
            attempt["payment"], attempt["amount"], application["code"], attempt["expires_at"], back
        )
        return {
            "payment": attempt["payment"],
            "amount": attempt["amount"],
            "pay_url": url,
            "expires_at": attempt["expires_at"].isoformat(),
        }

    return carry_out(context, "start_payment", request, principal, where_to_pay, is_done=has_open_order)


def record_payment_notice(context: Context, request: dict[str, Any], principal: Principal | None) -> dict[str, Any]:
    """Take the gateway's word; however often it comes, it counts once and is answered alike.

    Where the word arrives its signature was checked over the raw body. A payment that is not ours gets an answer
    too, but no reason: the payment gateway must not go on asking.
    """
    notice = read_request(PaymentNotice, request)
    for _ in range(ATTEMPTS):
        application = _application_of(context, notice["payment"])
        if application is None:
            return {"result_code": UNKNOWN}
        attempt = attempt_told_of(application["payment"], notice)
        if is_told(attempt, notice):
            return _acknowledgement(attempt["state"])
        occasion = occasion_on(context, CLOCKWORK, application)
        decision = confirm_payment(application, occasion, notice)
        changes, entry, _ = record(application, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
        if context.applications.save(application["_id"], application["version"], changes, entry):
            return _acknowledgement(attempt_told_of(changes["payment"], notice)["state"])
    raise Stale("version_stale")


def _acknowledgement(state: str) -> dict[str, Any]:
    return {"result_code": WRONG_AMOUNT if state == "wrong_amount" else SUCCESS}


def _application_of(context: Context, payment: str) -> Application | None:
    application, _, _ = payment.rpartition("-")
    loaded = context.applications.find(application)
    known = loaded is not None and any(a["payment"] == payment for a in loaded.document["payment"]["attempts"])
    return loaded.document if loaded is not None and known else None
