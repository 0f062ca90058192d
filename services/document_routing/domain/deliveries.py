"""What becomes of an issued document at each of its receivers, as its sender knows it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.statuses import (
    AGREED,
    RECALL_ASKED,
    REFUSED,
    RequestKind,
    Row,
    answers,
    merge_request,
    merge_row,
    standing,
)
from shared.errors import Conflict, Error, FieldError, Invalid, field_error

INITIAL, PROCESSING, DONE, FAILED = "initial", "processing", "done", "fail"
TRANSPORTS = (INITIAL, PROCESSING, DONE, FAILED)

Delivery = Mapping[str, Any]


def address(receivers: Sequence[Mapping[str, Any]], directory: Directory, sender: str, on: date) -> list[Delivery]:
    """One delivery per receiver that is reached today; what is typed twice, or merged into one, is sent once.

    Raises:
        Invalid: naming each receiver that is unknown, closed without a successor, or the sender itself.
    """
    wrong: list[FieldError] = []
    found: dict[str, Delivery] = {}
    for number, receiver in enumerate(receivers):
        try:
            reached = directory.reach(receiver["agency"], on)
        except Error as error:
            code = "agency_closed" if isinstance(error, Conflict) else "agency_unknown"
            wrong.append(field_error(f"receivers.{number}.agency", code, agency=receiver["agency"]))
            continue
        if reached.code == sender:
            wrong.append(field_error(f"receivers.{number}.agency", "receiver_is_sender"))
            continue
        found.setdefault(reached.code, _new(reached.code, reached.name, reached.mode, receiver))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return list(found.values())


def _new(code: str, name: str, mode: str, receiver: Mapping[str, Any]) -> Delivery:
    return {
        "receiver": code,
        "name": name,
        "asked_for": receiver["agency"],
        "purpose": receiver["purpose"],
        "mode": mode,
        "transport": DONE if mode == "paper" else INITIAL,
        "rows": [],
        "requests": [],
        "standing": None,
        "cancelled_at": None,
    }


def add_row(delivery: Delivery, row: Row) -> Delivery:
    """The delivery with one more status of its receiver, whenever it comes; a status shows that it has arrived."""
    rows = merge_row(delivery["rows"], row)
    return {**delivery, "rows": rows, "standing": standing(delivery["requests"], rows), "transport": DONE}


def ask(delivery: Delivery, request: str, kind: RequestKind, at: datetime, reason: str) -> Delivery:
    """The delivery after the sender asked something of its receiver; a recall is also the row 13."""
    requests = merge_request(delivery["requests"], {"id": request, "kind": str(kind), "at": at, "reason": reason})
    rows = delivery["rows"]
    if kind is RequestKind.RECALL:
        told: Row = {"id": request, "code": RECALL_ASKED, "at": at, "reason": reason, "request": request}
        rows = merge_row(rows, told)
    return {**delivery, "requests": requests, "rows": rows, "standing": standing(requests, rows)}


def cancel(delivery: Delivery, at: datetime) -> Delivery:
    """The delivery that will not be sent any more."""
    return {**delivery, "cancelled_at": at}


def has_left(delivery: Delivery) -> bool:
    """Whether anything went out that only the receiver can give back; before that, a recall is a matter of our own."""
    return delivery["transport"] in (PROCESSING, DONE)


def concerns(delivery: Delivery) -> bool:
    """Whether the receiver still has the document: not refused, not given back, not cancelled."""
    told = {row["code"] for row in delivery["rows"]}
    refused = REFUSED in told and len(told & {"03", "04", "05", "06"}) == 0
    return not (refused or delivery["cancelled_at"] or delivery["standing"] == AGREED)


def answer_to(delivery: Delivery, request: str) -> str | None:
    """15 or 16, or None while the receiver has not answered."""
    return answers(delivery["requests"], delivery["rows"]).get(request)


def transported(delivery: Delivery, transport: str) -> Delivery:
    """The delivery after its package moved; what was acknowledged stays so."""
    return delivery if delivery["transport"] == DONE else {**delivery, "transport": transport}


def find(deliveries: Sequence[Delivery], receiver: str) -> Delivery | None:
    """The delivery to one agency."""
    return next((delivery for delivery in deliveries if delivery["receiver"] == receiver), None)


def replaced(deliveries: Sequence[Delivery], changed: Delivery) -> list[Delivery]:
    """All deliveries with one of them as it is now."""
    return [changed if one["receiver"] == changed["receiver"] else one for one in deliveries]
