"""What the use cases need from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from shared.commands import Loaded
from shared.files import StoredFile
from shared.history import Entry
from shared.officers import Officer

Document = dict[str, Any]
Position = Any


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and the position behind them, None when nothing follows; it may be short although more follows."""

    rows: list[Document]
    next: Position | None


class AlreadyThere(Exception):
    """One with this identifier is stored already; `field` says which identifier it is."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Aggregates(Protocol):
    """Keeps aggregates of one kind; every write is one durable write of one document, announced afterwards."""

    def add(self, document: Document) -> None:
        """Store a new one with its first history.

        Raises:
            AlreadyThere: nothing was stored.
        """

    def add_all(self, documents: Sequence[Document]) -> list[AlreadyThere | None]:
        """Store many in one write; for each, None or why it was not stored."""

    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One of them, with the entry that the command of this key left."""

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry if it still has this version; False when it has not.

        Raises:
            AlreadyThere: another one has an identifier that this one would get.
        """

    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        """The entries behind number `after`."""

    def whole(self, identifier: str) -> Document | None:
        """All that is stored, with the history, to be verified."""


@dataclass(frozen=True, slots=True)
class AgencyFilter:
    """Which agencies are wanted: `scope` or below it; closed ones, as of the day, only with `closed`."""

    scope: str
    day: str
    words: tuple[str, ...] = ()
    level: str | None = None
    kind: str | None = None
    closed: bool = False


class Agencies(Aggregates, Protocol):
    """Keeps agencies; their identifier is their code."""

    def known(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """The agencies of these identifiers of either generation, each under all that were asked for."""

    def parts(self, code: str, after: str) -> list[str]:
        """The agencies right below one that are open on some day after this one, in order."""

    def page(self, wanted: AgencyFilter, *, after: Position | None, limit: int) -> Page:
        """Agencies in order of their codes."""

    def seeds(self) -> dict[str, tuple[int, str]]:
        """Version and mark of every agency by its code, for the set-up job."""


@dataclass(frozen=True, slots=True)
class OfficerFilter:
    """Which officers are wanted: with a place at `scope` or below it."""

    scope: str
    words: tuple[str, ...] = ()
    role: str | None = None
    unit: str | None = None
    left: bool = False


class Officers(Aggregates, Protocol):
    """Keeps officers."""

    def by_number(self, numbers: Iterable[str]) -> dict[str, Document]:
        """The officers of these staff numbers."""

    def with_accounts(self, accounts: Iterable[str]) -> dict[str, str]:
        """Whose these accounts are: the officers' identifiers."""

    def of_account(self, account: str) -> Officer | None:
        """The officer of an account, with the posts."""

    def page(self, wanted: OfficerFilter, *, after: Position | None, limit: int) -> Page:
        """Officers in the order of their given names."""

    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The officers with a place at an agency or below it, in order of their ids."""

    def holding(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The officers any of whose posts is or was at this very agency, in order of their ids."""

    def posts_at(self, agencies: Iterable[str]) -> dict[str, list[Document]]:
        """The posts, by officer, of all who ever held one at these very agencies."""

    def derive(self, officer: str, version: int, derived: Mapping[str, Any]) -> bool:
        """Set fields that follow from others, without a new version; False when it changed meanwhile."""


class Imports(Protocol):
    """Keeps imports and what became of their rows."""

    def add(self, document: Document) -> Document:
        """Store a new one; one that is there already under the same id is answered instead."""

    def find(self, identifier: str) -> Document | None:
        """One import."""

    def page(self, owner: str, *, after: Position | None, limit: int) -> Page:
        """A person's imports, newest first."""

    def keep_rows(self, identifier: str, rows: Sequence[Document]) -> None:
        """Keep the rows of the table; those that are kept already stay as they are."""

    def open_rows(self, identifier: str, limit: int) -> list[Document]:
        """The next rows that were not worked on, in order."""

    def rows_before(self, identifier: str, row: str) -> list[Document]:
        """The rows before one that were not refused, in order."""

    def settle_rows(self, rows: Sequence[Document]) -> None:
        """Keep what became of some rows."""

    def count(self, identifier: str) -> dict[str, int]:
        """How many rows came out in which way; `all` counts them all."""

    def update(self, identifier: str, changes: Mapping[str, Any]) -> None:
        """Note how far the import has come."""

    def rows_page(self, identifier: str, outcome: str | None, *, after: Position | None, limit: int) -> Page:
        """What became of the rows, in order."""


class Files(Protocol):
    """The file store."""

    def claim(self, file_id: str, owner: str) -> StoredFile:
        """The file that `owner` uploaded.

        Raises:
            NotFound: when there is none, or somebody else uploaded it.
        """

    def keep(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Take in what the platform itself wrote; the same content is kept once."""

    def read(self, file_id: str, limit: int) -> bytes:
        """A whole content.

        Raises:
            TooLarge: it has more than `limit` bytes.
        """


Table = tuple[dict[str, str], list[tuple[int, dict[str, str]]]]
"""How each column is called, by its folded name; and the rows: the line, and the cells by those names."""

ReadTable = Callable[[bytes, str], Table]
"""Reads the content of a file of this media type.

Raises:
    Invalid: it is no table that can be read.
"""
