"""Writes the register of applications (form 07, or 06 of the 2018 set) as a spreadsheet.

Dates and counts are real dates and numbers, so that officers can sort and filter them; every text is written
as text, so that nothing a person wrote can become a formula.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.one_stop_shop.adapters.form_text import vietnam_time
from services.one_stop_shop.domain.form_sets import form_name
from services.one_stop_shop.domain.forms import Register, RegisterRow
from shared.printed_text import tidy

MOMENT_FORMAT = "dd/mm/yyyy hh:mm"
SAMPLE_MARK = "BẢN DỮ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
HEADER_ROW = 5

Value = str | int | datetime | None


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
    name = form_name(register.letterhead.form_set, register.kind)
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        workbook.set_properties(
            {
                "title": name.title,
                "author": tidy(register.letterhead.body),
                "subject": f"Mẫu số {name.number}, {name.circular}",
                "created": register.letterhead.issued_at.astimezone(UTC).replace(tzinfo=None),
            }
        )
        sheet = workbook.add_worksheet(name.title)
        _write_heading(workbook, sheet, register)
        _write_table(workbook, sheet, register.rows)
        _prepare_paper(sheet, len(register.rows))
    return content.getvalue()


def _write_heading(workbook: Workbook, sheet: Worksheet, register: Register) -> None:
    """The issuing body, the title and the period above the table."""
    name = form_name(register.letterhead.form_set, register.kind)
    book = f" – Quyển số: {tidy(register.book)}" if register.book else ""
    period = f"Từ ngày {register.first_day:%d/%m/%Y} đến ngày {register.last_day:%d/%m/%Y}{book}"
    bold = workbook.add_format({"bold": True, "font_size": 12})
    sheet.write_string(0, 0, tidy(f"{register.letterhead.parent_body} – {register.letterhead.body}").upper(), bold)
    sheet.write_string(1, 0, name.title.upper(), workbook.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(2, 0, period, workbook.add_format({"italic": True}))
    sheet.write_string(3, 0, f"Mẫu số {name.number} ({name.circular})", workbook.add_format({"italic": True}))
    if register.letterhead.sample:
        warning = workbook.add_format({"bold": True, "font_color": "#A61B1B"})
        sheet.write_string(4, 0, SAMPLE_MARK, warning)


def _write_table(workbook: Workbook, sheet: Worksheet, rows: tuple[RegisterRow, ...]) -> None:
    """The headings and one line per application, numbered from 1."""
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    heading = workbook.add_format(cell | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF5"})
    text = workbook.add_format(cell | {"num_format": "@"})
    number = workbook.add_format(cell)
    moment = workbook.add_format(cell | {"num_format": MOMENT_FORMAT})
    sheet.set_column(0, 0, 6)
    sheet.write_string(HEADER_ROW, 0, "TT", heading)
    for place, column in enumerate(COLUMNS, start=1):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEADER_ROW, place, column.heading, heading)
    for line, row in enumerate(rows, start=1):
        sheet.write_number(HEADER_ROW + line, 0, line, number)
        for place, column in enumerate(COLUMNS, start=1):
            _write_cell(sheet, HEADER_ROW + line, place, column.value(row), (text, number, moment))


def _write_cell(sheet: Worksheet, line: int, place: int, value: Value, formats: tuple[Format, ...]) -> None:
    """Write a value in its own type; what is not known stays an empty cell."""
    text, number, moment = formats
    if value is None or value == "":
        sheet.write_blank(line, place, None, text)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, vietnam_time(value).replace(tzinfo=None), moment)
    elif isinstance(value, int):
        sheet.write_number(line, place, value, number)
    else:
        sheet.write_string(line, place, tidy(value), text)


def _prepare_paper(sheet: Worksheet, rows: int) -> None:
    """Filters and frozen headings for the screen; A4 landscape with repeated headings for paper."""
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + rows, len(COLUMNS))
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&CTrang &P/&N")
