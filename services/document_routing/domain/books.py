"""The registers and the slip as they are printed: Decree 30/2020, Annex IV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.document_routing.domain.deliveries import current, is_returned
from services.document_routing.domain.document_types import RESULT


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a register: what of a line it shows, its heading, and its share of the width."""

    key: str
    heading: str
    share: int


OUTGOING_COLUMNS = (
    Column("code", "Số, ký hiệu văn bản", 14),
    Column("issued_on", "Ngày tháng văn bản", 10),
    Column("kind_and_subject", "Tên loại và trích yếu nội dung văn bản", 34),
    Column("signer_name", "Người ký", 14),
    Column("receivers", "Nơi nhận văn bản", 26),
    Column("archive_unit", "Đơn vị, người nhận bản lưu", 14),
    Column("copies", "Số lượng bản", 7),
    Column("note", "Ghi chú", 14),
)

INCOMING_COLUMNS = (
    Column("arrived_on", "Ngày đến", 9),
    Column("arrival_number", "Số đến", 7),
    Column("author", "Tác giả", 20),
    Column("code", "Số, ký hiệu văn bản", 13),
    Column("issued_on", "Ngày tháng văn bản", 9),
    Column("kind_and_subject", "Tên loại và trích yếu nội dung văn bản", 32),
    Column("handler", "Đơn vị hoặc người nhận", 18),
    Column("passed_on", "Ngày chuyển", 9),
    Column("due_on", "Hạn giải quyết", 9),
    Column("received_by", "Ký nhận", 9),
    Column("note", "Ghi chú", 13),
)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who prints what when: the agency and the one above it, the place, the moment, whether the data are samples."""

    agency: str
    parent: str
    place: str
    printed_at: datetime
    sample: bool


@dataclass(frozen=True, slots=True)
class Book:
    """A register of a period; the values of its lines are texts, whole numbers and days."""

    title: str
    columns: tuple[Column, ...]
    letterhead: Letterhead
    first_day: date
    last_day: date
    keeper: str
    lines: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """The assignment slip (phiếu giải quyết văn bản đến) with a row for every assignment."""

    letterhead: Letterhead
    arrival_number: int
    arrived_on: date
    code: str
    issued_on: date
    author: str
    subject: str
    rows: tuple[Mapping[str, Any], ...]


def kind_and_subject(kind: str, subject: str) -> str:
    """Kind and subject as one line of a register; a subject that begins as its kind does says it once."""
    said = "Kết quả" if kind == RESULT else kind.partition(" (")[0]
    repeated = subject.casefold().startswith(f"{said} ".casefold())
    return f"{kind} {subject[len(said) + 1 :] if repeated else subject}"


def outgoing_line(document: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """A line of the register of outgoing documents."""
    notes = [
        _recalled(document["deliveries"]),
        "Đã được thay thế" if document["replaced_by"] else "",
        "Văn bản giấy" if document["medium"] == "paper" and document["source"] != "one_stop_shop" else "",
    ]
    return {
        "id": document["_id"],
        "number": document["number"],
        "code": document["code"],
        "issued_on": date.fromisoformat(document["issued_on"]),
        "kind_and_subject": kind_and_subject(kind, document["subject"]),
        "signer_name": document["signer"]["name"] if document["signer"] else "",
        "receivers": "; ".join([*(one["name"] for one in current(document["deliveries"])), *document["places"]]),
        "archive_unit": document["unit"]["name"] if document["unit"] else "Văn thư",
        "copies": document["copies"],
        "note": _joined(notes),
    }


def _recalled(deliveries: Sequence[Mapping[str, Any]]) -> str:
    """What came of a recall: an agreement of one receiver, else a question that is open, else every one's refusal."""
    asked = [one for one in deliveries if any(request["kind"] == "recall" for request in one["requests"])]
    if any(one["cancelled"] for one in current(deliveries)) or any(is_returned(one) for one in asked):
        return "Thu hồi"
    if any(one["standing"] == "13" for one in asked):
        return "Đã đề nghị thu hồi"
    return "Bị từ chối thu hồi" if asked else ""


def incoming_line(arrival: Mapping[str, Any], kind: str, day: Any) -> dict[str, Any]:
    """A line of the register of incoming documents; `day` tells the day of a moment."""
    assigned = arrival["assignments"][0] if arrival["assignments"] else None
    last = arrival["assignments"][-1]["lead"] if arrival["assignments"] else None
    notes = [
        "Văn bản giấy" if arrival["medium"] == "paper" else "",
        _given_up(arrival),
        f"Trả lời: {arrival['reply']['code']}" if arrival["reply"] else "",
    ]
    return {
        "id": arrival["_id"],
        "arrived_on": day(arrival["arrived_at"]),
        "arrival_number": arrival["arrival_number"],
        "author": arrival["sender_name"],
        "code": arrival["code"],
        "issued_on": date.fromisoformat(arrival["issued_on"]),
        "kind_and_subject": kind_and_subject(kind, arrival["subject"]),
        "handler": _handler(last) if last else "",
        "passed_on": day(assigned["at"]) if assigned else None,
        "received_by": "",
        "due_on": _day_given(arrival, day),
        "note": _joined(notes),
    }


def _given_up(arrival: Mapping[str, Any]) -> str:
    if arrival["status"] != "15":
        return ""
    replaced_by = arrival["replaced_by_code"]
    return f"Đã được thay thế bằng {replaced_by}" if replaced_by else "Đã trả lại theo yêu cầu thu hồi"


def slip_rows(arrival: Mapping[str, Any], day: Any) -> tuple[Mapping[str, Any], ...]:
    """What the leader wrote, row by row; the last one with the deadline that holds now, should it have moved since."""
    *earlier, last = arrival["assignments"] or [None]
    rows = [*earlier, {**last, "handle_by": arrival.get("handle_by"), "due_at": arrival["due_at"]}] if last else []
    return tuple(
        {
            "opinion": row["opinion"],
            "lead": _handler(row["lead"]),
            "co_operating": "; ".join(_handler(one) for one in row["co_operating"]),
            "due_on": _day_given(row, day),
            "by": row["by"],
            "at": day(row["at"]),
        }
        for row in rows
    )


def _day_given(row: Mapping[str, Any], day: Any) -> date | None:
    """The deadline as the leader or the sender gave it; on a day off it ends with the next working day."""
    if row.get("handle_by"):
        return date.fromisoformat(row["handle_by"])
    return day(row["due_at"]) if row["due_at"] else None


def _handler(handler: Mapping[str, Any]) -> str:
    return " – ".join(part for part in (handler["unit"], handler["officer_name"]) if part)


def _joined(notes: Sequence[str]) -> str:
    return "; ".join(note for note in notes if note)
