"""Messages of every kind, made by chance from what each field declares of itself, and some written by hand."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from services.document_routing.adapters.edxml_writer import Enclosure
from services.document_routing.domain.edxml.check import STATUS_CODES, strict_faults
from services.document_routing.domain.edxml.formats import VIETNAM
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Hop,
    Manifest,
    Message,
    Organ,
    Promulgation,
    ReceiverChange,
    Reference,
    Replacement,
    ResponseFor,
    StatusHeader,
    StatusMessage,
    Trace,
    UpdateInfo,
)
from services.document_routing.domain.edxml.schema import Part, parts_of

LETTERS = st.sampled_from("aAzZ09 .,-/_<>&\"'\u0110\u01b0\u1edd\u1ec7\u00e2\n\t\U0001f600]]>")
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=VIETNAM)
)


def texts(limit: int) -> st.SearchStrategy[str]:
    """Texts as they come out of a message: no white space around them, at least one letter."""
    return st.text(LETTERS, min_size=1, max_size=min(limit, 40)).map(str.strip).filter(bool)


def values(kind: Any, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any part of a message; `fixed` replaces the choice of single fields."""
    return st.builds(kind, **{part.field: _field(part) for part in parts_of(kind) if part.field not in fixed}, **fixed)


def _field(part: Part) -> st.SearchStrategy[Any]:
    one = _one(part)
    if part.many:
        return st.lists(one, min_size=int(part.required), max_size=3).map(tuple)
    if part.required:
        return one
    return st.one_of(st.just(part.default), one)


def _one(part: Part) -> st.SearchStrategy[Any]:
    if part.nested:
        return values(part.kind)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: texts(part.limit),
        int: st.integers(0, 10**9 - 1),
        bool: st.booleans(),
        date: DAYS,
        datetime: MOMENTS,
    }
    return plain[part.kind]


def _normal(value: Any) -> Any:
    """The same message in the form in which it is read: optional parts that say nothing are not there."""
    changed = {}
    for part in parts_of(type(value)):
        held = getattr(value, part.field)
        if part.nested and part.many:
            changed[part.field] = tuple(map(_normal, held))
        elif part.nested and held is not None:
            held = _normal(held)
            changed[part.field] = None if part.default is None and held == type(held)() else held
    return replace(value, **changed)


def _sound(message: Message) -> bool:
    return not strict_faults(message)


ORGANS = st.lists(values(Organ), min_size=1, max_size=4, unique_by=lambda organ: organ.id).map(tuple)
BUSINESS = values(Business, type=st.integers(0, 3))
PRIORITIES = st.one_of(st.none(), st.integers(0, 4))


@st.composite
def documents(draw: st.DrawFn) -> tuple[DocumentMessage, list[bytes]]:
    """A document message of any business type, with the contents of its attachments."""
    header: Header = _normal(draw(values(Header, receivers=ORGANS)))
    if header.other is not None:
        header = replace(header, other=replace(header.other, priority=draw(PRIORITIES)))
        header = replace(header, other=None) if header.other == type(header.other)() else header
    trace: Trace = _normal(draw(values(Trace, business=BUSINESS)))
    fewest = 0 if trace.business.type in (1, 2) else 1
    contents = draw(st.lists(st.binary(max_size=300), min_size=fewest, max_size=3, unique=True))
    references = tuple(replace(draw(values(Reference)), content=sha256(content)) for content in contents)
    message = DocumentMessage(header, trace, Manifest(references))
    if not _sound(message):
        message = _completed(message)
    return message, contents


def _completed(message: DocumentMessage) -> DocumentMessage:
    """The same message with what its business type asks for."""
    business = message.trace.business
    business = replace(
        business,
        reason=business.reason or "lý do",
        document=business.document or "H13,2026/01/02,1/QĐ-UBND",
        update=business.update or UpdateInfo(content=True),
        replaces=business.replaces or (Replacement("H13,2026/01/02,1/QĐ-UBND"),),
    )
    header = message.header
    header = replace(
        header,
        document=header.document or "H13,2026/01/03,2/QĐ-UBND",
        sender=replace(header.sender, name=header.sender.name or "UBND thành phố"),
    )
    return replace(message, header=header, trace=replace(message.trace, business=business))


@st.composite
def statuses(draw: st.DrawFn) -> StatusMessage:
    """A status message with any of the nine codes."""
    header: StatusHeader = _normal(draw(values(StatusHeader, status=st.sampled_from(STATUS_CODES))))
    answers = header.answers
    complete = answers.document or (answers.code.number and answers.code.notation and answers.day)
    if not complete:
        header = replace(header, answers=replace(answers, document="H13,2026/01/02,1/QĐ-UBND"))
    return StatusMessage(replace(header, description=header.description or "đã xem"))


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def enclosures(message: DocumentMessage, contents: list[bytes]) -> list[Enclosure]:
    """The contents as the writer wants them."""
    return [Enclosure(*pair) for pair in zip(message.manifest.references, ([one] for one in contents), strict=True)]


SENDER = Organ("H13.30.01", "", "UBND phường Ninh Kiều")
PDF = b"%PDF-1.7 van ban %%EOF"


def a_document(**changes: Any) -> DocumentMessage:
    """A decision with one attachment; `changes` replace fields of its header."""
    header = Header(
        sender=SENDER,
        receivers=(Organ("H56.30.01", "", "UBND phường Hạc Thành"),),
        document="H13.30.01,2026/11/21,15/QĐ-UBND",
        code=Code("15", "QĐ-UBND"),
        promulgation=Promulgation("Cần Thơ", date(2026, 11, 21)),
        type=DocumentType(2, None, "Quyết định"),
        subject="Về việc kiểm thử",
    )
    reference = Reference(sha256(PDF), "application/pdf", "Toàn văn", "quyet-dinh-15.pdf")
    trace = Trace((Hop("H13.30.01", datetime(2026, 11, 21, 9, 0, tzinfo=VIETNAM)),), Business(0, "Văn bản mới"))
    return DocumentMessage(replace(header, **changes), trace, Manifest((reference,)))


def of_type(business_type: int) -> DocumentMessage:
    """The same decision recalled, updated or replaced."""
    document = a_document()
    business = Business(
        business_type,
        "sai thể thức",
        document.header.document,
        1,
        UpdateInfo(True, True, (ReceiverChange("H56.30.01", 1),)),
        (Replacement("H13.30.01,2026/11/01,9/QĐ-UBND", ("H56.30.01",)),),
    )
    return replace(document, trace=replace(document.trace, business=business))


def a_status(code: str = "03", description: str = "") -> StatusMessage:
    """An answer to the decision."""
    answered = ResponseFor("H13.30.01", Code("15", "QĐ-UBND"), date(2026, 11, 21), "H13.30.01,2026/11/21,15/QĐ-UBND")
    moment = datetime(2026, 11, 21, 10, 30, 5, tzinfo=VIETNAM)
    return StatusMessage(StatusHeader(SENDER, answered, None, code, description, moment))
