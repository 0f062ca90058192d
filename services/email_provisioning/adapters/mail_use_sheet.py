"""Writes the figures of official mail as a spreadsheet, one line for each agency."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from shared.sheets import Sheet, Value, write_sheet
from shared.working_time import VIETNAM

TITLE = "Thống kê hộp thư điện tử công vụ"
COLUMNS = (
    ("TT", 6),
    ("Mã cơ quan", 14),
    ("Cơ quan", 44),
    ("Số cán bộ", 10),
    ("Có hộp thư", 10),
    ("Tỷ lệ có hộp thư (%)", 12),
    ("Số hộp thư", 10),
    ("Chưa có số liệu", 10),
    ("Sử dụng thường xuyên", 13),
    ("Tỷ lệ sử dụng thường xuyên (%)", 15),
)


def mail_use_sheet(report: Mapping[str, Any], author: str) -> bytes:
    """A report as an XLSX file: agencies, then the sum, in which nobody is counted twice."""
    first, last = (date.fromisoformat(report[name]) for name in ("first_day", "last_day"))
    taken_at: datetime = report["taken_at"]
    period = f"Từ ngày {first:%d/%m/%Y} đến ngày {last:%d/%m/%Y}"
    lines = [[number, row["agency"], row["name"], *_figures(row)] for number, row in enumerate(report["agencies"], 1)]
    return write_sheet(
        Sheet(
            title=TITLE,
            author=author,
            made_at=taken_at,
            heading=(
                author.upper(),
                TITLE.upper(),
                f"{period}, số liệu lúc {taken_at.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}",
                f"Thường xuyên: có sử dụng trong ít nhất {report['least_days']} ngày của kỳ",
            ),
            columns=COLUMNS,
            rows=[*lines, [None, None, "Tổng cộng", *_figures(report["total"])]],
            frozen=3,
        )
    )


def _figures(row: Mapping[str, Any]) -> list[Value]:
    coverage, regular = row["coverage"], row["regular_use"]
    return [
        coverage["denominator"],
        coverage["numerator"],
        coverage["value"],
        row["mailboxes"],
        row["not_reported"],
        regular["numerator"],
        regular["value"],
    ]
