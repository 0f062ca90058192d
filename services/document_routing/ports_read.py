"""What questions need from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from services.document_routing.domain.books import Book, Slip
from services.document_routing.domain.figures import Facts
from services.document_routing.domain.numbering import Series

Row = dict[str, Any]
Position = Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, and the position behind them when more may follow."""

    rows: list[Row]
    next: Position | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What is wanted of one agency's documents; `keys` are those of `domain.search`, all of which must fit.

    `handler` is an officer whose open jobs are meant. `due_from` and `due_before` bound the deadline of open jobs.
    """

    agency: str
    keys: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    handler: str | None = None
    issued_from: str | None = None
    issued_to: str | None = None
    arrived_from: datetime | None = None
    arrived_before: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A period as moments, its end excluded, and the moment at which what is still open is judged."""

    first: datetime
    end: datetime
    judged_at: datetime


class Registers(Protocol):
    """Reads the registers, and counts."""

    def outgoing(self, agency: str, first: date, last: date, *, after: Position | None, limit: int) -> Page:
        """Issued documents of those days, in order of their numbers."""

    def incoming(self, agency: str, span: Span, *, after: Position | None, limit: int) -> Page:
        """Arrivals registered in that time, in order of their numbers."""

    def facts(self, agencies: Sequence[str], first: date, last: date, span: Span) -> Facts:
        """What is counted of some agencies and a period."""

    def last_number(self, series: Series) -> int:
        """The last number that a series gave; 0 before its first."""

    def skipped(self, series: Series) -> list[Row]:
        """The runs of numbers that were left out on purpose: `first`, `last`, `by`, `reason` and `at` of each."""

    def numbers(self, series: Series) -> list[int]:
        """All numbers of a series that stand in the register, in order."""


class BookPrinter(Protocol):
    """Prints registers and slips."""

    def print_book(self, book: Book) -> bytes:
        """A register as PDF; the same register gives the same bytes."""

    def print_slip(self, slip: Slip) -> bytes:
        """An assignment slip as PDF."""

    def book_sheet(self, book: Book) -> bytes:
        """A register as a spreadsheet."""


class Questions(Protocol):
    """Reads documents, or arrivals."""

    def find(self, aggregate: str) -> Row | None:
        """One aggregate without its history."""

    def page(self, wanted: Filter, *, after: Position | None, limit: int) -> Page:
        """Newest first; a page may hold fewer rows than wanted although more follow."""

    def count(self, agency: str, conditions: dict[str, Any]) -> dict[str, int]:
        """How many of an agency's aggregates meet each of the named conditions."""

    def handled_by(self, officer: str, *, after: str, limit: int) -> list[str]:
        """The open arrivals that an officer handles, in order of their ids, behind one of them."""

    def history(self, aggregate: str, *, after: int, limit: int) -> list[Row]:
        """The entries behind number `after`, at most `limit`."""

    def whole(self, aggregate: str) -> Row | None:
        """All that is stored, with the history, to be verified."""
