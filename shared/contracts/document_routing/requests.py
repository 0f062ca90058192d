"""What callers send to document routing; bodies of commands and filters of questions."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.document_routing.values import (
    ARRIVAL_ID,
    DOCUMENT_ID,
    EXAMPLE_ID,
    MEDIA,
    MODES,
    MOST_FILES,
    MOST_RECEIVERS,
    SECRECY,
    DocumentReceiver,
    DraftingUnit,
    Handler,
    Signer,
    file_id,
    urgency,
)
from shared.contracts.shapes import Number
from shared.contracts.values import AGENCY_CODE, KEY, code, day, one_of, text


class DraftDocument(Request):
    """What an outgoing document says; the main file is the text itself, the attachments go with it.

    `responds_to` names incoming documents that it answers, `references` earlier outgoing ones, `replaces` the issued
    document whose place it takes. Number and date are never given by the caller.
    """

    kind = code(KEY, example="cong_van")
    subject = text(500, required=True, example="V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    summary = text(500, load_default="", example="")
    urgency = urgency()
    secrecy = one_of(*SECRECY, required=False, load_default="none")
    medium = one_of(*MEDIA, required=False, load_default="electronic")
    unit = fields.Nested(DraftingUnit, load_default=None, allow_none=True)
    receivers = fields.List(
        fields.Nested(DocumentReceiver), load_default=list, validate=validate.Length(max=MOST_RECEIVERS)
    )
    places = fields.List(
        text(150, example="Như trên"),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"example": ["Như trên", "Lưu: VT"]},
    )
    due_on = day(load_default=None, allow_none=True, example="2026-12-01")
    pages = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 9999))
    copies = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 9999))
    main = file_id(required=False, load_default=None, allow_none=True)
    attachments = fields.List(file_id(), load_default=list, validate=validate.Length(max=MOST_FILES))
    responds_to = fields.List(
        code(ARRIVAL_ID, example=EXAMPLE_ID),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"example": []},
    )
    references = fields.List(
        code(DOCUMENT_ID, example=EXAMPLE_ID),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"example": []},
    )
    replaces = code(DOCUMENT_ID, example=EXAMPLE_ID, required=False, load_default=None, allow_none=True)


class DocumentNote(Request):
    """A command that needs nothing but may carry a note."""

    note = text(1000, load_default="", example="Kính trình")


class DocumentReason(Request):
    """A command that must say why."""

    reason = text(1000, required=True, example="Sai thể thức trình bày")


class SignDocument(Request):
    """Who signs in which form; the signed file takes the place of the draft's main file when it is given."""

    signer = fields.Nested(Signer, required=True)
    signed_file = file_id(required=False, load_default=None, allow_none=True)


class RecallDocument(DocumentReason):
    """Take an issued document back from some receivers, or from all when none is named."""

    receivers = fields.List(
        code(AGENCY_CODE, example="H13.17"),
        load_default=list,
        validate=validate.Length(max=MOST_RECEIVERS),
        metadata={"example": []},
    )


class UpdateDocument(DocumentReason):
    """Correct an issued document under the same number: its subject, summary, deadline, files, further receivers.

    What is not given stays as it is. Every present receiver agrees (15) or refuses (16). A receiver that refused the
    document (02), gave it back (15) or could not be reached gets it once more when it is named in `add_receivers`.
    """

    subject = text(500, load_default=None, allow_none=True, example="V/v lấy ý kiến (bản đính chính)")
    summary = text(500, load_default=None, allow_none=True, example="Bổ sung thành phần hồ sơ")
    due_on = day(load_default=None, allow_none=True, example="2026-12-08")
    main = file_id(required=False, load_default=None, allow_none=True)
    attachments = fields.List(file_id(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_FILES))
    add_receivers = fields.List(
        fields.Nested(DocumentReceiver), load_default=list, validate=validate.Length(max=MOST_RECEIVERS)
    )

    @validates_schema
    def check_anything(self, data: dict[str, Any], **_: Any) -> None:
        """An update changes something."""
        named = ("subject", "summary", "due_on", "main", "add_receivers")
        if not any(data[name] for name in named) and data["attachments"] is None:
            raise ValidationError("nothing_to_update")


class EnterArrival(Request):
    """A document that came on paper, entered and registered by the clerk: one series with the electronic ones."""

    sender_name = text(200, required=True, example="Công ty TNHH Ninh Kiều")
    sender = code(AGENCY_CODE, example="H13.17", required=False, load_default=None, allow_none=True)
    kind = code(KEY, example="cong_van")
    code = text(60, required=True, example="25/CV-NK")
    issued_on = day(required=True, example="2026-11-20")
    subject = text(500, required=True, example="V/v đề nghị hỗ trợ mặt bằng")
    urgency = urgency()
    secrecy = one_of(*SECRECY, required=False, load_default="none")
    signer_name = text(200, load_default="", example="Trần Văn Minh")
    due_on = day(load_default=None, allow_none=True, example="2026-12-01")
    scan = file_id(required=False, load_default=None, allow_none=True)


class AssignArrival(Request):
    """What the leader writes on the slip: who leads, who co-operates, the opinion, until when (Decree 30, Art. 23)."""

    lead = fields.Nested(Handler, required=True)
    co_operating = fields.List(fields.Nested(Handler), load_default=list, validate=validate.Length(max=20))
    opinion = text(2000, required=True, example="Tham mưu văn bản trả lời")
    due_on = day(load_default=None, allow_none=True, example="2026-12-01")


class CompleteArrival(Request):
    """The job is closed, by an issued reply where there is one."""

    reply = code(DOCUMENT_ID, example=EXAMPLE_ID, required=False, load_default=None, allow_none=True)
    note = text(1000, load_default="", example="Đã có văn bản trả lời")


class AnswerRequest(Request):
    """The answer to the sender's wish to take back, correct or replace the document: 15 (agreed) or 16."""

    accept = fields.Boolean(required=True, metadata={"example": True})
    note = text(1000, load_default="", example="Đồng ý thu hồi")


class DocumentPage(Request):
    """Where a page starts and how long it is; the cursor is what the last page's `Link` header carried."""

    limit = Number(load_default=50, validate=validate.Range(1, 200), metadata={"example": 50})
    cursor = fields.String(load_default=None, validate=validate.Length(max=500))


class DocumentFilter(DocumentPage):
    """Filters that both directions have; `q` ignores diacritics and finds words of subject, number and full text.

    Of a file's text its first 200 pages, and of all files of a document 2,000 different words; where that is not all,
    or a file is a scan without text, `text_whole` of the document is false. `code` is a number and symbol, or either.
    """

    q = text(100, load_default=None, example="giay phep xay dung")
    kind = code(KEY, example="cong_van", required=False, load_default=None)
    code = text(60, load_default=None, example="15/UBND-VP")
    issued_from = day(load_default=None, example="2026-11-01")
    issued_to = day(load_default=None, example="2026-11-30")


class ListDocuments(DocumentFilter):
    """Filters of the outgoing documents of one's own agency.

    `troubled` means issued ones that a receiver refused or did not get, or that are asked back and not yet given.
    """

    status = one_of("draft", "in_review", "signed", "issued", "troubled", required=False, load_default=None)
    application = code(DOCUMENT_ID, example=EXAMPLE_ID, required=False, load_default=None, allow_none=True)
    receiver = code(AGENCY_CODE, example="H13.17", required=False, load_default=None)


class ListArrivals(DocumentFilter):
    """Filters of the incoming documents of one's own agency; `due` is measured now, `open` means 03, 04 and 05."""

    status = one_of("01", "02", "03", "04", "05", "06", "15", "open", required=False, load_default=None)
    sender = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)
    arrived_from = day(load_default=None, example="2026-11-01")
    arrived_to = day(load_default=None, example="2026-11-30")
    due = one_of("near", "overdue", required=False, load_default=None)
    assignee = text(100, load_default=None, example="me")


class DocumentPeriod(Request):
    """First and last day, both included; the agency is the caller's own when not given."""

    first_day = day(required=True, example="2026-11-01")
    last_day = day(required=True, example="2026-11-30")
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """At most a year, and not backwards."""
        if not 0 <= (data["last_day"] - data["first_day"]).days <= 366:
            raise ValidationError("period", "last_day")


class DocumentRegisterPeriod(DocumentPeriod, DocumentPage):
    """A page of a register."""


class VerifyRegister(Request):
    """Which register of one's own agency, and of which year."""

    register = one_of("outgoing", "incoming")
    year = Number(required=True, validate=validate.Range(2000, 9999), metadata={"example": 2026})
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)


class SetConnection(Request):
    """How an agency gets its documents, and its abbreviation in symbols when it is not the usual one of its kind."""

    mode = one_of(*MODES)
    symbol = text(20, allow_none=True, load_default=None, example="UBND")
    name = text(200, allow_none=True, load_default=None, example="Bộ Tài chính")


__all__ = [
    "AnswerRequest",
    "AssignArrival",
    "CompleteArrival",
    "DocumentFilter",
    "DocumentNote",
    "DocumentPage",
    "DocumentPeriod",
    "DocumentReason",
    "DocumentRegisterPeriod",
    "DraftDocument",
    "EnterArrival",
    "ListArrivals",
    "ListDocuments",
    "RecallDocument",
    "SetConnection",
    "SignDocument",
    "UpdateDocument",
    "VerifyRegister",
]
