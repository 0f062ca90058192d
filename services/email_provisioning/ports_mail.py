"""What use cases of mailboxes need from outside. Every method may raise `Unavailable` when the other side is away."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.email_provisioning.domain.mail.domain_check import KeyBits, Lookup
from services.email_provisioning.ports import Aggregates, Document, Page, Position
from shared.history import Entry


@dataclass(frozen=True, slots=True)
class Draw:
    """How much more (or less, below zero) of an agency's grant a change uses, in MiB; a grant of None has no end."""

    agency: str
    more: int
    grant: int | None


class PoolExhausted(Exception):
    """An agency's grant does not hold what a change would draw; nothing was stored."""

    def __init__(self, draw: Draw, used: int) -> None:
        super().__init__(draw.agency)
        self.draw, self.used = draw, used


@dataclass(frozen=True, slots=True)
class MailboxFilter:
    """Which mailboxes are wanted: of agencies at `scope` or below it."""

    scope: str
    words: tuple[str, ...] = ()
    state: str | None = None
    kind: str | None = None


class Mailboxes(Aggregates, Protocol):
    """Keeps mailboxes, and how much of its grant each agency has drawn."""

    def save_drawing(
        self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry, draws: Sequence[Draw]
    ) -> bool:
        """As `save`, and draw from the agencies' grants, both or neither.

        Raises:
            PoolExhausted: a grant does not hold it.
        """

    def used(self, agency: str) -> int:
        """How much of its grant an agency has drawn, in MiB."""

    def derive(self, identifier: str, version: int, derived: Mapping[str, Any]) -> bool:
        """Set fields that follow from others, without a new version; False when it changed meanwhile."""

    def holders(self, addresses: Iterable[str]) -> dict[str, Document]:
        """Whose these addresses are, or lately were: the mailboxes by address."""

    def of_owners(self, officers: Iterable[str]) -> list[Document]:
        """The mailboxes of some officers, given up ones too."""

    def of_agency(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes of this very agency, in order of their ids."""

    def within(self, agency: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes of an agency and those below it, in order of their ids."""

    def groups_over(self, agencies: Iterable[str], addresses: Iterable[str]) -> list[str]:
        """The groups that ask for members of these agencies, or lead to one of the addresses."""

    def page(self, wanted: MailboxFilter, *, after: Position | None, limit: int) -> Page:
        """Mailboxes in order of their addresses."""

    def several(self, identifiers: Iterable[str]) -> list[Document]:
        """Those of these identifiers that there are."""

    def on_host(self, host: str, *, after: str, limit: int) -> list[Document]:
        """The mailboxes that a host has to know, in order of their ids."""

    def note_applied(self, host: str, generations: Mapping[str, int]) -> None:
        """A host no longer lags behind with those whose present generation it has applied."""

    def lag(self, host: str, most: int) -> tuple[int, datetime | None]:
        """How many changes (at most so many are counted) a host has not applied, and since when the oldest waits."""


class MailHosts(Protocol):
    """Keeps what mail hosts report."""

    def note_contact(self, host: str, at: datetime) -> None:
        """The host asked for something."""

    def note_applied(self, host: str, reports: Sequence[Document], at: datetime) -> None:
        """What a host applied of which mailbox, or why it could not; an older generation than known is ignored."""

    def note_drift(self, host: str, drift: Document) -> None:
        """The latest comparison of a host with what it should know."""

    def all(self) -> dict[str, Document]:
        """What is known of each host that ever reported."""

    def applied(self, mailbox: str) -> list[Document]:
        """What each host said of one mailbox."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the use of a mailbox is counted: at its agency and those above it.

    `there` says whether a host has it on this day, `open` whether its owner may use it, `until` when it was revoked.
    """

    mailbox: str
    kind: str
    owner: str | None
    agency: str
    within: tuple[str, ...]
    quota: int
    there: bool
    open: bool
    until: str | None


class MailUse(Protocol):
    """Keeps how mailboxes are used, one row each: never a subject, a sender or a receiver."""

    def note(self, host: str, rows: Sequence[Document], at: datetime) -> None:
        """How full mailboxes are and when they were last used; moments never go back, days are remembered."""

    def place(self, place: Place, at: datetime) -> None:
        """Where the use of a mailbox is counted from now on."""

    def read(self, mailbox: str) -> Document | None:
        """How full a mailbox is and when it was last used."""

    def personal(self, scope: str, last_day: str) -> list[Document]:
        """The use of all personal mailboxes of a scope that were there on that day or an earlier one."""

    def of_owners(self, officers: Iterable[str]) -> list[Document]:
        """The use of the mailboxes of some officers."""

    def unused(self, scope: str, since: datetime, *, after: Position | None, limit: int) -> Page:
        """Those that may be used and were not since a moment, the longest unused first."""

    def full(self, scope: str, least: int, *, after: Position | None, limit: int) -> Page:
        """Those whose quota is used up to so many thousandths at least, the fullest first."""


class FollowUps(Protocol):
    """Keeps what has to be looked at because something else changed; work is due until it is settled."""

    def mark(self, keys: Iterable[str], at: datetime) -> None:
        """Something about these changed."""

    def read(self, key: str) -> int:
        """How often it was marked, to be given back to `settle`."""

    def settle(self, key: str, marks: int, again_at: datetime | None) -> None:
        """It was looked at; it is to be looked at again then, or at once if it was marked meanwhile."""


@dataclass(frozen=True, slots=True)
class Names:
    """Asks name servers: `asking` begins one check, whose questions share a bounded time; `key_bits` reads a key."""

    asking: Callable[[], Lookup]
    key_bits: KeyBits


UseSheet = Callable[[Mapping[str, Any], str], bytes]
"""Writes a report of use as a spreadsheet; the text is whose report it is."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Makes and checks secrets; hashes carry their scheme (`{SHA512-CRYPT}$6$…`), as mail hosts read them."""

    hash_password: Callable[[str], str]
    hash_app_password: Callable[[str], str]
    matches: Callable[[str, str], bool]
    token: Callable[[], str]
    app_password: Callable[[], str]


class Messages(Aggregates, Protocol):
    """Keeps outgoing messages: that they are wanted and how far they are, never their words."""

    def request(self, message: Document) -> None:
        """Keep a new one; the same again changes nothing."""

    def begin(self, identifier: str, now: datetime, until: datetime) -> Document | None:
        """One more attempt, which nobody else makes before `until`; None when there is nothing to do."""

    def derive(self, identifier: str, version: int, derived: Mapping[str, Any]) -> bool:
        """Set fields without a new version; False when it changed meanwhile."""

    def newest(self, state: str, *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """The newest ones in a state, and the position behind them."""


class NotTaken(Exception):
    """A message was not taken; the words say why, `for_good` whether another try is useless."""

    def __init__(self, words: str, *, for_good: bool) -> None:
        super().__init__(words)
        self.words, self.for_good = words, for_good


@dataclass(frozen=True, slots=True)
class Courier:
    """Reads a message from the service that asked for it, and sends it.

    `ask` raises a `shared.errors.Error`; `send` gets the message, its id and the words, and raises `NotTaken`.
    """

    ask: Callable[[str, str], dict[str, Any]]
    send: Callable[[str, Mapping[str, Any]], None]


@dataclass(frozen=True, slots=True)
class Returned:
    """A message that was taken and came back: its id, and the status in the words of the server that returned it."""

    message: str
    words: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to the calendar part of a message: who wrote the mail, and the calendar text in it."""

    sender: str
    text: str


TakeReturned = Callable[[Callable[[Returned | Answered], None]], int]
"""Hands out what came back, each once; raises `Unavailable`."""

BringAnswer = Callable[[Answered], None]
"""Brings an answer to the service that invites; raises a `shared.errors.Error`."""
