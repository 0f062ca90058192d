"""What the exchange needs from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from services.document_routing.domain.edxml.message import Message
from services.document_routing.domain.evidence import Evidence
from services.document_routing.ports import Aggregates
from shared.files import StoredFile

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """An edXML file that was read and found sound.

    `signature` holds the facts of a good signature, None when there was none; `bound` says whether it vouches for the
    attachments too. `attachments` are descriptions (name, type, size, sha256) in the order of their contents.
    """

    message: Message
    attachments: list[dict[str, Any]]
    signature: dict[str, Any] | None
    bound: bool


@dataclass(frozen=True, slots=True)
class Partner:
    """How an agency's system proves its messages: with which certificates (PEM), and whether it must.

    `names` are its codes and its name, by one of which a certificate that was not registered must call it.
    """

    agency: str
    certificates: Sequence[str] = ()
    signature_required: bool = False
    names: Sequence[str] = ()


class Letters(Protocol):
    """Reads and writes edXML files of the file store."""

    def read(self, file: str, partner: Partner) -> Letter:
        """Judge a file whole.

        Raises:
            Invalid, TooLarge: naming every fault; a signature that is wrong or of a stranger is one.
        """

    def keep_attachments(self, file: str, letter: Letter) -> list[dict[str, Any]]:
        """Take the attachments of a file into the store, one after the other.

        Raises:
            Invalid: naming each that is of a kind not accepted here.
        """

    def keep(self, content: Iterable[bytes], name: str) -> dict[str, Any]:
        """Take a file of another exchange into the store, unread."""

    def write(self, message: Message, files: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
        """Write a message with the contents of stored files, signed with the platform's seal where there is one."""

    def certificate(self, pem: str) -> dict[str, Any]:
        """Subject, serial, fingerprint and validity of a certificate.

        Raises:
            Invalid: it is none.
        """


class Partners(Protocol):
    """Keeps what is registered of agencies' systems."""

    def find(self, agency: str) -> Partner:
        """What is registered; nothing is registered of most."""

    def keep(self, partner: Partner) -> None:
        """Register."""

    def page(self, *, after: str | None, limit: int) -> list[Partner]:
        """In order of the agencies."""


class Refusals(Protocol):
    """Notes what was refused, apart from what was taken in."""

    def note(self, refusal: Mapping[str, Any]) -> None:
        """Keep who was refused what, when and why."""

    def page(self, agency: str | None, *, after: str | None, limit: int) -> list[Row]:
        """An agency's refusals, or everybody's, newest first, behind the one with the id `after`."""


class Mailbox(Protocol):
    """Reads packages, messages and the documents that they are about."""

    def package(self, package: str) -> Row | None:
        """One package without its history."""

    def packages(self, agency: str, *, pending: bool, kind: str | None, after: int | None, limit: int) -> list[Row]:
        """An agency's packages in the order in which they became ready."""

    def packages_of(self, document: str, agency: str) -> list[str]:
        """The packages that carry a document to one agency."""

    def message(self, message: str) -> Row | None:
        """One message without its history."""

    def messages(self, agency: str, *, after: str | None, limit: int) -> list[Row]:
        """What an agency's system sent, newest first."""

    def document_of(self, agency: str, issued_on: date, code: str) -> Row | None:
        """The document that an agency issued on this day under this number and symbol."""

    def whole_document(self, document: str) -> Row | None:
        """One document with its history."""

    def whole_arrivals(self, arrivals: Sequence[str]) -> list[Row]:
        """Several arrivals with their histories."""

    def messages_of(self, document: str) -> list[Row]:
        """All messages about a document, with their histories."""

    def all_packages_of(self, document: str) -> list[Row]:
        """All packages of a document, with their histories."""


class MessageLog(Protocol):
    """The chained log of every hop, one chain per document."""

    def append(self, document: str, hop: Mapping[str, Any]) -> None:
        """Add a hop, once per event; it becomes final with the transaction that runs."""

    def rows(self, document: str, *, after: int = 0, limit: int = 0) -> list[Row]:
        """The hops behind number `after`, all without a limit."""

    def head(self, document: str) -> Row | None:
        """How many hops there must be and the hash of the last."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What a subscriber is told."""

    id: str
    subscription: str
    agency: str
    type: str
    package: str
    body: str
    created_at: datetime


class Webhooks(Protocol):
    """Keeps subscriptions' health and what they have to be told, until it is told."""

    def subscribers(self, agency: str, kind: str) -> list[str]:
        """The active or paused subscriptions of an agency that want to hear of this kind."""

    def subscription(self, subscription: str) -> Row | None:
        """One subscription with its health."""

    def subscriptions(self, agency: str | None, *, after: str | None, limit: int) -> list[Row]:
        """Subscriptions of one agency or of all."""

    def count_waiting(self, subscriptions: Iterable[str]) -> dict[str, int]:
        """How much waits at each."""

    def notify(self, notifications: Sequence[Notification]) -> None:
        """Keep what is to be told; the same one again changes nothing."""

    def deliveries(self, subscription: str, *, after: str | None, limit: int) -> list[Row]:
        """What was told and what waits, newest first."""

    def delivery(self, subscription: str, delivery: str) -> Row | None:
        """One notification."""

    def tell_again(self, subscription: str, delivery: str | None, now: datetime) -> None:
        """Let one notification, or all that wait, be told at once."""


class UnsafeTarget(Exception):
    """An address that must not be called: it is not a public one. `code` is what its owner is told."""

    def __init__(self, why: str, code: str = "webhook_target_refused") -> None:
        super().__init__(why)
        self.code = code


class Targets(Protocol):
    """Judges addresses before anything is sent to them."""

    def check(self, url: str) -> None:
        """Refuse what is no public HTTPS address, as far as the settings do not allow it.

        Raises:
            UnsafeTarget: saying why.
        """


@dataclass(frozen=True, slots=True)
class Inbound:
    """A file that another exchange holds for us; `name` is what it is called there."""

    name: str
    sender: str
    content: Iterable[bytes] = field(repr=False)


class OutsideExchange(Protocol):
    """Another exchange, such as the national one."""

    def send(self, package: str, content: Iterable[bytes]) -> None:
        """Hand over a file; the same package again is the same file there.

        Raises:
            Unavailable: it cannot be reached now.
            Invalid: it refuses the file for good.
        """

    def waiting(self) -> Iterable[Inbound]:
        """The files that wait for us there."""

    def acknowledge(self, name: str, taken: bool, reason: str = "") -> None:
        """Say whether a file was taken in; it is not offered again."""


class Vault(Protocol):
    """Writes evidence into one file."""

    def write(self, evidence: Evidence, name: str, now: datetime) -> StoredFile:
        """The stored file with all parts, their hashes, and a signature where there is a seal."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """All that the exchange needs; `outside` is None where there is no other exchange."""

    messages: Aggregates
    packages: Aggregates
    subscriptions: Aggregates
    letters: Letters
    partners: Partners
    refusals: Refusals
    mailbox: Mailbox
    log: MessageLog
    webhooks: Webhooks
    targets: Targets
    vault: Vault
    outside: OutsideExchange | None
