"""What the exchange answers agency systems and operators."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.document_routing.values import EXAMPLE_ID
from shared.contracts.values import moment, number_like, string_like

_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_EXCHANGE_ID = "H13.30.01,2026/11/20,15/UBND-VP"


class MessageReceipt(View):
    """The receipt for a message: what was taken in, under which digest, signed by whom, for whom."""

    id = string_like(EXAMPLE_ID)
    kind = string_like("document")
    business = number_like(0, allow_none=True)
    status_code = string_like("")
    exchange_id = string_like(_EXCHANGE_ID)
    document = string_like(EXAMPLE_ID)
    receivers = fields.List(string_like("H13.05"), metadata={"example": ["H13.05"]})
    digest = string_like(_SHA256)
    signed_by = string_like("CN=UBND phường Ninh Kiều")
    accepted_at = moment()


class RefusedMessage(View):
    """A message that was not taken in: whose, which file, when and why.

    `faults` name each wrong field by the exchange's own error code (QCVN 102:2016) where it has one.
    """

    id = string_like(EXAMPLE_ID)
    agency = string_like("H13.30.01")
    digest = string_like(_SHA256)
    at = moment()
    code = string_like("signature_wrong")
    faults = fields.List(fields.String(), metadata={"example": []})


class TransportView(View):
    """How far the message got at one receiver."""

    receiver = string_like("H13.05")
    transport = string_like("done")
    standing = string_like("03", allow_none=True)


class MessageView(MessageReceipt):
    """A message that the agency's system sent, with how far it got."""

    subject = string_like("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    deliveries = fields.List(fields.Nested(TransportView))


class PackageReceipt(View):
    """Where a package stands after a command."""

    id = string_like(EXAMPLE_ID)
    state = string_like("done")
    version = number_like(4)
    digest = string_like(_SHA256)


class PackageView(View):
    """A package for the agency; its content is fetched apart. It is offered until it is acknowledged."""

    id = string_like(EXAMPLE_ID)
    agency = string_like("H13.05")
    sender = string_like("H13.30.01")
    kind = string_like("document")
    business = number_like(0, allow_none=True)
    status_code = string_like("")
    exchange_id = string_like(_EXCHANGE_ID)
    document = string_like(EXAMPLE_ID)
    subject = string_like("V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    state = string_like("initial")
    digest = string_like(_SHA256)
    size = number_like(48213)
    created_at = moment()
    fetched_at = moment(allow_none=True)
    acknowledged_at = moment(allow_none=True)
    version = number_like(2)


class ExchangeAgency(View):
    """An agency that documents can be sent to."""

    agency = string_like("H13.05")
    legacy_codes = fields.List(string_like("000.00.05.H13"), metadata={"example": ["000.00.05.H13"]})
    name = string_like("Sở Xây dựng thành phố Cần Thơ")
    mode = string_like("system")


class CertificateView(View):
    """A certificate with which a partner signs."""

    subject = string_like("CN=UBND phường Ninh Kiều")
    serial = string_like("5f3a")
    fingerprint = string_like(_SHA256)
    valid_until = moment()


class PartnerView(View):
    """How an agency's system proves its messages."""

    agency = string_like("H13.05")
    certificates = fields.List(fields.Nested(CertificateView))
    signature_required = fields.Boolean(metadata={"example": True})


class SubscriptionReceipt(View):
    """Where a subscription stands; `secret` is how its receiver checks the signature, told once when it is made."""

    id = string_like(EXAMPLE_ID)
    state = string_like("active")
    version = number_like(1)
    secret = string_like("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", allow_none=True)


class SubscriptionView(View):
    """A subscription with its health: when it last worked, what last went wrong, how much waits."""

    id = string_like(EXAMPLE_ID)
    agency = string_like("H13.05")
    url = string_like("https://qlvb.example.vn/hooks/truc-chung")
    kinds = fields.List(string_like("document"), metadata={"example": ["document", "status"]})
    state = string_like("active")
    paused_reason = string_like("", allow_none=True)
    failing_since = moment(allow_none=True)
    failures = number_like(0)
    last_success_at = moment(allow_none=True)
    last_failure_at = moment(allow_none=True)
    last_error = string_like("", allow_none=True)
    waiting = number_like(0)
    version = number_like(1)


class WebhookDelivery(View):
    """One notification and its attempts."""

    id = string_like(EXAMPLE_ID)
    type = string_like("package_ready.v1")
    package = string_like(EXAMPLE_ID)
    state = string_like("delivered")
    attempts = number_like(1)
    created_at = moment()
    next_at = moment(allow_none=True)
    delivered_at = moment(allow_none=True)
    last_status = number_like(200, allow_none=True)
    last_error = string_like("", allow_none=True)


class LogReceipt(View):
    """One hop of a document or status as the chained message log holds it."""

    seq = number_like(3)
    at = moment()
    hop = string_like("package_fetched")
    agency = string_like("H13.05")
    digest = string_like(_SHA256)
    entry = string_like(EXAMPLE_ID)
    entry_hash = string_like(_SHA256)
    hash = string_like(_SHA256)


class EvidenceFinding(View):
    """One thing that is not as it was written, named as exactly as it can be."""

    part = string_like("file cong-van.pdf")
    problem = string_like("altered")
    detail = string_like(_SHA256)


class EvidenceVerification(View):
    """Whether everything that is kept of a document is as it was written."""

    intact = fields.Boolean(metadata={"example": True})
    checked = number_like(14)
    findings = fields.List(fields.Nested(EvidenceFinding), metadata={"example": []})
