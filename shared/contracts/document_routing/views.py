"""What is answered about outgoing documents, and about the history of any."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.document_routing.values import EXAMPLE_ID, DraftingUnit, Signer
from shared.contracts.history import ChainVerification
from shared.contracts.values import moment, number_like, string_like


class DocumentReceipt(View):
    """The answer to every command on an outgoing document; a repeated command gets the same one."""

    id = string_like(EXAMPLE_ID)
    status = string_like("issued")
    status_name = string_like("Đã phát hành")
    status_name_en = string_like("Issued")
    version = number_like(4)
    code = string_like("15/UBND-VP")
    number = number_like(15, allow_none=True)
    issued_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})


class ReceiversState(View):
    """How many receivers stand somewhere: a status of theirs, or `sending`, `sent`, `fail`, `cancelled` without one."""

    state = string_like("03")
    state_name = string_like("Đã tiếp nhận")
    state_name_en = string_like("Registered")
    count = number_like(2)


class DocumentRow(View):
    """One row of a list of outgoing documents; `troubled` when a receiver refused, was not reached or is asked back."""

    id = string_like(EXAMPLE_ID)
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
    states = fields.List(fields.Nested(ReceiversState))
    troubled = fields.Boolean(metadata={"example": False})
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
    """One row of the history of statuses at one receiver; `by` names who refused or answered, where that is known."""

    code = string_like("03")
    name = string_like("Đã tiếp nhận")
    name_en = string_like("Registered")
    at = moment()
    reason = string_like("")
    by = string_like("")
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
    state = string_like("03")
    state_name = string_like("Đã tiếp nhận")
    state_name_en = string_like("Registered")
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
    responds_to = fields.List(string_like(EXAMPLE_ID), metadata={"example": []})
    answers = fields.List(
        fields.Dict(), metadata={"example": [{"document": EXAMPLE_ID, "agency": "H13.17", "code": "20/SXD-QH"}]}
    )
    references = fields.List(string_like(EXAMPLE_ID), metadata={"example": []})
    replaces = string_like(EXAMPLE_ID, allow_none=True)
    replaced_by = string_like(EXAMPLE_ID, allow_none=True)
    replies = fields.List(fields.Dict(), metadata={"example": [{"arrival": EXAMPLE_ID, "code": "20/SXD-QH"}]})
    application = string_like(EXAMPLE_ID, allow_none=True)
    deliveries = fields.List(fields.Nested(DeliveryView))
    allowed_actions = fields.List(string_like("issue"), metadata={"example": ["recall"]})


class DocumentHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = number_like(2)
    type = string_like("document_submitted.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "specialist-ninh-kieu", "role": "specialist"}})
    reason = string_like("")
    data = fields.Dict(metadata={"example": {"status": "in_review"}})
    hash = string_like("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


class DocumentVerification(ChainVerification):
    """Whether the chain of a history is whole; else the number of the first entry that is not what was written."""


class DocumentCounts(View):
    """How many outgoing documents stand where, for the menu."""

    draft = number_like(2)
    in_review = number_like(1)
    signed = number_like(0)
    troubled = number_like(1)
    issued_today = number_like(5)
    issue_late = number_like(0)
