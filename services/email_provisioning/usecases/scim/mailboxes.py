"""The mailbox of a SCIM user: asked for, shut and opened again, and changed as is wished."""

import uuid
from datetime import date

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.states import COUNTED, LIVING, ON_HOST, WANTED_ON_HOST, State
from services.email_provisioning.domain.scim.wishes import UserWish
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail import commands as mail
from services.email_provisioning.usecases.mail import requests
from services.email_provisioning.usecases.mail.automatic import command_key
from services.email_provisioning.usecases.mail.changes import change_by_itself, loaded_anew
from services.email_provisioning.usecases.mail.loading import load_mailbox
from services.email_provisioning.usecases.mail.surroundings import personal_ones
from services.email_provisioning.usecases.scim.attempt import REASON, Attempt
from shared.errors import Conflict


def mailbox_of(context: Context, officer: str) -> Document | None:
    """The personal mailbox of an officer: the one that counts, else one asked for, else the last that ended."""
    found = personal_ones(context, officer)
    counted = [one for one in found if State(one["state"]) in COUNTED]
    living = [one for one in found if State(one["state"]) in LIVING]
    ended = sorted((one for one in found if one["state"] != State.PURGED), key=lambda one: one["revoked_on"] or "")
    return next(iter([*counted, *living, *ended[-1:]]), None)


def shut(attempt: Attempt, mailbox: Document) -> None:
    """Nobody signs in from now on: open sessions end, app passwords are void; mail is kept."""
    attempt.own["off"] = True
    with attempt.step():
        if mailbox["suspension"] is None and State(mailbox["state"]) in WANTED_ON_HOST:
            attempt.tell(mail.suspend_mailbox, mailbox=mailbox["_id"], suspension="receive", reason=REASON)


def give(attempt: Attempt, officer: Document, wish: UserWish) -> None:
    """Ask for a mailbox, by the same key as the platform does where everybody gets one, and approve it."""
    context = attempt.context
    if context.scim.policy == "none":
        return
    with attempt.step():
        mailbox = mailbox_of(context, officer["_id"])
        if mailbox is None or mailbox["state"] == State.PURGED:
            key = command_key(context, officer["_id"])
            _ask(attempt, officer, wish, key)
            mailbox = loaded_anew(context, uuid.uuid5(requests.NAMESPACE, key).hex)
        if mailbox["state"] == State.REQUESTED and context.scim.policy == "approve":
            load_mailbox(context, mailbox["_id"], attempt.actor)
            change_by_itself(context, mailbox, "approve", {}, CLOCKWORK, REASON)


def _ask(attempt: Attempt, officer: Document, wish: UserWish, key: str) -> None:
    chosen = {"address": wish.address} if _is_ours(attempt.context, wish) else {}
    size = {"quota": wish.quota} if wish.quota is not None else {}
    attempt.tell(requests.request_mailbox, key=key, owner=officer["_id"], reason=REASON, **chosen, **size)


def change_mailbox(attempt: Attempt, mailbox: Document, wish: UserWish) -> None:
    """Bring a mailbox to what is wished; each part may be refused without the others."""
    if State(mailbox["state"]) not in LIVING:
        attempt.refuse(Conflict("scim_mailbox_ended"))
        return
    identifier = mailbox["_id"]
    with attempt.step():
        _open(attempt, mailbox)
    with attempt.step():
        mailbox = loaded_anew(attempt.context, identifier)
        if _is_ours(attempt.context, wish) and wish.address != mailbox["address"]:
            attempt.tell(mail.rename_mailbox, mailbox=identifier, address=wish.address, reason=REASON)
    with attempt.step():
        if wish.quota is not None and wish.quota != mailbox["quota"]:
            attempt.tell(mail.change_quota, mailbox=identifier, quota=wish.quota, reason=REASON)


def schedule(attempt: Attempt, mailbox: Document, wish: UserWish) -> None:
    """Revoke on the day that is wished; one that was wished earlier and is no longer does not hold."""
    with attempt.step():
        mailbox = loaded_anew(attempt.context, mailbox["_id"])
        before, attempt.own["revoke_on"] = attempt.own.get("revoke_on"), wish.revoke_on
        if wish.revoke_on is not None and wish.revoke_on != mailbox["revoke_on"]:
            attempt.tell(mail.schedule_revocation, mailbox=mailbox["_id"], revoke_on=wish.revoke_on, reason=REASON)
        elif wish.revoke_on is None and before == mailbox["revoke_on"] and mailbox["state"] == State.SCHEDULED:
            attempt.tell(mail.cancel_revocation, mailbox=mailbox["_id"], reason=REASON)


def _open(attempt: Attempt, mailbox: Document) -> None:
    """Open what was shut because of an earlier wish, or because its owner had left; what people shut stays so."""
    ours = attempt.own.get("off") or mailbox["left"] is not None
    if mailbox["suspension"] is not None and not ours:
        raise Conflict("scim_suspended_elsewhere")
    if mailbox["suspension"] is not None:
        if mailbox["state"] == State.SCHEDULED:
            attempt.tell(mail.cancel_revocation, mailbox=mailbox["_id"], reason=REASON)
        attempt.tell(mail.restore_mailbox, mailbox=mailbox["_id"], reason=REASON)
    attempt.own["off"] = False


def take_leave(attempt: Attempt, mailbox: Document, last_day: str, titles: list[str]) -> None:
    """Shut the mailbox of somebody whom the identity provider no longer knows, to be revoked as the rules say.

    Raises:
        Conflict: it is approved and not there yet.
    """
    context, state = attempt.context, State(mailbox["state"])
    load_mailbox(context, mailbox["_id"], attempt.actor)
    if state is State.REQUESTED:
        change_by_itself(context, mailbox, "refuse", {}, CLOCKWORK, REASON)
    elif state is State.APPROVED:
        raise Conflict("mailbox_action_not_allowed", action="suspend", state=str(state))
    elif state in ON_HOST and mailbox["left"] != last_day:
        if mailbox["suspension"] is None:
            mailbox = change_by_itself(context, mailbox, "suspend", {"suspension": "receive"}, attempt.actor, REASON)
        by_rule = context.mail.rules.leaves_on(date.fromisoformat(last_day), titles, context.today_as_date())
        sooner = min(filter(None, (mailbox["revoke_on"], by_rule.isoformat())))
        body = {"revoke_on": date.fromisoformat(sooner), "left": last_day}
        change_by_itself(context, mailbox, "schedule_revocation", body, attempt.actor, REASON)


def _is_ours(context: Context, wish: UserWish) -> bool:
    """Whether the user name is an address of a domain of this platform."""
    return wish.address is not None and context.mail.rules.domain_of(wish.address) is not None
