"""What the use cases of conference booking need from outside."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from services.conference_booking.domain.occupancy import Counts, Occupancy, Want
from shared.commands import Loaded
from shared.history import Entry

Document = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim:
    """What session number `session` of a meeting holds, or wants to."""

    meeting: str
    session: int
    want: Want


class Claims(Protocol):
    """Who holds which endpoints and how much of the bridge, day by day; the judge over double bookings."""

    def prepare(self, network: str, wants: Iterable[Want], counted: Iterable[str]) -> None:
        """Make ready for claims on these days; to be called before the transaction begins."""

    def take(self, network: str, claims: Sequence[Claim], capacity: Counts) -> bool:
        """Claim all or, when one of them is not free, nothing: the caller must end the transaction then."""

    def give_back(self, network: str, claims: Iterable[Claim]) -> None:
        """Free what these claims hold."""

    def occupancy(self, network: str, first: date, last: date, capacity: Counts) -> Occupancy:
        """What is held on these days, the last included."""


class Aggregates(Protocol):
    """Keeps meetings, or endpoints; every write is one durable write of one aggregate, announced afterwards."""

    def add(self, document: Document) -> bool:
        """Keep a new aggregate with its first history; False when one with this id is there already."""

    def find(self, aggregate: str, command: str = "") -> Loaded | None:
        """One aggregate, with the entry that the command of this key left."""

    def save(self, aggregate: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry if the aggregate still has this version; False when it has not."""


class Transactions(Protocol):
    """Lets several writes become visible together or not at all."""

    def __call__(self, work: Callable[[], T]) -> T:
        """Run the work, again when another writer was in the way; it must have no effect outside the database."""
