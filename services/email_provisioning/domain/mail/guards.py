"""What must hold before a mailbox changes; each guard answers the refusal, or None."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from services.email_provisioning.domain.mail.addresses import may_take
from services.email_provisioning.domain.mail.surroundings import Surroundings
from shared.errors import Conflict, Error

Mailbox = Mapping[str, Any]
Body = Mapping[str, Any]

PERSONAL, GROUP = "personal", "group"

MOST_ALIASES, MOST_APP_PASSWORDS = 50, 20
"""More than anybody needs; each stands in the mailbox itself."""


def only_one_of_a_person(mailbox: Mailbox, _: Body, around: Surroundings) -> Error | None:
    """An officer has one personal mailbox at a time."""
    if mailbox["kind"] == PERSONAL and around.others_of_owner:
        return Conflict("mailbox_not_the_only_one")
    return None


def has_owner(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """A mailbox without an owner on this day is nobody's duty."""
    return None if current_owner(mailbox) else Conflict("mailbox_without_owner")


def fits_pool(mailbox: Mailbox, body: Body, around: Surroundings) -> Error | None:
    """The quota fits into what is left of the agency's grant."""
    moved = mailbox["state"] in ("requested", "revoked") or "agency" in body
    more = body.get("quota", mailbox["quota"]) - (0 if moved else mailbox["quota"])
    if around.pool.holds(more):
        return None
    return Conflict("mailbox_pool_exhausted", grant=around.pool.grant, used=around.pool.used, wanted=more)


def day_is_ahead(_: Mailbox, body: Body, around: Surroundings) -> Error | None:
    """A revocation is scheduled for a day to come."""
    return None if body["revoke_on"] > around.today else Conflict("mailbox_day_not_ahead")


def day_has_come(mailbox: Mailbox, _: Body, around: Surroundings) -> Error | None:
    """What is scheduled is revoked on its day and not before; a suspended mailbox at any time."""
    if mailbox["revoke_on"] and around.today < date.fromisoformat(mailbox["revoke_on"]):
        return Conflict("mailbox_day_not_come", revoke_on=mailbox["revoke_on"])
    return None


def is_held(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """There is a legal hold to be released."""
    return None if mailbox["hold"] else Conflict("mailbox_not_held")


def is_not_held(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """Nothing under a legal hold is destroyed."""
    return Conflict("mailbox_held") if mailbox["hold"] else None


def retention_is_over(mailbox: Mailbox, _: Body, around: Surroundings) -> Error | None:
    """The archive is kept for its time."""
    until = date.fromisoformat(mailbox["revoked_on"]) + timedelta(days=around.retention_days)
    return None if around.today > until else Conflict("mailbox_retained", until=until.isoformat())


def address_is_free(mailbox: Mailbox, body: Body, around: Surroundings) -> Error | None:
    """Nobody else has the address, or had it lately; one's own former address may be taken back."""
    if may_take(around.given, mailbox["_id"], around.today, around.retention_days):
        return None
    return Conflict("mailbox_address_taken", address=body["address"])


def is_another_address(mailbox: Mailbox, body: Body, _: Surroundings) -> Error | None:
    """The address is not the mailbox's own already."""
    if body["address"] == mailbox["address"]:
        return Conflict("mailbox_address_same", address=body["address"])
    return None


def alias_ends_ahead(_: Mailbox, body: Body, around: Surroundings) -> Error | None:
    """An alias has a last day, which is not over."""
    return None if body["until"] >= around.today else Conflict("mailbox_alias_over")


def few_aliases(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """A mailbox has at most 50 aliases."""
    if len(mailbox["aliases"]) >= MOST_ALIASES:
        return Conflict("mailbox_too_many_aliases", limit=MOST_ALIASES)
    return None


def has_alias(mailbox: Mailbox, body: Body, _: Surroundings) -> Error | None:
    """The address is an alias of the mailbox."""
    if any(alias["address"] == body["address"] for alias in mailbox["aliases"]):
        return None
    return Conflict("mailbox_alias_unknown", address=body["address"])


def is_group(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """Only a group has members."""
    return None if mailbox["kind"] == GROUP else Conflict("mailbox_is_no_group")


def is_no_group(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """A group leads to others' mailboxes; nobody signs in to it, and it stores nothing."""
    return Conflict("mailbox_is_group") if mailbox["kind"] == GROUP else None


def is_not_suspended(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """Who may not sign in is given nothing to sign in with."""
    return Conflict("mailbox_suspended") if mailbox["suspension"] else None


def few_app_passwords(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """A mailbox has at most 20 app passwords that work."""
    if len(working(mailbox)) >= MOST_APP_PASSWORDS:
        return Conflict("mailbox_too_many_app_passwords", limit=MOST_APP_PASSWORDS)
    return None


def has_app_password(mailbox: Mailbox, body: Body, _: Surroundings) -> Error | None:
    """There is such an app password, and it works."""
    if any(known["id"] == body["app_password"] for known in working(mailbox)):
        return None
    return Conflict("mailbox_app_password_unknown")


def is_not_personal(mailbox: Mailbox, _: Body, __: Surroundings) -> Error | None:
    """A person's mailbox is never handed to another person."""
    return Conflict("mailbox_is_personal") if mailbox["kind"] == PERSONAL else None


def working(mailbox: Mailbox) -> list[Mapping[str, Any]]:
    """The app passwords that were not made void since."""
    return [known for known in mailbox["app_passwords"] if known["secrets"] == mailbox["secrets"]]


def current_owner(mailbox: Mailbox) -> str | None:
    """The officer who answers for the mailbox now."""
    owners = [owner["officer"] for owner in mailbox["owners"] if owner["until"] is None]
    return str(owners[-1]) if owners else None
