"""What is wrong with a message, by the path and prefix under which partners know it.

`N.` missing, `R.` too long, `M.` malformed, `T.` not of the right type or list of codes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.document_routing.domain.edxml.message import Business, DocumentMessage, Message, StatusMessage
from services.document_routing.domain.edxml.schema import Part, parts_of
from shared.errors import FieldError, Invalid, field_error

HEADER, TRACE, MANIFEST = "MessageHeader", "TraceHeaderList", "edXMLManifest"

BUSINESS = f"{TRACE}.Bussiness"

STATUS_CODES = ("01", "02", "03", "04", "05", "06", "13", "15", "16")
"""The nine business statuses; 07 to 12 and 14 are not in use."""

NEED_REASON = ("02", "13")
"""Statuses that say why: a refusal, and the wish to have a document back."""

NEW, RECALL, UPDATE, REPLACEMENT = range(4)
BUSINESS_TYPES = (NEW, RECALL, UPDATE, REPLACEMENT)
PRIORITIES = (0, 1, 2, 3, 4)

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry in any way."""


class Prefix(StrEnum):
    """The kinds of fault."""

    MISSING = "N"
    TOO_LONG = "R"
    MALFORMED = "M"
    TYPE = "T"


_CODES = {
    Prefix.MISSING: "message_part_missing",
    Prefix.TOO_LONG: "message_part_too_long",
    Prefix.MALFORMED: "message_part_malformed",
    Prefix.TYPE: "message_part_of_wrong_type",
}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault; `limit` is the number of characters allowed where the text is too long, `why` tells more than the
    prefix does.
    """

    prefix: Prefix
    path: str
    limit: int = 0
    why: str = ""

    @property
    def code(self) -> str:
        """The code by which partners' programs know it: `R.MessageHeader.ToPlace.Place`."""
        return f"{self.prefix}.{self.path}"


def invalid_message(wrong: Iterable[Fault]) -> Invalid:
    """The refusal that names every fault, each with its code among partners."""
    return Invalid("message_invalid", fields=[_field_error(fault) for fault in wrong])


def _field_error(fault: Fault) -> FieldError:
    figures = {"max": fault.limit} if fault.limit else {}
    return field_error(fault.path, fault.why or _CODES[fault.prefix], exchange_code=fault.code, **figures)


def faults(message: Message) -> list[Fault]:
    """Everything that keeps a message from being understood; none for a message that may be taken in."""
    if isinstance(message, StatusMessage):
        return [*_walk(message.header, HEADER), *_status_faults(message)]
    walked = (
        *_walk(message.header, HEADER),
        *_walk(message.trace, TRACE),
        *_walk(message.manifest, MANIFEST),
    )
    return [*walked, *_document_faults(message)]


def strict_faults(message: Message) -> list[Fault]:
    """What a message of ours must not have besides: partners differ in what they forgive."""
    found = faults(message)
    if isinstance(message, StatusMessage):
        return found
    if not message.header.document:
        found.append(Fault(Prefix.MISSING, f"{HEADER}.DocumentId"))
    return [*found, *_habitual_faults(message.trace.business)]


def _walk(value: Any, path: str) -> Iterator[Fault]:
    for part in parts_of(type(value)):
        held = getattr(value, part.field)
        where = f"{path}.{part.path}"
        if part.required and _is_empty(held):
            yield Fault(Prefix.MISSING, where)
        for one in held if part.many else (held,):
            yield from _one_faults(part, one, where)


def _one_faults(part: Part, one: Any, where: str) -> Iterator[Fault]:
    if one is None:
        return
    if part.nested:
        if part.many or not _is_empty(one):  # of one that must be there it was said already
            yield from _walk(one, where)
    elif isinstance(one, str):
        if len(one) > part.limit:
            yield Fault(Prefix.TOO_LONG, where, part.limit)
        if _FORBIDDEN.search(one):
            yield Fault(Prefix.MALFORMED, where)
    elif isinstance(one, int) and not isinstance(one, bool) and not 0 <= one < 10**9:
        yield Fault(Prefix.TYPE, where)


def _is_empty(value: Any) -> bool:
    """Whether nothing is said; a part of the message is empty when all its parts are."""
    if hasattr(type(value), "__dataclass_fields__"):
        return all(_is_empty(getattr(value, part.field)) for part in parts_of(type(value)))
    return not value and not isinstance(value, int | date | datetime)


def _document_faults(message: DocumentMessage) -> Iterator[Fault]:
    if not message.header.sender.name:
        yield Fault(Prefix.MISSING, f"{HEADER}.From.OrganName")
    organs = [receiver.id for receiver in message.header.receivers]
    if len(set(organs)) < len(organs):
        yield Fault(Prefix.MALFORMED, f"{HEADER}.To.OrganId")
    contents = [reference.content for reference in message.manifest.references]
    if len(set(contents)) < len(contents):
        yield Fault(Prefix.MALFORMED, f"{MANIFEST}.Reference.ContentId")
    business, other = message.trace.business, message.header.other
    if not message.manifest.references and business.type not in (RECALL, UPDATE):
        yield Fault(Prefix.MISSING, f"{MANIFEST}.Reference")
    yield from _business_faults(business)
    if business.type is not None and business.type not in BUSINESS_TYPES:
        yield Fault(Prefix.TYPE, f"{TRACE}.Bussiness.BussinessDocType")
    if other is not None and other.priority is not None and other.priority not in PRIORITIES:
        yield Fault(Prefix.TYPE, f"{HEADER}.OtherInfo.Priority")


def _status_faults(message: StatusMessage) -> Iterator[Fault]:
    answers = message.header.answers
    if message.header.status in NEED_REASON and not message.header.description:
        yield Fault(Prefix.MISSING, f"{HEADER}.Description")
    if message.header.status and message.header.status not in STATUS_CODES:
        yield Fault(Prefix.TYPE, f"{HEADER}.StatusCode")
    if not answers.document and not (answers.code.number and answers.code.notation and answers.day):
        yield Fault(Prefix.MISSING, f"{HEADER}.ResponseFor.DocumentId")


def _business_faults(business: Business) -> Iterator[Fault]:
    """What no receiver could act upon."""
    if business.type in (RECALL, UPDATE, REPLACEMENT) and not business.reason:
        yield Fault(Prefix.MISSING, f"{BUSINESS}.BussinessDocReason")
    if business.type == REPLACEMENT and not business.replaces:
        yield Fault(Prefix.MISSING, f"{BUSINESS}.ReplacementInfoList.ReplacementInfo")


def _habitual_faults(business: Business) -> Iterator[Fault]:
    """What partners leave out because it can be concluded."""
    if business.type is None:
        yield Fault(Prefix.MISSING, f"{BUSINESS}.BussinessDocType")
    if business.type in (RECALL, UPDATE) and not business.document:
        yield Fault(Prefix.MISSING, f"{BUSINESS}.DocumentId")
    if business.type == UPDATE and business.update is None:
        yield Fault(Prefix.MISSING, f"{BUSINESS}.BussinessDocumentInfo")
