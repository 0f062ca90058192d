"""Which document a message of another system is about, and what it does to it."""

from datetime import datetime
from typing import Any

from services.document_routing.domain import message as m
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.aggregate import Aggregate
from services.document_routing.domain.composing import identifier_of
from services.document_routing.domain.deliveries import DONE, find, open_requests
from services.document_routing.domain.edxml.formats import read_identifier
from services.document_routing.domain.edxml.message import DocumentMessage
from services.document_routing.domain.outgoing import RECALL, UPDATE, check_replaceable
from services.document_routing.domain.statuses import RECALL_ASKED, RequestKind
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import DOCUMENT, begun, follow, take_place_of_replaced
from services.document_routing.usecases.context import Context, occasion_for
from shared.errors import Conflict, NotFound


def document_of(context: Context, exchange_id: str) -> Document | None:
    """The document of an identifier, whichever generation of its agency's own identifier stands in it."""
    named = read_identifier(exchange_id)
    if named is None:
        return None
    organ, day, number, notation = named
    agency = context.offices.directory().current(organ)
    return context.exchange.mailbox.document_of(agency, day, f"{number}/{notation}")


def own_document(context: Context, exchange_id: str, agency: str) -> Document:
    """The document of an identifier, if this agency sent it.

    Raises:
        NotFound: in the same words whether it is not there or somebody else's.
    """
    found = document_of(context, exchange_id)
    if found is None or found["agency"] != agency:
        raise NotFound("exchange_document_unknown", exchange_id=exchange_id)
    return found


def check_new(context: Context, message: DocumentMessage, agency: str, document: str) -> None:
    """One agency issues one document of a number, symbol and day.

    Raises:
        Conflict: there is one, of its system or of its desk.
    """
    header = message.header
    assert header.promulgation.day is not None
    code = f"{header.code.number}/{header.code.notation}"
    found = context.exchange.mailbox.document_of(agency, header.promulgation.day, code)
    if found is not None and found["_id"] != document:
        raise Conflict("message_already_sent", exchange_id=header.document)


def ties_of(context: Context, message: DocumentMessage, agency: str) -> dict[str, Any]:
    """Our own ids of the document that a message replaces, and of those that it answers.

    An answer counts if its sender was sent what it answers: nobody can reply in another agency's place.

    Raises:
        NotFound: what it replaces is not known as a document of its sender.
        Conflict: another document has taken its place already.
    """
    replaced = [own_document(context, one.document, agency) for one in message.trace.business.replaces]
    for one in replaced:
        check_replaceable(one)
    named = dict.fromkeys(map(identifier_of, message.header.answers))
    found = [document_of(context, key) for key in named]
    answered = [one for one in found if one is not None and find(one["deliveries"], agency)]
    return {
        "replaces": replaced[0]["_id"] if replaced else None,
        "answers": [
            {"document": one["_id"], **{name: one[name] for name in ("agency", "code", "issued_on", "exchange_id")}}
            for one in answered
        ],
    }


def spoken_of(context: Context, exchange_id: str, status: str, agency: str) -> Document:
    """The document of which an agency tells a status; the wish to have it back (13) is its sender's.

    Raises:
        NotFound: in the same words whether it is not there or did not go to this agency.
    """
    document = document_of(context, exchange_id)
    known = document is not None and (
        document["agency"] == agency if status == RECALL_ASKED else find(document["deliveries"], agency)
    )
    if document is None or not known:
        raise NotFound("exchange_document_unknown", exchange_id=exchange_id)
    return document


def asked_of(context: Context, document: Document, agency: str, moment: datetime) -> tuple[Document, str | None]:
    """The document about which an agency owes an answer, and the request where the answer says which.

    Partners answer a replacement under the identifier of either document; one that names the new document means the
    replacement as long as that waits.

    Raises:
        Conflict: nothing waits for an answer of this agency.
    """
    for replaced in context.documents.find_all([document["replaces"]] if document["replaces"] else []).values():
        delivery = find(replaced["deliveries"], agency)
        waiting = open_requests(delivery, moment) if delivery and delivery["transport"] == DONE else []
        for one in waiting:
            if one["kind"] == RequestKind.REPLACE:
                return replaced, one["id"]
    delivery = find(document["deliveries"], agency)
    if delivery is None or not open_requests(delivery, moment):
        raise Conflict("no_request_open")
    return document, None


def carry_out(context: Context, message: Aggregate) -> None:
    """Let a message that was taken in become a document, or change one; other statuses follow from its event.

    Raises:
        Error: it cannot be done; the message is not taken in then.
    """
    occasion = occasion_for(context, CLOCKWORK, message["agency"])
    if message["kind"] == "document" and message["business"] not in (RECALL, UPDATE):
        decision = m.become_document(message, occasion)
        context.documents.add(begun(DOCUMENT, message["document"], decision, occasion, CLOCKWORK.sign((SYSTEM,))))
        take_place_of_replaced(context, message["document"])
    elif message["kind"] == "document" or message["status_code"] == RECALL_ASKED:
        (document,) = context.documents.find_all([message["document"]]).values()
        follow(context, DOCUMENT, document, m.change_document(message, document, occasion), occasion)
