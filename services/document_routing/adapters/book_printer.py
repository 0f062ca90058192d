"""Prints registers and slips as tagged PDF, and registers as spreadsheets with real days and numbers."""

from datetime import date
from pathlib import Path
from typing import Any

from services.document_routing.domain.books import Book, Letterhead, Slip
from shared.printed_text import clean, tidy
from shared.printing import Press
from shared.sheets import Sheet, write_sheet
from shared.working_time import VIETNAM

TEMPLATES = Path(__file__).parent / "books"


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
            "printed_on": _in_words(book.letterhead.printed_at.astimezone(VIETNAM).date()),
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
        """A register as XLSX."""
        head = book.letterhead
        return write_sheet(
            Sheet(
                title=book.title,
                author=head.agency,
                made_at=head.printed_at,
                heading=(
                    tidy(f"{head.parent} – {head.agency}").strip(" –").upper(),
                    book.title.upper(),
                    f"Từ ngày {book.first_day:%d/%m/%Y} đến ngày {book.last_day:%d/%m/%Y}",
                ),
                columns=[(column.heading, column.share * 1.2) for column in book.columns],
                rows=[[line[column.key] for column in book.columns] for line in book.lines],
                sample=head.sample,
            )
        )


def _letterhead(letterhead: Letterhead) -> dict[str, Any]:
    return {
        "agency": clean(letterhead.agency),
        "parent": clean(letterhead.parent),
        "place": clean(letterhead.place),
        "sample": letterhead.sample,
    }


def _in_words(day: date) -> str:
    """As Decree 30 writes a date: days below ten and the first two months with a zero."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else clean(str(value))
