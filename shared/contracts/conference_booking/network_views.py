"""What is answered about networks of conferences and their resources."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.conference_booking.requests import MEETING
from shared.contracts.conference_booking.values import words_like
from shared.contracts.conference_booking.views import ContactView
from shared.contracts.values import moment, number_like, string_like


class BridgeView(View):
    """The bridge of a network: ports of the smallest resolution, per cent kept in reserve, cost by resolution."""

    network = string_like("thanh-hoa")
    ports = number_like(160)
    reserve = number_like(10)
    usable = number_like(144)
    cost = fields.Dict(metadata={"example": {"480p": 1, "720p": 2, "1080p": 4}})
    recorders = number_like(2)
    version = number_like(1)


class RankView(View):
    """A rank of meetings, the highest first."""

    key = string_like("department")
    name = words_like({"vi": "Họp của sở, ban, ngành, xã, phường", "en": "Meeting of a department or commune"})
    preempts = fields.Boolean()


class TechnicianRulesView(View):
    """Whether a technician is at one meeting at a time, and whether a meeting is approved only with one everywhere."""

    exclusive = fields.Boolean()
    required = fields.Boolean()


class MarkRuleView(View):
    """What every endpoint should have so many minutes before a session."""

    before = number_like(30)
    needs = fields.List(string_like("connected"))


class NetworkView(View):
    """The rules of a network: who approves, who runs it, how long ahead a meeting has to be asked for.

    `sees_all` says whether the caller sees all its meetings, and may read its figures.
    """

    key = string_like("thanh-hoa")
    name = words_like({"vi": "Mạng hội nghị truyền hình tỉnh Thanh Hóa", "en": "Video-conference network of Thanh Hoa"})
    province = string_like("H56")
    approver = string_like("H56.01")
    operator = string_like("H56.04")
    lead = string_like("2 working days")
    urgent_lead = string_like("4 working hours")
    hold = string_like("2 working days")
    set_up = number_like(60)
    rehearsal = number_like(30)
    tear_down = number_like(15)
    technicians = fields.Nested(TechnicianRulesView)
    readiness = fields.List(fields.Nested(MarkRuleView))
    opens = string_like("06:30")
    closes = string_like("21:00")
    ranks = fields.List(fields.Nested(RankView))
    sees_all = fields.Boolean(metadata={"example": True})


class LineView(View):
    """A line of an endpoint."""

    kind = string_like("primary")
    name = string_like("TSLCD cấp II")
    mbps = number_like(8)
    shared = string_like(allow_none=True)


class CodecView(View):
    """The device of an endpoint."""

    model = string_like("Mẫu 1080p")
    resolution = string_like("1080p")


class MaintenanceView(View):
    """A time in which an endpoint is held for work on it."""

    number = number_like(1)
    held_from = moment()
    held_until = moment()
    reason = string_like("Thay thiết bị đầu cuối")


class EndpointView(View):
    """An endpoint; its state is `maintenance` while a planned one lasts."""

    key = string_like("th-05")
    network = string_like("thanh-hoa")
    agency = string_like("H56.30.01")
    name = words_like()
    level = string_like("commune")
    seats = number_like(40)
    codec = fields.Nested(CodecView)
    lines = fields.List(fields.Nested(LineView))
    mailbox = string_like("diem-cau-05@thanhhoa.gov.vn", allow_none=True)
    probe = string_like("probe-th-05", allow_none=True)
    contact = fields.Nested(ContactView)
    state = string_like("ready")
    state_reason = string_like("")
    state_until = moment(allow_none=True)
    maintenance = fields.List(fields.Nested(MaintenanceView))
    version = number_like(1)


class ResourceReceipt(View):
    """The answer to every command on an endpoint or a bridge."""

    key = string_like("th-05")
    version = number_like(2)
    state = string_like("ready", allow_none=True)


class BusyView(View):
    """A time in which an endpoint is held, and by whom as far as the caller may know."""

    held_from = moment()
    held_until = moment()
    held_by = string_like("meeting")
    session = number_like(1)
    meeting = string_like(MEETING, allow_none=True)
    title = string_like("Giao ban trực tuyến tháng 12", allow_none=True)
    state = string_like("approved", allow_none=True)
    convener = string_like("H56.30.01", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )


class EndpointDay(View):
    """One endpoint on one day."""

    endpoint = string_like("th-05")
    name = words_like()
    state = string_like("ready")
    busy = fields.List(fields.Nested(BusyView))


class PortsView(View):
    """From when to when how many ports of the bridge are taken."""

    held_from = moment()
    held_until = moment()
    ports = number_like(62)
    recorders = number_like(0)


class NetworkDay(View):
    """Who holds what in a network on one day of Viet Nam."""

    network = string_like("thanh-hoa")
    day = string_like("2026-12-07")
    usable_ports = number_like(144)
    recorders = number_like(2)
    ports = fields.List(fields.Nested(PortsView))
    endpoints = fields.List(fields.Nested(EndpointDay))
