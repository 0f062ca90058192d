"""Documents and arrivals as the contracts show them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.document_routing.domain.deliveries import (
    STATE_NAMES,
    STATE_NAMES_EN,
    answer_to,
    current,
    is_troubled,
    state,
)
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.incoming import open_request
from services.document_routing.domain.statuses import NAMES, NAMES_EN, OPEN
from services.document_routing.domain.transitions import (
    DOCUMENT_STATUSES,
    DOCUMENT_STATUSES_EN,
    INCOMING,
    OUTGOING,
    allowed_actions,
)
from services.document_routing.ports_read import Row
from shared.actors import Actor

_SAME_IN_DOCUMENTS = (
    "agency",
    "status",
    "kind",
    "code",
    "subject",
    "urgency",
    "medium",
    "drafter_name",
    "due_on",
    "created_at",
    "issued_on",
    "version",
)
_MORE_OF_DOCUMENTS = (
    "summary",
    "secrecy",
    "unit",
    "places",
    "pages",
    "copies",
    "revision",
    "signer",
    "signed_at",
    "issue_by",
    "issued_at",
    "number",
    "symbol",
    "business",
    "exchange_id",
    "responds_to",
    "answers",
    "references",
    "replaces",
    "replaced_by",
    "replies",
    "application",
)
_SAME_IN_ARRIVALS = (
    "agency",
    "status",
    "arrival_number",
    "arrived_at",
    "sender",
    "sender_name",
    "kind",
    "code",
    "issued_on",
    "subject",
    "urgency",
    "due_at",
    "version",
)
_MORE_OF_ARRIVALS = (
    "document",
    "medium",
    "asked_for",
    "purpose",
    "summary",
    "signer",
    "business",
    "exchange_id",
    "answers",
    "replaces",
    "replaced_by",
    "confirm_by",
    "registered_at",
    "refused",
    "assignments",
    "completed_at",
    "reply",
)


def document_row(document: Row, types: DocumentTypes) -> Row:
    """One row of a list (`DocumentRow`)."""
    return {name: document[name] for name in _SAME_IN_DOCUMENTS} | {
        "id": document["_id"],
        "status_name": DOCUMENT_STATUSES[document["status"]],
        "status_name_en": DOCUMENT_STATUSES_EN[document["status"]],
        "kind_name": types.name(document["kind"]),
        "kind_name_en": types.name_en(document["kind"]),
        "signer_name": document["signer"]["name"] if document["signer"] else None,
        "receivers": [one["receiver"] for one in current(document["deliveries"])]
        or [one["agency"] for one in document["receivers"]],
        "states": _states(document),
        "troubled": is_troubled(document),
    }


def _states(document: Row) -> list[Row]:
    """How many receivers stand where, most of them first (`ReceiversState`)."""
    counted = Counter(state(one) for one in current(document["deliveries"]))
    return [_named(where) | {"count": count} for where, count in counted.most_common()]


def _named(where: str) -> Row:
    return {"state": where, "state_name": STATE_NAMES[where], "state_name_en": STATE_NAMES_EN[where]}


def document_view(document: Row, types: DocumentTypes, actor: Actor) -> Row:
    """One document (`DocumentView`)."""
    return (
        document_row(document, types)
        | {name: document[name] for name in _MORE_OF_DOCUMENTS}
        | {
            "signer": _signer(document["signer"]),
            "signatures": document.get("signatures"),  # none until the file was read
            "text_whole": document.get("text_whole"),
            "versions": [_version(version) for version in document["versions"]],
            "files": files_view(document["files"]),
            "deliveries": [_delivery(delivery) for delivery in document["deliveries"]],
            "allowed_actions": allowed_actions(OUTGOING, document, actor),
        }
    )


def _version(version: Mapping[str, Any]) -> Row:
    return {name: version[name] for name in ("number", "at", "by", "subject")} | {"files": files_view(version["files"])}


def _signer(signer: Mapping[str, Any] | None) -> Row | None:
    return {name: value for name, value in signer.items() if name != "subject"} if signer else None


def files_view(files: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Files with the keys under which they are downloaded, counted from 1."""
    names = ("role", "name", "size", "type", "sha256")
    return [{"key": str(place), **{name: file[name] for name in names}} for place, file in enumerate(files, start=1)]


def _delivery(delivery: Mapping[str, Any]) -> Row:
    same = ("receiver", "name", "asked_for", "purpose", "mode", "transport", "standing", "sending", "sent_at")
    return {name: delivery[name] for name in same} | {
        **_named(state(delivery)),
        "cancelled_at": delivery["cancelled"]["at"] if delivery["cancelled"] else None,
        "standing_name": NAMES.get(delivery["standing"]),
        "standing_name_en": NAMES_EN.get(delivery["standing"]),
        "requests": [{**asked, "answer": answer_to(delivery, asked["id"])} for asked in delivery["requests"]],
        "rows": [
            {name: row[name] for name in ("code", "at", "reason", "request")}
            | {"by": row.get("by", ""), "name": NAMES[row["code"]], "name_en": NAMES_EN[row["code"]]}
            for row in delivery["rows"]
        ],
    }


def arrival_row(arrival: Row, types: DocumentTypes, now: datetime) -> Row:
    """One row of a list (`ArrivalRow`)."""
    asked = open_request(arrival)
    late = arrival["due_at"] is not None and arrival["status"] in OPEN and arrival["due_at"] < now
    return {name: arrival[name] for name in _SAME_IN_ARRIVALS} | {
        "id": arrival["_id"],
        "status_name": NAMES[arrival["status"]],
        "status_name_en": NAMES_EN[arrival["status"]],
        "kind_name": types.name(arrival["kind"]),
        "kind_name_en": types.name_en(arrival["kind"]),
        "lead_unit": arrival.get("lead_unit"),
        "overdue": late,
        "request": asked["kind"] if asked else None,
    }


def arrival_view(arrival: Row, types: DocumentTypes, now: datetime, actor: Actor) -> Row:
    """One arrival (`ArrivalView`)."""
    assigned = arrival["assignments"][-1] if arrival["assignments"] else None
    shown = ("id", "kind", "at", "reason", "answer", "answered_at", "note")
    return (
        arrival_row(arrival, types, now)
        | {name: arrival[name] for name in _MORE_OF_ARRIVALS}
        | {
            "signer": _signer(arrival["signer"]),
            "signature": plain(arrival.get("signature")),
            "signatures": arrival.get("signatures"),
            "text_whole": arrival.get("text_whole"),
            "sender_due_on": arrival["due_on"],
            "files": files_view(arrival["files"]),
            "lead": assigned["lead"] if assigned else None,
            "requests": [{name: one[name] for name in shown} for one in arrival["requests"]],
            "allowed_actions": allowed_actions(INCOMING, arrival, actor),
        }
    )


def plain(value: Any) -> Any:
    """The same in JSON's own values: moments as text in UTC."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value
