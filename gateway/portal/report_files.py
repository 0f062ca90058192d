"""The tables of a report as files: as CSV, and as a workbook with numbers and days as such and headings that stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gateway.portal.charts import Table, write_csv
from gateway.portal.language import clock, day
from gateway.portal.language import gettext as _
from shared.sheets import Sheet, Value, write_book
from shared.working_time import VIETNAM

_WIDE, _NARROW = 46.0, 16.0
"""Widths in letters: of what rows are called, and of figures."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a file says above its tables: of whom it is, of which days (ISO 8601), and when its figures were taken."""

    title: str
    caption: str
    first: str
    last: str
    taken: str


def as_csv(heading: Heading, tables: Sequence[Table]) -> bytes:
    """All tables below one another."""
    above = [
        (heading.title, heading.caption),
        (_("Từ ngày"), day(heading.first)),
        (_("Đến ngày"), day(heading.last)),
        (_("Số liệu lúc"), clock(heading.taken) if heading.taken else ""),
    ]
    return write_csv(above, tables)


def as_workbook(heading: Heading, tables: Sequence[Table]) -> bytes:
    """An XLSX file."""
    taken = datetime.fromisoformat(heading.taken).astimezone(VIETNAM) if heading.taken else None
    above: list[str | tuple[str, Value]] = [
        (_("Từ ngày"), date.fromisoformat(heading.first)),
        (_("Đến ngày"), date.fromisoformat(heading.last)),
        (_("Số liệu lúc"), taken and taken.replace(tzinfo=None)),
    ]
    made = taken or datetime.now(VIETNAM)
    return write_book([_sheet(heading, above, made, table) for table in tables])


def _sheet(heading: Heading, above: Sequence[str | tuple[str, Value]], made: datetime, table: Table) -> Sheet:
    said = [heading.caption or heading.title, table.title, *above, *([table.note] if table.note else ())]
    widths = [_WIDE, *[_NARROW] * (len(table.head) - 1)]
    return Sheet(
        title=table.title,
        author=heading.caption,
        made_at=made,
        heading=said,
        columns=[(table.headed(column), width) for column, width in enumerate(widths)],
        rows=table.rows,
        subject=heading.title,
        total=table.total,
    )
