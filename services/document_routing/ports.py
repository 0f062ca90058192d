"""What the use cases need from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from services.document_routing.domain.agencies import Connection, Directory
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.numbering import Series
from shared.commands import Loaded
from shared.files import OpenFile, Readable, StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime

Document = dict[str, Any]
T = TypeVar("T")


class Aggregates(Protocol):
    """Keeps documents, or arrivals; every write is one durable write of one aggregate, announced afterwards."""

    def add(self, document: Document) -> bool:
        """Keep a new aggregate with its first history; False when one with this id is there already."""

    def find(self, aggregate: str, command: str = "") -> Loaded | None:
        """One aggregate, with the entry that the command of this key left."""

    def find_all(self, aggregates: Iterable[str]) -> dict[str, Document]:
        """Several aggregates by their ids; those not there are missing."""

    def save(self, aggregate: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry if the aggregate still has this version; False when it has not."""

    def derive(self, aggregate: str, version: int, changes: Mapping[str, Any]) -> bool:
        """Set fields that follow from what is stored anyway; no event, no new version; False when it has changed."""


class NumberSeries(Protocol):
    """Hands out the numbers of yearly series without gaps."""

    def turn(self, series: Series) -> AbstractContextManager[None]:
        """Wait for one's turn among the callers of this process; what others do is settled by the transaction.

        To be had before the transaction begins.
        """

    def take(self, series: Series, on: date) -> tuple[int, date]:
        """The next number and its date, which is never before that of the number before.

        It becomes final with the transaction that runs, or is not taken at all.
        """


class Transactions(Protocol):
    """Lets several writes become visible together or not at all."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Run the work, again when another writer was in the way; it must have no effect outside the database."""


class OneMoment(Protocol):
    """Lets several reads see one state of all that is stored."""

    def __call__(self, read: Callable[[], T]) -> T:
        """Read as of one moment, whoever writes meanwhile; nothing may be written in it. Files are never altered, so
        they are read afterwards."""


class Files(Protocol):
    """The file store."""

    def put(self, stream: Readable, *, limit: int, name: str, declared_type: str, owner: str) -> StoredFile:
        """Take in what the platform itself wrote."""

    def exists(self, file_id: str) -> bool:
        """Whether the content is still there."""

    def claim(self, file_id: str, owner: str) -> StoredFile:
        """The file that `owner` uploaded.

        Raises:
            NotFound: when there is none, or somebody else uploaded it.
        """

    def open(self, file_id: str) -> OpenFile:
        """A content to be read."""


class Offices(Protocol):
    """Agencies, their connections, kinds of document, working time; may be some seconds old."""

    def directory(self) -> Directory:
        """All agencies with their connections."""

    def types(self) -> DocumentTypes:
        """The kinds of document."""

    def working_time(self, agency: str) -> WorkingTime:
        """By which timetable and calendar an agency's time is counted."""


class AgencyCopies(Protocol):
    """The read copy of the directory, and the connections, which are our own."""

    def keep(self, agency: Mapping[str, Any], sequence: int) -> None:
        """Keep what the directory said of an agency, unless something newer is kept already."""

    def connect(self, connection: Connection) -> None:
        """Keep how an agency gets its documents."""

    def connections(self) -> list[Connection]:
        """All connections that were said, in order of the agencies."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One electronic signature in a file; its moment (ISO 8601) is what its signer says.

    The verdict is `good` when nothing it covers was altered and its signer goes back to an authority that counts,
    `untrusted` when it goes back to another, `unaltered` when nobody said which authorities count, `altered` else.
    """

    field: str
    signer: str
    signed_at: str | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Extract:
    """What was read from a file: its text, whether that is all of it, and the electronic signatures that it carries."""

    text: str
    whole: bool
    signatures: tuple[Signature, ...]


class TextReader(Protocol):
    """Reads the text of files."""

    def read(self, chunks: Iterator[bytes], media_type: str) -> Extract:
        """What can be read; a kind of file or a damaged one that cannot be read has no text."""
