"""What follows from the service's own events: issued documents arrive, statuses go back, replies close jobs.

It runs in one transaction with the note that the event was applied, so nothing follows twice.
"""

from collections.abc import Callable, Sequence

from services.document_routing.domain import arriving, incoming, issued
from services.document_routing.domain import statuses as s
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.aggregate import Changes
from services.document_routing.domain.deliveries import at_moment, of_request
from services.document_routing.domain.outgoing import VERSIONED, as_of
from services.document_routing.ports import Document
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.changes import ARRIVAL, DOCUMENT, begun, follow
from services.document_routing.usecases.context import Context, occasion_for
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.document_routing import events as e
from shared.observability import tracing


def react(context: Context, event: ReceivedEvent) -> None:
    """Let everything follow that follows from one event of a document or an arrival."""
    with tracing(event.correlation_id, event.traceparent, event.event.type(), "consumer"):
        _REACTIONS[event.event](context, event)


def _deliver(context: Context, event: ReceivedEvent) -> None:
    """An issued document arrives at every desk and closes what it answers."""
    document = as_of(_document(context, event), event.data["revision"])
    _arrive_at(context, event, document, event.data["receivers"])
    for arrival in context.arrivals.find_all(document["responds_to"]).values():
        if arrival["status"] in s.OPEN:
            occasion = occasion_for(context, CLOCKWORK, arrival["agency"])
            follow(context, ARRIVAL, arrival, incoming.complete(arrival, occasion, document, ""))


def _arrive_at(context: Context, event: ReceivedEvent, document: Document, receivers: Sequence[str]) -> None:
    for receiver in receivers:
        delivery = at_moment(document["deliveries"], receiver, event.time)
        if delivery is None or delivery["mode"] != "desk" or delivery["cancelled"]:
            continue
        occasion = occasion_for(context, CLOCKWORK, receiver)
        arrived = arriving.arrive(document, delivery, occasion, _answered(context, document, receiver))
        identifier = arrival_id(document["_id"], receiver, delivery["sending"])
        arrival = begun(ARRIVAL, identifier, arrived, occasion, CLOCKWORK.sign((SYSTEM,)))
        if context.arrivals.add(arrival):
            _note_replies(context, arrival)


def _answered(context: Context, document: Document, receiver: str) -> list[dict[str, str | None]]:
    """The receiver's own documents that this one replies to."""
    asked = context.documents.find_all([one["document"] for one in document["answers"] if one["document"]])
    return [
        {
            "document": one["_id"],
            "code": one["code"],
            "application": one["application"],
            "opinion": one.get("opinion"),
        }
        for one in asked.values()
        if one["agency"] == receiver
    ]


def _note_replies(context: Context, arrival: Document) -> None:
    for document in context.documents.find_all([one["document"] for one in arrival["answers"]]).values():
        follow(context, DOCUMENT, document, issued.note_reply(document, arrival))


def _update(context: Context, event: ReceivedEvent) -> None:
    """New receivers get the document as it was then; the others are asked."""
    document = as_of(_document(context, event), event.data["revision"])
    _arrive_at(context, event, document, event.data["added"])
    content: Changes = {name: document[name] for name in VERSIONED}
    _ask(context, event, s.RequestKind.UPDATE, content)


def _replace(context: Context, event: ReceivedEvent) -> None:
    """Every receiver is asked to hold the replacement for the document that holds."""
    content = {"replaced_by": event.data["by"], "replaced_by_code": event.data["by_code"]}
    _ask(context, event, s.RequestKind.REPLACE, content)


def _recall(context: Context, event: ReceivedEvent) -> None:
    """Every receiver is asked to give the document back; so is one where it has arrived before it was held back."""
    _ask(context, event, s.RequestKind.RECALL, {})
    for arrival in _arrivals(context, event, event.data["cancelled"]):
        document = _document(context, event)
        occasion = occasion_for(context, CLOCKWORK, document["agency"])
        asked = issued.recall_what_left(document, occasion, arrival["agency"], event.data["request"])
        follow(context, DOCUMENT, document, asked, occasion)


def _ask(context: Context, event: ReceivedEvent, kind: s.RequestKind, content: Changes) -> None:
    for arrival in _arrivals(context, event, event.data["receivers"]):
        occasion = occasion_for(context, CLOCKWORK, arrival["agency"])
        asked = _asked(context, event, kind)
        follow(context, ARRIVAL, arrival, incoming.receive_request(arrival, occasion, asked, content), occasion)


def _asked(context: Context, event: ReceivedEvent, kind: s.RequestKind) -> s.Asked:
    document = _document(context, event)
    known = [one for delivery in document["deliveries"] for one in delivery["requests"]]
    reason = next((one["reason"] for one in known if one["id"] == event.data["request"]), "")
    return {"id": event.data["request"], "kind": str(kind), "at": event.time, "reason": reason}


def _arrivals(context: Context, event: ReceivedEvent, receivers: Sequence[str]) -> list[Document]:
    """The arrivals of the sendings of which the event's request speaks."""
    deliveries = _document(context, event)["deliveries"]
    asked = [one for code in receivers if (one := of_request(deliveries, code, event.data["request"]))]
    wanted = [arrival_id(event.subject, one["receiver"], one["sending"]) for one in asked]
    return list(context.arrivals.find_all(wanted).values())


def _tell_sender(context: Context, event: ReceivedEvent) -> None:
    """A receiver's status becomes a row of the sender's document; what came on paper has no sender here."""
    if not event.data["row"] or not event.data["document"]:
        return
    document = context.documents.find_all([event.data["document"]]).get(event.data["document"])
    if document is None:
        return  # it came from another exchange, which is told by its own way
    row: s.Row = {
        "id": event.id,
        "code": event.data["row"],
        "at": event.time,
        "reason": _reason(context, event),
        "request": event.data.get("request"),
        "by": _by(context, event),
    }
    follow(context, DOCUMENT, document, issued.progress(document, event.data["agency"], row))


def _reason(context: Context, event: ReceivedEvent) -> str:
    """What the receiver said to a refusal or an answer; opinions and notes on the work stay within its agency."""
    arrival = context.arrivals.find_all([event.subject])[event.subject]
    if event.data["row"] == s.REFUSED:
        return str(arrival["refused"]["reason"])
    if event.data["row"] == s.COMPLETED and arrival["reply"]:
        return str(arrival["reply"]["code"])
    return next((str(one["note"]) for one in arrival["requests"] if one["id"] == event.data.get("request")), "")


def _by(context: Context, event: ReceivedEvent) -> str:
    """Who refused, so that the sender knows whom to ask; who works on it stays within its agency."""
    refused = context.arrivals.find_all([event.subject])[event.subject]["refused"]
    return str(refused["by"]) if refused and event.data["row"] == s.REFUSED else ""


def _document(context: Context, event: ReceivedEvent) -> Document:
    return context.documents.find_all([event.subject])[event.subject]


_REACTIONS: dict[type[Event], Callable[[Context, ReceivedEvent], None]] = {
    e.DocumentIssued: _deliver,
    e.DocumentUpdated: _update,
    e.DocumentReplaced: _replace,
    e.DocumentRecalled: _recall,
    e.DocumentArrived: _tell_sender,
    e.DocumentRefused: _tell_sender,
    e.DocumentRegistered: _tell_sender,
    e.DocumentAssigned: _tell_sender,
    e.DocumentWorkedOn: _tell_sender,
    e.DocumentCompleted: _tell_sender,
    e.SenderRequestAnswered: _tell_sender,
}

HEARD = tuple(_REACTIONS)
"""The service's own events from which something follows."""
