"""A message that an agency's system, or another exchange, handed in and that was found sound."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from services.document_routing.domain import deliveries as d
from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.issued import recall, update
from services.document_routing.domain.outgoing import NEW, REPLACE, UPDATE, version_of
from services.document_routing.domain.transitions import ISSUED

ACCEPTED = "accepted"


def accept(content: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Take a message in; what it asks for is done in the same transaction, a status follows from its event."""
    changes: Changes = {
        **content,
        "status": ACCEPTED,
        "accepted_at": occasion.now,
        "newest": f"{occasion.now:%Y%m%d%H%M%S%f}:{content['digest'] or content['exchange_id']}",
    }
    return Decision("message_accepted", changes)


def settle(before: Aggregate, changes: Changes, occasion: Occasion) -> Changes:
    """Nothing more follows from a message by itself."""
    return changes


def check_receivers(receivers: Sequence[Mapping[str, Any]], occasion: Occasion, sender: str) -> list[str]:
    """Whom the receivers really are today.

    Raises:
        Invalid: naming each that is unknown, closed without a successor, or the sender itself.
    """
    return [one["receiver"] for one in d.address(receivers, occasion, sender)]


def become_document(message: Aggregate, occasion: Occasion) -> Decision:
    """The document that another system issued, as one of ours: it keeps its own number and symbol."""
    content = message["content"]
    receivers = [{"agency": code, "purpose": "action"} for code in message["receivers"]]
    deliveries = d.address(receivers, occasion, message["agency"])
    plain = {
        name: content[name]
        for name in ("kind", "subject", "summary", "urgency", "due_on", "places", "pages", "copies", "signer")
    }
    changes: Changes = {
        **plain,
        "agency": message["agency"],
        "agency_name": occasion.directory.name(message["agency"]),
        "status": ISSUED,
        "drafter": "",
        "drafter_name": "",
        "created_at": occasion.now,
        "secrecy": "none",
        "source": "exchange",
        "application": None,
        "revision": 1,
        "versions": [version_of(1, occasion, content, message["files"])],
        "files": list(message["files"]),
        "medium": "electronic",
        "unit": None,
        "receivers": receivers,
        "responds_to": [],
        "answers": content["answers"],
        "references": [],
        "replaces": content["replaces"],
        "signed_at": None,
        "issue_by": None,
        "issued_at": occasion.now,
        "issued_on": content["issued_on"],
        "year": int(content["issued_on"][:4]),
        "number": None,
        "symbol": content["symbol"],
        "code": content["code"],
        "exchange_id": message["exchange_id"],
        "business": REPLACE if content["replaces"] else NEW,
        "replaced_by": None,
        "replies": [],
        "deliveries": deliveries,
        "text_pending": True,
        "message": message["_id"],
        "signature": message["signature"],
    }
    data = {
        "number": _leading_number(content["code"]),
        "symbol": content["symbol"],
        "issued_on": date.fromisoformat(content["issued_on"]),
        "business": changes["business"],
        "revision": 1,
        "receivers": [delivery["receiver"] for delivery in deliveries],
        "digest": fingerprint(changes),
    }
    return Decision("document_issued", changes, data)


def _leading_number(code: str) -> int:
    digits = "".join(letter for letter in code.partition("/")[0] if letter.isdecimal())
    return int(digits) if digits else 0


def change_document(message: Aggregate, document: Aggregate, occasion: Occasion) -> Decision:
    """What a recall, an update, or a wish to take back (13) of the sender does.

    Raises:
        Invalid: an agency is named that the document cannot reach, or for a recall never reached.
        Conflict: nothing would change, or nobody is left to ask.
    """
    content = message["content"]
    if message["business"] != UPDATE:
        recalled = recall(document, occasion, {"receivers": message["receivers"], "reason": content["reason"]})
        return _by(message, recalled)
    new = [code for code in message["receivers"] if d.find(document["deliveries"], code) is None]
    request: dict[str, Any] = {
        "reason": content["reason"],
        "add_receivers": [{"agency": code, "purpose": "action"} for code in (*content["added"], *new)],
        **dict.fromkeys(("subject", "summary", "due_on")),
    }
    if content["content_changes"]:
        due_on = date.fromisoformat(content["due_on"]) if content["due_on"] else None
        request |= {"subject": content["subject"], "summary": content["summary"], "due_on": due_on}
    files = message["files"] or None if content["content_changes"] else None
    return _by(message, update(document, occasion, request, files))


def _by(message: Aggregate, decision: Decision) -> Decision:
    """The decision with the message that caused it, which is passed on to those whom it concerns."""
    return replace(decision, data={**decision.data, "message": message["_id"]})
