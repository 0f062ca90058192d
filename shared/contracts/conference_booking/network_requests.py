"""What callers send about a network's endpoints and its bridge."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.conference_booking.requests import Contact, PerhapsWithReason, WithReason
from shared.contracts.conference_booking.values import (
    ENDPOINT_STATES,
    LEVELS,
    LINES,
    RESOLUTIONS,
    duration,
    key_of,
    wall_clock,
)
from shared.contracts.email_provisioning.mail_values import address
from shared.contracts.values import AGENCY_CODE, Page, Words, code, moment, name, one_of


class ListEndpoints(Page):
    """The endpoints of a network."""

    network = key_of("thanh-hoa", required=False, allow_none=True, load_default=None)


class Codec(Request):
    """The device of an endpoint."""

    model = name(100, required=True, example="Mẫu 1080p")
    resolution = one_of(*RESOLUTIONS)


class Line(Request):
    """A line of an endpoint, with its bandwidth.

    A backup line that stands by for several endpoints has the same `shared` name at each: it carries one at a time.
    """

    kind = one_of(*LINES)
    shared = key_of("lte-so-1", required=False, allow_none=True, load_default=None)
    name = name(100, required=True, example="TSLCD cấp II")
    mbps = fields.Integer(required=True, strict=True, validate=validate.Range(1, 100_000), metadata={"example": 8})


def _seats(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, 5000), metadata={"example": 40}, **options)


def _lines(**options: Any) -> fields.List[Any]:
    return fields.List(fields.Nested(Line), validate=validate.Length(max=6), **options)


def _probe(*, example: str, **options: Any) -> fields.String:
    """The client (`sub` of its token) that reports what is measured on an endpoint's lines."""
    return name(200, allow_none=True, example=example, **options)


class RegisterEndpoint(Request):
    """A new endpoint of a network; its key stays for ever. Only the client `probe` reports for its lines."""

    key = key_of("th-32")
    network = key_of("thanh-hoa")
    agency = code(AGENCY_CODE, example="H56.30.01")
    name = fields.Nested(Words, required=True, metadata={"example": {"vi": "Điểm cầu Hạc Thành", "en": "Hac Thanh"}})
    level = one_of(*LEVELS)
    seats = _seats(required=True)
    codec = fields.Nested(Codec, required=True)
    lines = _lines(required=True)
    mailbox = address(allow_none=True, load_default=None, example="diem-cau-32@thanhhoa.gov.vn")
    probe = _probe(load_default=None, example="probe-th-32")
    contact = fields.Nested(Contact, required=True)


class ChangeEndpoint(PerhapsWithReason):
    """Other facts about an endpoint; what is left out stays."""

    agency = code(AGENCY_CODE, example="H56.30.01", required=False)
    name = fields.Nested(Words, metadata={"example": {"vi": "Điểm cầu Hạc Thành", "en": "Hac Thanh"}})
    seats = _seats()
    codec = fields.Nested(Codec)
    lines = _lines()
    mailbox = address(allow_none=True, example="diem-cau-05@thanhhoa.gov.vn")
    probe = _probe(example="probe-th-05")
    contact = fields.Nested(Contact)


class ReportEndpoint(WithReason):
    """In which state an endpoint is, and until when, as far as one knows."""

    state = one_of(*ENDPOINT_STATES)
    until = moment(allow_none=True, load_default=None)


class PlanMaintenance(WithReason):
    """A time in which the endpoint is held for work on it."""

    starts = wall_clock("2026-12-12T18:00", required=True)
    minutes = duration(5, 7 * 24 * 60, 240, required=True)


class CancelMaintenance(PerhapsWithReason):
    """The number of the maintenance that will not be."""

    number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000), metadata={"example": 1})


class ChangeBridge(WithReason):
    """What the bridge of a network can do; what is left out stays."""

    ports = fields.Integer(strict=True, validate=validate.Range(0, 100_000), metadata={"example": 160})
    reserve = fields.Integer(strict=True, validate=validate.Range(0, 100), metadata={"example": 10})
    recorders = fields.Integer(strict=True, validate=validate.Range(0, 1000), metadata={"example": 2})
