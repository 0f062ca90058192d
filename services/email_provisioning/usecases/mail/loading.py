"""Mailboxes and agencies as a command finds them: within the caller's own agency, or not there at all."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain.access import EVERYWHERE
from services.email_provisioning.domain.actors import ADMINISTRATOR, OPERATOR, OWNER, SYSTEM, Actor
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from shared.commands import Loaded
from shared.errors import Forbidden, Invalid, NotFound, field_error

READ_MAIL, EDIT_MAIL = "read_mail", "edit_mail"


def mail_scope(actor: Actor) -> str:
    """The agency below which the actor sees mailboxes; `EVERYWHERE` for those who run the mail.

    Raises:
        Forbidden: for all but administrators and operators.
    """
    if actor.has(OPERATOR, SYSTEM):
        return EVERYWHERE
    if actor.has(ADMINISTRATOR) and actor.agency:
        return actor.agency
    raise Forbidden("role_not_allowed", action=READ_MAIL)


def load_mailbox(context: Context, identifier: str, actor: Actor, command: str = "") -> Loaded:
    """The mailbox, if the actor may know of it.

    Raises:
        NotFound: in the same words when it is not there and when it is another agency's.
    """
    scope = mail_scope(actor)
    loaded = context.mail.mailboxes.find(identifier, command)
    if loaded is None:
        raise NotFound("mailbox_not_here")
    check_in_scope(scope, loaded.document)
    return loaded


def check_in_scope(scope: str, mailbox: Mapping[str, Any]) -> None:
    """Refuse in the same words what is not there and what is another agency's."""
    if scope != EVERYWHERE and scope not in mailbox["within"]:
        raise NotFound("mailbox_not_here")


def load_used(context: Context, identifier: str, actor: Actor, command: str = "") -> tuple[Loaded, Actor]:
    """The mailbox for whoever answers for it or looks after it, with the actor as its owner if they are that."""
    loaded = context.mail.mailboxes.find(identifier, command)
    if loaded is not None and owns(context, actor, loaded.document):
        return loaded, Actor(actor.subject, actor.roles | {OWNER}, actor.agency)
    if not actor.has(ADMINISTRATOR, OPERATOR):
        raise NotFound("mailbox_not_here")
    return load_mailbox(context, identifier, actor, command), actor


def owns(context: Context, actor: Actor, mailbox: Document) -> bool:
    """Whether the actor is the officer who answers for the mailbox."""
    if mailbox["owner"] is None or not actor.subject:
        return False
    return bool(officer_of(context, actor) == mailbox["owner"])


def officer_of(context: Context, actor: Actor) -> str | None:
    """The officer whose account the actor uses."""
    return context.officers.with_accounts([actor.subject]).get(actor.subject)


def load_mail_agency(context: Context, identifier: str, actor: Actor) -> Document:
    """The agency of an identifier of either generation, whose mailboxes the actor looks after.

    Raises:
        Invalid: there is no such agency.
        Forbidden: it is not below the actor's own.
    """
    agency = context.agencies.known([identifier]).get(identifier)
    if agency is None:
        wrong = field_error("agency", "agency_unknown", agency=identifier)
        raise Invalid("request_invalid", fields=[wrong])
    scope = mail_scope(actor)
    if scope != EVERYWHERE and scope not in agency["within"]:
        raise Forbidden("other_agency", action=EDIT_MAIL)
    return agency


def narrowed(context: Context, asked: str, scope: str) -> str:
    """The agency that was asked for, if it is within the scope.

    Raises:
        NotFound: it is not, or is not there.
    """
    agency = context.agencies.known([asked]).get(asked)
    if agency is None or (scope != EVERYWHERE and scope not in agency["within"]):
        raise NotFound("agency_not_here")
    return str(agency["code"])
