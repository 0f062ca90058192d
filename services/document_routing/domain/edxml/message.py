"""The two messages of QCVN 102:2016: a document on its way, and a status in answer to one.

The names of the elements, `Bussiness` with its double s included, are part of the format.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from services.document_routing.domain.edxml.schema import element


@dataclass(frozen=True, slots=True)
class Organ:
    """An agency as a message names it; `id` is its identifier, such as `H13.30.01`."""

    id: str = element("OrganId", required=True, limit=100)
    in_charge: str = element("OrganizationInCharge", limit=500, default="")
    name: str = element("OrganName", limit=200, default="")
    address: str = element("OrganAdd", limit=500, default="")
    email: str = element("Email", limit=100, default="")
    telephone: str = element("Telephone", limit=20, default="")
    fax: str = element("Fax", limit=20, default="")
    website: str = element("Website", limit=200, default="")


@dataclass(frozen=True, slots=True)
class Code:
    """Number and symbol of a document: 7816 and VPCP-TTĐT."""

    number: str = element("CodeNumber", required=True, limit=11, default="")
    notation: str = element("CodeNotation", required=True, limit=30, default="")


@dataclass(frozen=True, slots=True)
class Promulgation:
    """Where and on which day a document was issued."""

    place: str = element("Place", limit=50, default="")
    day: date | None = element("PromulgationDate", required=True, default=None)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """The type of a document. `name` decides: partners number the types differently."""

    type: int | None = element("Type", default=None)
    detail: int | None = element("TypeDetail", default=None)
    name: str = element("TypeName", required=True, limit=100, default="")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed; `competence` is TM., Q., KT., TL. or TUQ. (Decree 30/2020, Article 13)."""

    competence: str = element("Competence", limit=100, default="")
    position: str = element("Position", limit=100, default="")
    full_name: str = element("FullName", limit=100, default="")


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """Urgency, circulation and size; `priority` counts from 0 (ordinary) to 4 (at a fixed hour)."""

    priority: int | None = element("Priority", default=None)
    sphere: str = element("SphereOfPromulgation", limit=100, default="")
    typist: str = element("TyperNotation", limit=10, default="")
    copies: int | None = element("PromulgationAmount", default=None)
    pages: int | None = element("PageAmount", default=None)
    direction: bool | None = element("Direction", default=None)
    appendixes: tuple[str, ...] = element("Appendix", inside="Appendixes", default=())


@dataclass(frozen=True, slots=True)
class ResponseFor:
    """Another document that this one answers; `organ` issued it."""

    organ: str = element("OrganId", required=True, limit=100)
    code: Code = element("Code", default=Code())
    day: date | None = element("PromulgationDate", default=None)
    document: str = element("DocumentId", limit=200, default="")


@dataclass(frozen=True, slots=True)
class StaffInfo:
    """The person at the sender who can be asked."""

    department: str = element("Department", limit=200, default="")
    staff: str = element("Staff", limit=100, default="")
    email: str = element("Email", limit=100, default="")
    mobile: str = element("Mobile", limit=20, default="")


@dataclass(frozen=True, slots=True)
class Header:
    """What a document message says of the document."""

    sender: Organ = element("From", required=True)
    receivers: tuple[Organ, ...] = element("To", required=True, default=())
    document: str = element("DocumentId", limit=200, default="")
    code: Code = element("Code", required=True, default=Code())
    promulgation: Promulgation = element("PromulgationInfo", required=True, default=Promulgation())
    type: DocumentType = element("DocumentType", required=True, default=DocumentType())
    subject: str = element("Subject", required=True, limit=500, default="")
    content: str = element("Content", limit=500, default="")
    signer: Signer | None = element("SignerInfo", default=None)
    due: date | None = element("DueDate", default=None)
    places: tuple[str, ...] = element("Place", inside="ToPlaces", limit=150, path="ToPlace.Place", default=())
    other: OtherInfo | None = element("OtherInfo", default=None)
    answers: tuple[ResponseFor, ...] = element("ResponseFor", default=())
    tasks: tuple[str, ...] = element("TaskCode", inside="ResponseForTask", limit=100, default=())
    steering: int | None = element("SteeringType", default=None)


@dataclass(frozen=True, slots=True)
class Hop:
    """One system that the message went through, and when."""

    organ: str = element("OrganId", required=True, limit=100)
    at: datetime | None = element("Timestamp", required=True, default=None)


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """A receiver that an update removes (0) or adds (1)."""

    organ: str = element("OrganId", required=True, limit=100)
    type: int | None = element("ReceiverType", default=None)


@dataclass(frozen=True, slots=True)
class UpdateInfo:
    """What an update changes: the content, the receivers, or both."""

    content: bool | None = element("DocumentInfo", default=None)
    receivers: bool | None = element("DocumentReceiver", default=None)
    changes: tuple[ReceiverChange, ...] = element("Receiver", inside="ReceiverList", default=())


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document that this one replaces, and for whom."""

    document: str = element("DocumentId", required=True, limit=200)
    organs: tuple[str, ...] = element("OrganId", inside="OrganIdList", limit=100, default=())


@dataclass(frozen=True, slots=True)
class Business:
    """What the message is about: 0 a new document, 1 a recall, 2 an update, 3 a replacement; and why."""

    type: int | None = element("BussinessDocType", default=None)
    reason: str = element("BussinessDocReason", limit=1000, default="")
    document: str = element("DocumentId", limit=200, default="")
    paper: int | None = element("Paper", default=None)
    update: UpdateInfo | None = element("BussinessDocumentInfo", default=None)
    replaces: tuple[Replacement, ...] = element("ReplacementInfo", inside="ReplacementInfoList", default=())
    staff: StaffInfo | None = element("StaffInfo", default=None)


@dataclass(frozen=True, slots=True)
class Trace:
    """The way of a message, one entry per system, and its business."""

    hops: tuple[Hop, ...] = element("TraceHeader", default=())
    business: Business = element("Bussiness", default=Business())


@dataclass(frozen=True, slots=True)
class Reference:
    """One attachment as the manifest names it; `content` has no `cid:` before it."""

    content: str = element("ContentId", required=True, limit=200)
    type: str = element("ContentType", limit=200, default="")
    description: str = element("Description", limit=500, default="")
    name: str = element("AttachmentName", required=True, limit=500, default="")


@dataclass(frozen=True, slots=True)
class Manifest:
    """All attachments."""

    references: tuple[Reference, ...] = element("Reference", default=())


@dataclass(frozen=True, slots=True)
class DocumentMessage:
    """A document on its way: sent, recalled, updated or replaced."""

    header: Header
    trace: Trace = field(default=Trace())
    manifest: Manifest = field(default=Manifest())


@dataclass(frozen=True, slots=True)
class StatusHeader:
    """What a receiver (for 13: the sender) says of a document that it names in `answers`."""

    sender: Organ = element("From", required=True)
    answers: ResponseFor = element("ResponseFor", required=True)
    staff: StaffInfo | None = element("StaffInfo", default=None)
    status: str = element("StatusCode", required=True, limit=2, default="")
    description: str = element("Description", limit=1000, default="")
    at: datetime | None = element("Timestamp", required=True, default=None)


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """One business status; it has no attachments."""

    header: StatusHeader


Message = DocumentMessage | StatusMessage
