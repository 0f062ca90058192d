"""What the questions need from outside. Every method may raise `Unavailable` when the database is away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.indicators import Facts
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.report_06a import Cell
from shared.actors import Signature
from shared.history import Command, Entry
from shared.working_time import Calendar, Timetable, YearDays

Row = dict[str, Any]
Position = Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and the position behind them, None when nothing follows; of a page back, the position before them.

    A position lies behind the row that it names: a page after it and a page back from it share none.
    A page may be shorter than asked although more follows: a search that meets few matches among many
    candidates answers in time with what it has found.
    """

    rows: list[Row]
    next: Position | None


@dataclass(frozen=True, slots=True)
class ApplicationFilter:
    """Which applications are wanted: those of one agency, or those of one citizen's parties.

    `statuses` are all those that may match; `waiting` leaves out what is closed in them too, `closed` what is not,
    `collected` the finished whose result is sent. `due_from` and `due_before` bound the deadline, at `near_at` it must
    be near. Every one of the `words` must begin a word of a name, or be one of the numbers, of the application;
    `code_end` ends its code.
    """

    agency: str = ""
    parties: tuple[str, ...] = ()
    statuses: tuple[int, ...] = ()
    waiting: bool = False
    closed: bool = False
    step: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    collected: bool = False
    procedure: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    near_at: datetime | None = None
    code: str | None = None
    code_end: str | None = None
    identity: str | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCount:
    """How many open applications of one status there are, and of these how many are mine, free or overdue."""

    status: int
    all: int
    mine: int
    unclaimed: int
    overdue: int


class ApplicationQueries(Protocol):
    """Reads applications; documents come without their history."""

    def find(self, application: str) -> Row | None:
        """One application."""

    def find_by_code(self, code: str) -> Row | None:
        """One application by its own or its national code, with the moments of its history."""

    def page(self, wanted: ApplicationFilter, *, after: Position | None, limit: int, back: bool = False) -> Page:
        """An agency's applications by their deadline, or newest first for citizens and for a search.

        The page `back` ends at the position; its rows have the same order.
        """

    def count(self, wanted: ApplicationFilter, *, officer: str, now: datetime) -> list[OpenCount]:
        """The open applications by status."""

    def count_queue(self, wanted: ApplicationFilter) -> int:
        """How many applications all pages of an agency's queue hold together; for what a deadline bounds."""

    def same_matter(self, application: Mapping[str, Any], *, agency: str, since: datetime, limit: int) -> list[Row]:
        """Other applications of the same owner in the same matter, newest first."""

    def history(self, application: str, *, after: int, limit: int) -> list[Row]:
        """The entries behind number `after`."""

    def whole(self, application: str) -> Row | None:
        """All that is stored, with the history, to be verified."""

    def to_synchronise(self, agency: str, *, after: Position | None, limit: int) -> Page:
        """Applications with a version that the National Portal has not confirmed, with the moments of their history."""

    def register(self, agency: str, first: datetime, end: datetime, *, after: Position | None, limit: int) -> Page:
        """Applications received at an agency from `first` until before `end`, in order of reception."""


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a report covers: from `first` until before `end`; what runs is judged at `judged_at`."""

    first: datetime
    end: datetime
    judged_at: datetime


class Reports(Protocol):
    """Counts applications; a part of a bundle is never counted."""

    def processing(self, agencies: Sequence[str], span: Span) -> list[Cell]:
        """How many applications there are per field, channel, and what became of them."""

    def facts(self, agencies: Sequence[str], span: Span) -> Facts:
        """The sums of the indicators."""


class PrintedForms(Protocol):
    """Remembers which file a form was printed into; forgetting costs only another print."""

    def find(self, key: str) -> Row | None:
        """The file of a form printed before."""

    def remember(self, key: str, file: Row) -> None:
        """Keep which file a form was printed into."""


@dataclass(frozen=True, slots=True)
class Published:
    """The number of a procedure's last version (0 without any), and the entry that a repeated command left."""

    last: int
    repeated: Entry | None


class Procedures(Protocol):
    """The catalogue: every version of every procedure."""

    def versions(self, code: str) -> tuple[ProcedureVersion, ...]:
        """All versions of a procedure, () when there is no such procedure."""

    def rows(self, after: str | None, limit: int) -> list[Row]:
        """What lists show of the next procedures behind this code, in order of the codes."""

    def sectors(self) -> dict[str, str]:
        """The names of the sectors by their keys."""

    def life_events(self) -> dict[str, str]:
        """The names of the life events by their keys."""

    def topics(self) -> dict[str, dict[str, dict[str, str]]]:
        """The names in both languages, by their keys, under `life_events` and `sectors`; in their files' order."""

    def filler_words(self) -> frozenset[str]:
        """The folded words that exclude no procedure from a search."""

    def published(self, code: str, command: str) -> Published:
        """How far the procedure has come, and what an earlier command with this key left."""

    def publish(
        self, version: ProcedureVersion, *, at: datetime, actor: Signature, command: Command | None = None
    ) -> None:
        """Add a version; what is there stays.

        Raises:
            Stale: when somebody else published in the meantime.
        """

    def close(
        self, version: ProcedureVersion, *, at: datetime, actor: Signature, command: Command | None = None
    ) -> None:
        """Give a version its last day.

        Raises:
            Stale: when somebody else changed the procedure in the meantime.
        """


class Agencies(Protocol):
    """Agencies, their timetables and the calendar."""

    def directory(self) -> Directory:
        """All agencies."""

    def calendar(self) -> Calendar:
        """The years that were entered; the others are computed."""

    def keep(self, agency: dict[str, Any], sequence: int) -> None:
        """Keep an agency as the directory announced it with its event of this number."""

    def timetables(self) -> Mapping[str, Timetable]:
        """The timetables by their codes."""

    def year(self, year: int) -> tuple[YearDays, int] | None:
        """What was entered for a year, and how often it was over the API."""

    def set_year(self, days: YearDays, version: int, reason: str = "") -> bool:
        """Enter one year's days off and make-up days, if it still has this version; False when it has not."""
