"""What agency systems ask of the exchange."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.document_routing.values import file_id
from shared.contracts.values import AGENCY_CODE, code, moment, one_of, text

MOST_CERTIFICATES = 10
STATUS_CODES = ("01", "02", "03", "04", "05", "06", "13", "15", "16")
KINDS = ("document", "status")


class Flag(fields.Boolean):
    """True or false and nothing that only looks like it, as the document says."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class SendMessage(Request):
    """An edXML file that was uploaded before; its `DocumentId` and business type are its identity."""

    file = file_id()


class SendStatus(Request):
    """A business status about a document, for systems that do not write status messages themselves."""

    exchange_id = text(200, required=True, example="H13.30.01,2026/11/20,15/UBND-VP")
    status = one_of(*STATUS_CODES)
    reason = text(1000, load_default="", example="")
    at = moment(load_default=None, allow_none=True)
    department = text(200, load_default="", example="Văn phòng")
    staff = text(100, load_default="", example="Nguyễn Thị Lan")


class ExchangePage(Request):
    """Where a page starts and how long it is; a kept cursor gives what came since."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200), metadata={"example": 50})
    cursor = fields.String(load_default=None, validate=validate.Length(max=500))


class ListRefusals(ExchangePage):
    """Whose refused messages: one's own agency's; operators may ask for anybody's, or for all."""

    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)


class ListPackages(ExchangePage):
    """`pending` are those not acknowledged yet, which are offered again and again; `all` are all, oldest first."""

    state = one_of("pending", "all", required=False, load_default="pending")
    kind = one_of(*KINDS, required=False, load_default=None)


class Acknowledge(Request):
    """Whether the package is stored at the receiver; a failure says why."""

    outcome = one_of("done", "fail")
    reason = text(1000, load_default="", example="")


class SetPartner(Request):
    """With which certificates (PEM) an agency's system signs, and whether it has to."""

    certificates = fields.List(
        text(20_000, required=True), validate=validate.Length(max=MOST_CERTIFICATES), load_default=list
    )
    signature_required = Flag(load_default=False, metadata={"example": True})


class Subscribe(Request):
    """Where the agency's system wants to be told of packages, and of which kinds; both when none are named."""

    url = text(500, required=True, example="https://qlvb.example.vn/hooks/truc-chung")
    kinds = fields.List(one_of(*KINDS), load_default=list, metadata={"example": ["document", "status"]})


class SubscriptionChange(Request):
    """Why a subscription is paused, resumed or closed."""

    reason = text(500, load_default="", example="Bảo trì hệ thống")


class ExchangeAction(Request):
    """Nothing more to say."""
