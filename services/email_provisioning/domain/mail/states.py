"""The states of a mailbox and the changes between them, one row each: the law of D 4 as people can read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.email_provisioning.domain.actors import ADMINISTRATOR, LINK_HOLDER, OPERATOR, OWNER, SYSTEM, Actor
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
"""States in which a mail host has the mailbox."""

WANTED_ON_HOST = ON_HOST | {State.APPROVED}
"""States in which a mail host should have the mailbox; an approved one becomes active once it has."""

COUNTED = LIVING - {State.REQUESTED}
"""States in which the quota counts and a person's only mailbox is taken."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row: who may do what, from where to where (None stays, or goes back), what must hold, what is announced.

    `reason` says that a ground must be given; a `quiet` change is nothing that a mail host would do anything about.
    """

    action: str
    sources: frozenset[State]
    to: State | None
    roles: tuple[str, ...]
    guards: tuple[Guard, ...] = ()
    event: str = "mailbox_changed"
    reason: bool = False
    quiet: bool = False


_EVERYBODY, _HOUSE = (ADMINISTRATOR, OPERATOR, SYSTEM), (OPERATOR, SYSTEM)
_PEOPLE = (ADMINISTRATOR, OPERATOR)
_KEPT = frozenset(State) - {State.PURGED, State.REFUSED}
_SIGN_IN = frozenset({State.APPROVED, State.ACTIVE, State.SCHEDULED})

# fmt: off
CHANGES: tuple[Change, ...] = (
    Change("approve", frozenset({State.REQUESTED}), State.APPROVED, _HOUSE, (guards.only_one_of_a_person,
           guards.has_owner, guards.fits_pool), "mailbox_approved"),
    Change("refuse", frozenset({State.REQUESTED}), State.REFUSED, _HOUSE, event="mailbox_refused", reason=True),
    Change("provision", frozenset({State.APPROVED}), State.ACTIVE, (SYSTEM,), event="mailbox_provisioned"),
    Change("suspend", frozenset({State.ACTIVE, State.SUSPENDED, State.SCHEDULED}), State.SUSPENDED, _EVERYBODY,
           event="mailbox_suspended", reason=True),
    Change("restore", frozenset({State.SUSPENDED}), State.ACTIVE, _EVERYBODY, (guards.has_owner,), "mailbox_restored"),
    Change("schedule_revocation", frozenset({State.ACTIVE, State.SUSPENDED, State.SCHEDULED}), State.SCHEDULED,
           _EVERYBODY, (guards.day_is_ahead,), "mailbox_revocation_scheduled", reason=True),
    Change("cancel_revocation", frozenset({State.SCHEDULED}), None, _EVERYBODY, (guards.has_owner,)),
    Change("revoke", frozenset({State.SUSPENDED, State.SCHEDULED}), State.REVOKED, _HOUSE, (guards.day_has_come,),
           "mailbox_revoked", reason=True),
    Change("reinstate", frozenset({State.REVOKED}), State.APPROVED, _HOUSE, (guards.only_one_of_a_person,
           guards.has_owner, guards.fits_pool), "mailbox_reinstated", reason=True),
    Change("purge", frozenset({State.REVOKED}), State.PURGED, _HOUSE, (guards.is_not_held, guards.retention_is_over),
           "mailbox_purged"),
    Change("hold", _KEPT, None, _HOUSE, reason=True, quiet=True),
    Change("release_hold", _KEPT, None, _HOUSE, (guards.is_held,), reason=True, quiet=True),
    Change("rename", ON_HOST, None, _EVERYBODY, (guards.is_another_address, guards.address_is_free)),
    Change("transfer", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.fits_pool,)),
    Change("hand_over", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.is_not_personal,)),
    Change("leave_unowned", ON_HOST, State.SUSPENDED, (SYSTEM,), (guards.is_not_personal,), "mailbox_suspended",
           reason=True),
    Change("change_quota", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.is_no_group, guards.fits_pool)),
    Change("add_alias", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.alias_ends_ahead, guards.few_aliases,
           guards.is_another_address, guards.address_is_free)),
    Change("remove_alias", ON_HOST | {State.APPROVED}, None, _EVERYBODY, (guards.has_alias,)),
    Change("end_aliases", ON_HOST | {State.APPROVED}, None, (SYSTEM,)),
    Change("change_group", ON_HOST | {State.REQUESTED, State.APPROVED}, None, _EVERYBODY, (guards.is_group,)),
    Change("refresh", frozenset(LIVING), None, (SYSTEM,)),
    Change("issue_password_link", _SIGN_IN, None, _PEOPLE, (guards.is_no_group, guards.is_not_suspended), quiet=True),
    Change("set_password", _SIGN_IN, None, (LINK_HOLDER,), (guards.is_no_group, guards.is_not_suspended)),
    Change("make_app_password", _SIGN_IN, None, (OWNER,), (guards.is_no_group, guards.is_not_suspended,
           guards.few_app_passwords)),
    Change("revoke_app_password", ON_HOST | {State.APPROVED}, None, (OWNER, *_PEOPLE), (guards.has_app_password,)),
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


def allowed_actions(mailbox: Mailbox, actor: Actor) -> list[str]:
    """What the actor may try now, in the order of the table; a guard may still refuse it."""
    state = State(mailbox["state"])
    return [row.action for row in CHANGES if state in row.sources and actor.has(*row.roles)]
