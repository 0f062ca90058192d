"""Figures as tables, as pictures of one of their columns, and as files for spreadsheets.

A picture is drawn as SVG attributes alone (the pages' policy takes no styles), 320 wide, so that its letters have the
size of the page's on a phone. The names of bars are the page's own text: it breaks where a name is long. Whoever
cannot see a picture has the table beside it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | float | None
Row = Sequence[Cell]

WIDTH, LINE_HEIGHT = 320, 150
MOST_BARS = 20
"""Beyond this nobody reads a picture; the table has all."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of each is its name.

    `drawn` is the column of which there is a picture (0: none), as bars or over time as a `line`; `top` is where its
    scale ends unless a value is higher. `units` stand behind the numbers of the columns. What is the
    `total` of the rows is not drawn. Names that are data in Vietnamese alone are `vietnamese`. What `notes` say of a
    name stands below it on the page.
    """

    title: str
    head: Sequence[str]
    rows: Sequence[Row]
    drawn: int = 0
    line: bool = False
    top: float = 0
    units: Sequence[str] = ()
    total: Row | None = None
    vietnamese: bool = False
    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def all_rows(self) -> list[Row]:
        """The rows, and their total below them."""
        return [*self.rows, self.total] if self.total else [*self.rows]

    def unit(self, column: int) -> str:
        """What stands behind the numbers of a column."""
        return self.units[column] if column < len(self.units) else ""

    def headed(self, column: int) -> str:
        """What stands above a column in a file: there the unit is no part of the numbers."""
        unit = self.unit(column).strip()
        return f"{self.head[column]} ({unit})" if unit else self.head[column]


def picture(table: Table) -> dict[str, Any] | None:
    """Where everything lies in the picture of a table; None when there is nothing to draw."""
    values = [_number(row[table.drawn]) for row in table.rows] if table.drawn else []
    known = [value for value in values if value is not None]
    if not known:
        return None
    top = max([table.top, *known]) or 1
    return (_line if table.line else _bars)(table, values, top) | {"unit": table.unit(table.drawn)}


def _number(cell: Cell) -> float | None:
    return cell if isinstance(cell, int | float) else None


def _bars(table: Table, values: Sequence[float | None], top: float) -> dict[str, Any]:
    bars = [
        {"name": str(row[0]), "value": value, "width": round((value or 0) / top * WIDTH, 2)}
        for row, value in list(zip(table.rows, values, strict=True))[:MOST_BARS]
    ]
    return {"kind": "bars", "width": WIDTH, "bars": bars, "more": len(values) > MOST_BARS}


def _line(table: Table, values: Sequence[float | None], top: float) -> dict[str, Any]:
    step = (WIDTH - 40) / max(len(values) - 1, 1)
    dots = [
        {
            "name": str(row[0]).partition("/")[0],
            "value": value,
            "x": round(20 + number * step, 2),
            "y": round(LINE_HEIGHT - 28 - value / top * (LINE_HEIGHT - 56), 2),
        }
        for number, (row, value) in enumerate(zip(table.rows, values, strict=True))
        if value is not None
    ]
    points = " ".join(f"{dot['x']},{dot['y']}" for dot in dots)
    return {"kind": "line", "width": WIDTH, "height": LINE_HEIGHT, "dots": dots, "points": points, "more": False}


def percent(part: float | None, whole: float | None) -> float | None:
    """A share; None where there is nothing to have a share of."""
    return round(100 * part / whole, 1) if part is not None and whole else None


def write_csv(heading: Iterable[Row], tables: Iterable[Table]) -> bytes:
    """All tables below one another, as spreadsheets open them (RFC 4180, with the mark of UTF-8).

    Words that a spreadsheet would take for a formula are marked as words.
    """
    text = io.StringIO()
    written = csv.writer(text)
    written.writerows([_plain(cell) for cell in row] for row in heading)
    for table in tables:
        written.writerow([])
        written.writerow([_plain(table.title)])
        written.writerow([_plain(table.headed(column)) for column in range(len(table.head))])
        written.writerows([_plain(cell) for cell in row] for row in table.all_rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
