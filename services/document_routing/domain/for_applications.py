"""Documents that applications of the one-stop shop need: the letter for an opinion, the number of a result."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.document_routing.domain.aggregate import Decision, Occasion
from services.document_routing.domain.document_types import RESULT
from services.document_routing.domain.outgoing import draft, new_document, numbered

SOURCE = "one_stop_shop"

_UNIT = {"code": "MC", "name": "Bộ phận Một cửa"}
EMPTY: Mapping[str, Any] = {
    "summary": "",
    "urgency": None,
    "medium": "electronic",
    "unit": _UNIT,
    "receivers": [],
    "places": [],
    "due_on": None,
    "pages": None,
    "copies": 1,
    "responds_to": [],
    "references": [],
    "replaces": None,
}
"""What a document says that the platform begins, beside what it is about."""


def draft_for_opinion(occasion: Occasion, asked: Mapping[str, Any], application: str) -> Decision:
    """The letter by which an application's agency asks another one; people complete, sign and issue it."""
    request = {
        **EMPTY,
        "kind": "cong_van",
        "subject": f"V/v lấy ý kiến về hồ sơ {asked['code']}: {asked['subject']}"[:500],
        "receivers": [{"agency": asked["to"], "purpose": "action"}],
        "due_on": asked["due_on"],
    }
    drafted = draft(occasion, request, [])
    return Decision(drafted.event, {**drafted.changes, "application": application, "opinion": asked["opinion"]})


def register_result(occasion: Occasion, result: Mapping[str, Any], application: str, number: int, on: date) -> Decision:
    """Enter the result of an application in the register of what the agency issues, under its next number."""
    request = {
        **EMPTY,
        "kind": RESULT,
        "subject": f"Kết quả {result['result_number']} của hồ sơ {result['code']}",
        "medium": "paper",
        "places": ["Người nộp hồ sơ"],
    }
    signer = {"form": "", "behalf": "", "position": "", "name": result["signer"], "mandate": ""}
    document = new_document(occasion, request, []) | {
        "application": application,
        "source": SOURCE,
        "signer": signer if result["signer"] else None,
    }
    symbol = f"KQ-{occasion.directory.symbol(occasion.actor.agency)}"
    issued = numbered(document, occasion, number, on, symbol, [])
    return Decision(issued.event, {**document, **issued.changes}, issued.data)
