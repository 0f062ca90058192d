"""What becomes of an issued document at each of its receivers, as its sender knows it.

A receiver that refused the document, gave it back or could not be reached may get it once more: that is a further
sending, and the last one counts.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.document_routing.domain.agencies import Reached
from services.document_routing.domain.aggregate import Occasion
from services.document_routing.domain.statuses import (
    AGREED,
    NAMES,
    NAMES_EN,
    RECALL_ASKED,
    REFUSED,
    SKEW,
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

CANCELLED, SENDING, SENT = "cancelled", "sending", "sent"
STATE_NAMES = NAMES | {CANCELLED: "Đã lấy lại", FAILED: "Không gửi được", SENDING: "Đang gửi", SENT: "Đã gửi"}
STATE_NAMES_EN = NAMES_EN | {CANCELLED: "Taken back", FAILED: "Not delivered", SENDING: "Being sent", SENT: "Sent"}
"""Where a document is at a receiver: the receiver's own status, or how far the sending is before there is one."""

TROUBLES = frozenset({REFUSED, RECALL_ASKED, FAILED})
"""States that the sender should look at: it was not taken, never came, or is asked back and not yet given."""

Delivery = Mapping[str, Any]


def address(receivers: Sequence[Mapping[str, Any]], occasion: Occasion, sender: str) -> list[Delivery]:
    """One delivery per receiver that is reached today; what is typed twice, or merged into one, is sent once.

    Raises:
        Invalid: naming each receiver that is unknown, closed without a successor, or the sender itself.
    """
    wrong: list[FieldError] = []
    found: dict[str, Delivery] = {}
    for number, receiver in enumerate(receivers):
        try:
            reached = occasion.directory.reach(receiver["agency"], occasion.today)
        except Error as error:
            code = "agency_closed" if isinstance(error, Conflict) else "agency_unknown"
            wrong.append(field_error(f"receivers.{number}.agency", code, agency=receiver["agency"]))
            continue
        if reached.code == sender:
            wrong.append(field_error(f"receivers.{number}.agency", "receiver_is_sender"))
            continue
        found.setdefault(reached.code, _new(reached, receiver, occasion.now))
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return list(found.values())


def _new(reached: Reached, receiver: Mapping[str, Any], at: datetime) -> Delivery:
    return {
        "receiver": reached.code,
        "sending": 1,
        "sent_at": at,
        "name": reached.name,
        "asked_for": receiver["agency"],
        "purpose": receiver["purpose"],
        "mode": reached.mode,
        "transport": DONE if reached.mode == "paper" else INITIAL,
        "rows": [],
        "requests": [],
        "standing": None,
        "returned": False,
        "cancelled": None,
    }


def by_post(delivery: Delivery) -> Delivery:
    """The delivery of what exists on paper only."""
    return {**delivery, "mode": "paper", "transport": DONE}


def add_row(delivery: Delivery, row: Row) -> Delivery:
    """The delivery with one more status of its receiver, whenever it comes; a status shows that it has arrived."""
    return _after(delivery, delivery["requests"], merge_row(delivery["rows"], row)) | {"transport": DONE}


def ask(delivery: Delivery, request: str, kind: RequestKind, at: datetime, reason: str) -> Delivery:
    """The delivery after the sender asked something of its receiver; a recall is also the row 13."""
    requests = merge_request(delivery["requests"], {"id": request, "kind": str(kind), "at": at, "reason": reason})
    rows = delivery["rows"]
    if kind is RequestKind.RECALL:
        told: Row = {"id": request, "code": RECALL_ASKED, "at": at, "reason": reason, "request": request}
        rows = merge_row(rows, told)
    return _after(delivery, requests, rows)


def _after(delivery: Delivery, requests: Sequence[Any], rows: list[Row]) -> dict[str, Any]:
    """The delivery with these requests and rows, and what they mean."""
    said = {"requests": requests, "rows": rows, "standing": standing(requests, rows)}
    return {**delivery, **said, "returned": _gave_back(requests, rows)}


def _gave_back(requests: Sequence[Any], rows: Sequence[Row]) -> bool:
    given = answers(requests, rows)
    return any(one["kind"] == RequestKind.RECALL and given.get(one["id"]) == AGREED for one in requests)


def state(delivery: Delivery) -> str:
    """Where the document is at this receiver: one of `STATE_NAMES`."""
    if delivery["cancelled"]:
        return CANCELLED
    return delivery["standing"] or {FAILED: FAILED, DONE: SENT}.get(delivery["transport"], SENDING)


def is_troubled(document: Mapping[str, Any]) -> bool:
    """Whether the sender should look at a receiver; what was replaced is no longer looked after."""
    return not document["replaced_by"] and any(state(one) in TROUBLES for one in current(document["deliveries"]))


def is_returned(delivery: Delivery) -> bool:
    """Whether its receiver gave the document back; deliveries of before that was noted say it by their rows."""
    return bool(delivery["returned"]) if "returned" in delivery else _gave_back(delivery["requests"], delivery["rows"])


def cancel(delivery: Delivery, request: str, at: datetime, reason: str) -> Delivery:
    """The delivery that will not be sent any more; the recall is kept, should it turn out to have left already."""
    return {**delivery, "cancelled": {"id": request, "kind": str(RequestKind.RECALL), "at": at, "reason": reason}}


def has_left(delivery: Delivery) -> bool:
    """Whether anything went out that only the receiver can give back; before that, a recall is a matter of our own."""
    return delivery["transport"] in (PROCESSING, DONE)


def concerns(delivery: Delivery) -> bool:
    """Whether the receiver still has the document, or is to get it: not refused, not given back, not cancelled."""
    return not (delivery["cancelled"] or delivery["standing"] in (REFUSED, AGREED))


def may_be_sent_again(delivery: Delivery) -> bool:
    """Whether a new sending is no second copy: the receiver has not got the document, or has it no more."""
    return not concerns(delivery) or delivery["transport"] == FAILED


def open_requests(delivery: Delivery, moment: datetime) -> list[Mapping[str, Any]]:
    """What an answer of that moment can mean: what the sender asked before and the receiver owes an answer to."""
    given = answers(delivery["requests"], delivery["rows"])
    waiting = [one for one in delivery["requests"] if one["id"] not in given and one["at"] <= moment + SKEW]
    return waiting if concerns(delivery) else []


def answer_to(delivery: Delivery, request: str) -> str | None:
    """15 or 16, or None while the receiver has not answered."""
    return answers(delivery["requests"], delivery["rows"]).get(request)


def transported(delivery: Delivery, transport: str) -> Delivery:
    """The delivery after its package moved; what was acknowledged stays so."""
    return delivery if delivery["transport"] == DONE else {**delivery, "transport": transport}


def current(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """The last sending to each receiver."""
    return list({delivery["receiver"]: delivery for delivery in deliveries}.values())


def find(deliveries: Sequence[Delivery], receiver: str) -> Delivery | None:
    """The last sending to one agency."""
    return next((one for one in reversed(deliveries) if one["receiver"] == receiver), None)


def at_moment(deliveries: Sequence[Delivery], receiver: str, moment: datetime) -> Delivery | None:
    """The sending of which an agency spoke at that moment: the last one made before it, else the first."""
    own = [one for one in deliveries if one["receiver"] == receiver]
    return next((one for one in reversed(own) if one["sent_at"] <= moment), own[0] if own else None)


def of_request(deliveries: Sequence[Delivery], receiver: str, request: str) -> Delivery | None:
    """The sending about which an agency was asked something."""
    for one in deliveries:
        known = [*one["requests"], *([one["cancelled"]] if one["cancelled"] else [])]
        if one["receiver"] == receiver and any(asked["id"] == request for asked in known):
            return one
    return None


def replaced(deliveries: Sequence[Delivery], changed: Delivery) -> list[Delivery]:
    """All deliveries with one of them as it is now."""
    key = changed["receiver"], changed["sending"]
    return [changed if (one["receiver"], one["sending"]) == key else one for one in deliveries]
