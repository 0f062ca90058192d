"""Prints registers and slips as tagged PDF, and registers as spreadsheets with real days and numbers."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from services.document_routing.domain.books import Book, Letterhead, Slip
from shared.printed_text import clean, tidy
from shared.printing import Press
from shared.working_time import VIETNAM

TEMPLATES = Path(__file__).parent / "books"
HEADER_ROW = 4
DAY_FORMAT = "dd/mm/yyyy"
SAMPLE_MARK = "BẢN DỮ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


class TypstBookPrinter:
    """Declared in `ports_read.BookPrinter`."""

    def __init__(self) -> None:
        self._press = Press(TEMPLATES)

    def print_book(self, book: Book) -> bytes:
        """A register as PDF."""
        data = {
            "title": book.title,
            "letterhead": _letterhead(book.letterhead),
            "columns": [{"heading": column.heading, "share": column.share} for column in book.columns],
            "first_day": _text(book.first_day),
            "last_day": _text(book.last_day),
            "keeper": clean(book.keeper),
            "printed_on": _text(book.letterhead.printed_at.astimezone(VIETNAM).date()),
            "lines": [[_text(line[column.key]) for column in book.columns] for line in book.lines],
        }
        return self._press.print("register", data, issued_at=book.letterhead.printed_at)

    def print_slip(self, slip: Slip) -> bytes:
        """An assignment slip as PDF."""
        data = {
            "title": "Phiếu giải quyết văn bản đến",
            "letterhead": _letterhead(slip.letterhead),
            "arrival_number": slip.arrival_number,
            "arrived_on": _text(slip.arrived_on),
            "code": _text(slip.code),
            "issued_on": _text(slip.issued_on),
            "author": _text(slip.author),
            "subject": _text(slip.subject),
            "rows": [{name: _text(value) for name, value in row.items()} for row in slip.rows],
        }
        return self._press.print("slip", data, issued_at=slip.letterhead.printed_at)

    def book_sheet(self, book: Book) -> bytes:
        """A register as XLSX; every text is written as text, so that nothing a person wrote can become a formula."""
        from xlsxwriter import Workbook  # costs memory that only the first sheet should pay

        content = BytesIO()
        with Workbook(content, {"in_memory": True}) as workbook:
            workbook.set_properties(
                {
                    "title": book.title,
                    "author": tidy(book.letterhead.agency),
                    "created": book.letterhead.printed_at.astimezone(UTC).replace(tzinfo=None),
                }
            )
            sheet = workbook.add_worksheet(book.title[:31])
            _write_heading(workbook, sheet, book)
            _write_lines(workbook, sheet, book)
            sheet.freeze_panes(HEADER_ROW + 1, 1)
            sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(book.lines), len(book.columns) - 1)
            sheet.repeat_rows(HEADER_ROW)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.set_footer("&CTrang &P/&N")
        return content.getvalue()


def _write_heading(workbook: Any, sheet: Any, book: Book) -> None:
    bold = workbook.add_format({"bold": True, "font_size": 12})
    sheet.write_string(0, 0, tidy(f"{book.letterhead.parent} – {book.letterhead.agency}").strip(" –").upper(), bold)
    sheet.write_string(1, 0, book.title.upper(), workbook.add_format({"bold": True, "font_size": 14}))
    period = f"Từ ngày {book.first_day:%d/%m/%Y} đến ngày {book.last_day:%d/%m/%Y}"
    sheet.write_string(2, 0, period, workbook.add_format({"italic": True}))
    if book.letterhead.sample:
        sheet.write_string(3, 0, SAMPLE_MARK, workbook.add_format({"bold": True, "font_color": "#A61B1B"}))


def _write_lines(workbook: Any, sheet: Any, book: Book) -> None:
    cell = {"border": 1, "valign": "top", "text_wrap": True}
    heading = workbook.add_format(cell | {"bold": True, "align": "center", "bg_color": "#E8EEF5"})
    formats = {
        str: workbook.add_format(cell | {"num_format": "@"}),
        int: workbook.add_format(cell),
        date: workbook.add_format(cell | {"num_format": DAY_FORMAT}),
    }
    for place, column in enumerate(book.columns):
        sheet.set_column(place, place, column.share * 1.2)
        sheet.write_string(HEADER_ROW, place, column.heading, heading)
    for number, line in enumerate(book.lines, start=HEADER_ROW + 1):
        for place, column in enumerate(book.columns):
            _write_cell(sheet, number, place, line[column.key], formats)


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: Mapping[type, Any]) -> None:
    """Write a value in its own type; what is not known stays an empty cell."""
    if value is None or value == "":
        sheet.write_blank(line, place, None, formats[str])
    elif isinstance(value, date):
        sheet.write_datetime(line, place, datetime(value.year, value.month, value.day), formats[date])
    elif isinstance(value, int):
        sheet.write_number(line, place, value, formats[int])
    else:
        sheet.write_string(line, place, tidy(value), formats[str])


def _letterhead(letterhead: Letterhead) -> dict[str, Any]:
    return {
        "agency": clean(letterhead.agency),
        "parent": clean(letterhead.parent),
        "place": clean(letterhead.place),
        "sample": letterhead.sample,
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else clean(str(value))
