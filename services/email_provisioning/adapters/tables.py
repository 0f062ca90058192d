"""Reads tables that people upload, CSV and XLSX, into plain texts; nothing in them is ever evaluated."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.email_provisioning.domain.tables import folded
from shared.errors import Invalid

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 50_000, 60, 2_000
MOST_UNPACKED = 300 * 1024 * 1024
"""A spreadsheet that unpacks to more is no table of people or agencies."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"

Row = tuple[int, dict[str, str]]


def read_table(content: bytes, media_type: str) -> tuple[dict[str, str], list[Row]]:
    """The header (each column's folded name and how it is written) and the rows that are not empty, with their lines.

    Raises:
        Invalid: `table_unreadable`, `table_empty`, `table_too_large`, or `columns_repeated`.
    """
    lines = enumerate(_csv_lines(content) if media_type == CSV else _sheet_lines(content), start=1)
    written = _header(next((cells for _, cells in lines if any(cells)), []))
    names = list(written)
    rows: list[Row] = []
    for line, cells in lines:
        values = {name: text for name, text in zip(names, cells, strict=False) if text}
        if values:
            rows.append((line, values))
        if len(rows) > MOST_ROWS:
            raise Invalid("table_too_large", rows=MOST_ROWS)
    if not rows:
        raise Invalid("table_empty")
    return written, rows


def _header(cells: list[str]) -> dict[str, str]:
    while cells and not cells[-1]:
        cells.pop()
    if not cells:
        raise Invalid("table_empty")
    names = [folded(cell) or f"column_{number}" for number, cell in enumerate(cells, start=1)]
    if len(set(names)) < len(names):
        raise Invalid("columns_repeated", columns=", ".join(sorted({name for name in names if names.count(name) > 1})))
    return dict(zip(names, cells, strict=True))


def _csv_lines(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("table_unreadable") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_text(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Invalid("table_unreadable") from error


def _sheet_lines(content: bytes) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # takes memory and time, and is seldom needed
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _refuse_bomb(content)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            for cells in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS, max_row=2 * MOST_ROWS, values_only=True):
                yield [_text(cell) for cell in cells]
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError) as error:
        raise Invalid("table_unreadable") from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse what would unpack without end, and parts with a document type, which no spreadsheet program writes."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
            raise Invalid("table_too_large", rows=MOST_ROWS)
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(1024):
                        raise Invalid("table_unreadable")


def _text(cell: Any) -> str:
    """A cell as people see it: days as days, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())[:MOST_LETTERS]
