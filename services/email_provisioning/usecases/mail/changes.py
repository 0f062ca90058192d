"""One change of one mailbox: decided, recorded, and stored with everything that follows from it in one write."""

from collections.abc import Callable, Mapping
from typing import Any

from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Decision
from services.email_provisioning.domain.mail.mailbox import decide
from services.email_provisioning.domain.mail.settling import drawn, settle
from services.email_provisioning.domain.mail.states import BY_ACTION, State
from services.email_provisioning.ports import AlreadyThere, Document
from services.email_provisioning.ports_mail import Draw, PoolExhausted
from services.email_provisioning.usecases.changes import record
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.surroundings import surroundings
from services.email_provisioning.usecases.mail.views import receipt
from shared.errors import Conflict, Stale
from shared.history import Command

Body = Mapping[str, Any]
Answer = Callable[[Mapping[str, Any]], dict[str, Any]]


def change(
    context: Context,
    mailbox: Document,
    action: str,
    body: Body,
    actor: Actor,
    *,
    reason: str = "",
    command: Command | None = None,
    answer: Answer = receipt,
) -> dict[str, Any] | None:
    """Decide on one row of the table and store it; None when somebody else changed the mailbox meanwhile.

    Raises:
        Forbidden, Conflict: as the table says, and when an address, a person or a grant is taken at this moment.
    """
    changes = decide(mailbox, action, body, actor, surroundings(context, mailbox, body))
    decision = Decision(BY_ACTION[action].event, changes, reason)
    derived = followed(context, mailbox, {**mailbox, **changes})
    changes, entry, answered = record(
        mailbox, decision, derived, at=context.now(), actor=actor, answer=answer, command=command
    )
    after = {**mailbox, **changes}
    draws = [Draw(agency, more, context.mail.rules.grant_of(agency)) for agency, more in drawn(mailbox, after).items()]
    try:
        saved = context.mail.mailboxes.save_drawing(mailbox["_id"], mailbox["version"], changes, entry, draws)
    except AlreadyThere as error:
        raise taken(error, after) from error
    except PoolExhausted as error:
        raise pool_exhausted(error) from error
    return answered if saved else None


def change_by_itself(
    context: Context, mailbox: Document, action: str, body: Body, actor: Actor, reason: str = ""
) -> Document:
    """Change a mailbox because something else happened, and answer how it stands now.

    Raises:
        Stale: somebody else changed it meanwhile; whatever caused this is looked at again.
    """
    if change(context, mailbox, action, body, actor, reason=reason) is None:
        raise Stale("version_stale")
    return loaded_anew(context, mailbox["_id"])


def followed(context: Context, before: Document | None, after: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from a mailbox as it stands after a change: keys, due work, and who has not heard of it yet."""
    within = before["within"] if before and before["agency"] == after["agency"] else _within(context, after["agency"])
    derived = settle(after, within, context.mail.rules, context.today_as_date())
    told = before is not None and before["generation"] == after["generation"]
    if State(after["state"]) in (State.REQUESTED, State.REFUSED) or told:
        return derived | ({} if before else {"waiting": [], "waiting_since": None})
    since = before["waiting_since"] if before and before["waiting"] else context.now()
    return derived | {"waiting": derived["hosts"], "waiting_since": since}


def taken(error: AlreadyThere, mailbox: Mapping[str, Any]) -> Conflict:
    """What somebody else was faster to take."""
    if error.field == "person":
        return Conflict("mailbox_not_the_only_one")
    return Conflict("mailbox_address_taken", address=mailbox["address"])


def pool_exhausted(error: PoolExhausted) -> Conflict:
    """The grant that does not hold what was wanted."""
    return Conflict("mailbox_pool_exhausted", grant=error.draw.grant, used=error.used, wanted=error.draw.more)


def loaded_anew(context: Context, identifier: str) -> Document:
    """A mailbox that was there a moment ago."""
    loaded = context.mail.mailboxes.find(identifier)
    assert loaded is not None, identifier
    return loaded.document


def _within(context: Context, agency: str) -> list[str]:
    """An agency and those above it; the nearest first."""
    known = context.agencies.known([agency])
    return list(known[agency]["within"])
