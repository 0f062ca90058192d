"""What an application says when it is handed in, kept as a draft, or tried before."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import (
    AGENCY_CODE,
    APPLICANT_CLASSES,
    KEY,
    PROCEDURE_CODE,
    Delivery,
    Person,
    SuppliedComponent,
    check_storable,
    check_words,
    code,
    one_of,
    text,
)
from shared.contracts.shapes import Map, Shape

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


class Preview(Request):
    """Answers so far: which components, fee and time follow from them."""

    case = code(KEY, example="standard", required=False, load_default=None, allow_none=True)
    agency = code(AGENCY_CODE, example="H13.30.01")
    channel = fields.Integer(load_default=2, strict=True, validate=validate.OneOf([1, 2, 3]))
    applicant_class = one_of(*APPLICANT_CLASSES, required=False, load_default="citizen")
    answers = Answers()
    quantities = Quantities(load_default=dict)
