"""Registers as spreadsheets: real days, moments and numbers, so that officers can sort and filter them.

Every text is written as text, so that nothing a person wrote can become a formula.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

from shared.printed_text import tidy

DAY_FORMAT = "dd/mm/yyyy"
MOMENT_FORMAT = "dd/mm/yyyy hh:mm"
SAMPLE_MARK = "BẢN DỮ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"

_NO_TAB = re.compile(r"[\[\]:*?/\\]")

Value = str | int | float | date | datetime | None
"""What a cell shows; a moment is without a zone, as the clock on the wall has it. A float has two digits."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table under its heading: who keeps it, its title, and further lines; `frozen` columns stay in sight."""

    title: str
    author: str
    made_at: datetime
    heading: Sequence[str | tuple[str, Value]]
    """Its lines: words, or what is said with a value beside it."""
    columns: Sequence[tuple[str, float]]
    """What stands above each column, and its width in letters."""
    rows: Sequence[Sequence[Value]]
    sample: bool = False
    subject: str = ""
    frozen: int = 1
    total: Sequence[Value] | None = None
    """A last row, which is neither sorted nor filtered with the others."""


def write_sheet(register: Sheet) -> bytes:
    """An XLSX file; the same register gives the same bytes."""
    return write_book([register])


def write_book(registers: Sequence[Sheet]) -> bytes:
    """An XLSX file with several tables, each on a sheet of its own; described as the first."""
    from xlsxwriter import Workbook  # costs memory that only the first sheet should pay

    content, first = BytesIO(), registers[0]
    with Workbook(content, {"in_memory": True}) as workbook:
        about = {"title": first.title, "author": tidy(first.author), "subject": first.subject}
        workbook.set_properties(about | {"created": first.made_at.astimezone(UTC).replace(tzinfo=None)})
        for register in registers:
            _write_register(workbook, workbook.add_worksheet(_tab(register.title, workbook)), register)
    return content.getvalue()


def _tab(title: str, workbook: Any) -> str:
    """A name for a sheet: at most 31 letters, none of which names a place, and no other sheet's."""
    plain = _NO_TAB.sub(" ", title).strip("' ")
    taken = {sheet.get_name().lower() for sheet in workbook.worksheets()}
    names = (plain[:31], *(f"{plain[:27]} {number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name.lower() not in taken)


def _write_register(workbook: Any, sheet: Any, register: Sheet) -> None:
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


def _write_heading(workbook: Any, sheet: Any, register: Sheet) -> None:
    looks = ({"bold": True, "font_size": 12}, {"bold": True, "font_size": 14})
    for line, said in enumerate(register.heading):
        look = looks[line] if line < len(looks) else {"italic": True}
        text, *values = (said,) if isinstance(said, str) else said
        sheet.write_string(line, 0, text, workbook.add_format(look))
        for value in values:
            _write_cell(sheet, line, 1, value, _formats(workbook, look | {"align": "left"}))
    if register.sample:
        warning = workbook.add_format({"bold": True, "font_color": "#A61B1B"})
        sheet.write_string(len(register.heading), 0, SAMPLE_MARK, warning)


def _write_table(workbook: Any, sheet: Any, register: Sheet, top: int) -> None:
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    heading = workbook.add_format(cell | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#E8EEF5"})
    formats = _formats(workbook, cell)
    for place, (name, width) in enumerate(register.columns):
        sheet.set_column(place, place, width)
        sheet.write_string(top, place, name, heading)
    for line, row in enumerate(register.rows, start=top + 1):
        for place, value in enumerate(row):
            _write_cell(sheet, line, place, value, formats)
    if register.total:
        strong = _formats(workbook, cell | {"bold": True, "top": 2})
        for place, value in enumerate(register.total):
            _write_cell(sheet, top + 1 + len(register.rows), place, value, strong)


def _formats(workbook: Any, look: Mapping[str, Any]) -> dict[type, Any]:
    """How values of each type are written."""
    shown = {str: "@", int: "0", float: "0.00", date: DAY_FORMAT, datetime: MOMENT_FORMAT}
    return {kind: workbook.add_format({**look, "num_format": pattern}) for kind, pattern in shown.items()}


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
