"""The invitation document of a video conference: drafted, corrected while it is a draft, taken back when it is off."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.document_routing.domain import issued
from services.document_routing.domain.aggregate import Aggregate, Decision, Occasion
from services.document_routing.domain.deliveries import address
from services.document_routing.domain.for_applications import EMPTY
from services.document_routing.domain.outgoing import CONTENT, draft, revise
from services.document_routing.domain.transitions import DRAFT, ISSUED
from shared.errors import Conflict, Invalid

KIND = "giay_moi"


def draft_invitation(occasion: Occasion, asked: Mapping[str, Any], replaced: Aggregate | None) -> Decision:
    """The draft of a meeting's convener; people complete, sign and issue it."""
    replaces = replaced["_id"] if replaced and replaced["status"] == ISSUED and not replaced["replaced_by"] else None
    request = {**EMPTY, "unit": None, **_content(occasion, asked), "replaces": replaces}
    drafted = draft(occasion, request, [])
    return Decision(drafted.event, {**drafted.changes, "letter": asked["letter"]}, drafted.data)


def correct_invitation(document: Aggregate, occasion: Occasion, asked: Mapping[str, Any]) -> Decision | None:
    """What the meeting is now; None when the document is no draft any more."""
    if document["status"] != DRAFT:
        return None
    request = {**{name: document[name] for name in CONTENT}, **_content(occasion, asked)}
    revised = revise(document, occasion, request, document["files"])
    return Decision(revised.event, {**revised.changes, "letter": asked["letter"]}, revised.data)


def take_back_invitation(document: Aggregate, occasion: Occasion, reason: str) -> Decision | None:
    """The meeting is off; None when nobody has it."""
    if document["status"] != ISSUED:
        return None
    try:
        return issued.recall(document, occasion, {"receivers": [], "reason": reason})
    except Conflict:
        return None


def _content(occasion: Occasion, asked: Mapping[str, Any]) -> dict[str, Any]:
    receivers, strangers = _receivers(occasion, asked["receivers"])
    return {
        "kind": KIND,
        "subject": asked["subject"],
        "summary": asked["summary"],
        "receivers": receivers,
        "places": ["Như trên", *strangers, "Lưu: VT"],
    }


def _receivers(occasion: Occasion, agencies: Sequence[str]) -> tuple[list[dict[str, str]], list[str]]:
    """Whom it can be addressed to, and who has to be sent it otherwise: the directory does not know everybody."""
    known, strangers = [], []
    for agency in agencies:
        receiver = {"agency": agency, "purpose": "action"}
        try:
            address([receiver], occasion, occasion.actor.agency)
        except Invalid:
            strangers.append(agency)
        else:
            known.append(receiver)
    return known, strangers
