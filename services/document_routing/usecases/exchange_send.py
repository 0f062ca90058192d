"""Messages that agency systems hand in: judged, kept whole, acknowledged; what they ask for follows from their event.

The same document identifier with the same business type from the same sender is the same message, whatever the
idempotency key: sent again it gets the first receipt, with another content it is refused. Of statuses, recalls and
updates there may be several in one second; these are told apart by what they say too.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid5

from services.document_routing.domain import message as m
from services.document_routing.domain.actors import AGENCY_SYSTEM
from services.document_routing.domain.aggregate import Occasion
from services.document_routing.domain.edxml.check import NEED_REASON
from services.document_routing.domain.edxml.message import DocumentMessage
from services.document_routing.domain.statuses import SKEW
from services.document_routing.ports_exchange import Letter
from services.document_routing.usecases.attachments import claim
from services.document_routing.usecases.changes import begun
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_contents import (
    Content,
    document_message,
    identity_of,
    status_content,
    status_message,
)
from services.document_routing.usecases.exchange_documents import (
    carry_out,
)
from services.document_routing.usecases.exchange_kinds import MESSAGE, message_receipt
from shared.actors import Actor
from shared.commands import command_of
from shared.contracts.document_routing.exchange_requests import SendMessage, SendStatus
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound, Unavailable, field_error
from shared.history import Command
from shared.observability import logger
from shared.requests import read_request

log = logger(__name__)

Request = dict[str, Any]


def send_message(context: Context, request: Request, principal: Principal) -> Request:
    """Take in an edXML file that the caller uploaded.

    Raises:
        Invalid, TooLarge, Forbidden, NotFound, Conflict: it is refused; the refusal is kept and logged.
    """
    actor, command = system_of(principal, "send_message"), command_of(request)
    body = read_request(SendMessage, request)
    try:
        file = claim(context, body["file"], actor.subject)
    except NotFound as error:
        raise Invalid("request_invalid", fields=[field_error("file", "file_unknown")]) from error
    return take_in(context, actor, file, command)


def take_in(context: Context, actor: Actor, file: Content, command: Command | None) -> Request:
    """Judge a stored file and take it in, or note why it was refused."""
    try:
        _check_connected(context, actor)
        letter = _read(context, actor, file)
        build = document_message if isinstance(letter.message, DocumentMessage) else status_message
        key, content = build(context, actor, letter, file)
        return _keep(context, actor, command, file["sha256"], key, content)
    except Unavailable:
        raise  # nothing was judged; the sender repeats
    except Error as error:
        _note_refusal(context, actor, file["sha256"], error)
        raise


def send_status(context: Context, request: Request, principal: Principal) -> Request:
    """Take in a business status from a system that does not write status messages.

    Raises:
        NotFound: the document is not there, or did not go to this agency.
        Conflict: it answers a question that nobody asked.
        Invalid: this agency signs what it says, which only an edXML status message can be.
    """
    actor, command = system_of(principal, "send_status"), command_of(request)
    _check_connected(context, actor)
    if context.exchange.partners.find(actor.agency).signature_required:
        raise Invalid("signature_required", agency=actor.agency)
    body = read_request(SendStatus, request)
    exchange_id, status = body["exchange_id"], body["status"]
    if status in NEED_REASON and not body["reason"].strip():
        raise Invalid("request_invalid", fields=[field_error("reason", "required")])
    if body["at"] and body["at"] > context.now() + SKEW:
        raise Invalid("request_invalid", fields=[field_error("at", "in_future")])
    said = {"at": body["at"] or context.now(), **{name: body[name] for name in ("status", "reason")}}
    said |= {"department": body["department"], "staff": body["staff"]}
    at = body["at"].isoformat() if body["at"] else command["key"]
    key = identity_of(f"{exchange_id}:{status}:{at}", *(said[name] for name in ("reason", "department", "staff")))
    return _keep(context, actor, command, "", key, lambda _: status_content(context, actor, exchange_id, said))


def system_of(principal: Principal, action: str) -> Actor:
    """The caller, if it is an agency's system.

    Raises:
        Forbidden: it is none, or acts for no agency.
    """
    actor = actor_of(principal)
    if not actor.has(AGENCY_SYSTEM) or not actor.agency:
        raise Forbidden("role_not_allowed", action=action)
    return actor


def _read(context: Context, actor: Actor, file: Content) -> Letter:
    directory = context.offices.directory()
    own = directory.find(actor.agency)
    names = (own.code, *own.legacy_codes, own.name) if own else (actor.agency,)
    partner = replace(context.exchange.partners.find(actor.agency), names=names)
    letter = context.exchange.letters.read(file["id"], partner)
    if letter.signature is None and partner.signature_required:
        raise Invalid("signature_required", agency=actor.agency)
    if letter.signature is not None and not letter.bound:
        if partner.signature_required:
            raise Invalid("signature_without_attachments")
        letter = replace(letter, signature=None)  # an attachment may be another one: nobody has signed this message
    named = letter.message.header.sender.id
    known = directory.find(named)
    if actor.agency not in (named, known.code if known else None):
        raise Forbidden("sender_is_another_agency", sender=named, agency=actor.agency)
    return letter


def _check_connected(context: Context, actor: Actor) -> None:
    """Whoever works at a desk here numbers and tells there: a second voice would contradict the first."""
    if context.offices.directory().connection(actor.agency).mode not in ("system", "outside"):
        raise Forbidden("agency_works_at_desk", agency=actor.agency)


def _keep(
    context: Context, actor: Actor, command: Command | None, digest: str, key: str, build: Callable[[Occasion], Content]
) -> Request:
    """Keep a message under its natural identity and do what it asks for; the same one again gets its first receipt.

    Both become final together: what cannot be done has no receipt.
    """
    identifier = uuid5(NAMESPACE, f"message:{actor.agency}:{key}").hex
    repeated = _receipt_of(context, identifier, digest)
    if repeated is not None:
        return repeated
    occasion = occasion_for(context, actor, actor.agency)
    content = build(occasion)
    decision = m.accept({**content, "agency": actor.agency, "digest": digest}, occasion)
    stored = begun(MESSAGE, identifier, decision, occasion, actor.sign((AGENCY_SYSTEM,)), command)

    def keep() -> bool:
        new = context.exchange.messages.add(stored)
        if new:
            carry_out(context, stored)
        return new

    return message_receipt(stored) if context.together(keep) else _receipt_of(context, identifier, digest) or {}


def _receipt_of(context: Context, identifier: str, digest: str) -> Request | None:
    """The receipt of a message that was taken in before.

    Raises:
        Conflict: it was another message.
    """
    earlier = context.exchange.mailbox.message(identifier)
    if earlier is not None and earlier["digest"] != digest:
        raise Conflict("message_already_sent", exchange_id=earlier["exchange_id"])
    return message_receipt(earlier) if earlier else None


def _note_refusal(context: Context, actor: Actor, digest: str, error: Error) -> None:
    """A refusal is evidence too: who, what, when, why."""
    faults = [field["params"].get("exchange_code") or field["code"] for field in error.fields]
    log.warning("message_refused", agency=actor.agency, digest=digest, code=error.code, faults=faults)
    refusal = {"agency": actor.agency, "sub": actor.subject, "digest": digest, "at": context.now()}
    context.exchange.refusals.note({**refusal, "code": error.code, "params": error.params, "faults": faults})
