"""What document routing answers."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.document_routing.values import DraftingUnit, Handler, Signer
from shared.contracts.values import moment, number_like, string_like

_ID = "0f8fad5bd9cb469fa16570867728950e"


class DocumentReceipt(View):
    """The answer to every command on an outgoing document; a repeated command gets the same one."""

    id = string_like(_ID)
    status = string_like("issued")
    status_name = string_like("Đã phát hành")
    status_name_en = string_like("Issued")
    version = number_like(4)
    code = string_like("15/UBND-VP")
    number = number_like(15, allow_none=True)
    issued_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})


class DocumentRow(View):
    """One row of a list of outgoing documents."""

    id = string_like(_ID)
    agency = string_like("H13.30.01")
    status = string_like("issued")
    status_name = string_like("Đã phát hành")
    status_name_en = string_like("Issued")
    kind = string_like("cong_van")
    kind_name = string_like("Công văn")
    kind_name_en = string_like("Official letter")
    code = string_like("15/UBND-VP")
    subject = string_like("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    urgency = number_like(1, allow_none=True)
    medium = string_like("electronic")
    drafter_name = string_like("Lê Văn Cường")
    signer_name = string_like("Phạm Thị Dung", allow_none=True)
    receivers = fields.List(string_like("H13.17"), metadata={"example": ["H13.17"]})
    due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    created_at = moment()
    issued_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})
    version = number_like(4)


class FileView(View):
    """A file of a document; `key` is its name in the address from which it is downloaded."""

    key = string_like("1")
    role = string_like("main")
    name = string_like("cong-van.pdf")
    size = number_like(48213)
    type = string_like("application/pdf")
    sha256 = string_like("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


class StatusRow(View):
    """One row of the history of statuses at one receiver."""

    code = string_like("03")
    name = string_like("Đã tiếp nhận")
    name_en = string_like("Registered")
    at = moment()
    reason = string_like("")
    request = string_like("", allow_none=True)


class DeliveryView(View):
    """What became of the document at one receiver: the transport, every status row, and where it stands now.

    A receiver to which it was sent again has several; the last counts.
    """

    receiver = string_like("H13.17")
    sending = number_like(1)
    sent_at = moment()
    name = string_like("Sở Xây dựng thành phố Cần Thơ")
    asked_for = string_like("H13.17")
    purpose = string_like("action")
    mode = string_like("desk")
    transport = string_like("done")
    standing = string_like("03", allow_none=True)
    standing_name = string_like("Đã tiếp nhận", allow_none=True)
    standing_name_en = string_like("Registered", allow_none=True)
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

    field = string_like("KySo")
    signer = string_like("Nguyễn Văn An")
    signed_at = fields.String(allow_none=True, metadata={"example": "2026-11-20T09:00:00+07:00"})
    verdict = string_like("good")


class DocumentView(DocumentRow):
    """One outgoing document as its agency sees it; a receiver sees its own arrival instead."""

    summary = string_like("")
    secrecy = string_like("none")
    unit = fields.Nested(DraftingUnit, allow_none=True)
    places = fields.List(string_like("Như trên"), metadata={"example": ["Như trên"]})
    pages = number_like(2, allow_none=True)
    copies = number_like(1)
    revision = number_like(1)
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
    number = number_like(15, allow_none=True)
    symbol = string_like("UBND-VP")
    business = number_like(0)
    exchange_id = string_like("H13.30.01,2026/11/20,15/UBND-VP")
    responds_to = fields.List(string_like(_ID), metadata={"example": []})
    answers = fields.List(
        fields.Dict(), metadata={"example": [{"document": _ID, "agency": "H13.17", "code": "20/SXD-QH"}]}
    )
    references = fields.List(string_like(_ID), metadata={"example": []})
    replaces = string_like(_ID, allow_none=True)
    replaced_by = string_like(_ID, allow_none=True)
    replies = fields.List(fields.Dict(), metadata={"example": [{"arrival": _ID, "code": "20/SXD-QH"}]})
    application = string_like(_ID, allow_none=True)
    deliveries = fields.List(fields.Nested(DeliveryView))
    allowed_actions = fields.List(string_like("issue"), metadata={"example": ["recall"]})


class ArrivalReceipt(View):
    """The answer to every command on an incoming document; a repeated command gets the same one."""

    id = string_like(_ID)
    status = string_like("03")
    status_name = string_like("Đã tiếp nhận")
    status_name_en = string_like("Registered")
    version = number_like(2)
    code = string_like("15/UBND-VP")
    arrival_number = number_like(128, allow_none=True)
    due_at = moment(allow_none=True)


class ArrivalRow(View):
    """One row of a list of incoming documents."""

    id = string_like(_ID)
    agency = string_like("H13.17")
    status = string_like("03")
    status_name = string_like("Đã tiếp nhận")
    status_name_en = string_like("Registered")
    arrival_number = number_like(128, allow_none=True)
    arrived_at = moment()
    sender = string_like("H13.30.01", allow_none=True)
    sender_name = string_like("Ủy ban nhân dân phường Ninh Kiều")
    kind = string_like("cong_van")
    kind_name = string_like("Công văn")
    kind_name_en = string_like("Official letter")
    code = string_like("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    subject = string_like("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    urgency = number_like(1, allow_none=True)
    lead_unit = string_like("Phòng Quản lý đô thị", allow_none=True)
    due_at = moment(allow_none=True)
    overdue = fields.Boolean(metadata={"example": False})
    request = string_like("recall", allow_none=True)
    version = number_like(2)


class SignatureView(View):
    """The electronic signature of the sender's system, as it was checked when the message came in (Decree 30, 21.2)."""

    subject = string_like("CN=UBND phường Ninh Kiều")
    serial = string_like("5f3a")
    fingerprint = string_like("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    valid_from = moment()
    valid_until = moment()
    method = string_like("rsa-sha256")
    covers = string_like("envelope")
    attachments = fields.Boolean(metadata={"example": True})
    checked_at = moment()


class ArrivalView(ArrivalRow):
    """One incoming document as the receiving agency sees it."""

    document = string_like(_ID, allow_none=True)
    medium = string_like("electronic")
    asked_for = string_like("H13.17")
    purpose = string_like("action")
    summary = string_like("")
    signer = fields.Nested(Signer, allow_none=True)
    signature = fields.Nested(SignatureView, allow_none=True)
    signatures = fields.List(fields.Nested(FileSignatureView), allow_none=True)
    text_whole = fields.Boolean(allow_none=True, metadata={"example": True})
    sender_due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    business = number_like(0)
    exchange_id = string_like("H13.30.01,2026/11/20,15/UBND-VP")
    answers = fields.List(fields.Dict(), metadata={"example": [{"document": _ID, "code": "15/UBND-VP"}]})
    replaces = string_like(_ID, allow_none=True)
    replaced_by = string_like(_ID, allow_none=True)
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
    allowed_actions = fields.List(string_like("register"), metadata={"example": ["register", "refuse"]})


class DocumentHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = number_like(2)
    type = string_like("document_submitted.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "specialist-ninh-kieu", "role": "specialist"}})
    reason = string_like("")
    data = fields.Dict(metadata={"example": {"status": "in_review"}})
    hash = string_like("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


class DocumentVerification(View):
    """Whether the chain of a history is whole; else the number of the first entry that is not what was written."""

    intact = fields.Boolean(metadata={"example": True})
    entries = number_like(5)
    first_altered = number_like(3, allow_none=True)


class DocumentCounts(View):
    """How many outgoing documents stand where, for the menu."""

    draft = number_like(2)
    in_review = number_like(1)
    signed = number_like(0)
    issued_today = number_like(5)
    issue_late = number_like(0)


class ArrivalCounts(View):
    """How many incoming documents wait for what."""

    unconfirmed = number_like(3)
    unconfirmed_late = number_like(0)
    to_assign = number_like(1)
    open = number_like(7)
    overdue = number_like(1)
    mine = number_like(2)
    requests = number_like(0)


class DocumentType(View):
    """One of the kinds of document of Decree 30 with its abbreviation in symbols."""

    kind = string_like("quyet_dinh")
    name = string_like("Quyết định (cá biệt)")
    name_en = string_like("Decision")
    abbreviation = string_like("QĐ")


class OutgoingRegisterRow(View):
    """A line of the register of outgoing documents (Decree 30, Annex IV).

    What an agency's own system numbered has no `number` of the series that is kept here.
    """

    id = string_like(_ID)
    number = number_like(15, allow_none=True)
    code = string_like("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = string_like("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    signer_name = string_like("Phạm Thị Dung")
    receivers = string_like("Sở Xây dựng thành phố Cần Thơ")
    archive_unit = string_like("Văn phòng")
    copies = number_like(1)
    note = string_like("")


class IncomingRegisterRow(View):
    """A line of the register of incoming documents (Decree 30, Annex IV)."""

    id = string_like(_ID)
    arrived_on = fields.Date(metadata={"example": "2026-11-20"})
    arrival_number = number_like(128)
    author = string_like("Ủy ban nhân dân phường Ninh Kiều")
    code = string_like("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = string_like("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    handler = string_like("Phòng Quản lý đô thị")
    passed_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})
    received_by = string_like("")
    due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    note = string_like("")


class RegisterFault(View):
    """A run of numbers that are `missing`, `doubled`, or `beyond` what the series gave."""

    first = number_like(7)
    last = number_like(7)
    problem = string_like("missing")


class RegisterGap(View):
    """A run of numbers that were left out on purpose, after a restore: they may stand on papers of the time before."""

    first = number_like(16)
    last = number_like(215)
    by = string_like("Nguyễn Văn An")
    reason = string_like("Khôi phục dữ liệu sau khi mất ổ đĩa")
    at = moment()


class RegisterVerification(View):
    """Whether a year's register is whole; `given` is the last number that its series gave."""

    agency = string_like("H13.30.01")
    register = string_like("outgoing")
    year = number_like(2026)
    given = number_like(15)
    intact = fields.Boolean(metadata={"example": True})
    findings = fields.List(fields.Nested(RegisterFault))
    skipped = fields.List(fields.Nested(RegisterGap), metadata={"example": []})


class DocumentFigure(View):
    """One figure; `value` is null where nothing could be counted, which is not zero."""

    key = string_like("confirmed_within_day")
    name = string_like("Văn bản đến được xác nhận trong ngày")
    unit = string_like("percent")
    numerator = number_like(19, allow_none=True)
    denominator = number_like(20, allow_none=True)
    value = fields.Float(allow_none=True, metadata={"example": 95.0})


class DocumentFigures(View):
    """The figures of an agency and period (D 3.6)."""

    agency = string_like("H13.30.01")
    first_day = fields.Date(metadata={"example": "2026-11-01"})
    last_day = fields.Date(metadata={"example": "2026-11-30"})
    figures = fields.List(fields.Nested(DocumentFigure))


class ConnectionView(View):
    """How an agency gets its documents."""

    agency = string_like("H13.17")
    mode = string_like("desk")
    symbol = string_like("SXD", allow_none=True)
    name = string_like("Sở Xây dựng thành phố Cần Thơ", allow_none=True)
