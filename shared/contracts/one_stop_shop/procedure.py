"""The shape of one procedure version, the same in the catalogue's data files, in storage and over the API.

Only text, whole numbers, yes/no, lists and mappings: days are "2025-07-01", time limits "5 working days" or
"same day until 15:00", rules small mappings. What the words mean is checked by the service's domain.
"""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import KEY, PROCEDURE_CODE, one_of, text
from shared.contracts.one_stop_shop.values import code as shaped
from shared.contracts.shapes import Shape
from shared.contracts.values import Words

DAY = r"^(19|20)\d{2}-\d{2}-\d{2}$"
STAFF = ("reception_officer", "specialist", "head_of_unit")
AGENCY_KINDS = ("people_committee", "department", "police", "social_insurance")


def _day(*, required: bool) -> fields.String:
    return shaped(DAY, example="2025-07-01", required=required)


def _rows(shape: type[Request], *, least: int = 0, most: int = 60, required: bool = True) -> "fields.List[Any]":
    return fields.List(fields.Nested(shape), required=required, validate=validate.Length(least, most))


def _texts(*, required: bool) -> "fields.List[Any]":
    return fields.List(text(500), required=required, validate=validate.Length(max=60))


def _flag(*, required: bool = False) -> fields.Boolean:
    return fields.Boolean(required=required, truthy={True}, falsy={False})


def _count(least: int, most: int, *, required: bool = False) -> fields.Integer:
    return fields.Integer(strict=True, required=required, validate=validate.Range(least, most))


def _rule() -> fields.Dict:
    return fields.Dict(keys=fields.String(), metadata={"example": {"field": "authorised", "equals": True}})


def _words(*, required: bool = True, **options: Any) -> fields.Nested:
    return fields.Nested(Words, required=required, **options)


class CompetentShape(Request):
    """Which sort of agency decides."""

    level = one_of("commune", "province")
    kind = one_of(*AGENCY_KINDS)


class ChoiceShape(Request):
    """One value that an answer can have."""

    value = shaped(KEY, example="first_child")
    name = _words()


class QuestionShape(Request):
    """One question of the electronic form."""

    key = shaped(KEY, example="child_name")
    name = _words()
    kind = one_of("text", "name", "date", "number", "yes_no", "choice")
    required = _flag()
    identifies = _flag()
    not_after_today = _flag()
    choices = _rows(ChoiceShape, required=False)
    when = _rule()


class ComponentShape(Request):
    """One paper of the file."""

    key = shaped(KEY, example="to_khai")
    name = _words()
    source = one_of("form", "paper", "data")
    originals = _count(0, 20)
    certified_copies = _count(0, 20)
    photocopies = _count(0, 20)
    optional = _flag()
    when = _rule()


class StepShape(Request):
    """One internal step."""

    key = shaped(KEY, example="reception")
    name = _words()
    role = one_of(*STAFF)
    time = text(40, required=True, example="2 working hours")


class CheaperShape(Request):
    """From which page of a copy on another amount holds."""

    from_page = _count(2, 10_000, required=True)
    amount = _count(0, 10**9, required=True)


class AmountShape(Request):
    """One line of a fee table; the first that fits is the one that is due."""

    amount = _count(0, 10**9, required=True)
    when = _rule()
    ground = _words(required=False)
    valid_from = _day(required=False)
    valid_to = _day(required=False)
    then = fields.Nested(CheaperShape)
    at_most = _count(0, 10**9)


class FeeShape(Request):
    """One fee (lệ phí) or charge (phí)."""

    key = shaped(KEY, example="le_phi")
    kind = one_of("fee", "charge")
    name = _words()
    collected = one_of("reception", "supplement", "return")
    per = one_of("application", "copy", "page", required=False)
    amounts = _rows(AmountShape, least=1)


class InTimeShape(Request):
    """Within how many days of what a question of kind `date` asks for a case is chosen, and which case afterwards."""

    question = shaped(KEY, example="child_birth_date")
    days = _count(1, 10_000, required=True)
    otherwise = shaped(KEY, example="overdue")


class CaseShape(Request):
    """One case (trường hợp); what it leaves out is as the procedure says."""

    key = shaped(KEY, example="standard")
    name = _words()
    processing_time = text(40, example="5 working days")
    steps = _rows(StepShape, least=1, required=False)
    fees = _rows(FeeShape, required=False)
    in_time = fields.Nested(InTimeShape)


class PartShape(Request):
    """What a bundle settles for one of its procedures, so that nobody is asked: its case, and answers."""

    procedure = shaped(PROCEDURE_CODE, example="1.004222")
    case = shaped(KEY, example="standard", required=False)
    answers = fields.Dict(
        keys=fields.String(), validate=validate.Length(1, 60), metadata={"example": {"exemption": "child"}}
    )


class ResultShape(Request):
    """What the applicant gets."""

    key = shaped(KEY, example="giay_khai_sinh")
    name = _words()
    code = text(40)
    paper = _flag(required=True)


class ProcedureDefinition(Request):
    """One version of one procedure."""

    code = shaped(PROCEDURE_CODE, example="1.001193")
    version = _count(1, 10_000, required=True)
    effective_from = _day(required=True)
    effective_to = _day(required=False)
    sample = _flag(required=True)
    name = _words()
    sector = shaped(KEY, example="ho_tich")
    service_level = one_of("full", "partial")
    competent = fields.Nested(CompetentShape, required=True)
    clock_policy = one_of("PAUSE_REMAINING", "RESTART", "NONE")
    processing_time = text(40, required=True, example="same day until 15:00")
    reception_time = text(40, required=True, example="8 working hours")
    supplement_within = text(40, required=True, example="30 days")
    extensions = _count(0, 9, required=True)
    sign_in_required = _flag(required=True)
    non_territorial = _flag(required=True)
    retention = fields.String(
        required=True, validate=Shape(r"^(permanent|[1-9]\d? years)$", "10 years"), metadata={"example": "10 years"}
    )
    legal_basis = _texts(required=True)
    life_events = fields.List(shaped(KEY, example="sinh_con"), validate=validate.Length(max=20))
    keywords = _texts(required=False)
    instructions = _words(required=False)
    questions = _rows(QuestionShape, required=False)
    components = _rows(ComponentShape, least=1)
    steps = _rows(StepShape, least=1)
    fees = _rows(FeeShape)
    cases = _rows(CaseShape, required=False)
    results = _rows(ResultShape, least=1)
    children = fields.List(shaped(PROCEDURE_CODE, example="1.001193"), validate=validate.Length(max=20))
    parts = _rows(PartShape, most=20, required=False)
