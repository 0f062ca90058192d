"""What is sent about fees: asked for, taken, exempted, given back."""

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.requests import Reason
from shared.contracts.one_stop_shop.values import (
    moment,
    one_of,
    text,
)


class RefundPayment(Reason):
    """Give back what was paid, or the surplus of one payment that came twice or in another amount."""

    payment = text(200, load_default=None, allow_none=True, example="0f8fad5bd9cb469fa16570867728950e-2")


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
