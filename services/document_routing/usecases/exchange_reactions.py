"""What follows in the exchange from the service's own events: packages, notifications, and the log of every hop.

It runs in one transaction with the note that the event was applied, so nothing follows twice.
"""

from collections.abc import Callable, Iterable
from uuid import uuid5

import orjson

from services.document_routing.domain import issued, package
from services.document_routing.domain.actors import CLOCKWORK
from services.document_routing.domain.deliveries import at_moment, find, of_request
from services.document_routing.domain.outgoing import NEW, RECALL, REPLACE, UPDATE, as_of
from services.document_routing.domain.statuses import RECALL_ASKED, RequestKind, Row
from services.document_routing.ports import Document
from services.document_routing.ports_exchange import Notification
from services.document_routing.usecases.changes import DOCUMENT, follow
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_kinds import PACKAGE
from services.document_routing.usecases.exchange_packages import (
    BY_SYSTEM,
    CARRIES,
    add_package,
    package_document,
    packages_of,
)
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing import events as e
from shared.contracts.document_routing import exchange_events as x


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
    document = as_of(_document(context, event.subject), event.data["revision"])
    for receiver in event.data["receivers"]:
        package_document(context, event, document, receiver, document["business"], "")
        held_back = at_moment(document["deliveries"], receiver, event.time)
        if document["replaces"] and held_back and held_back["cancelled"]:
            _tell_of_replacement(context, event, _document(context, document["replaces"]), receiver)


def _send_updated(context: Context, event: ReceivedEvent) -> None:
    """Those who have it get the update, those who are new the document."""
    document = as_of(_document(context, event.subject), event.data["revision"])
    reason = _reason(document, event.data["request"])
    for receiver in event.data["receivers"]:
        package_document(context, event, document, receiver, UPDATE, reason)
    for receiver in event.data["added"]:
        new = at_moment(document["deliveries"], receiver, event.time)
        if new is not None and new["sending"] > 1:  # what failed must not come beside the new one
            _withdraw(context, event, document, receiver, new["sending"] - 1)
        package_document(context, event, document, receiver, NEW, "")


def _send_replaced(context: Context, event: ReceivedEvent) -> None:
    """Who does not get the new document is told that the old one counts no more.

    The new one's own event may come later; its first sending is the one that says that it replaces.
    """
    document, new = _document(context, event.subject), _document(context, event.data["by"])
    for receiver in event.data["receivers"]:
        sent = packages_of(context, new["_id"], receiver)
        said = any(one["business"] == REPLACE and one["status"] != package.WITHDRAWN for one in sent)
        first = next((one for one in new["deliveries"] if one["receiver"] == receiver), None)
        if not said and (sent or first is None or first["cancelled"] or first["mode"] not in BY_SYSTEM):
            _tell_of_replacement(context, event, document, receiver)


def _tell_of_replacement(context: Context, event: ReceivedEvent, document: Document, receiver: str) -> None:
    """Ask a receiver to give up a replaced document without having the new one; once, whoever finds that it is so."""
    delivery = find(document["deliveries"], receiver)
    asked = [one for one in delivery["requests"] if one["kind"] == RequestKind.REPLACE] if delivery else []
    if asked:
        about = f"replaced:{asked[-1]['id']}"
        package_document(context, event, document, receiver, RECALL, asked[-1]["reason"], about)


def _send_recalled(context: Context, event: ReceivedEvent) -> None:
    """Who has it is asked to give it back; what nobody has fetched is not offered any more.

    A receiver that fetched it while it was being held back is asked after all.
    """
    document = _document(context, event.subject)
    request = event.data["request"]
    for receiver in event.data["receivers"]:
        package_document(context, event, document, receiver, RECALL, _reason(document, request))
    for receiver in event.data["cancelled"]:
        document = _document(context, event.subject)
        recalled = of_request(document["deliveries"], receiver, request)
        if recalled is not None and _withdraw(context, event, document, receiver, recalled["sending"]):
            occasion = occasion_for(context, CLOCKWORK, document["agency"])
            asked = issued.recall_what_left(document, occasion, receiver, request)
            follow(context, DOCUMENT, document, asked, occasion)


def _withdraw(context: Context, event: ReceivedEvent, document: Document, receiver: str, sending: int) -> bool:
    """Offer what carries a sending no more; whether the receiver has fetched it already."""
    packages = [one for one in packages_of(context, document["_id"], receiver) if one["sending"] == sending]
    for one in packages:
        if one["business"] != RECALL:
            withdrawn = package.withdraw(one)
            follow(context, PACKAGE, one, withdrawn)
            if withdrawn and one["business"] == REPLACE:
                _tell_of_replacement(context, event, _document(context, document["replaces"]), receiver)
    return any(one["business"] in CARRIES and package.has_left(one) for one in packages)


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
    add_package(
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


def _note_status(context: Context, event: ReceivedEvent) -> None:
    """A status of a receiver's system stands in the document; everything else was done as the message was taken in."""
    message = context.exchange.messages.find_all([event.subject])[event.subject]
    if message["kind"] != "status" or message["status_code"] == RECALL_ASKED:
        return
    said = message["content"]
    row: Row = {
        "id": message["_id"],
        "code": said["status"],
        "at": said["at"],
        "reason": said["reason"],
        "request": said.get("request"),
        "by": said.get("staff", ""),
    }
    document = _document(context, message["document"])
    follow(context, DOCUMENT, document, issued.progress(document, message["agency"], row))


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
        (moved,) = context.exchange.packages.find_all([event.subject]).values()
        follow(context, DOCUMENT, document, issued.transport(document, moved["agency"], moved["sending"], state))


def _document(context: Context, document: str) -> Document:
    return context.documents.find_all([document])[document]


_REACTIONS: dict[type[Event], Callable[[Context, ReceivedEvent], None]] = {
    e.DocumentIssued: _send_issued,
    e.DocumentUpdated: _send_updated,
    e.DocumentReplaced: _send_replaced,
    e.DocumentRecalled: _send_recalled,
    e.DeliveryProgressed: _send_status,
    x.MessageAccepted: _note_status,
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
