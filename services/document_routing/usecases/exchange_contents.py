"""What a message of an agency's system says, judged: its natural identity, and what is kept of it."""

import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid5

from services.document_routing.domain import message as m
from services.document_routing.domain.aggregate import Occasion
from services.document_routing.domain.composing import (
    changed_by,
    concerned,
    faults_of_sender,
    identifier_of,
    moment_of,
    said_anew,
    taken_in,
)
from services.document_routing.domain.deliveries import concerns, current
from services.document_routing.domain.duties import day_of
from services.document_routing.domain.edxml.check import HEADER, Fault, Prefix, invalid_message
from services.document_routing.domain.edxml.message import DocumentMessage, StatusMessage
from services.document_routing.domain.outgoing import NEW, RECALL, UPDATE
from services.document_routing.domain.statuses import AGREED, DECLINED, RECALL_ASKED, SKEW
from services.document_routing.ports_exchange import Letter
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.exchange_documents import (
    asked_of,
    check_new,
    own_document,
    spoken_of,
    ties_of,
)
from shared.actors import Actor

Content = dict[str, Any]


Built = tuple[str, Callable[[Occasion], Content]]
"""The natural identity of a message among those of its sender, and how it is judged further."""


def document_message(context: Context, actor: Actor, letter: Letter, file: Content) -> Built:
    """A document, a recall or an update, judged by what its sender may say."""
    message = letter.message
    assert isinstance(message, DocumentMessage)
    directory = context.offices.directory()
    wrong = faults_of_sender(message, actor.agency, directory, day_of(context.now()))
    if wrong:
        raise invalid_message(wrong)
    header, business = message.header, message.trace.business.type or NEW
    organs = sorted({directory.current(one.id) for one in header.receivers})
    if business not in (RECALL, UPDATE):
        code = f"{header.code.number}/{header.code.notation}"
        identity = f"{actor.agency},{header.promulgation.day},{code}"
        return f"{business}:{identity}", lambda occasion: _new_content(context, occasion, letter, file, identity)
    moment = moment_of(message) or file["sha256"]
    key = identity_of(f"{business}:{concerned(message)}:{moment}:{','.join(organs)}", *said_anew(message))
    return key, lambda occasion: _change_content(context, occasion, letter, file, organs)


def identity_of(key: str, *said: str) -> str:
    """The identity of what may be said more than once in a second: two that say different things are two."""
    return f"{key}:{hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()}"


def _new_content(context: Context, occasion: Occasion, letter: Letter, file: Content, identity: str) -> Content:
    """A document that is new here, or takes the place of another one of its sender."""
    message, agency = letter.message, occasion.actor.agency
    assert isinstance(message, DocumentMessage)
    named = [{"agency": one.id, "purpose": "action"} for one in message.header.receivers]
    receivers = m.check_receivers(named, occasion, agency)
    document = uuid5(NAMESPACE, f"exchange:{identity}").hex
    check_new(context, message, agency, document)
    content = taken_in(message, occasion.types) | ties_of(context, message, agency)
    files = context.exchange.letters.keep_attachments(file["id"], letter)
    return _content(letter, file, document, content, receivers, files)


def _change_content(context: Context, occasion: Occasion, letter: Letter, file: Content, organs: list[str]) -> Content:
    """A recall or an update of a document that its sender has sent before."""
    message = letter.message
    assert isinstance(message, DocumentMessage)
    document = own_document(context, concerned(message), occasion.actor.agency)["_id"]
    content = taken_in(message, occasion.types) | changed_by(message)
    recall = message.trace.business.type == RECALL
    files = [] if recall else context.exchange.letters.keep_attachments(file["id"], letter)
    return _content(letter, file, document, content, organs, files)


def _content(
    letter: Letter, file: Content, document: str, content: Content, receivers: list[str], files: list[Content]
) -> Content:
    message = letter.message
    assert isinstance(message, DocumentMessage)
    return {
        "kind": "document",
        "business": message.trace.business.type or NEW,
        "status_code": "",
        "exchange_id": concerned(message),
        "document": document,
        "subject": content["subject"],
        "content": content,
        "receivers": receivers,
        "file": file["id"],
        "size": file["size"],
        "files": files,
        "signature": letter.signature,
    }


def status_message(context: Context, actor: Actor, letter: Letter, file: Content) -> Built:
    """A status, or an answer, that came as an edXML message."""
    assert isinstance(letter.message, StatusMessage)
    header = letter.message.header
    if header.at and header.at > context.now() + SKEW:
        raise invalid_message([Fault(Prefix.MALFORMED, f"{HEADER}.Timestamp", why="in_future")])
    exchange_id = identifier_of(header.answers)
    said = {"status": header.status, "reason": header.description, "at": header.at}
    said |= {"staff": header.staff.staff if header.staff else ""}
    kept = {"file": file["id"], "size": file["size"], "signature": letter.signature}
    key = identity_of(f"{exchange_id}:{header.status}:{header.at}", header.description)
    return key, lambda _: status_content(context, actor, exchange_id, said) | kept


def status_content(context: Context, actor: Actor, exchange_id: str, said: Content) -> Content:
    """What is kept of a status: which document it is of, and who hears of it."""
    status, agency = said["status"], actor.agency
    document = spoken_of(context, exchange_id, status, agency)
    if status in (AGREED, DECLINED):
        document, request = asked_of(context, document, agency, said["at"])
        said = {**said, "request": request}
    holders = sorted(one["receiver"] for one in current(document["deliveries"]) if concerns(one))
    return {
        "kind": "status",
        "business": None,
        "status_code": status,
        "exchange_id": exchange_id,
        "document": document["_id"],
        "subject": document["subject"],
        "content": said,
        "receivers": holders if status == RECALL_ASKED else [document["agency"]],
        "file": None,
        "size": 0,
        "files": [],
        "signature": None,
    }
