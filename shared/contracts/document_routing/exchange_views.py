"""What the exchange answers agency systems and operators."""

from typing import Any

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.values import moment

_ID = "0f8fad5bd9cb469fa16570867728950e"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_EXCHANGE_ID = "H13.30.01,2026/11/20,15/UBND-VP"


def _string(example: str = "", **options: Any) -> fields.String:
    return fields.String(metadata={"example": example} if example else {}, **options)


def _number(example: int, **options: Any) -> fields.Integer:
    return fields.Integer(metadata={"example": example}, **options)


class MessageReceipt(View):
    """The receipt for a message: what was taken in, under which digest, signed by whom, for whom."""

    id = _string(_ID)
    kind = _string("document")
    business = _number(0, allow_none=True)
    status_code = _string("")
    exchange_id = _string(_EXCHANGE_ID)
    document = _string(_ID)
    receivers = fields.List(_string("H13.05"), metadata={"example": ["H13.05"]})
    digest = _string(_SHA256)
    signed_by = _string("CN=UBND phường Ninh Kiều")
    accepted_at = moment()


class RefusedMessage(View):
    """A message that was not taken in: whose, which file, when and why.

    `faults` name each wrong field by the exchange's own error code (QCVN 102:2016) where it has one.
    """

    id = _string(_ID)
    agency = _string("H13.30.01")
    digest = _string(_SHA256)
    at = moment()
    code = _string("signature_wrong")
    faults = fields.List(fields.String(), metadata={"example": []})


class TransportView(View):
    """How far the message got at one receiver."""

    receiver = _string("H13.05")
    transport = _string("done")
    standing = _string("03", allow_none=True)


class MessageView(MessageReceipt):
    """A message that the agency's system sent, with how far it got."""

    subject = _string("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    deliveries = fields.List(fields.Nested(TransportView))


class PackageReceipt(View):
    """Where a package stands after a command."""

    id = _string(_ID)
    state = _string("done")
    version = _number(4)
    digest = _string(_SHA256)


class PackageView(View):
    """A package for the agency; its content is fetched apart. It is offered until it is acknowledged."""

    id = _string(_ID)
    agency = _string("H13.05")
    sender = _string("H13.30.01")
    kind = _string("document")
    business = _number(0, allow_none=True)
    status_code = _string("")
    exchange_id = _string(_EXCHANGE_ID)
    document = _string(_ID)
    subject = _string("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    state = _string("initial")
    digest = _string(_SHA256)
    size = _number(48213)
    created_at = moment()
    fetched_at = moment(allow_none=True)
    acknowledged_at = moment(allow_none=True)
    version = _number(2)


class ExchangeAgency(View):
    """An agency that documents can be sent to."""

    agency = _string("H13.05")
    legacy_codes = fields.List(_string("000.00.05.H13"), metadata={"example": ["000.00.05.H13"]})
    name = _string("Sở Xây dựng thành phố Cần Thơ")
    mode = _string("system")


class CertificateView(View):
    """A certificate with which a partner signs."""

    subject = _string("CN=UBND phường Ninh Kiều")
    serial = _string("5f3a")
    fingerprint = _string(_SHA256)
    valid_until = moment()


class PartnerView(View):
    """How an agency's system proves its messages."""

    agency = _string("H13.05")
    certificates = fields.List(fields.Nested(CertificateView))
    signature_required = fields.Boolean(metadata={"example": True})


class SubscriptionReceipt(View):
    """Where a subscription stands; `secret` is how its receiver checks the signature, told once when it is made."""

    id = _string(_ID)
    state = _string("active")
    version = _number(1)
    secret = _string("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", allow_none=True)


class SubscriptionView(View):
    """A subscription with its health: when it last worked, what last went wrong, how much waits."""

    id = _string(_ID)
    agency = _string("H13.05")
    url = _string("https://qlvb.example.vn/hooks/truc-chung")
    kinds = fields.List(_string("document"), metadata={"example": ["document", "status"]})
    state = _string("active")
    paused_reason = _string("", allow_none=True)
    failing_since = moment(allow_none=True)
    failures = _number(0)
    last_success_at = moment(allow_none=True)
    last_failure_at = moment(allow_none=True)
    last_error = _string("", allow_none=True)
    waiting = _number(0)
    version = _number(1)


class WebhookDelivery(View):
    """One notification and its attempts."""

    id = _string(_ID)
    type = _string("package_ready.v1")
    package = _string(_ID)
    state = _string("delivered")
    attempts = _number(1)
    created_at = moment()
    next_at = moment(allow_none=True)
    delivered_at = moment(allow_none=True)
    last_status = _number(200, allow_none=True)
    last_error = _string("", allow_none=True)


class LogReceipt(View):
    """One hop of a document or status as the chained message log holds it."""

    seq = _number(3)
    at = moment()
    hop = _string("package_fetched")
    agency = _string("H13.05")
    digest = _string(_SHA256)
    entry = _string(_ID)
    entry_hash = _string(_SHA256)
    hash = _string(_SHA256)


class EvidenceFinding(View):
    """One thing that is not as it was written, named as exactly as it can be."""

    part = _string("file cong-van.pdf")
    problem = _string("altered")
    detail = _string(_SHA256)


class EvidenceVerification(View):
    """Whether everything that is kept of a document is as it was written."""

    intact = fields.Boolean(metadata={"example": True})
    checked = _number(14)
    findings = fields.List(fields.Nested(EvidenceFinding), metadata={"example": []})
