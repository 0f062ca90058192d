"""What a command found: rows for a terminal or, with `--json`, for a script."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

PROBLEM = "problem"
"""The field that says in words what is not as it should be, empty where all is well."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Report:
    """Rows of one kind; a row with a problem makes the command end with 1."""

    title: str
    columns: Sequence[str]
    rows: list[Row] = field(default_factory=list)

    @property
    def problems(self) -> int:
        """How many rows have one."""
        return sum(bool(row.get(PROBLEM)) for row in self.rows)


def show(report: Report, *, as_json: bool) -> None:
    """Write a report to the standard output."""
    if as_json:
        sys.stdout.write(orjson.dumps({"rows": report.rows, "problems": report.problems}, default=str).decode() + "\n")
        return
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 200)
    table = Table(title=report.title, title_justify="left", box=None, padding=(0, 2), header_style="bold")
    for name in report.columns:
        table.add_column(name, overflow="fold")
    for row in report.rows:
        table.add_row(*_cells(row, report.columns), style="red" if row.get(PROBLEM) else None)
    console.print(table if report.rows else f"{report.title}: none")


def _cells(row: Row, columns: Iterable[str]) -> list[str]:
    return [_text(row.get(name)) for name in columns]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.1f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return str(value)
