"""What the write side needs from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.forms import Form, Register
from services.one_stop_shop.domain.procedure import ProcedureVersion
from shared.commands import Loaded
from shared.files import Readable, StoredFile
from shared.history import Entry
from shared.working_time import WorkingTime

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Arrival:
    """An application that waits for its code: `write` makes the document, with its first history, once it has one.

    What is refused for its `national_code` takes no code.
    """

    application: str
    agency: str
    day: date
    write: Callable[[str], Document]
    national_code: str | None = None


class AlreadyThere(Exception):
    """An application with this id, or with this national code, is stored already; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Applications(Protocol):
    """Keeps applications; every write is one durable write of one document, announced afterwards."""

    def add(self, arrival: Arrival) -> Document:
        """Give the application the next code of its agency and day, and store it; codes are never given twice.

        Raises:
            AlreadyThere: nothing was stored.
        """

    def find(self, application: str, command: str = "") -> Loaded | None:
        """One application, with the entry that the command of this key left."""

    def find_all(self, applications: Iterable[str], *, only: Iterable[str] = ()) -> dict[str, Document]:
        """Several applications by their ids, if wished with certain fields only; those not there are missing."""

    def save(self, application: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry if the application still has this version; False when it has not.

        Raises:
            Conflict: one of its `waybills` is, or was, that of another application; nothing was stored.
        """

    def assigned_to(self, officer: str, *, after: str, limit: int) -> list[str]:
        """The applications that an officer has, in order of their ids, behind one of them."""

    def bundles_of(self, part: str) -> list[str]:
        """The applications that count this one as their part."""


class Drafts(Protocol):
    """Keeps drafts until they are submitted or expire."""

    def add(self, draft: Document) -> Document:
        """Store a new draft; one that is there already under the same id is answered instead."""

    def find(self, draft: str, owner: str) -> Document | None:
        """A person's own draft."""

    def save(self, draft: str, owner: str, version: int, changes: Mapping[str, Any]) -> Document | None:
        """Change a draft that still has this version; None when it has not."""

    def delete(self, draft: str, owner: str) -> bool:
        """Forget a draft; False when there was none."""

    def page(self, owner: str, *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """A person's drafts, last saved first, and the position behind them."""


class Presence(Protocol):
    """Keeps for a short time who has which application open; forgetting it costs nothing."""

    def note(self, application: str, officer: str, name: str, *, now: datetime, until: datetime) -> None:
        """Keep that an officer is there; who was there already goes on being there."""

    def others(self, application: str, officer: str, now: datetime) -> list[Document]:
        """The names of those who are there too, and since when; the first to come first."""


class Notices(Protocol):
    """Keeps what applicants should know."""

    def add(self, *notices: Document) -> None:
        """Keep notices; the same one again changes nothing."""

    def page(self, parties: list[str], *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """The newest notices of a person, and the position behind them."""


class MessageRequests(Protocol):
    """Keeps what was asked to be sent to applicants, each with the event that asks for it."""

    def add(self, *requests: Document) -> None:
        """Keep requests with their first entries; the same one again changes nothing."""

    def find(self, identifier: str) -> Document | None:
        """One of them."""


class PaymentGateway(Protocol):
    """Where citizens pay online (Napas, VNPay, the National Portal's own gateway)."""

    def pay_url(self, payment: str, amount: int, description: str, expires_at: datetime, back: str) -> str:
        """Where to send the applicant, who comes `back`; asking again for the same payment gives the same place."""


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


class Catalogue(Protocol):
    """Procedures as the rules need them; may be some seconds old."""

    def in_force(self, procedure: str, on: date) -> ProcedureVersion:
        """The version that applications of this day come under.

        Raises:
            NotFound: `procedure_unknown`, or `procedure_not_in_force` on that day.
        """

    def version(self, procedure: str, version: int) -> ProcedureVersion:
        """The version that an application was received under.

        Raises:
            NotFound: `procedure_version_unknown`.
        """


class Offices(Protocol):
    """Agencies and their working time; may be some seconds old."""

    def directory(self) -> Directory:
        """All agencies."""

    def working_time(self, agency: str) -> WorkingTime:
        """By which timetable and calendar an agency's time is counted."""


class FormPrinter(Protocol):
    """Prints forms."""

    def print(self, form: Form) -> bytes:
        """The form as PDF; the same form gives the same bytes."""


class RegisterSheet(Protocol):
    """Writes the register as a spreadsheet."""

    def __call__(self, register: Register) -> bytes:
        """The register as XLSX."""
