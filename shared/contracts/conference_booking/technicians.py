"""Technicians: who looks after which endpoints, when they are away, and who is on duty at a meeting."""

from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Event, Payload, Request, View
from shared.contracts.conference_booking.events import OWNER
from shared.contracts.conference_booking.network_views import MaintenanceView, ResourceReceipt
from shared.contracts.conference_booking.offers import OPERATE, get, post
from shared.contracts.conference_booking.requests import MOST_ENDPOINTS, Contact, PerhapsWithReason, WithReason
from shared.contracts.conference_booking.values import duration, key_of, wall_clock
from shared.contracts.email_provisioning.mail_values import address
from shared.contracts.operations import Operation
from shared.contracts.values import AGENCY_CODE, Page, code, moment, text

_EXAMPLE = {
    "key": "kt-hac-thanh",
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "name": "Lê Văn Kỹ",
    "phone": "0912000005",
    "mailbox": "lvky@thanhhoa.gov.vn",
    "endpoints": ["th-05"],
}


class TechnicianPayload(Payload):
    """A technician after the change, without name or telephone; `absence` is the number of the plan it is about."""

    network = fields.String(required=True)
    agency = fields.String(required=True)
    endpoints = fields.List(fields.String(), required=True)
    active = fields.Boolean(required=True)
    absence = fields.Integer(load_default=None, allow_none=True)


class TechnicianEvent(Event):
    """A fact about a technician."""

    owner, aggregate, payload, public = OWNER, "technician", TechnicianPayload, True


class TechnicianRegistered(TechnicianEvent):
    """Somebody looks after endpoints from now on."""

    name = "technician_registered"


class TechnicianChanged(TechnicianEvent):
    """Other facts about a technician."""

    name = "technician_changed"


class TechnicianAbsencePlanned(TechnicianEvent):
    """A technician is away for a while; no meeting can count on them then."""

    name = "technician_absence_planned"


class TechnicianAbsenceCancelled(TechnicianEvent):
    """A technician is not away after all."""

    name = "technician_absence_cancelled"


def _looked_after(*, required: bool = False) -> fields.List[Any]:
    rules: Any = validate.Length(max=MOST_ENDPOINTS)
    return fields.List(key_of("th-05"), required=required, validate=rules, metadata={"example": ["th-05"]})


class RegisterTechnician(Contact):
    """A new technician of a network; the key stays for ever. `account` is as whom they sign in, if they do."""

    key = key_of("kt-hac-thanh")
    network = key_of("thanh-hoa")
    agency = code(AGENCY_CODE, example="H56.30.01")
    mailbox = address(allow_none=True, load_default=None, example="lvky@thanhhoa.gov.vn")
    account = text(100, allow_none=True, load_default=None, example="specialist-hac-thanh")
    endpoints = _looked_after(required=True)


class ChangeTechnician(PerhapsWithReason):
    """Other facts about a technician; what is left out stays. Who is not `active` is given no duty."""

    agency = code(AGENCY_CODE, example="H56.30.01", required=False)
    name = text(200, example="Lê Văn Kỹ")
    phone = code(r"^\+?[0-9][0-9 .]{5,19}$", example="0912000005", required=False)
    mailbox = address(allow_none=True, example="lvky@thanhhoa.gov.vn")
    account = text(100, allow_none=True, example="specialist-hac-thanh")
    endpoints = _looked_after()
    active = fields.Boolean(metadata={"example": True})


class PlanAbsence(WithReason):
    """When a technician is away."""

    starts = wall_clock("2026-12-08T00:00", required=True)
    minutes = duration(5, 60 * 24 * 60, 1440, required=True)


class CancelAbsence(PerhapsWithReason):
    """The number of the absence that will not be."""

    number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000), metadata={"example": 1})


class ListTechnicians(Page):
    """The technicians of a network, or of one of its endpoints."""

    network = key_of("thanh-hoa", required=False, allow_none=True, load_default=None)
    endpoint = key_of("th-05", required=False, allow_none=True, load_default=None)


class TechnicianView(View):
    """A technician, with the absences that are not over."""

    key = fields.String(metadata={"example": "kt-hac-thanh"})
    network = fields.String(metadata={"example": "thanh-hoa"})
    agency = fields.String(metadata={"example": "H56.30.01"})
    name = fields.String(metadata={"example": "Lê Văn Kỹ"})
    phone = fields.String(metadata={"example": "0912000005"})
    mailbox = fields.String(allow_none=True, metadata={"example": "lvky@thanhhoa.gov.vn"})
    account = fields.String(allow_none=True, metadata={"example": "specialist-hac-thanh"})
    endpoints = fields.List(fields.String(metadata={"example": "th-05"}))
    active = fields.Boolean()
    absences = fields.List(fields.Nested(MaintenanceView))
    version = fields.Integer(metadata={"example": 1})


class OnDuty(View):
    """Somebody who is there, and how to call them."""

    key = fields.String(metadata={"example": "kt-hac-thanh"})
    name = fields.String(metadata={"example": "Lê Văn Kỹ"})
    phone = fields.String(metadata={"example": "0912000005"})


class DutyRow(View):
    """One endpoint of a session, from when to when somebody has to be there, and who is; nobody when it is empty."""

    endpoint = fields.String(metadata={"example": "th-05"})
    agency = fields.String(metadata={"example": "H56.30.01"})
    meeting = fields.String(metadata={"example": "0f8fad5bd9cb469fa16570867728950e"})
    title = fields.String(metadata={"example": "Giao ban trực tuyến tháng 12"})
    session = fields.Integer(metadata={"example": 1})
    held_from = moment()
    held_until = moment()
    technicians = fields.List(fields.Nested(OnDuty))


class Roster(View):
    """Who is on duty on one day of Viet Nam, of the meetings that the caller sees."""

    network = fields.String(metadata={"example": "thanh-hoa"})
    day = fields.String(metadata={"example": "2026-12-07"})
    duties = fields.List(fields.Nested(DutyRow))


def _command(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **rest: Any) -> Operation:
    return post(name, f"/technicians{path}", summary, summary_vi, body, ResourceReceipt, OPERATE, **rest)


TECHNICIANS = [
    get(
        "list_technicians",
        "/technicians",
        "Technicians",
        "Danh sách cán bộ kỹ thuật",
        TechnicianView,
        query=ListTechnicians,
        paged=True,
    ),
    get(
        "read_technician",
        "/technicians/{technician}",
        "One technician",
        "Một cán bộ kỹ thuật",
        TechnicianView,
    ),
    get(
        "read_roster",
        "/networks/{network}/days/{day}/roster",
        "Who is on duty at which endpoint on one day",
        "Lịch trực kỹ thuật trong ngày",
        Roster,
    ),
    _command(
        "register_technician",
        "",
        "Register a technician",
        "Đăng ký cán bộ kỹ thuật",
        RegisterTechnician,
        status=201,
        example=_EXAMPLE,
    ),
    _command(
        "change_technician",
        "/{technician}/changes",
        "Change what is known of a technician",
        "Cập nhật cán bộ kỹ thuật",
        ChangeTechnician,
        if_match=True,
        example={"endpoints": ["th-05", "th-06"]},
    ),
    _command(
        "plan_absence",
        "/{technician}/absences",
        "Say when a technician is away; refused while meetings count on them",
        "Báo cán bộ kỹ thuật vắng mặt; bị từ chối khi có cuộc họp đang cần",
        PlanAbsence,
        if_match=True,
        example={"starts": "2026-12-08T00:00", "minutes": 1440, "reason": "Nghỉ phép"},
    ),
    _command(
        "cancel_absence",
        "/{technician}/absences/cancellation",
        "A technician is not away after all",
        "Hủy lịch vắng mặt",
        CancelAbsence,
        if_match=True,
        example={"number": 1},
    ),
]
