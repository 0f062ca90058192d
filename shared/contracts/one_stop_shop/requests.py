"""What callers send to the one-stop shop; bodies of commands and filters of questions."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import (
    AGENCY_CODE,
    APPLICANT_CLASSES,
    APPLICATION_ID,
    FILE_ID,
    IDENTITY_SHAPES,
    KEY,
    PROCEDURE_CODE,
    Address,
    Delivery,
    Person,
    SuppliedComponent,
    check_storable,
    check_words,
    code,
    moment,
    one_of,
    text,
)
from shared.contracts.shapes import Map, Number, Shape
from shared.contracts.values import Page as Page
from shared.contracts.values import day
from shared.contracts.values import name as name_of

ANSWER_LIMIT = 200


class Answers(Map):
    """Answers to the procedure's own questions: key -> text, number, yes/no or a list of texts."""

    def __init__(self) -> None:
        value = fields.Raw(allow_none=True, validate=_check_answer)
        super().__init__(
            keys=fields.String(validate=Shape(KEY, "copies")),
            values=value,
            load_default=dict,
            validate=validate.Length(max=ANSWER_LIMIT),
            metadata={"example": {"child_name": "Nguyễn Minh Khôi"}},
        )


class Quantities(Map):
    """How many copies and pages are wanted: key -> number."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            keys=fields.String(validate=Shape(KEY, "copies")),
            values=fields.Integer(strict=True, validate=validate.Range(0, 1000)),
            validate=validate.Length(max=20),
            metadata={"example": {"copies": 2}},
            **options,
        )


def _check_answer(value: Any) -> None:
    items = value if isinstance(value, list) else [value]
    if len(items) > ANSWER_LIMIT or not all(isinstance(item, str | int | float | None) for item in items):
        raise ValidationError("answer_shape")
    texts = [item for item in items if isinstance(item, str)]
    if any(len(item) > 4000 for item in texts):
        raise ValidationError("answer_shape")
    for item in texts:
        check_words(item)
    check_storable(value)


class ApplicationContent(Request):
    """What an application says, whatever the channel; drafts hold the same with everything optional."""

    procedure = code(PROCEDURE_CODE, example="1.001193")
    case = code(KEY, example="standard", required=False, load_default=None, allow_none=True)
    agency = code(AGENCY_CODE, example="H13.30.01")
    owner = fields.Nested(Person, required=True)
    submitter = fields.Nested(Person, load_default=None, allow_none=True)
    content = text(500, load_default="", example="Đăng ký khai sinh cho con")
    answers = Answers()
    quantities = Quantities(load_default=dict)
    components = fields.List(fields.Nested(SuppliedComponent), load_default=list, validate=validate.Length(max=100))
    delivery = fields.Nested(Delivery, load_default=lambda: {"method": "counter"})
    notify_by_email = fields.Boolean(load_default=True)


class SubmitApplication(ApplicationContent):
    """A new application; `channel` 1 counter and 3 post are for officers, 2 online for citizens.

    `national_code` is the code given by the National Portal when the application was submitted there.
    """

    channel = fields.Integer(load_default=2, strict=True, validate=validate.OneOf([1, 2, 3]))
    national_code = text(40, load_default=None, allow_none=True)


class SaveDraft(Request):
    """A draft as far as it has come; it is checked only when it is submitted."""

    content = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        required=True,
        validate=check_storable,
        metadata={"example": {"procedure": "1.001193", "answers": {"child_name": "Nguyễn Minh Khôi"}}},
    )


class Note(Request):
    """A command that needs nothing but may carry a note."""

    note = text(1000, load_default="", example="Hồ sơ đủ thành phần")


class RequestOpinion(Request):
    """Whom to ask about what; the letter itself is completed, signed and issued as any outgoing document."""

    agency = code(AGENCY_CODE, example="H13.17")
    subject = text(300, required=True, example="Sự phù hợp với quy hoạch tại 12 Nguyễn Trãi")
    due_on = day(load_default=None, allow_none=True, example="2026-12-01")


class Reason(Request):
    """A command that must say why."""

    reason = text(1000, required=True, example="Công dân đề nghị vì thay đổi nơi cư trú")


class RefundPayment(Reason):
    """Give back what was paid, or the surplus of one payment that came twice or in another amount."""

    payment = text(200, load_default=None, allow_none=True, example="0f8fad5bd9cb469fa16570867728950e-2")


class RefuseReception(Reason):
    """Form 03: a concrete reason and, where there is one, the legal ground."""

    legal_ground = text(500, load_default="", example="Điều 16 Luật Hộ tịch")
    guidance = text(1000, load_default="", example="Đề nghị nộp tại nơi cư trú của người mẹ")


class CorrectApplication(Reason):
    """What was taken down wrongly, right; a person is given whole, and what is not given stays."""

    owner = fields.Nested(Person, load_default=None, allow_none=True)
    submitter = fields.Nested(Person, load_default=None, allow_none=True)
    content = text(500, load_default=None, allow_none=True, example="Đăng ký khai sinh cho con")
    quantities = Quantities(load_default=None, allow_none=True)


class RequiredItem(Request):
    """One component to add or mend and what is wanted of it."""

    component = code(KEY, example="giay_chung_sinh")
    requirement = text(500, required=True, example="Bản chụp mờ, đề nghị chụp lại")


class RequiredAnswer(Request):
    """One answer to correct and what is wrong with it."""

    question = code(KEY, example="child_name")
    requirement = text(500, required=True, example="Ghi đúng như giấy chứng sinh")


class RequestSupplement(Reason):
    """Form 02: which papers and answers, why, and by when (the procedure's own time when not given, and at most)."""

    legal_ground = text(500, load_default="")
    items = fields.List(fields.Nested(RequiredItem), load_default=list, validate=validate.Length(max=50))
    answers = fields.List(fields.Nested(RequiredAnswer), load_default=list, validate=validate.Length(max=50))
    due_at = moment(load_default=None, allow_none=True)

    @validates_schema
    def check_asked(self, data: dict[str, Any], **_: Any) -> None:
        """A supplement asks for something."""
        if not data["items"] and not data["answers"]:
            raise ValidationError("required", "items")


class SupplySupplement(Request):
    """What the applicant adds; components given replace those of the same key, answers only those asked for."""

    components = fields.List(fields.Nested(SuppliedComponent), load_default=list, validate=validate.Length(max=100))
    answers = Answers()
    note = text(1000, load_default="")


class RequestPayment(Request):
    """Notice of the financial obligation; the amount follows from the procedure, never from the caller."""

    note = text(1000, load_default="")
    due_at = moment(load_default=None, allow_none=True)


class RecordPayment(Request):
    """Money taken at the counter or seen on the account; the receipt number is the electronic receipt's."""

    method = one_of("cash", "transfer")
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**12), metadata={"example": 8000})
    receipt_number = text(50, required=True, example="BL-2026-000123")


class ExemptPayment(Request):
    """Exemption with its ground, which is printed beside the amount."""

    ground = text(500, required=True, example="Trẻ em dưới 6 tuổi, Nghị quyết 05/2024/NQ-HĐND")


class PaymentNotice(Request):
    """What the payment gateway calls back with; its signature is checked over the raw body."""

    payment = text(64, required=True, example="pay-0001")
    result_code = text(10, required=True, example="00")
    amount = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10**12), metadata={"example": 8000})
    transaction = text(100, required=True, example="VNP14226112")
    paid_at = moment(required=True)


def _meant() -> fields.String:
    """Whom the caller means; shown is the directory's name, and another one is refused."""
    return name_of(200, load_default=None, allow_none=True, example="Lê Văn Cường")


class HandOver(Request):
    """Hand-over to the specialised unit: a row of the control slip (form 06)."""

    assignee = text(200, load_default=None, allow_none=True, example="specialist-ninh-kieu")
    assignee_name = _meant()
    note = text(1000, load_default="")


class CompleteStep(HandOver):
    """One internal step is done; the next one goes to `assignee` or is left to be claimed."""

    outcome = text(1000, load_default="", example="Đã thẩm định, đủ điều kiện")


class Assign(Request):
    """Give the application to an officer of the agency."""

    assignee = text(200, required=True, example="specialist-ninh-kieu")
    assignee_name = _meant()


class Extend(Reason):
    """Form 04: apology, agency at fault, and the new time, counted in working days from the old due moment."""

    agency_at_fault = code(AGENCY_CODE, example="H13.30.01")
    working_days = fields.Integer(required=True, strict=True, validate=validate.Range(1, 60), metadata={"example": 3})


class DecideWithdrawal(Reason):
    """The answer to a request for withdrawal; accepted closes the application with form 05."""

    accept = fields.Boolean(required=True, metadata={"example": True})


class Result(Request):
    """The result: kind, number and symbol, issuing body, signer, signed date and files."""

    kind = one_of("granted", "rejected")
    number = text(50, required=True, example="15/GKS-UBND")
    issued_by = text(200, required=True, example="Ủy ban nhân dân phường Ninh Kiều")
    signer = name_of(200, required=True, example="Phạm Thị Dung")
    signed_at = moment(required=True)
    files = fields.List(
        code(FILE_ID, example="66f0a1b2c3d4e5f60718293a", required=False),
        load_default=list,
        validate=validate.Length(max=20),
    )
    summary = text(500, load_default="", example="Giấy khai sinh của Nguyễn Minh Khôi")


class Finish(Request):
    """Processing is done; the result waits to be returned."""

    result = fields.Nested(Result, required=True)


class Receiver(Request):
    """Who took the result: the owner or an authorised person, with name and identity number."""

    kind = one_of("self", "authorised")
    name = name_of(200, required=True, example="Nguyễn Văn An")
    identity_kind = one_of(*IDENTITY_SHAPES, required=False, load_default=None, allow_none=True)
    identity_number = code(r"^[A-Z0-9-]{6,20}$", example="092090000123")

    @validates_schema
    def check_identity(self, data: dict[str, Any], **_: Any) -> None:
        """The number has the shape of its kind; without one, of any kind."""
        kinds = [data["identity_kind"]] if data["identity_kind"] else list(IDENTITY_SHAPES)
        number = data["identity_number"]
        if not any(re.fullmatch(IDENTITY_SHAPES[kind], number, re.ASCII) for kind in kinds):
            raise ValidationError("identity_number_shape", "identity_number")


def _paper() -> fields.String:
    """A file that proves what the command says."""
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=Shape(FILE_ID, "66f0a1b2c3d4e5f60718293a"),
        metadata={"example": "66f0a1b2c3d4e5f60718293a"},
    )


class ReturnResult(Request):
    """The result is handed over at the counter or taken online; by post it is the carrier who reports it.

    At the counter the receiver signs: on paper that the counter keeps, or so that `signature` is a file of it.
    Who is authorised shows the `authority`: a file, or a paper that the counter keeps. Online is for whom chose
    it; `asked_online` records that somebody who had chosen otherwise asked for it.
    """

    method = one_of("counter", "online")
    receiver = fields.Nested(Receiver, required=True)
    signature = _paper()
    signed_on_paper = fields.Boolean(load_default=False, metadata={"example": True})
    authority = _paper()
    authority_on_paper = fields.Boolean(load_default=False, metadata={"example": True})
    asked_online = fields.Boolean(load_default=False, metadata={"example": True})
    originals_returned = fields.Boolean(load_default=False)
    note = text(1000, load_default="")

    @validates_schema
    def check_signature(self, data: dict[str, Any], **_: Any) -> None:
        """Without a signature nobody can show later that the result was handed over."""
        if data["method"] == "counter" and not data["signature"] and not data["signed_on_paper"]:
            raise ValidationError("signature_missing", "signature")

    @validates_schema
    def check_authority(self, data: dict[str, Any], **_: Any) -> None:
        """Whoever takes another's result shows that they may."""
        authorised = data["receiver"]["kind"] == "authorised"
        if authorised and not data["authority"] and not data["authority_on_paper"]:
            raise ValidationError("authority_missing", "authority")


class _Waybill(fields.String):
    """The carrier's number, in capitals without blanks around it, however it was typed."""

    def __init__(self) -> None:
        shape = Shape(r"[0-9A-Z][0-9A-Z-]{2,49}", "EH123456789VN")
        super().__init__(required=True, validate=shape, metadata={"example": "EH123456789VN"})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return str(super()._deserialize(value, attr, data, **kwargs)).strip().upper()


class SendByPost(Request):
    """The result goes to the public post with a waybill; `cod_fee` in dong is taken from the receiver."""

    waybill = _Waybill()
    cod_fee = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 10**9))


class RecordPostEvent(Request):
    """What the carrier reports; `delivered` closes the application as returned.

    Where it is not the carrier's system that reports a delivery, the carrier's slip proves it: a file or its number.
    """

    waybill = _Waybill()
    state = one_of("in_transit", "delivered", "failed")
    at = moment(required=True)
    receiver_name = name_of(200, load_default="", example="Nguyễn Văn An")
    slip = _paper()
    slip_number = text(50, load_default="", example="BP-2026-000123")
    note = text(500, load_default="")

    @validates_schema
    def check_receiver(self, data: dict[str, Any], **_: Any) -> None:
        """A delivery without a receiver proves nothing."""
        if data["state"] == "delivered" and not data["receiver_name"].strip():
            raise ValidationError("required", "receiver_name")
        for name in ("slip", "slip_number"):
            if data["state"] != "delivered" and data[name]:
                raise ValidationError("only_when_delivered", name)


class RecordSynchronisation(Request):
    """The National Portal's answer for a version of the application that a synchronising system sent."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1), metadata={"example": 3})
    outcome = one_of("done", "failed")
    error = text(1000, load_default="")


class Rate(Request):
    """The owner's or submitter's satisfaction, once each, after the result was returned (D 2.9)."""

    score = one_of("very_satisfied", "satisfied", "dissatisfied")
    comment = text(2000, load_default="", example="Cán bộ hướng dẫn tận tình")


class Link(Request):
    """Tie another application to this one; a `part` is not counted a second time in reports."""

    other = code(APPLICATION_ID, example="0f8fad5bd9cb469fa16570867728950e")
    kind = one_of("part", "related")


class Unlink(Reason):
    """Undo a tie that was a mistake; what was a part counts by itself again."""

    other = code(APPLICATION_ID, example="0f8fad5bd9cb469fa16570867728950e")


class ClosePeriod(Request):
    """The last day on which a procedure version is in force."""

    effective_to = day(required=True, example="2026-12-31")


class PublishProcedure(Request):
    """A new version of a procedure in the shape of the catalogue's data files."""

    definition = fields.Dict(required=True, keys=fields.String(), validate=check_storable)


class Preview(Request):
    """Answers so far: which components, fee and time follow from them."""

    case = code(KEY, example="standard", required=False, load_default=None, allow_none=True)
    agency = code(AGENCY_CODE, example="H13.30.01")
    channel = fields.Integer(load_default=2, strict=True, validate=validate.OneOf([1, 2, 3]))
    applicant_class = one_of(*APPLICANT_CLASSES, required=False, load_default="citizen")
    answers = Answers()
    quantities = Quantities(load_default=dict)


class SetCalendar(Request):
    """One year's days off and make-up working days, as the Government announced them.

    Days that are past stay as they were, unless a `reason` says why they change.
    """

    days_off = fields.List(day(), required=True, validate=validate.Length(max=60), metadata={"example": ["2026-11-24"]})
    make_up_days = fields.List(
        day(), required=True, validate=validate.Length(max=20), metadata={"example": ["2026-08-22"]}
    )
    reason = text(500, load_default="", example="Quyết định 123/QĐ-TTg")


class NotePresence(Request):
    """An officer has the application open; `version` is the one that the page shows."""

    version = fields.Integer(
        load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 10**9), metadata={"example": 7}
    )


PREVIEWED = ("refuse", "receive", "request_supplement", "extend", "decide_withdrawal")
"""Actions that send a form to the applicant, and name no files."""


class PreviewForm(Request):
    """Which form to look at before it goes out: the action, and what would be sent with it."""

    action = one_of(*PREVIEWED)
    command = fields.Dict(
        keys=fields.String(validate=validate.Length(max=64)),
        required=True,
        metadata={"example": {"reason": "Không thuộc thẩm quyền"}},
    )


class ListApplications(Page):
    """Filters of the work queue and the search, all of them combinable; `due` is measured now.

    Officers see their agency's applications, citizens their own; `q` ignores diacritics.
    """

    status = Number(load_default=None, validate=validate.Range(1, 10), metadata={"example": 2})
    step = code(KEY, example="appraisal", required=False, load_default=None)
    assignee = text(100, load_default=None, example="me")
    due = one_of("near", "overdue", required=False, load_default=None)
    procedure = code(PROCEDURE_CODE, example="1.001193", required=False, load_default=None)
    q = text(100, load_default=None, example="nguyen van an")


class ListProcedures(Page):
    """Filters of the catalogue; `q` ignores diacritics and searches names, keywords and life events."""

    q = text(100, load_default=None, example="khai sinh")
    sector = text(100, load_default=None)
    life_event = text(100, load_default=None)
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)


class Period(Request):
    """First and last day of a report, both included, and the agency (the caller's own when not given)."""

    first_day = day(required=True, example="2026-10-01")
    last_day = day(required=True, example="2026-10-31")
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """At most a year, and not backwards."""
        if not 0 <= (data["last_day"] - data["first_day"]).days <= 366:
            raise ValidationError("period", "last_day")


class RegisterPeriod(Period, Page):
    """A page of the register of applications (form 07)."""


class Since(Page):
    """A cursor into what has changed since a synchronising system last asked."""


__all__ = [
    "Address",
    "ApplicationContent",
    "Assign",
    "ClosePeriod",
    "CompleteStep",
    "CorrectApplication",
    "DecideWithdrawal",
    "ExemptPayment",
    "Extend",
    "Finish",
    "HandOver",
    "Link",
    "ListApplications",
    "ListProcedures",
    "Note",
    "NotePresence",
    "Page",
    "PaymentNotice",
    "Period",
    "Preview",
    "PreviewForm",
    "PublishProcedure",
    "Rate",
    "Reason",
    "RecordPayment",
    "RecordPostEvent",
    "RecordSynchronisation",
    "RefuseReception",
    "RegisterPeriod",
    "RequestOpinion",
    "RequestPayment",
    "RequestSupplement",
    "ReturnResult",
    "SaveDraft",
    "SendByPost",
    "SetCalendar",
    "Since",
    "SubmitApplication",
    "SupplySupplement",
    "Unlink",
]
