"""Writes the register of applications (form 07, or 06 of the 2018 set) as a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.one_stop_shop.adapters.form_text import vietnam_time
from services.one_stop_shop.domain.form_sets import form_name
from services.one_stop_shop.domain.forms import Register, RegisterRow
from shared.printed_text import tidy
from shared.sheets import Sheet, Value, write_sheet


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, its width in letters, and what of a row it shows."""

    heading: str
    width: int
    value: Callable[[RegisterRow], Value]


COLUMNS = (
    Column("Mã hồ sơ", 26, lambda row: row.code),
    Column("Thủ tục hành chính", 36, lambda row: row.procedure),
    Column("Nội dung", 36, lambda row: row.subject),
    Column("Người nộp", 26, lambda row: row.submitter),
    Column("Địa chỉ", 32, lambda row: row.address),
    Column("Số điện thoại", 14, lambda row: row.phone),
    Column("Kênh nộp", 14, lambda row: row.channel),
    Column("Số thành phần", 10, lambda row: row.components),
    Column("Nhận hồ sơ", 17, lambda row: row.received_at),
    Column("Hẹn trả kết quả", 17, lambda row: row.due_at),
    Column("Trả kết quả", 17, lambda row: row.returned_at),
    Column("Cơ quan giải quyết", 32, lambda row: row.agency),
    Column("Trạng thái", 18, lambda row: row.status),
    Column("Kết quả giải quyết", 14, lambda row: row.outcome.value if row.outcome else ""),
    Column("Hình thức nhận kết quả", 20, lambda row: row.return_method),
    Column("Ký nhận", 16, lambda row: row.receipt_signature),
    Column("Ghi chú", 30, lambda row: row.note),
)


def register_sheet(register: Register) -> bytes:
    """The register as an XLSX file; the same register gives the same bytes."""
    head = register.letterhead
    name = form_name(head.form_set, register.kind)
    book = f" – Quyển số: {tidy(register.book)}" if register.book else ""
    return write_sheet(
        Sheet(
            title=name.title,
            author=head.body,
            made_at=head.issued_at,
            heading=(
                tidy(f"{head.parent_body} – {head.body}").upper(),
                name.title.upper(),
                f"Từ ngày {register.first_day:%d/%m/%Y} đến ngày {register.last_day:%d/%m/%Y}{book}",
                f"Mẫu số {name.number} ({name.circular})",
            ),
            columns=[("TT", 6), *((column.heading, column.width) for column in COLUMNS)],
            rows=[
                [number, *(_shown(column.value(row)) for column in COLUMNS)]
                for number, row in enumerate(register.rows, start=1)
            ],
            sample=head.sample,
            subject=f"Mẫu số {name.number}, {name.circular}",
            frozen=2,
        )
    )


def _shown(value: Value) -> Value:
    return vietnam_time(value).replace(tzinfo=None) if isinstance(value, datetime) else value
