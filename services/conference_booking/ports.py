"""What the use cases of conference booking need from outside. Every method may raise `Unavailable`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from services.conference_booking.domain.appointments import Appointment, Booked
from services.conference_booking.domain.invitations import Reply
from services.conference_booking.domain.occupancy import Claim, Counts, Occupancy, Want
from services.conference_booking.domain.rooms import Plan, Present
from services.conference_booking.domain.spans import Span
from shared.commands import Loaded
from shared.files import Readable, StoredFile
from shared.history import Entry

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows and the position behind them, None when nothing follows; it may be short although more follows."""

    rows: list[Document]
    next: str | None


class Claims(Protocol):
    """Who holds which endpoints and how much of the bridge, day by day; the judge over double bookings."""

    def prepare(self, network: str, wants: Iterable[Want], counted: Iterable[str]) -> None:
        """Make ready for claims on these days; to be called before the transaction begins."""

    def take(self, network: str, claims: Sequence[Claim], capacity: Counts) -> bool:
        """Claim all or, when one of them is not free, nothing: the caller must end the transaction then."""

    def give_back(self, network: str, claims: Iterable[Claim]) -> None:
        """Free what these claims hold."""

    def occupancy(self, network: str, first: date, last: date, capacity: Counts) -> Occupancy:
        """What is held on these days of UTC, the last included."""


class Aggregates(Protocol):
    """Keeps aggregates of one kind; every write is one durable write of one of them, announced afterwards."""

    def add(self, document: Document) -> bool:
        """Keep a new aggregate with its first history; False when one with this id is there already."""

    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One aggregate, with the entry that the command of this key left."""

    def find_all(self, identifiers: Iterable[str]) -> dict[str, Document]:
        """Several by their ids; those not there are missing."""

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry if the aggregate still has this version; False when it has not."""

    def derive(self, identifier: str, version: int, changes: Mapping[str, Any]) -> bool:
        """Set fields that follow from what is stored; no event, no new version; False when it has changed."""

    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        """The entries behind number `after`."""

    def whole(self, identifier: str) -> Document | None:
        """All that is stored, with the history, to be verified."""


class Meetings(Aggregates, Protocol):
    """Keeps meetings, incidents or trainings."""

    def page(
        self,
        key: str,
        *,
        since: str,
        before: datetime | None,
        after: str | None,
        limit: int,
        newest: bool = False,
        backwards: bool = False,
    ) -> Page:
        """Meetings under a key in order of their last ends, from a position on, that begin before a moment.

        `newest` adds the last entry of each history; `backwards` begins at the end.
        """


class OfNetworks(Aggregates, Protocol):
    """Keeps endpoints, technicians or courses; their identifier is their key."""

    def of_network(self, network: str | None) -> dict[str, Document]:
        """All of a network, or of all networks, by their keys, in order."""


class Feeds(Aggregates, Protocol):
    """Keeps calendars behind secret addresses."""

    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The open ones of an agency behind an identifier, in order of their identifiers."""


class Agencies(Protocol):
    """The copy of the directory; may be some seconds old."""

    def keep(self, agency: Mapping[str, Any], sequence: int) -> None:
        """Keep what the directory said of an agency, unless something newer is kept already."""

    def names(self, codes: Iterable[str]) -> dict[str, dict[str, str]]:
        """What agencies are called, in both languages; those that nobody knows are missing."""

    def same_office(self, agency: str, day: date) -> frozenset[str]:
        """An agency and, once it is closed, the first that took over: its officers' posts go on there."""


class MessageRequests(Protocol):
    """Keeps what was asked to be sent, each with the event that asks for it."""

    def add(self, *requests: Document) -> None:
        """Keep requests with their first entries; the same one again changes nothing."""

    def find(self, identifier: str) -> Document | None:
        """One of them."""


class Calendars(Protocol):
    """Writes and reads calendar messages."""

    def write(self, appointment: Appointment) -> str:
        """The message as mail programs take it."""

    def write_calendar(self, name: str, entries: Iterable[Booked]) -> str:
        """A calendar that others subscribe to."""

    def write_free_busy(self, uid: str, stamp: datetime, within: Span, busy: Iterable[Span]) -> str:
        """When something is booked within a time."""

    def read_replies(self, text: str) -> list[Reply]:
        """The answers in a message; raises `Invalid` when it is none."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What is printed: its kind, and the data that the kind's template shows."""

    kind: str
    data: dict[str, Any]
    printed_at: datetime


class Papers(Protocol):
    """Prints papers of meetings."""

    def print(self, paper: Paper) -> bytes:
        """The PDF."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A value with its name."""

    name: str
    value: float


class Charts(Protocol):
    """Draws figures."""

    def bars(self, title: str, bars: Sequence[Bar]) -> str:
        """The picture as SVG."""


class Files(Protocol):
    """The file store."""

    def put(self, stream: Readable, *, limit: int, name: str, declared_type: str, owner: str) -> StoredFile:
        """Keep a file; the same content is the same file."""


class BridgeTrouble(Exception):
    """A bridge did not do what was asked of it: it does not answer, or it refuses. The message says which, in words."""


class Bridge(Protocol):
    """Has rooms. Every method may raise `BridgeTrouble`; each may be repeated, also after the bridge lost its rooms."""

    def open(self, plan: Plan) -> bool:
        """Let the room be there as planned; False when it was there already and was only made so."""

    def look(self, plan: Plan) -> list[Present] | None:
        """Who is inside; None when there is no such room."""

    def kick(self, plan: Plan, participant: str) -> None:
        """Put somebody out; who is not there is out."""

    def close(self, plan: Plan) -> None:
        """Let the room be gone, with everybody in it."""


class Transactions(Protocol):
    """Lets several writes become visible together or not at all."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Run the work, again when another writer was in the way; it must have no effect outside the database."""
