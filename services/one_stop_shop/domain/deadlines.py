"""The moments that the law names: each is announced once, whoever is looking."""

from datetime import datetime
from typing import Any

from services.one_stop_shop.domain import payment, supplements
from services.one_stop_shop.domain.application import Application, Decision, Occasion


def due_now(application: Application, now: datetime) -> dict[str, Any] | None:
    """The earliest piece of due work whose moment has come."""
    due = [work for work in application["due_work"] if work["at"] <= now]
    return min(due, key=lambda work: work["at"], default=None)


def without(application: Application, work: dict[str, Any]) -> dict[str, Any]:
    """The application with this piece of work done, to settle against: what was told is not told again."""
    return {**application, "due_work": [other for other in application["due_work"] if other != work]}


def fall_due(application: Application, occasion: Occasion, kind: str) -> Decision:
    """What follows when a moment has come."""
    match kind:
        case "supplement_expired":
            return supplements.expire_supplement(application, occasion)
        case "payment_expired":
            return payment.expire_payment(application, occasion)
    return Decision(kind, {})
