"""What document routing answers."""

from typing import Any

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.colleagues import Colleagues as Colleagues  # offered here beside the other views
from shared.contracts.document_routing.values import DraftingUnit, Handler, Signer
from shared.contracts.operations import FileTicket as FileTicket  # offered here beside the other views
from shared.contracts.values import moment

_ID = "0f8fad5bd9cb469fa16570867728950e"


def _string(example: str = "", **options: Any) -> fields.String:
    return fields.String(metadata={"example": example} if example else {}, **options)


def _number(example: int, **options: Any) -> fields.Integer:
    return fields.Integer(metadata={"example": example}, **options)


class DocumentReceipt(View):
    """The answer to every command on an outgoing document; a repeated command gets the same one."""

    id = _string(_ID)
    status = _string("issued")
    status_name = _string("Đã phát hành")
    status_name_en = _string("Issued")
    version = _number(4)
    code = _string("15/UBND-VP")
    number = _number(15, allow_none=True)
    issued_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})


class DocumentRow(View):
    """One row of a list of outgoing documents."""

    id = _string(_ID)
    agency = _string("H13.30.01")
    status = _string("issued")
    status_name = _string("Đã phát hành")
    status_name_en = _string("Issued")
    kind = _string("cong_van")
    kind_name = _string("Công văn")
    kind_name_en = _string("Official letter")
    code = _string("15/UBND-VP")
    subject = _string("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    urgency = _number(1, allow_none=True)
    medium = _string("electronic")
    drafter_name = _string("Lê Văn Cường")
    signer_name = _string("Phạm Thị Dung", allow_none=True)
    receivers = fields.List(_string("H13.17"), metadata={"example": ["H13.17"]})
    due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    created_at = moment()
    issued_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})
    version = _number(4)


class FileView(View):
    """A file of a document; `key` is its name in the address from which it is downloaded."""

    key = _string("1")
    role = _string("main")
    name = _string("cong-van.pdf")
    size = _number(48213)
    type = _string("application/pdf")
    sha256 = _string("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


class StatusRow(View):
    """One row of the history of statuses at one receiver."""

    code = _string("03")
    name = _string("Đã tiếp nhận")
    name_en = _string("Registered")
    at = moment()
    reason = _string("")
    request = _string("", allow_none=True)


class DeliveryView(View):
    """What became of the document at one receiver: the transport, every status row, and where it stands now.

    A receiver to which it was sent again has several; the last counts.
    """

    receiver = _string("H13.17")
    sending = _number(1)
    sent_at = moment()
    name = _string("Sở Xây dựng thành phố Cần Thơ")
    asked_for = _string("H13.17")
    purpose = _string("action")
    mode = _string("desk")
    transport = _string("done")
    standing = _string("03", allow_none=True)
    standing_name = _string("Đã tiếp nhận", allow_none=True)
    standing_name_en = _string("Registered", allow_none=True)
    cancelled_at = moment(allow_none=True)
    requests = fields.List(
        fields.Dict(), metadata={"example": [{"id": "1", "kind": "recall", "answer": "15", "reason": "Sai nội dung"}]}
    )
    rows = fields.List(fields.Nested(StatusRow))


class FileSignatureView(View):
    """One electronic signature in the document's own file, as it was checked when the file was read.

    The verdict is `good` when nothing was altered and its signer goes back to an authority that counts here,
    `untrusted` when it goes back to another one, `unaltered` when no authorities are set up, and `altered` else.
    """

    field = _string("KySo")
    signer = _string("Nguyễn Văn An")
    signed_at = fields.String(allow_none=True, metadata={"example": "2026-11-20T09:00:00+07:00"})
    verdict = _string("good")


class DocumentView(DocumentRow):
    """One outgoing document as its agency sees it; a receiver sees its own arrival instead."""

    summary = _string("")
    secrecy = _string("none")
    unit = fields.Nested(DraftingUnit, allow_none=True)
    places = fields.List(_string("Như trên"), metadata={"example": ["Như trên"]})
    pages = _number(2, allow_none=True)
    copies = _number(1)
    revision = _number(1)
    versions = fields.List(
        fields.Dict(), metadata={"example": [{"number": 1, "at": "2026-11-20T08:00:00+07:00", "by": "Lê Văn Cường"}]}
    )
    files = fields.List(fields.Nested(FileView))
    signer = fields.Nested(Signer, allow_none=True)
    signed_at = moment(allow_none=True)
    signatures = fields.List(fields.Nested(FileSignatureView), allow_none=True)
    text_whole = fields.Boolean(allow_none=True, metadata={"example": True})
    issue_by = moment(allow_none=True)
    issued_at = moment(allow_none=True)
    number = _number(15, allow_none=True)
    symbol = _string("UBND-VP")
    business = _number(0)
    exchange_id = _string("H13.30.01,2026/11/20,15/UBND-VP")
    responds_to = fields.List(_string(_ID), metadata={"example": []})
    answers = fields.List(
        fields.Dict(), metadata={"example": [{"document": _ID, "agency": "H13.17", "code": "20/SXD-QH"}]}
    )
    references = fields.List(_string(_ID), metadata={"example": []})
    replaces = _string(_ID, allow_none=True)
    replaced_by = _string(_ID, allow_none=True)
    replies = fields.List(fields.Dict(), metadata={"example": [{"arrival": _ID, "code": "20/SXD-QH"}]})
    application = _string(_ID, allow_none=True)
    deliveries = fields.List(fields.Nested(DeliveryView))
    allowed_actions = fields.List(_string("issue"), metadata={"example": ["recall"]})


class ArrivalReceipt(View):
    """The answer to every command on an incoming document; a repeated command gets the same one."""

    id = _string(_ID)
    status = _string("03")
    status_name = _string("Đã tiếp nhận")
    status_name_en = _string("Registered")
    version = _number(2)
    code = _string("15/UBND-VP")
    arrival_number = _number(128, allow_none=True)
    due_at = moment(allow_none=True)


class ArrivalRow(View):
    """One row of a list of incoming documents."""

    id = _string(_ID)
    agency = _string("H13.17")
    status = _string("03")
    status_name = _string("Đã tiếp nhận")
    status_name_en = _string("Registered")
    arrival_number = _number(128, allow_none=True)
    arrived_at = moment()
    sender = _string("H13.30.01", allow_none=True)
    sender_name = _string("Ủy ban nhân dân phường Ninh Kiều")
    kind = _string("cong_van")
    kind_name = _string("Công văn")
    kind_name_en = _string("Official letter")
    code = _string("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    subject = _string("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    urgency = _number(1, allow_none=True)
    lead_unit = _string("Phòng Quản lý đô thị", allow_none=True)
    due_at = moment(allow_none=True)
    overdue = fields.Boolean(metadata={"example": False})
    request = _string("recall", allow_none=True)
    version = _number(2)


class SignatureView(View):
    """The electronic signature of the sender's system, as it was checked when the message came in (Decree 30, 21.2)."""

    subject = _string("CN=UBND phường Ninh Kiều")
    serial = _string("5f3a")
    fingerprint = _string("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    valid_from = moment()
    valid_until = moment()
    method = _string("rsa-sha256")
    covers = _string("envelope")
    attachments = fields.Boolean(metadata={"example": True})
    checked_at = moment()


class ArrivalView(ArrivalRow):
    """One incoming document as the receiving agency sees it."""

    document = _string(_ID, allow_none=True)
    medium = _string("electronic")
    asked_for = _string("H13.17")
    purpose = _string("action")
    summary = _string("")
    signer = fields.Nested(Signer, allow_none=True)
    signature = fields.Nested(SignatureView, allow_none=True)
    signatures = fields.List(fields.Nested(FileSignatureView), allow_none=True)
    text_whole = fields.Boolean(allow_none=True, metadata={"example": True})
    sender_due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    business = _number(0)
    exchange_id = _string("H13.30.01,2026/11/20,15/UBND-VP")
    answers = fields.List(fields.Dict(), metadata={"example": [{"document": _ID, "code": "15/UBND-VP"}]})
    replaces = _string(_ID, allow_none=True)
    replaced_by = _string(_ID, allow_none=True)
    files = fields.List(fields.Nested(FileView))
    confirm_by = moment(allow_none=True)
    registered_at = moment(allow_none=True)
    refused = fields.Dict(allow_none=True, metadata={"example": None})
    assignments = fields.List(
        fields.Dict(),
        metadata={"example": [{"number": 1, "lead": {"unit": "Phòng Quản lý đô thị"}, "opinion": "Tham mưu trả lời"}]},
    )
    lead = fields.Nested(Handler, allow_none=True)
    completed_at = moment(allow_none=True)
    reply = fields.Dict(allow_none=True, metadata={"example": None})
    requests = fields.List(fields.Dict(), metadata={"example": [{"id": "1", "kind": "recall", "answer": None}]})
    allowed_actions = fields.List(_string("register"), metadata={"example": ["register", "refuse"]})


class DocumentHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = _number(2)
    type = _string("document_submitted.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "specialist-ninh-kieu", "role": "specialist"}})
    reason = _string("")
    data = fields.Dict(metadata={"example": {"status": "in_review"}})
    hash = _string("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


class DocumentVerification(View):
    """Whether the chain of a history is whole; else the number of the first entry that is not what was written."""

    intact = fields.Boolean(metadata={"example": True})
    entries = _number(5)
    first_altered = _number(3, allow_none=True)


class DocumentCounts(View):
    """How many outgoing documents stand where, for the menu."""

    draft = _number(2)
    in_review = _number(1)
    signed = _number(0)
    issued_today = _number(5)
    issue_late = _number(0)


class ArrivalCounts(View):
    """How many incoming documents wait for what."""

    unconfirmed = _number(3)
    unconfirmed_late = _number(0)
    to_assign = _number(1)
    open = _number(7)
    overdue = _number(1)
    mine = _number(2)
    requests = _number(0)


class DocumentType(View):
    """One of the kinds of document of Decree 30 with its abbreviation in symbols."""

    kind = _string("quyet_dinh")
    name = _string("Quyết định (cá biệt)")
    name_en = _string("Decision")
    abbreviation = _string("QĐ")


class OutgoingRegisterRow(View):
    """A line of the register of outgoing documents (Decree 30, Annex IV).

    What an agency's own system numbered has no `number` of the series that is kept here.
    """

    id = _string(_ID)
    number = _number(15, allow_none=True)
    code = _string("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = _string("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    signer_name = _string("Phạm Thị Dung")
    receivers = _string("Sở Xây dựng thành phố Cần Thơ")
    archive_unit = _string("Văn phòng")
    copies = _number(1)
    note = _string("")


class IncomingRegisterRow(View):
    """A line of the register of incoming documents (Decree 30, Annex IV)."""

    id = _string(_ID)
    arrived_on = fields.Date(metadata={"example": "2026-11-20"})
    arrival_number = _number(128)
    author = _string("Ủy ban nhân dân phường Ninh Kiều")
    code = _string("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = _string("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    handler = _string("Phòng Quản lý đô thị")
    passed_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})
    received_by = _string("")
    due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    note = _string("")


class RegisterFault(View):
    """A run of numbers that are `missing`, `doubled`, or `beyond` what the series gave."""

    first = _number(7)
    last = _number(7)
    problem = _string("missing")


class RegisterGap(View):
    """A run of numbers that were left out on purpose, after a restore: they may stand on papers of the time before."""

    first = _number(16)
    last = _number(215)
    by = _string("Nguyễn Văn An")
    reason = _string("Khôi phục dữ liệu sau khi mất ổ đĩa")
    at = moment()


class RegisterVerification(View):
    """Whether a year's register is whole; `given` is the last number that its series gave."""

    agency = _string("H13.30.01")
    register = _string("outgoing")
    year = _number(2026)
    given = _number(15)
    intact = fields.Boolean(metadata={"example": True})
    findings = fields.List(fields.Nested(RegisterFault))
    skipped = fields.List(fields.Nested(RegisterGap), metadata={"example": []})


class DocumentFigure(View):
    """One figure; `value` is null where nothing could be counted, which is not zero."""

    key = _string("confirmed_within_day")
    name = _string("Văn bản đến được xác nhận trong ngày")
    unit = _string("percent")
    numerator = _number(19, allow_none=True)
    denominator = _number(20, allow_none=True)
    value = fields.Float(allow_none=True, metadata={"example": 95.0})


class DocumentFigures(View):
    """The figures of an agency and period (D 3.6)."""

    agency = _string("H13.30.01")
    first_day = fields.Date(metadata={"example": "2026-11-01"})
    last_day = fields.Date(metadata={"example": "2026-11-30"})
    figures = fields.List(fields.Nested(DocumentFigure))


class ConnectionView(View):
    """How an agency gets its documents."""

    agency = _string("H13.17")
    mode = _string("desk")
    symbol = _string("SXD", allow_none=True)
    name = _string("Sở Xây dựng thành phố Cần Thơ", allow_none=True)
