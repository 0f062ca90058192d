"""What follows in the exchange from the service's own events: packages, notifications, and the log of every hop.

It runs in one transaction with the note that the event was applied, so nothing follows twice.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid5

import orjson

from services.document_routing.domain import issued, package
from services.document_routing.domain import message as m
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.deliveries import find
from services.document_routing.domain.edxml.check import NEW, RECALL, UPDATE
from services.document_routing.domain.statuses import RECALL_ASKED, Row
from services.document_routing.ports import Document
from services.document_routing.ports_exchange import Notification
from services.document_routing.usecases.changes import DOCUMENT, begun, follow
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_kinds import PACKAGE
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing import events as e
from shared.contracts.document_routing import exchange_events as x

BY_SYSTEM = ("system", "outside")
"""Ways of delivery for which a package is written."""


def react_in_exchange(context: Context, event: ReceivedEvent) -> None:
    """Let everything follow in the exchange that follows from one event."""
    follows = _REACTIONS.get(event.event)
    if follows is not None:
        follows(context, event)
    _log(context, event)


def _log(context: Context, event: ReceivedEvent) -> None:
    """One row in the log of the document for every hop and every status."""
    data = event.data
    document = event.subject if event.event.aggregate == "document" else data["document"]
    if not document:
        return  # what came on paper went through no exchange
    context.exchange.log.append(
        document,
        {
            "at": event.time,
            "hop": event.event.name,
            "agency": data.get("receiver") or data["agency"],
            "digest": data.get("digest", ""),
            "entry": event.id,
            "entry_hash": event.extensions.get("historyhash", ""),
        },
    )


def _send_issued(context: Context, event: ReceivedEvent) -> None:
    """An issued document goes out to every receiver that is not served at a desk."""
    document = _document(context, event.subject)
    for receiver in event.data["receivers"]:
        _package_document(context, event, document, receiver, document["business"], "")


def _send_updated(context: Context, event: ReceivedEvent) -> None:
    """Those who have it get the update, those who are new the document."""
    document = _document(context, event.subject)
    reason = _reason(document, event.data["request"])
    for receiver in event.data["receivers"]:
        _package_document(context, event, document, receiver, UPDATE, reason)
    for receiver in event.data["added"]:
        _package_document(context, event, document, receiver, NEW, "")


def _send_replaced(context: Context, event: ReceivedEvent) -> None:
    """Who does not get the new document is told that the old one counts no more."""
    document = _document(context, event.subject)
    successor = _document(context, event.data["by"])
    reached = {one["receiver"] for one in successor["deliveries"]}
    for receiver in set(event.data["receivers"]) - reached:
        reason = _reason(document, event.data["request"])
        _package_document(context, event, document, receiver, RECALL, reason)


def _send_recalled(context: Context, event: ReceivedEvent) -> None:
    """Who has it is asked to give it back; what nobody has fetched is not offered any more."""
    document = _document(context, event.subject)
    reason = _reason(document, event.data["request"])
    for receiver in event.data["receivers"]:
        _package_document(context, event, document, receiver, RECALL, reason)
    for receiver in event.data["cancelled"]:
        known = context.exchange.mailbox.packages_of(document["_id"], receiver)
        for one in context.exchange.packages.find_all(known).values():
            follow(context, PACKAGE, one, package.withdraw(one))


def _send_status(context: Context, event: ReceivedEvent) -> None:
    """The system that sent a document hears of every status of its receivers."""
    document = _document(context, event.subject)
    if document["source"] != "exchange" or event.data["row"] == RECALL_ASKED:
        return
    delivery = find(document["deliveries"], event.data["receiver"]) or {"rows": []}
    row = next((one for one in delivery["rows"] if one["id"] == event.data["row_id"]), None)
    spec = {
        "sender": event.data["receiver"],
        "status_code": event.data["row"],
        "reason": row["reason"] if row else "",
        "at": event.data["row_at"],
    }
    connected = context.offices.directory().connection(document["agency"]).mode
    _package(
        context,
        event,
        document,
        agency=document["agency"],
        kind="status",
        mode="outside" if connected == "outside" else "system",
        spec=spec,
    )


def _reason(document: Document, request: str) -> str:
    asked = [one for delivery in document["deliveries"] for one in delivery["requests"]]
    return next((one["reason"] for one in asked if one["id"] == request), "")


def _package_document(
    context: Context, event: ReceivedEvent, document: Document, receiver: str, business: int, reason: str
) -> None:
    delivery = find(document["deliveries"], receiver)
    if delivery is None or delivery["mode"] not in BY_SYSTEM or (delivery["cancelled_at"] and business != RECALL):
        return
    spec = {"business": business, "reason": reason, "receiver": receiver, "at": event.time}
    _package(
        context, event, document, agency=receiver, kind="document", mode=delivery["mode"], spec=spec, business=business
    )


def _package(
    context: Context,
    event: ReceivedEvent,
    document: Document,
    *,
    agency: str,
    kind: str,
    mode: str,
    spec: dict[str, Any],
    business: int | None = None,
) -> None:
    content = {
        "agency": agency,
        "sender": spec.get("sender") or document["agency"],
        "kind": kind,
        "business": business,
        "status_code": spec.get("status_code", ""),
        "exchange_id": document["exchange_id"],
        "document": document["_id"],
        "subject": document["subject"],
        "mode": mode,
        "spec": spec,
    }
    occasion = occasion_for(context, CLOCKWORK, agency)
    identifier = uuid5(NAMESPACE, f"package:{event.id}:{agency}").hex
    decision = package.prepare(content, occasion)
    context.exchange.packages.add(begun(PACKAGE, identifier, decision, occasion, CLOCKWORK.sign((SYSTEM,))))


def _do_as_asked(context: Context, event: ReceivedEvent) -> None:
    """A message that was taken in becomes a document, changes one, or tells how one stands."""
    message = context.exchange.messages.find_all([event.subject])[event.subject]
    occasion = occasion_for(context, CLOCKWORK, message["agency"])
    if message["kind"] == "document" and message["business"] not in (RECALL, UPDATE):
        decision = m.become_document(message, occasion, *_ties(context, message))
        new = begun(DOCUMENT, message["document"], decision, occasion, CLOCKWORK.sign((SYSTEM,)))
        context.documents.add(new)
        return
    document = _document(context, message["document"])
    if message["kind"] == "document" or message["status_code"] == RECALL_ASKED:
        follow(context, DOCUMENT, document, m.change_document(message, document, occasion))
        return
    said = message["content"]
    row: Row = {
        "id": message["_id"],
        "code": said["status"],
        "at": said["at"],
        "reason": said["reason"],
        "request": None,
    }
    follow(context, DOCUMENT, document, issued.progress(document, message["agency"], row))


def _ties(context: Context, message: Document) -> tuple[str | None, list[str]]:
    """Our own ids of the document that a message replaces and of those that it answers."""
    box = context.exchange.mailbox
    replaced = [found for key in message["content"]["replaces"] if (found := box.document_of(key))]
    own = [one["_id"] for one in replaced if one["agency"] == message["agency"]]
    answered = [found["_id"] for key in message["content"]["answers"] if (found := box.document_of(key))]
    return (own[0] if own else None), answered


def _tell(context: Context, event: ReceivedEvent) -> None:
    """Who subscribed is told that a package is ready."""
    hooks = context.exchange.webhooks
    data = {"package": event.subject, **event.data}
    told = {
        "specversion": "1.0",
        "source": "/document_routing/package",
        "type": event.event.type(),
        "subject": event.subject,
        "time": event.time.isoformat(),
        "datacontenttype": "application/json",
    }
    notifications = []
    for subscription in hooks.subscribers(event.data["agency"], event.data["kind"]):
        identifier = uuid5(NAMESPACE, f"notification:{event.id}:{subscription}").hex
        body = orjson.dumps({**told, "id": identifier, "data": data}).decode()
        notifications.append(
            Notification(
                identifier, subscription, event.data["agency"], event.event.type(), event.subject, body, context.now()
            )
        )
    hooks.notify(notifications)


def _note_transport(context: Context, event: ReceivedEvent) -> None:
    """The sender's document knows how far its package got."""
    if event.data["kind"] != "document" or event.data["business"] in (RECALL, UPDATE):
        return
    document = _document(context, event.data["document"])
    state = event.data.get("outcome") or event.data["state"]
    if state in (package.PROCESSING, package.DONE, package.FAILED):
        follow(context, DOCUMENT, document, issued.transport(document, event.data["agency"], state))


def _document(context: Context, document: str) -> Document:
    return context.documents.find_all([document])[document]


_REACTIONS: dict[type[Event], Callable[[Context, ReceivedEvent], None]] = {
    e.DocumentIssued: _send_issued,
    e.DocumentUpdated: _send_updated,
    e.DocumentReplaced: _send_replaced,
    e.DocumentRecalled: _send_recalled,
    e.DeliveryProgressed: _send_status,
    x.MessageAccepted: _do_as_asked,
    x.PackageReady: _tell,
    x.PackageFetched: _note_transport,
    x.PackageAcknowledged: _note_transport,
}

LOGGED: Iterable[type[Event]] = (
    x.PackagePrepared,
    x.PackageWithdrawn,
    e.DeliveryTransported,
    e.DocumentAnswered,
    e.SenderRequestReceived,
    e.ConfirmationLate,
    e.HandlingLate,
)
"""Events from which nothing else follows: the log holds every state of what has been issued."""

HEARD_IN_EXCHANGE = (*_REACTIONS, *LOGGED)
"""Own events that the exchange acts on or notes in the message log."""
