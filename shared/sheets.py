"""Registers as spreadsheets: real days, moments and numbers, so that officers can sort and filter them.

Every text is written as text, so that nothing a person wrote can become a formula.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from shared.printed_text import tidy

DAY_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"
SAMPLE_MARK = "BẢN DỮ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

Value = str | int | float | date | datetime | None
"""What a cell shows; a moment is without a zone, as the clock on the wall has it. A float has two digits."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table under its heading: who keeps it, its title, and further lines; `frozen` columns stay in sight."""

    title: str
    author: str
    made_at: datetime
    heading: Sequence[str]
    columns: Sequence[tuple[str, float]]
    """What stands above each column, and its width in letters."""
    rows: Sequence[Sequence[Value]]
    sample: bool = False
    subject: str = ""
    frozen: int = 1


def write_sheet(register: Sheet) -> bytes:
    """An XLSX file; the same register gives the same bytes."""
    from xlsxwriter import Workbook  # costs memory that only the first sheet should pay

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        about = {"title": register.title, "author": tidy(register.author), "subject": register.subject}
        workbook.set_properties(about | {"created": register.made_at.astimezone(UTC).replace(tzinfo=None)})
        sheet = workbook.add_worksheet(register.title[:31])
        _write_heading(workbook, sheet, register)
        top = len(register.heading) + 1
        _write_table(workbook, sheet, register, top)
        sheet.autofilter(top, 0, top + len(register.rows), len(register.columns) - 1)
        sheet.freeze_panes(top + 1, register.frozen)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&CTrang &P/&N")
    return content.getvalue()


def _write_heading(workbook: Any, sheet: Any, register: Sheet) -> None:
    looks = ({"bold": True, "font_size": 12}, {"bold": True, "font_size": 14})
    for line, text in enumerate(register.heading):
        look = looks[line] if line < len(looks) else {"italic": True}
        sheet.write_string(line, 0, text, workbook.add_format(look))
    if register.sample:
        warning = workbook.add_format({"bold": True, "font_color": "#A61B1B"})
        sheet.write_string(len(register.heading), 0, SAMPLE_MARK, warning)


def _write_table(workbook: Any, sheet: Any, register: Sheet, top: int) -> None:
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    heading = workbook.add_format(cell | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF5"})
    formats = {
        str: workbook.add_format(cell | {"num_format": "@"}),
        int: workbook.add_format(cell),
        float: workbook.add_format(cell | {"num_format": "0.00"}),
        date: workbook.add_format(cell | {"num_format": DAY_FORMAT}),
        datetime: workbook.add_format(cell | {"num_format": MOMENT_FORMAT}),
    }
    for place, (name, width) in enumerate(register.columns):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, name, heading)
    for line, row in enumerate(register.rows, start=top + 1):
        for place, value in enumerate(row):
            _write_cell(sheet, line, place, value, formats)


def _write_cell(sheet: Any, line: int, place: int, value: Value, formats: Mapping[type, Any]) -> None:
    """Write a value in its own type; what is not known stays an empty cell."""
    if value is None or value == "":
        sheet.write_blank(line, place, None, formats[str])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, value, formats[datetime if isinstance(value, datetime) else date])
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value, formats[type(value)])
    else:
        sheet.write_string(line, place, tidy(value), formats[str])
