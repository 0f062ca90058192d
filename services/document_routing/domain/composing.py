"""The edXML messages that follow from what stands in a document: sent, recalled, updated, replaced, or a status."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.edxml.check import (
    BUSINESS,
    HEADER,
    RECALL,
    REPLACEMENT,
    UPDATE,
    Fault,
    Prefix,
)
from services.document_routing.domain.edxml.formats import read_identifier
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Hop,
    Manifest,
    Organ,
    OtherInfo,
    Promulgation,
    Reference,
    Replacement,
    ResponseFor,
    Signer,
    StatusHeader,
    StatusMessage,
    Trace,
    UpdateInfo,
)

REASONS = {0: "Văn bản mới", RECALL: "Thu hồi văn bản", UPDATE: "Cập nhật văn bản", REPLACEMENT: "Thay thế văn bản"}

Document = Mapping[str, Any]


def document_message(
    document: Document,
    spec: Mapping[str, Any],
    directory: Directory,
    types: DocumentTypes,
    related: Mapping[str, Document],
) -> DocumentMessage:
    """The message about a document for one receiver; `spec` says of which business, why and when.

    `related` holds the document that this one replaces. A recall has no attachments.
    """
    business = spec["business"]
    number, _, notation = document["code"].partition("/")
    type_number, type_name = types.in_messages(document["kind"])
    header = Header(
        sender=organ(document["agency"], directory),
        receivers=(organ(spec["receiver"], directory),),
        document=document["exchange_id"],
        code=Code(number[:11], notation[:30]),
        promulgation=Promulgation(_place(document["agency"], directory), date.fromisoformat(document["issued_on"])),
        type=DocumentType(type=type_number, name=type_name[:100]),
        subject=document["subject"][:500],
        content=(document["summary"] or "")[:500],
        signer=_signer(document["signer"]),
        due=date.fromisoformat(document["due_on"]) if document["due_on"] else None,
        places=tuple(place[:150] for place in document["places"]),
        other=OtherInfo(priority=document["urgency"], copies=document["copies"], pages=document["pages"]),
        answers=tuple(_answer(one) for one in document["answers"] if one["agency"]),
    )
    files = document["files"] if business != RECALL else []
    return DocumentMessage(
        header,
        Trace((Hop(document["agency"], spec["at"]),), _business(document, spec, related)),
        Manifest(references(files)),
    )


def status_message(document: Document, spec: Mapping[str, Any], directory: Directory) -> StatusMessage:
    """What a receiver says of a document, for the system that sent it."""
    header = StatusHeader(
        sender=organ(spec["sender"], directory),
        answers=_answer(document),
        status=spec["status_code"],
        description=(spec["reason"] or "Không nêu lý do" if spec["status_code"] == "02" else spec["reason"])[:1000],
        at=spec["at"],
    )
    return StatusMessage(header)


def organ(code: str, directory: Directory) -> Organ:
    """An agency by its identifier and name."""
    return Organ(code, "", directory.name(code)[:200])


def _place(code: str, directory: Directory) -> str:
    """Where an agency issues; of one of another exchange only its name is known."""
    return directory.place(code)[:50] if directory.find(code) else ""


def references(files: Sequence[Mapping[str, Any]]) -> tuple[Reference, ...]:
    """The manifest of some files; each is named by its own hash, so that what is signed vouches for its content."""
    unique = {file["sha256"]: file for file in files}
    return tuple(Reference(sha256, file["type"], "", file["name"][:500]) for sha256, file in unique.items())


def _signer(signer: Mapping[str, Any] | None) -> Signer | None:
    if signer is None or not (signer["form"] or signer["position"] or signer["name"]):
        return None
    return Signer(signer["form"], signer["position"][:100], signer["name"][:100])


def _answer(document: Document) -> ResponseFor:
    number, _, notation = document["code"].partition("/")
    day = date.fromisoformat(document["issued_on"])
    return ResponseFor(document["agency"], Code(number[:11], notation[:30]), day, document["exchange_id"])


def _business(document: Document, spec: Mapping[str, Any], related: Mapping[str, Document]) -> Business:
    business, reason = spec["business"], spec["reason"] or REASONS[spec["business"]]
    replaced = related.get(document["replaces"] or "")
    return Business(
        type=business,
        reason=reason[:1000],
        document=document["exchange_id"] if business in (RECALL, UPDATE) else "",
        paper=0,
        update=UpdateInfo(content=True, receivers=False) if business == UPDATE else None,
        replaces=(Replacement(replaced["exchange_id"], (spec["receiver"],)),) if replaced and business == 3 else (),
    )


def taken_in(message: DocumentMessage, types: DocumentTypes) -> dict[str, Any]:
    """What a message says of its document, under the names that documents have here."""
    header = message.header
    day = header.promulgation.day
    signer, other = header.signer or Signer(), header.other or OtherInfo()
    return {
        "kind": types.by_name(header.type.name),
        "code": f"{header.code.number}/{header.code.notation}",
        "symbol": header.code.notation,
        "issued_on": day.isoformat() if day else "",
        "subject": header.subject,
        "summary": header.content,
        "urgency": other.priority,
        "due_on": header.due.isoformat() if header.due else None,
        "places": list(header.places),
        "pages": other.pages,
        "copies": other.copies or 1,
        "signer": {
            "form": signer.competence,
            "behalf": "",
            "position": signer.position,
            "name": signer.full_name,
            "mandate": "",
        }
        if header.signer
        else None,
        "exchange_id": header.document,
        "reason": message.trace.business.reason,
    }


def faults_of_sender(message: DocumentMessage, agency: str, directory: Directory, today: date) -> list[Fault]:
    """What is wrong with a message because of whose it is, and of when; `agency` sends it.

    Nobody may take another agency's identifier, or one that says something else than the document does.
    """
    header, business = message.header, message.trace.business
    found = []
    if header.promulgation.day and header.promulgation.day > today:
        found.append(Fault(Prefix.MALFORMED, f"{HEADER}.PromulgationInfo.PromulgationDate", why="in_future"))
    said = read_identifier(header.document)
    true = (agency, header.promulgation.day, header.code.number, header.code.notation)
    if said is None or (directory.current(said[0]), *said[1:]) != true:
        found.append(Fault(Prefix.MALFORMED, f"{HEADER}.DocumentId", why="message_identifier_not_own"))
    if len(business.replaces) > 1:  # each document takes the place of one
        found.append(Fault(Prefix.MALFORMED, f"{BUSINESS}.ReplacementInfoList.ReplacementInfo"))
    removed = business.type == UPDATE and business.update and any(one.type == 0 for one in business.update.changes)
    if removed:  # a recall takes the document back from one receiver
        found.append(Fault(Prefix.TYPE, f"{BUSINESS}.BussinessDocumentInfo.ReceiverList.Receiver.ReceiverType"))
    return found


def changed_by(message: DocumentMessage) -> dict[str, Any]:
    """What an update changes: whether the content, and for which further receivers."""
    update = message.trace.business.update or UpdateInfo()
    return {"content_changes": update.content is not False, "added": [one.organ for one in update.changes]}


def said_anew(message: DocumentMessage) -> list[str]:
    """What a recall or an update says, by which two of one second differ."""
    header, business = message.header, message.trace.business
    changes = business.update or UpdateInfo()
    parts = (header.subject, header.content, header.due, business.reason, changes.content)
    files = [f"{one.content} {one.name}" for one in message.manifest.references]
    return [*map(str, parts), *(f"{one.type} {one.organ}" for one in changes.changes), *files]


def concerned(message: DocumentMessage) -> str:
    """The identifier of the document that a message is about: for a recall or an update the one it names."""
    business = message.trace.business
    return (business.document if business.type in (RECALL, UPDATE) else "") or message.header.document


def moment_of(message: DocumentMessage) -> datetime | None:
    """When the sender wrote the message, by the first entry of its way."""
    return message.trace.hops[0].at if message.trace.hops else None


def identifier_of(answers: ResponseFor) -> str:
    """The identifier of the document that a status answers, put together where the sender left it out."""
    if answers.document:
        return answers.document
    day = f"{answers.day:%Y/%m/%d}" if answers.day else ""
    return f"{answers.organ},{day},{answers.code.number}/{answers.code.notation}"
