"""What is answered about incoming documents."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.document_routing.values import EXAMPLE_ID, Handler, Signer
from shared.contracts.document_routing.views import FileSignatureView, FileView
from shared.contracts.values import moment, number_like, string_like


class ArrivalReceipt(View):
    """The answer to every command on an incoming document; a repeated command gets the same one."""

    id = string_like(EXAMPLE_ID)
    status = string_like("03")
    status_name = string_like("Đã tiếp nhận")
    status_name_en = string_like("Registered")
    version = number_like(2)
    code = string_like("15/UBND-VP")
    arrival_number = number_like(128, allow_none=True)
    due_at = moment(allow_none=True)


class ArrivalRow(View):
    """One row of a list of incoming documents."""

    id = string_like(EXAMPLE_ID)
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

    document = string_like(EXAMPLE_ID, allow_none=True)
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
    answers = fields.List(fields.Dict(), metadata={"example": [{"document": EXAMPLE_ID, "code": "15/UBND-VP"}]})
    replaces = string_like(EXAMPLE_ID, allow_none=True)
    replaced_by = string_like(EXAMPLE_ID, allow_none=True)
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


class ArrivalCounts(View):
    """How many incoming documents wait for what; `open` counts what `status=open` lists, `mine` those given to me."""

    unconfirmed = number_like(3)
    unconfirmed_late = number_like(0)
    to_assign = number_like(1)
    open = number_like(7)
    overdue = number_like(1)
    mine = number_like(2)
    requests = number_like(0)
