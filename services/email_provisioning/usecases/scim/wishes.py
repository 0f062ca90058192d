"""Seeing a wish through: at once when it was stored, and by due work until it is fulfilled.

A wish was stored before anything is done about it, so that a crash at any point leaves it open. Whoever sees it
through goes by what is so now: all of it may happen again. Once fulfilled it is done with; what people change
afterwards stands until the identity provider sends another one.
"""

from collections.abc import Sequence
from datetime import timedelta

import orjson

from services.email_provisioning.ports import Document
from services.email_provisioning.ports_scim import GROUP, USER, Kept, Outcome
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.scim.attempt import Attempt
from services.email_provisioning.usecases.scim.groups import fulfil_group, part_with_group, told_of_group
from services.email_provisioning.usecases.scim.users import fulfil_user, part_with_user, told_of_user
from shared.contracts.base import ReceivedEvent
from shared.errors import Stale
from shared.observability import logger

log = logger(__name__)

ATTEMPTS = 4
"""How often somebody else may write a resource while it is seen through, before due work takes over."""

PAUSES = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1))
"""How long a wish rests that was refused once, twice, …"""


def see_through(context: Context, identifier: str) -> None:
    """Bring everything to what a resource wishes; if it is wished otherwise meanwhile, to that.

    Raises:
        Stale: it was written again and again; due work looks at it soon.
    """
    again = False
    for _ in range(ATTEMPTS):
        kept = context.scim.resources.find(identifier)
        if kept is None or _settle(context, kept, anyway=again):
            return
        again = True
    raise Stale("version_stale")


def fire_due_wish(context: Context, identifier: str) -> None:
    """A wish was left open by a crash, was refused before, or something that it is told of changed."""
    see_through(context, identifier)


def mark_mailboxes(context: Context, happened: Sequence[ReceivedEvent]) -> None:
    """Whoever speaks for these mailboxes has to be told of them anew."""
    found = context.mail.mailboxes.several(event.subject for event in happened)
    owners = {one["owner"] for one in found if one["owner"]}
    context.scim.resources.wake(officers=owners, mailboxes=(one["_id"] for one in found), at=context.now())


def mark_officers(context: Context, happened: Sequence[ReceivedEvent]) -> None:
    """Whoever speaks for these officers has to be told of them anew."""
    context.scim.resources.wake(officers=(event.subject for event in happened), at=context.now())


def _settle(context: Context, kept: Kept, *, anyway: bool) -> bool:
    """Fulfil a wish unless it is fulfilled, and tell what became of it; False when it was written meanwhile."""
    attempt = Attempt(context, kept)
    if kept.gone:
        (part_with_group if kept.kind == GROUP else part_with_user)(attempt)
        if not attempt.problems:
            return context.scim.resources.forget(kept)
        log.warning("scim_parting_refused", resource=kept.id, problem=attempt.problems[0]["code"])
        return _keep(context, attempt, {}, (), kept.mailbox)
    speaks_for = kept.mailbox if kept.kind == GROUP else kept.officer
    open_still = anyway or kept.reached != kept.wish
    if open_still:
        speaks_for = (fulfil_group if kept.kind == GROUP else fulfil_user)(attempt)
    tell = told_of_group if kept.kind == GROUP else told_of_user
    told, shown_to, mailbox = tell(context, speaks_for)
    if open_still and kept.kind == USER and speaks_for != kept.officer:
        _wake_groups(context, kept.id)
    return _keep(context, attempt, told, shown_to, mailbox)


def _keep(context: Context, attempt: Attempt, told: Document, shown_to: tuple[str, ...], mailbox: str | None) -> bool:
    kept, refused = attempt.kept, attempt.problems[:1]
    if refused and not kept.gone:
        told = {**told, "mailbox": {**told["mailbox"], "problem": orjson.dumps(refused[0], default=str).decode()}}
    pause = PAUSES[min(kept.tries, len(PAUSES) - 1)]
    outcome = Outcome(
        told={name: value or None for name, value in told.items()},
        own=attempt.own,
        shown_to=shown_to,
        reached=not refused,
        again_at=context.now() + pause if refused else None,
        mailbox=mailbox,
    )
    return context.scim.resources.settle(kept, outcome)


def _wake_groups(context: Context, user: str) -> None:
    """Groups that name a user lead to their officer too, once there is one."""
    for group in context.scim.resources.groups_with([user]):
        context.scim.resources.reopen(group, context.now())
