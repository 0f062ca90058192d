"""Packages for the receivers that are served by a system: one for each thing that one is told."""

from typing import Any
from uuid import uuid5

from services.document_routing.domain import package
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.deliveries import at_moment
from services.document_routing.domain.outgoing import NEW, RECALL, REPLACE
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import begun
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_kinds import PACKAGE
from shared.contracts.base import ReceivedEvent

BY_SYSTEM = ("system", "outside")
"""Ways of delivery for which a package is written."""

CARRIES = (NEW, REPLACE)
"""Business types of a package that brings the document itself."""


def packages_of(context: Context, document: str, receiver: str) -> list[Document]:
    """Everything that carries a document, or a wish about it, to one receiver."""
    known = context.exchange.mailbox.packages_of(document, receiver)
    return list(context.exchange.packages.find_all(known).values())


def package_document(
    context: Context,
    event: ReceivedEvent,
    document: Document,
    receiver: str,
    business: int,
    reason: str,
    about: str = "",
) -> None:
    """Write what carries the document, or a wish about it, to one receiver that a system serves."""
    delivery = at_moment(document["deliveries"], receiver, event.time)
    if delivery is None or delivery["mode"] not in BY_SYSTEM or (delivery["cancelled"] and business != RECALL):
        return
    said = event.data if event.subject == document["_id"] else {}  # else it is about what replaces the document
    spec = {"business": business, "reason": reason, "receiver": receiver, "at": event.time}
    spec |= {"revision": said.get("revision", 0), "message": said.get("message", "")}
    add_package(
        context,
        event,
        document,
        agency=receiver,
        kind="document",
        mode=delivery["mode"],
        spec=spec,
        business=business,
        sending=delivery["sending"],
        about=f"{document['_id']}:sending:{delivery['sending']}" if business in CARRIES else about or event.id,
    )


def add_package(
    context: Context,
    event: ReceivedEvent,
    document: Document,
    *,
    agency: str,
    kind: str,
    mode: str,
    spec: dict[str, Any],
    business: int | None = None,
    sending: int = 0,
    about: str = "",
) -> None:
    """Add a package to be made; the same thing is packed once, however often its event is heard."""
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
        "sending": sending,
    }
    occasion = occasion_for(context, CLOCKWORK, agency)
    identifier = uuid5(NAMESPACE, f"package:{about or event.id}:{agency}").hex
    decision = package.prepare(content, occasion)
    context.exchange.packages.add(begun(PACKAGE, identifier, decision, occasion, CLOCKWORK.sign((SYSTEM,))))
