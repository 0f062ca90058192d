"""A mailbox without asking, for whoever is appointed where the domain says so."""

import uuid

from services.email_provisioning.domain.actors import CLOCKWORK
from services.email_provisioning.domain.mail.states import State
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.context import Context
from services.email_provisioning.usecases.mail.changes import change_by_itself, loaded_anew
from services.email_provisioning.usecases.mail.requests import NAMESPACE, ask_for
from services.email_provisioning.usecases.mail.surroundings import personal_ones
from shared.contracts.email_provisioning.mail_requests import RequestMailbox
from shared.errors import Conflict, Invalid
from shared.history import Command
from shared.observability import logger
from shared.requests import read_request

log = logger(__name__)

REASON = "Cấp tự động khi bổ nhiệm"


def give_mailbox(context: Context, officer: Document, personal: Document | None, agency: str) -> Document | None:
    """The officer's mailbox, asked for and approved by the platform if there is none; None where people decide.

    Whoever was refused one, or had theirs revoked, is left to people too.
    """
    known = context.agencies.known([agency])[agency]
    domain = context.mail.rules.domain_for(known["within"])
    if domain is None or not domain.automatic:
        return personal
    earlier = personal_ones(context, officer["_id"])
    command: Command = {"key": command_key(context, officer["_id"]), "digest": "", "answer": {}}
    identifier = uuid.uuid5(NAMESPACE, command["key"]).hex
    if personal is None:
        if any(one["state"] != State.PURGED for one in earlier) or not _ask(context, officer, agency, command):
            return None
        personal = loaded_anew(context, identifier)
    if personal["_id"] == identifier and personal["state"] == State.REQUESTED:
        return change_by_itself(context, personal, "approve", {}, CLOCKWORK, REASON)
    return personal


def command_key(context: Context, officer: str) -> str:
    """The key by which a mailbox is asked for without people: the same until that mailbox is no more."""
    purged = sum(one["state"] == State.PURGED for one in personal_ones(context, officer))
    return f"automatic:{officer}:{purged}"


def _ask(context: Context, officer: Document, agency: str, command: Command) -> bool:
    wanted = {"owner": officer["_id"], "agency": agency, "reason": REASON}
    try:
        ask_for(context, read_request(RequestMailbox, wanted), CLOCKWORK, command)
    except (Conflict, Invalid) as error:  # such as a name without letters
        log.warning("mailbox_not_given", officer=officer["_id"], error=str(error))
        return False
    return True
