"""The nine statuses of a document at one receiver, and where the receiver stands after any set of them (D 3.3).

Rows and requests come from many systems, late, doubled and in any order. Both are kept as sets by their ids, and the
standing is a function of the sets alone; so whatever the order of arrival, the end is the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NotRequired, TypedDict

ARRIVED, REFUSED, REGISTERED, ASSIGNED, WORKED_ON, COMPLETED = "01", "02", "03", "04", "05", "06"
RECALL_ASKED, AGREED, DECLINED = "13", "15", "16"

NAMES = {
    ARRIVED: "Đã đến",
    REFUSED: "Từ chối tiếp nhận",
    REGISTERED: "Đã tiếp nhận",
    ASSIGNED: "Phân công xử lý",
    WORKED_ON: "Đang xử lý",
    COMPLETED: "Hoàn thành",
    RECALL_ASKED: "Yêu cầu lấy lại",
    AGREED: "Đồng ý yêu cầu cập nhật, lấy lại",
    DECLINED: "Từ chối yêu cầu cập nhật, lấy lại",
}
"""Every code with its official words; there are no others in use."""

NAMES_EN = {
    ARRIVED: "Arrived",
    REFUSED: "Refused",
    REGISTERED: "Registered",
    ASSIGNED: "Assigned",
    WORKED_ON: "Being worked on",
    COMPLETED: "Completed",
    RECALL_ASKED: "Asked back",
    AGREED: "Agreed to correct or give back",
    DECLINED: "Refused to correct or give back",
}
"""The same for those who read English."""

PROGRESS = (ARRIVED, REFUSED, REGISTERED, ASSIGNED, WORKED_ON, COMPLETED)
"""How far the receiver is; whoever has registered a document did not refuse it."""

OPEN = frozenset({REGISTERED, ASSIGNED, WORKED_ON})
"""Statuses in which the receiver still has something to do."""

_ORDER = {code: place for place, code in enumerate(NAMES)}


class RequestKind(StrEnum):
    """What a sender may want of a document that has arrived."""

    RECALL = "recall"
    UPDATE = "update"
    REPLACE = "replace"


ENDING = (RequestKind.RECALL, RequestKind.REPLACE)
"""Whoever agrees to one of these gives the document up: nothing that was asked besides is left to answer."""

SKEW = timedelta(minutes=5)
"""How far the clock of another system may be from ours."""


class Row(TypedDict):
    """One status that was told; `request` is what an answer (15, 16) answers, None when its sender did not say.

    `by` names who refused or answered, where that is known.
    """

    id: str
    code: str
    at: datetime
    reason: str
    request: str | None
    by: NotRequired[str]


class Asked(TypedDict):
    """One request of the sender."""

    id: str
    kind: str
    at: datetime
    reason: str


def merge_row(rows: Sequence[Row], row: Row) -> list[Row]:
    """The rows with one more, in order of their moments; one that is there already changes nothing.

    Of two rows with the same id but different contents, the one that sorts first stays, whichever came first.
    """
    by_id = {known["id"]: known for known in rows}
    known = by_id.get(row["id"])
    by_id[row["id"]] = row if known is None else min(known, row, key=_row_order)
    return sorted(by_id.values(), key=_row_order)


def merge_request(requests: Sequence[Any], asked: Any) -> list[Any]:
    """The requests with one more, in order of their moments; one that is there already changes nothing."""
    by_id = {known["id"]: known for known in [asked, *requests]}
    return sorted(by_id.values(), key=lambda known: (known["at"], known["id"]))


def answers(requests: Sequence[Asked], rows: Iterable[Row]) -> dict[str, str]:
    """Which requests were answered, and how; the first answer to a request counts.

    Whoever gave the document up has thereby agreed to everything else that was asked.
    """
    given: dict[str, str] = {}
    for row in sorted(rows, key=_row_order):
        if row["code"] in (AGREED, DECLINED):
            about = row["request"] or _meant(requests, row, given)
            if about:
                given.setdefault(about, row["code"])
    if _given_up(requests, given):
        given = {asked["id"]: AGREED for asked in requests} | given
    return given


def standing(requests: Sequence[Asked], rows: Sequence[Row]) -> str | None:
    """Where the receiver stands: how far it is, 13 while a recall waits for its answer, 15 once it gave it up.

    A receiver that refused the document has nothing to give back, whatever was asked meanwhile.
    """
    given = answers(requests, rows)
    if _given_up(requests, given):
        return AGREED
    reached = progress(rows)
    recalls = [given.get(asked["id"]) for asked in requests if asked["kind"] == RequestKind.RECALL]
    return RECALL_ASKED if None in recalls and reached != REFUSED else reached


def _given_up(requests: Sequence[Asked], given: Mapping[str, str]) -> bool:
    return any(asked["kind"] in ENDING and given.get(asked["id"]) == AGREED for asked in requests)


def progress(rows: Iterable[Row]) -> str | None:
    """How far the receiver is, whatever was asked of it."""
    told = {row["code"] for row in rows}
    return next((code for code in reversed(PROGRESS) if code in told), None)


def _meant(requests: Sequence[Asked], row: Row, given: Mapping[str, str]) -> str | None:
    """What an answer means that does not say it: the oldest request made before it that has no answer yet."""
    waiting = [one for one in requests if one["id"] not in given and one["at"] <= row["at"] + SKEW]
    return min(waiting, key=lambda asked: (asked["at"], asked["id"]))["id"] if waiting else None


def _row_order(row: Row) -> tuple[datetime, int, str, str]:
    return row["at"], _ORDER.get(row["code"], len(_ORDER)), row["id"], row["reason"]
