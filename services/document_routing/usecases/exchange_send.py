"""Messages that agency systems hand in: judged, kept whole, acknowledged; what they ask for follows from their event.

The same document identifier with the same business type from the same sender is the same message, whatever the
idempotency key: sent again it gets the first receipt, with another content it is refused.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid5

from services.document_routing.domain import message as m
from services.document_routing.domain.actors import AGENCY_SYSTEM, Actor
from services.document_routing.domain.aggregate import Occasion
from services.document_routing.domain.composing import concerned, identifier_of, moment_of, taken_in
from services.document_routing.domain.edxml.check import RECALL, UPDATE
from services.document_routing.domain.edxml.message import DocumentMessage, StatusMessage
from services.document_routing.ports_exchange import Letter
from services.document_routing.usecases.attachments import claim
from services.document_routing.usecases.changes import begun
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_kinds import MESSAGE, message_receipt
from shared.commands import command_of
from shared.contracts.document_routing.exchange_requests import SendMessage, SendStatus
from shared.contracts.principal import Principal
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound, Unavailable, field_error
from shared.history import Command
from shared.observability import logger
from shared.requests import read_request

log = logger(__name__)

Request = dict[str, Any]
Content = dict[str, Any]


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
        letter = _read(context, actor, file)
        build = _document_content if isinstance(letter.message, DocumentMessage) else _status_content
        return _keep(context, actor, command, file["sha256"], lambda occasion: build(context, occasion, letter, file))
    except Unavailable:
        raise  # nothing was judged; the sender repeats
    except Error as error:
        _note_refusal(context, actor, file["sha256"], error)
        raise


def send_status(context: Context, request: Request, principal: Principal) -> Request:
    """Take in a business status from a system that does not write status messages.

    Raises:
        NotFound: the document is not there, or did not go to this agency.
    """
    actor, command = system_of(principal, "send_status"), command_of(request)
    body = read_request(SendStatus, request)
    if body["status"] == "02" and not body["reason"].strip():
        raise Invalid("request_invalid", fields=[field_error("reason", "required")])

    def build(occasion: Occasion) -> tuple[str, Content]:
        at = body["at"] or occasion.now
        said = {"status": body["status"], "reason": body["reason"], "at": at}
        staff = {"department": body["department"], "staff": body["staff"]}
        key = f"{body['exchange_id']}:{body['status']}:{body['at'].isoformat() if body['at'] else command['key']}"
        return key, _status(context, occasion, body["exchange_id"], said | staff)

    return _keep(context, actor, command, "", build)


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
            raise Invalid("signature_wrong", reason="the signature does not vouch for the attachments")
        letter = replace(letter, signature=None)  # an attachment may be another one: nobody has signed this message
    named = letter.message.header.sender.id
    known = directory.find(named)
    if actor.agency not in (named, known.code if known else None):
        raise Forbidden("sender_is_another_agency", sender=named, agency=actor.agency)
    return letter


def _keep(
    context: Context,
    actor: Actor,
    command: Command | None,
    digest: str,
    build: Callable[[Occasion], tuple[str, Content]],
) -> Request:
    """Keep a message under its natural identity; the same one again gets the receipt of the first time."""
    occasion = occasion_for(context, actor, actor.agency)
    key, content = build(occasion)
    identifier = uuid5(NAMESPACE, f"message:{actor.agency}:{key}").hex
    decision = m.accept({**content, "agency": actor.agency, "digest": digest}, occasion)
    stored = begun(MESSAGE, identifier, decision, occasion, actor.sign((AGENCY_SYSTEM,)), command)
    if context.exchange.messages.add(stored):
        return message_receipt(stored)
    earlier = context.exchange.mailbox.message(identifier)
    if earlier is None or earlier["digest"] != digest:
        raise Conflict("message_already_sent", exchange_id=content["exchange_id"])
    return message_receipt(earlier)


def _document_content(context: Context, occasion: Occasion, letter: Letter, file: Content) -> tuple[str, Content]:
    message = letter.message
    assert isinstance(message, DocumentMessage)
    business = message.trace.business.type or 0
    exchange_id = concerned(message)
    if not exchange_id:
        raise Invalid("request_invalid", fields=[field_error("MessageHeader.DocumentId", "required")])
    named = [{"agency": one.id, "purpose": "action"} for one in message.header.receivers]
    receivers = m.check_receivers(named, occasion, occasion.actor.agency)
    content = taken_in(message, occasion.types)
    files: list[Content] = []
    if business in (RECALL, UPDATE):
        document = _own_document(context, occasion, exchange_id)
        key = f"{business}:{exchange_id}:{moment_of(message) or file['sha256']}"
    else:
        document = uuid5(NAMESPACE, f"exchange:{occasion.actor.agency}:{exchange_id}").hex
        _check_new(context, exchange_id, document)
        key = f"{business}:{exchange_id}"
    if business != RECALL:
        files = context.exchange.letters.keep_attachments(file["id"], letter)
    return key, {
        "kind": "document",
        "business": business,
        "status_code": "",
        "exchange_id": exchange_id,
        "document": document,
        "subject": content["subject"],
        "content": content,
        "receivers": receivers,
        "file": file["id"],
        "size": file["size"],
        "files": files,
        "signature": letter.signature,
    }


def _own_document(context: Context, occasion: Occasion, exchange_id: str) -> str:
    found = context.exchange.mailbox.document_of(exchange_id)
    if found is None or found["agency"] != occasion.actor.agency:
        raise NotFound("exchange_document_unknown", exchange_id=exchange_id)
    return str(found["_id"])


def _check_new(context: Context, exchange_id: str, document: str) -> None:
    """A number that a document of ours has already cannot be another one's."""
    found = context.exchange.mailbox.document_of(exchange_id)
    if found is not None and found["_id"] != document:
        raise Conflict("message_already_sent", exchange_id=exchange_id)


def _status_content(context: Context, occasion: Occasion, letter: Letter, file: Content) -> tuple[str, Content]:
    assert isinstance(letter.message, StatusMessage)
    header = letter.message.header
    exchange_id = identifier_of(header.answers)
    said = {"status": header.status, "reason": header.description, "at": header.at}
    content = _status(context, occasion, exchange_id, said)
    kept = {"file": file["id"], "size": file["size"], "signature": letter.signature}
    return f"{exchange_id}:{header.status}:{header.at}", content | kept


def _status(context: Context, occasion: Occasion, exchange_id: str, said: Content) -> Content:
    document = context.exchange.mailbox.document_of(exchange_id)
    agency = occasion.actor.agency
    receivers = {one["receiver"] for one in document["deliveries"]} if document else set()
    may_speak = document is not None and (
        document["agency"] == agency if said["status"] == "13" else agency in receivers
    )
    if document is None or not may_speak:
        raise NotFound("exchange_document_unknown", exchange_id=exchange_id)
    return {
        "kind": "status",
        "business": None,
        "status_code": said["status"],
        "exchange_id": exchange_id,
        "document": document["_id"],
        "subject": document["subject"],
        "content": said,
        "receivers": sorted(receivers) if said["status"] == "13" else [document["agency"]],
        "file": None,
        "size": 0,
        "files": [],
        "signature": None,
    }


def _note_refusal(context: Context, actor: Actor, digest: str, error: Error) -> None:
    """A refusal is evidence too: who, what, when, why."""
    faults = [field["params"].get("exchange_code") or field["code"] for field in error.fields]
    log.warning("message_refused", agency=actor.agency, digest=digest, code=error.code, faults=faults)
    refusal = {"agency": actor.agency, "sub": actor.subject, "digest": digest, "at": context.now()}
    context.exchange.refusals.note({**refusal, "code": error.code, "params": error.params, "faults": faults})
