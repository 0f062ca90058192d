"""One change of one aggregate: settle what follows, write the entry that is also the event, answer.

Documents and arrivals differ in what follows, in what their events say, and in the receipt; `Kind` holds the three.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.document_routing.domain import incoming, issued, outgoing
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.statuses import NAMES, NAMES_EN
from services.document_routing.domain.subscription import healthy
from services.document_routing.domain.transitions import DOCUMENT_STATUSES, DOCUMENT_STATUSES_EN
from services.document_routing.ports import Aggregates, Document
from services.document_routing.usecases.context import Context, occasion_for
from shared.actors import Signature
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.base import Event
from shared.contracts.document_routing.events import OWNER
from shared.errors import Stale
from shared.history import Command, Entry

DERIVED = frozenset(
    {"text_words", "text_whole", "text_pending", "signatures"}  # what was read in the files
    | {"attempts", "last_error", "retry_at"}  # how another exchange was tried
    | {"lease", "next_at", *healthy()}  # how a subscriber answers
)
"""Fields that change without an entry."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What sets documents and arrivals apart."""

    unknown: str
    kept_in: Callable[[Context], Aggregates]
    settle: Callable[[Aggregate, Changes, Occasion], Changes]
    said: Callable[[Aggregate, Decision], dict[str, Any]]
    receipt: Callable[[Aggregate], dict[str, Any]]


def document_receipt(document: Aggregate) -> dict[str, Any]:
    """Where a document stands now (`DocumentReceipt`), as plain JSON values."""
    return {
        "id": document["_id"],
        "status": document["status"],
        "status_name": DOCUMENT_STATUSES[document["status"]],
        "status_name_en": DOCUMENT_STATUSES_EN[document["status"]],
        "version": document["version"],
        "code": document["code"],
        "number": document["number"],
        "issued_on": document["issued_on"],
    }


def arrival_receipt(arrival: Aggregate) -> dict[str, Any]:
    """Where an arrival stands now (`ArrivalReceipt`), as plain JSON values."""
    return {
        "id": arrival["_id"],
        "status": arrival["status"],
        "status_name": NAMES[arrival["status"]],
        "status_name_en": NAMES_EN[arrival["status"]],
        "version": arrival["version"],
        "code": arrival["code"],
        "arrival_number": arrival["arrival_number"],
        "due_at": arrival["due_at"].isoformat() if arrival["due_at"] else None,
    }


def _said_of_document(after: Aggregate, decision: Decision) -> dict[str, Any]:
    return {
        "agency": after["agency"],
        "status": after["status"],
        "kind": after["kind"],
        "code": after["code"],
        "application": after["application"] or "",
        "opinion": after.get("opinion") or "",
        "letter": after.get("letter") or "",
    }


def _said_of_arrival(after: Aggregate, decision: Decision) -> dict[str, Any]:
    return {
        "document": after["document"] or "",
        "code": after["code"],
        "sender": after["sender"] or "",
        "agency": after["agency"],
        "status": after["status"],
        "row": incoming.row_of(decision),
        "answers": [one["document"] for one in after["answers"]],
        "application": after["application"] or "",
        "opinion": after.get("opinion") or "",
    }


DOCUMENT = Kind(
    "document_unknown", lambda context: context.documents, outgoing.settle, _said_of_document, document_receipt
)
ARRIVAL = Kind("arrival_unknown", lambda context: context.arrivals, incoming.settle, _said_of_arrival, arrival_receipt)


def record(
    kind: Kind,
    before: Aggregate,
    decision: Decision,
    occasion: Occasion,
    signature: Signature,
    command: Command | None = None,
) -> tuple[Changes, Entry, dict[str, Any]]:
    """The changed fields, the history entry and the answer of a decision; `before` may be without anything yet."""
    changes = kind.settle(before, decision.changes, occasion)
    after = {**before, **changes, "version": before["version"] + 1}
    answered = kind.receipt(after)
    event = Event.registry[f"{OWNER}.{decision.event}.v1"]
    entry = write_entry(
        before,
        event,
        event.dump(**kind.said(after, decision), **decision.data),
        at=occasion.now,
        actor={**signature},
        reason=decision.reason,
        command=command,
        answered=answered,
        after=after,
        aside=DERIVED,
    )
    return changes, entry, answered


def begun(
    kind: Kind,
    identifier: str,
    decision: Decision,
    occasion: Occasion,
    signature: Signature,
    command: Command | None = None,
) -> Document:
    """A new aggregate with its first entry, not announced yet."""
    before = new_aggregate(identifier)
    changes, entry, _ = record(kind, before, decision, occasion, signature, command)
    return first_document(before, changes, entry)


def follow(
    context: Context, kind: Kind, aggregate: Aggregate, decision: Decision | None, occasion: Occasion | None = None
) -> None:
    """Let the platform itself change an aggregate, as what follows from an event or a moment; None changes nothing.

    `occasion` is that of the decision, so that its entry is of the same moment; without it, it is taken now.

    Raises:
        Stale: somebody changed it meanwhile; the event or moment comes again.
    """
    if decision is None:
        return
    occasion = occasion or occasion_for(context, CLOCKWORK, aggregate["agency"])
    changes, entry, _ = record(kind, aggregate, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
    if not kind.kept_in(context).save(aggregate["_id"], aggregate["version"], changes, entry):
        raise Stale("version_stale")


def take_place_of_replaced(context: Context, document: str) -> None:
    """Mark what an issued document replaces, in the transaction that issues it: each is replaced once, updated no more.

    Raises:
        Stale: somebody changed the replaced document meanwhile.
    """
    (by,) = context.documents.find_all([document]).values()
    for replaced in context.documents.find_all(filter(None, [by["replaces"]])).values():
        occasion = occasion_for(context, CLOCKWORK, replaced["agency"])
        follow(context, DOCUMENT, replaced, issued.be_replaced(replaced, occasion, by), occasion)
