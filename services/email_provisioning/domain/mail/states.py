"""The states of a mailbox and the changes between them, one row each: the law of D 4 as people can read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.email_provisioning.domain.actors import ADMINISTRATOR, OPERATOR, SYSTEM, Actor
from services.email_provisioning.domain.mail import guards
from services.email_provisioning.domain.mail.surroundings import Surroundings
from shared.errors import Conflict, Error, Forbidden

Mailbox = Mapping[str, Any]
Guard = Callable[[Mailbox, Mapping[str, Any], Surroundings], Error | None]


class State(StrEnum):
    """Where a mailbox stands."""

    REQUESTED = "requested"
    REFUSED = "refused"
    APPROVED = "approved"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    SCHEDULED = "scheduled_for_revocation"
    REVOKED = "revoked"
    PURGED = "purged"


class Suspension(StrEnum):
    """What becomes of mail for a suspended mailbox; nobody can sign in in any case."""

    RECEIVE = "receive"
    BOUNCE = "bounce"
    HOLD = "hold"


LIVING = frozenset({State.REQUESTED, State.APPROVED, State.ACTIVE, State.SUSPENDED, State.SCHEDULED})
"""States in which a mailbox has its address, its quota and, if it is a person's, that person to itself."""

ON_HOST = frozenset({State.ACTIVE, State.SUSPENDED, State.SCHEDULED})
"""States in which a mail host knows the mailbox."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row: who may do what, from where to where (None stays, or goes back), and what must hold."""

    action: str
    sources: frozenset[State]
    to: State | None
    roles: tuple[str, ...]
    guards: tuple[Guard, ...] = ()


_EVERYBODY, _HOUSE = (ADMINISTRATOR, OPERATOR, SYSTEM), (OPERATOR, SYSTEM)
_KEPT = frozenset(State) - {State.PURGED, State.REFUSED}

# fmt: off
CHANGES: tuple[Change, ...] = (
    Change("approve", frozenset({State.REQUESTED}), State.APPROVED, _HOUSE, (guards.only_one_of_a_person,
           guards.has_owner, guards.fits_pool)),
    Change("refuse", frozenset({State.REQUESTED}), State.REFUSED, _HOUSE),
    Change("provision", frozenset({State.APPROVED}), State.ACTIVE, (SYSTEM,)),
    Change("suspend", frozenset({State.ACTIVE, State.SUSPENDED, State.SCHEDULED}), State.SUSPENDED, _EVERYBODY),
    Change("restore", frozenset({State.SUSPENDED}), State.ACTIVE, _EVERYBODY, (guards.has_owner,)),
    Change("schedule_revocation", frozenset({State.ACTIVE, State.SUSPENDED, State.SCHEDULED}), State.SCHEDULED,
           _EVERYBODY, (guards.day_is_ahead,)),
    Change("cancel_revocation", frozenset({State.SCHEDULED}), None, _EVERYBODY, (guards.has_owner,)),
    Change("revoke", frozenset({State.SUSPENDED, State.SCHEDULED}), State.REVOKED, _HOUSE, (guards.day_has_come,)),
    Change("reinstate", frozenset({State.REVOKED}), State.APPROVED, _HOUSE, (guards.only_one_of_a_person,
           guards.has_owner, guards.fits_pool)),
    Change("purge", frozenset({State.REVOKED}), State.PURGED, _HOUSE, (guards.is_not_held, guards.retention_is_over)),
    Change("hold", _KEPT, None, _HOUSE),
    Change("release_hold", _KEPT, None, _HOUSE, (guards.is_held,)),
    Change("rename", ON_HOST, None, _EVERYBODY, (guards.address_is_free,)),
    Change("transfer", ON_HOST, None, _EVERYBODY, (guards.fits_pool,)),
    Change("hand_over", ON_HOST, None, _EVERYBODY, (guards.is_not_personal,)),
    Change("change_quota", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.fits_pool,)),
)
# fmt: on

BY_ACTION = {change.action: change for change in CHANGES}


def check_allowed(mailbox: Mailbox, action: str, body: Mapping[str, Any], actor: Actor, around: Surroundings) -> Change:
    """The row under which the actor may act now.

    Raises:
        Forbidden: the role is not the right one, whatever the state.
        Conflict: not in this state, or a guard says no.
    """
    row = BY_ACTION[action]
    if not actor.has(*row.roles):
        raise Forbidden("role_not_allowed", action=action)
    if State(mailbox["state"]) not in row.sources:
        raise Conflict("mailbox_action_not_allowed", action=action, state=str(mailbox["state"]))
    for guard in row.guards:
        refusal = guard(mailbox, body, around)
        if refusal is not None:
            raise refusal
    return row
