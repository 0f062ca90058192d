"""Workbooks: each table on a sheet with a name of its own, values in their own types, a total that is not sorted."""

import io
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import load_workbook

from shared.sheets import Sheet, write_book, write_sheet

MADE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
COLUMNS = [("Tên", 20.0), ("Số", 10.0)]


def sheet(title: str, **more: Any) -> Sheet:
    return Sheet(
        title, "Sở Xây dựng", MADE, [title, ("Từ ngày", date(2026, 11, 1))], COLUMNS, [["=1+1", 2], ["b", 3.5]], **more
    )


def test_sheets_have_names_that_workbooks_allow_and_no_two_the_same() -> None:
    titles = ["Biểu II.06a: tình hình giải quyết", "Biểu II.06a: tình hình giải quyết", "[x]/y*?" + "z" * 40, "'x' "]
    book = load_workbook(io.BytesIO(write_book([sheet(title) for title in titles])))
    names = book.sheetnames
    assert len({name.lower() for name in names}) == len(titles)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_values_are_of_their_types_and_the_total_is_not_filtered() -> None:
    book = load_workbook(io.BytesIO(write_sheet(sheet("Số liệu", total=["Tổng", 5.5]))))
    found = book.worksheets[0]
    assert (found["B2"].value, found["B2"].number_format) == (datetime(2026, 11, 1), "dd/mm/yyyy")
    assert [(row[0].value, row[0].data_type, row[1].value, row[1].data_type) for row in found["A5:B7"]] == [
        ("=1+1", "s", 2, "n"),
        ("b", "s", 3.5, "n"),
        ("Tổng", "s", 5.5, "n"),
    ]
    assert found.auto_filter.ref == "A4:B6"
    assert found.freeze_panes == "B5"
