"""What is sent as a result goes back to the applicant: handed over, posted, rated."""

import re
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import (
    FILE_ID,
    IDENTITY_SHAPES,
    code,
    moment,
    one_of,
    text,
)
from shared.contracts.shapes import Shape
from shared.contracts.values import name as name_of


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


class Rate(Request):
    """The owner's or submitter's satisfaction, once each, after the result was returned (D 2.9)."""

    score = one_of("very_satisfied", "satisfied", "dissatisfied")
    comment = text(2000, load_default="", example="Cán bộ hướng dẫn tận tình")
