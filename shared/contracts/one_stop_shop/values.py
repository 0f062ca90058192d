"""Values that both requests and views carry: people, addresses, components, money."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.shapes import Shape
from shared.contracts.values import AGENCY_CODE as AGENCY_CODE
from shared.contracts.values import FILE_ID as FILE_ID
from shared.contracts.values import KEY as KEY
from shared.contracts.values import check_storable as check_storable
from shared.contracts.values import check_words as check_words
from shared.contracts.values import code as code
from shared.contracts.values import day
from shared.contracts.values import moment as moment
from shared.contracts.values import name as name_of
from shared.contracts.values import one_of as one_of
from shared.contracts.values import text as text

IDENTITY_SHAPES = {
    "cccd": r"^\d{12}$",
    "cmnd": r"^\d{9}$",
    "passport": r"^[A-Z0-9]{6,12}$",
    "tax_code": r"^\d{10}(-?\d{3})?$",
}
"""Identity numbers by kind (D 6.1): citizen's number, the old card, passport, tax code."""

APPLICANT_CLASSES = ("citizen", "organisation", "household_business")

PROCEDURE_CODE = r"^\d\.\d{6}(\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}(\.\d{2})?)?$"
APPLICATION_ID = r"^[0-9a-f]{32}$"


class Address(Request):
    """A postal address after the two-tier system of 2025: line, commune or ward, province or city."""

    line = text(200, required=True, example="12 Nguyễn Trãi")
    commune = text(100, required=True, example="Phường Ninh Kiều")
    province = text(100, required=True, example="Thành phố Cần Thơ")


class Person(Request):
    """A citizen or organisation, as owner or submitter of an application."""

    applicant_class = one_of(*APPLICANT_CLASSES, required=False, load_default="citizen")
    name = name_of(200, required=True, example="Nguyễn Văn An")
    identity_kind = one_of(*IDENTITY_SHAPES, required=False, load_default="cccd")
    identity_number = fields.String(required=True, metadata={"example": "092090000123"})
    birth_date = day(allow_none=True, load_default=None, example="1990-05-17")
    phone = fields.String(
        allow_none=True,
        load_default=None,
        validate=Shape(r"^\+?\d{8,15}$", "0912345678"),
        metadata={"example": "0912345678"},
    )
    email = fields.Email(allow_none=True, load_default=None, metadata={"example": "an@example.vn"})
    address = fields.Nested(Address, required=True)

    @validates_schema
    def check_identity(self, data: dict[str, Any], **_: Any) -> None:
        """The number must have the shape of its kind."""
        shape = Shape(IDENTITY_SHAPES[data["identity_kind"]])
        try:
            shape(data["identity_number"])
        except ValidationError as error:
            raise ValidationError("identity_number_shape", "identity_number") from error


class SuppliedComponent(Request):
    """One component that the applicant hands in: a file, papers counted by kind, or both."""

    component = code(KEY, example="to_khai")
    file = fields.String(
        allow_none=True,
        load_default=None,
        validate=Shape(FILE_ID, "66f0a1b2c3d4e5f60718293a"),
        metadata={"example": "66f0a1b2c3d4e5f60718293a"},
    )
    originals = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 99))
    certified_copies = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 99))
    photocopies = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 99))
    reused_from = one_of(
        "component",
        "result",
        required=False,
        allow_none=True,
        load_default=None,
    )


class Delivery(Request):
    """How the applicant wants the result: at the counter, by public post, or online."""

    method = one_of("counter", "post", "online")
    receiver = name_of(200, allow_none=True, load_default=None, example="Nguyễn Văn An")
    phone = fields.String(
        allow_none=True,
        load_default=None,
        validate=Shape(r"^\+?\d{8,15}$", "0912345678"),
        metadata={"example": "0912345678"},
    )
    address = fields.Nested(Address, allow_none=True, load_default=None)

    @validates_schema
    def check_address(self, data: dict[str, Any], **_: Any) -> None:
        """Post needs somebody to hand the letter to."""
        if data["method"] == "post":
            missing = [name for name in ("receiver", "phone", "address") if not data.get(name)]
            if missing:
                raise ValidationError({name: ["required"] for name in missing})
