"""What officers and applicants send to move an application on."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.application_requests import Answers, Quantities
from shared.contracts.one_stop_shop.values import (
    AGENCY_CODE,
    APPLICATION_ID,
    FILE_ID,
    KEY,
    Person,
    SuppliedComponent,
    code,
    moment,
    one_of,
    text,
)
from shared.contracts.values import day
from shared.contracts.values import name as name_of


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
            raise ValidationError("supplement_empty", "items")


class SupplySupplement(Request):
    """What the applicant adds; components given replace those of the same key, answers only those asked for."""

    components = fields.List(fields.Nested(SuppliedComponent), load_default=list, validate=validate.Length(max=100))
    answers = Answers()
    note = text(1000, load_default="")


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


class RecordSynchronisation(Request):
    """The National Portal's answer for a version of the application that a synchronising system sent."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1), metadata={"example": 3})
    outcome = one_of("done", "failed")
    error = text(1000, load_default="")


class Link(Request):
    """Tie another application to this one; a `part` is not counted a second time in reports."""

    other = code(APPLICATION_ID, example="0f8fad5bd9cb469fa16570867728950e")
    kind = one_of("part", "related")


class Unlink(Reason):
    """Undo a tie that was a mistake; what was a part counts by itself again."""

    other = code(APPLICATION_ID, example="0f8fad5bd9cb469fa16570867728950e")


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
