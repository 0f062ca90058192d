"""What the use cases need of the SCIM interface: who speaks its protocol, and who keeps its resources."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from services.email_provisioning.ports import Document

USER, GROUP = "User", "Group"

Policy = Literal["approve", "request", "none"]
"""What a user of an identity provider means for the mailbox: approved at once, asked for only, or nothing."""


@dataclass(frozen=True, slots=True)
class ScimCall:
    """One request, as it came to the gateway; `base_url` is the interface's own, as callers know it."""

    method: str
    base_url: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class ScimView:
    """What a caller sees, and in whose name wishes are stored.

    Only resources shown to `scope` are there. New ones are shown to `shown_to` until more is known of them. `wrote`
    is told of every resource that was written, before the caller is answered.
    """

    scope: str
    shown_to: tuple[str, ...]
    by: Document
    wrote: Callable[[str], None]


class ScimDoor(Protocol):
    """Speaks the protocol."""

    def answer(self, call: ScimCall, view: ScimView) -> Document:
        """Status, headers and body of the answer; refusals are answers too.

        Raises:
            Unavailable: the database is away.
        """


@dataclass(frozen=True, slots=True)
class Kept:
    """A resource as it is kept: `body` as last sent, with its version's `number`.

    `wish` counts what was sent, `reached` is the last wish that was fulfilled, `tries` how often the present one was
    tried, `marks` how often something that it is told of changed. `by` is the principal who sent it. `own` is what is
    remembered beside, `officer` and `mailbox` whom it speaks for.
    """

    id: str
    kind: str
    gone: bool
    body: Document
    number: int
    wish: int
    reached: int
    tries: int
    marks: int | None
    by: Document
    own: Document
    officer: str | None
    mailbox: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a resource: what it is told of itself, whether its wish is fulfilled, when to look again.

    `shown_to` are the agencies that see it; none says that this stays as it was.
    """

    told: Document
    own: Document
    shown_to: tuple[str, ...]
    reached: bool
    again_at: datetime | None
    mailbox: str | None = None


class ScimResources(Protocol):
    """Keeps what identity providers sent."""

    def find(self, identifier: str) -> Kept | None:
        """One resource, deleted ones of which something is to be done included."""

    def users(self, identifiers: Iterable[str]) -> dict[str, str | None]:
        """Of these identifiers, the users that there are, with the officers they speak for."""

    def claim(self, identifier: str, officer: str) -> bool:
        """Let a resource speak for an officer; False when another one does."""

    def settle(self, kept: Kept, outcome: Outcome) -> bool:
        """Keep what became of it; its version changes if what it is told does. False when it was written meanwhile."""

    def forget(self, kept: Kept) -> bool:
        """A deleted one of which nothing is left to do; False when it was written meanwhile."""

    def wake(self, *, officers: Iterable[str] = (), mailboxes: Iterable[str] = (), at: datetime) -> None:
        """Let due work look at what speaks for these."""

    def reopen(self, identifier: str, at: datetime) -> None:
        """Let due work fulfil a wish again that was fulfilled, because what it names is otherwise now."""

    def groups_with(self, users: Iterable[str]) -> list[str]:
        """The groups that name one of these users."""


@dataclass(frozen=True, slots=True)
class Scim:
    """The SCIM interface."""

    door: ScimDoor
    resources: ScimResources
    policy: Policy = "approve"


def problem(code: str, params: Mapping[str, Any], path: str = "") -> Document:
    """Why a wish is not fulfilled; the gateway has the words."""
    return {"code": code, "params": dict(params), "path": path}
