"""Messages, packages and subscriptions as aggregates: what their events say and what their receipts are."""

from typing import Any

from services.document_routing.domain import message, package, subscription
from services.document_routing.domain.aggregate import Aggregate, Decision
from services.document_routing.usecases.changes import Kind
from shared.contracts.document_routing import exchange_events  # noqa: F401  # what decisions announce by its name


def message_receipt(after: Aggregate) -> dict[str, Any]:
    """The receipt for a message (`MessageReceipt`), as plain JSON values."""
    return {
        "id": after["_id"],
        "kind": after["kind"],
        "business": after["business"],
        "status_code": after["status_code"],
        "exchange_id": after["exchange_id"],
        "document": after["document"],
        "receivers": after["receivers"],
        "digest": after["digest"],
        "signed_by": after["signature"]["subject"] if after["signature"] else "",
        "accepted_at": after["accepted_at"].isoformat(),
    }


def package_receipt(after: Aggregate) -> dict[str, Any]:
    """Where a package stands, and the digest of the file that the receiver answers for (`PackageReceipt`)."""
    return {"id": after["_id"], "state": after["status"], "version": after["version"], "digest": after["digest"]}


def subscription_receipt(after: Aggregate) -> dict[str, Any]:
    """Where a subscription stands (`SubscriptionReceipt`); the secret is told only when it is made."""
    secret = after["secret"] if after["version"] == 1 else None
    return {"id": after["_id"], "state": after["status"], "version": after["version"], "secret": secret}


def _said_of_message(after: Aggregate, _: Decision) -> dict[str, Any]:
    names = ("agency", "kind", "business", "status_code", "exchange_id", "document", "digest")
    signed_by = after["signature"]["subject"] if after["signature"] else ""
    return {**{name: after[name] for name in names}, "signed_by": signed_by}


def _said_of_package(after: Aggregate, _: Decision) -> dict[str, Any]:
    names = ("agency", "sender", "kind", "business", "status_code", "exchange_id", "document", "digest")
    return {**{name: after[name] for name in names}, "state": after["status"]}


def _said_of_subscription(after: Aggregate, _: Decision) -> dict[str, Any]:
    return {"agency": after["agency"], "state": after["status"]}


MESSAGE = Kind(
    "message_unknown", lambda context: context.exchange.messages, message.settle, _said_of_message, message_receipt
)
PACKAGE = Kind(
    "package_unknown", lambda context: context.exchange.packages, package.settle, _said_of_package, package_receipt
)
SUBSCRIPTION = Kind(
    "subscription_unknown",
    lambda context: context.exchange.subscriptions,
    subscription.settle,
    _said_of_subscription,
    subscription_receipt,
)
