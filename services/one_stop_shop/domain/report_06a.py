"""Biểu II.06a/VPCP/KSTT of Circular 01/2020: what was received and what became of it, by field.

A report that does not add up is not given out: every application received must be either solved or in process,
and every one received came online, directly or from an earlier period.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from services.one_stop_shop.domain.situation import Channel
from shared.errors import Internal

SOLVED = ("early", "on_time", "late")
IN_PROCESS = ("in_time", "overdue")


@dataclass(frozen=True, slots=True)
class Cell:
    """How many applications of one field came through one channel and stand in one of `SOLVED` or `IN_PROCESS`.

    `carried` says that they were received before the period; a missing channel counts as the counter (D 2.10).
    """

    sector: str
    channel: int | None
    carried: bool
    state: str
    count: int


@dataclass(slots=True)
class Row:
    """One line of the report, column by column."""

    field: str
    received: int = 0
    received_online: int = 0
    received_direct: int = 0
    carried_over: int = 0
    solved: int = 0
    solved_early: int = 0
    solved_on_time: int = 0
    solved_late: int = 0
    in_process: int = 0
    in_process_in_time: int = 0
    in_process_late: int = 0

    def to_dict(self) -> dict[str, Any]:
        """The columns by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Report:
    """The lines in order of their fields' names, and their sum."""

    rows: tuple[Row, ...]
    total: Row


TOTAL = "Tổng số"

_DIRECT = (int(Channel.COUNTER), int(Channel.POST), None)
_COLUMNS = {
    "early": "solved_early",
    "on_time": "solved_on_time",
    "late": "solved_late",
    "in_time": "in_process_in_time",
    "overdue": "in_process_late",
}


def report_06a(cells: Iterable[Cell], sectors: Mapping[str, str]) -> Report:
    """Add the cells up by field.

    Raises:
        Internal: when the columns contradict each other.
    """
    rows: dict[str, Row] = {}
    for cell in cells:
        name = sectors.get(cell.sector, cell.sector)
        _count(rows.setdefault(name, Row(name)), cell)
    total = Row(TOTAL)
    for row in rows.values():
        for column in _NUMBERS:
            setattr(total, column, getattr(total, column) + getattr(row, column))
    for row in (*rows.values(), total):
        check_adds_up(row)
    return Report(tuple(rows[name] for name in sorted(rows)), total)


def check_adds_up(row: Row) -> None:
    """Refuse a line whose columns contradict each other."""
    if not (
        row.received == row.solved + row.in_process
        and row.received == row.received_online + row.received_direct + row.carried_over
        and row.solved == row.solved_early + row.solved_on_time + row.solved_late
        and row.in_process == row.in_process_in_time + row.in_process_late
    ):
        raise Internal("report_does_not_add_up", field=row.field)


_NUMBERS = [column.name for column in fields(Row) if column.name != "field"]


def _count(row: Row, cell: Cell) -> None:
    """Count each column from its own condition, so that an unforeseen value shows as a contradiction."""
    row.received += cell.count
    if cell.carried:
        row.carried_over += cell.count
    elif cell.channel == Channel.ONLINE:
        row.received_online += cell.count
    elif cell.channel in _DIRECT:
        row.received_direct += cell.count
    if cell.state in SOLVED:
        row.solved += cell.count
    if cell.state in IN_PROCESS:
        row.in_process += cell.count
    if cell.state in _COLUMNS:
        column = _COLUMNS[cell.state]
        setattr(row, column, getattr(row, column) + cell.count)
