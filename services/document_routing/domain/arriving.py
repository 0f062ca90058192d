"""How a document comes in: from its sender or on paper, until it stands in the register."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.document_routing.domain import statuses as s
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.duties import confirm_by, end_of
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.numbering import exchange_id
from services.document_routing.domain.outgoing import check_not_secret
from shared.errors import Invalid, field_error

COPIED = ("kind", "subject", "summary", "urgency", "due_on", "code", "issued_on", "exchange_id", "business", "files")
"""What an arrival takes over from the document as it was sent."""


def arrive(document: Aggregate, delivery: Mapping[str, Any], occasion: Occasion, answered: Sequence[Any]) -> Decision:
    """An issued document is in the receiver's hands (01).

    `answered` are the receiver's own documents that this one replies to, as `{document, code, application, opinion}`.
    """
    by = confirm_by(occasion.now, document["urgency"], occasion.working_time)
    content = {name: document[name] for name in COPIED}
    changes: Changes = {
        **_empty(),
        **content,
        "agency": delivery["receiver"],
        "asked_for": delivery["asked_for"],
        "purpose": delivery["purpose"],
        "document": document["_id"],
        "sender": document["agency"],
        "sender_name": document["agency_name"],
        "medium": "electronic",
        "source": "exchange" if document["source"] == "exchange" else "desk",
        "signer": document["signer"],
        "signature": document.get("signature"),
        "status": s.ARRIVED,
        "arrived_at": occasion.now,
        "confirm_by": by,
        "answers": [{"document": one["document"], "code": one["code"]} for one in answered],
        "application": next((one["application"] for one in answered if one["application"]), None),
        "opinion": next((one["opinion"] for one in answered if one["opinion"]), None),
        "replaces": document["replaces"],
        "text_pending": True,
    }
    data = {"confirm_by": by, "digest": fingerprint(document)}
    return Decision("document_arrived", changes, data)


def enter(
    occasion: Occasion, request: Mapping[str, Any], scan: dict[str, Any] | None, number: int, on: date
) -> Decision:
    """What came on paper is entered and registered (03) in one step, in the same series as what came electronically.

    `number` and `on` are as in `register`.
    """
    check_not_secret(request)
    occasion.types.get(request["kind"])
    if request["issued_on"] > occasion.today:
        raise Invalid("request_invalid", fields=[field_error("issued_on", "in_future")])
    issued_on = request["issued_on"]
    changes: Changes = {
        **_empty(),
        "agency": occasion.actor.agency,
        "asked_for": occasion.actor.agency,
        "purpose": "action",
        "document": None,
        "sender": request["sender"],
        "sender_name": request["sender_name"],
        "medium": "paper",
        "source": "paper",
        "kind": request["kind"],
        "subject": request["subject"],
        "summary": "",
        "urgency": request["urgency"],
        "due_on": _text(request["due_on"]),
        "code": request["code"],
        "issued_on": issued_on.isoformat(),
        "exchange_id": exchange_id(request["sender"] or "", issued_on, request["code"]),
        "business": 0,
        "files": [scan] if scan else [],
        "signer": _signer(request["signer_name"]),
        "signature": None,
        "arrived_at": occasion.now,
        "text_pending": scan is not None,
    }
    entered = {**changes, **_registered(changes, occasion, number, on)}
    return Decision("document_registered", entered, {"arrival_number": number})


def _empty() -> Changes:
    """An arrival to which nothing has happened yet."""
    return {
        "secrecy": "none",
        "confirm_by": None,
        "confirmed_at": None,
        "arrival_number": None,
        "arrival_year": None,
        "registered_at": None,
        "refused": None,
        "assignments": [],
        "worked_on_at": None,
        "due_at": None,
        "handle_by": None,
        "completed_at": None,
        "reply": None,
        "requests": [],
        "answers": [],
        "application": None,
        "replaces": None,
        "replaced_by": None,
        "replaced_by_code": "",
        "text_pending": False,
    }


def _signer(name: str) -> dict[str, Any] | None:
    return {"form": "", "behalf": "", "position": "", "name": name, "mandate": ""} if name else None


def register(arrival: Aggregate, occasion: Occasion, number: int, on: date) -> Decision:
    """Enter it in the register (03): the arrival number follows the order of reception in the year (Art. 22.2).

    `on` is the day under which the series gave the number: around New Year's midnight it may be the one before.
    """
    return Decision("document_registered", _registered(arrival, occasion, number, on), {"arrival_number": number})


def _registered(arrival: Aggregate, occasion: Occasion, number: int, on: date) -> Changes:
    due_on = arrival["due_on"]
    return {
        "status": s.REGISTERED,
        "arrival_number": number,
        "arrival_year": on.year,
        "registered_at": occasion.now,
        "confirmed_at": occasion.now,
        "due_at": end_of(date.fromisoformat(due_on), occasion.working_time) if due_on else None,
        "handle_by": due_on,
    }


def _text(day: Any) -> str | None:
    return day.isoformat() if day else None
