"""What is answered about conferences."""

from typing import Any

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.values import moment

_ID = "0f8fad5bd9cb469fa16570867728950e"
_WORDS = {"vi": "Điểm cầu Ủy ban nhân dân phường Hạc Thành", "en": "Endpoint Hac Thanh ward"}


def _string(example: str = "", **options: Any) -> fields.String:
    return fields.String(metadata={"example": example} if example else {}, **options)


def _number(example: int | None, **options: Any) -> fields.Integer:
    return fields.Integer(metadata={"example": example}, **options)


def _words(example: dict[str, str] = _WORDS) -> fields.Dict:
    return fields.Dict(metadata={"example": example})


class MeetingReceipt(View):
    """The answer to every command on a meeting; a repeated command gets the same one."""

    id = _string(_ID)
    state = _string("submitted")
    version = _number(1)
    sequence = _number(0)
    hold_until = moment(allow_none=True)
    preempted = fields.List(_string(_ID), metadata={"example": []})


class SeatsView(View):
    """Who chairs and takes part in one session, and who stands by, after a standby endpoint took a place."""

    chair = _string("th-04")
    endpoints = fields.List(_string("th-06"))
    standby = fields.List(_string("th-05"))


class SessionView(View):
    """One time at which a meeting takes place; its endpoints are held from `held_from` to `held_until`.

    `instead` of the meeting's endpoints it has these, `on_backup` are there over their backup lines.
    """

    number = _number(1)
    start = moment()
    end = moment()
    held_from = moment()
    held_until = moment()
    state = _string("planned")
    instead = fields.Nested(SeatsView, allow_none=True, metadata={"example": None})
    on_backup = fields.List(_string("th-05"), metadata={"example": []})


class RiskView(View):
    """What threatens sessions of a meeting: an endpoint that is down, or too few ports on the bridge."""

    kind = _string("endpoint")
    endpoint = _string("th-05", allow_none=True)
    sessions = fields.List(_number(1))
    reason = _string("Mất điện")


class MeetingRow(View):
    """One row of a list of meetings; `next_session` is the first that is not over.

    `change_waits` says that an approved meeting has a change to be decided on.
    """

    id = _string(_ID)
    network = _string("thanh-hoa")
    title = _string("Giao ban trực tuyến tháng 12")
    rank = _string("department")
    state = _string("approved")
    convener = _string("H56.30.01")
    convener_name = _words({"vi": "Ủy ban nhân dân phường Hạc Thành", "en": "Hac Thanh ward"})
    chair = _string("th-01")
    endpoints = fields.List(_string("th-05"))
    next_session = fields.Nested(SessionView, allow_none=True)
    sessions = _number(1)
    at_risk = fields.Boolean()
    change_waits = fields.Boolean()
    version = _number(2)


class ContactView(View):
    """Whom to call."""

    name = _string("Nguyễn Thị Hạnh")
    phone = _string("02373000001")


class MeetingContactView(ContactView):
    """Whom to call about a meeting; `address` hears what becomes of it."""

    address = _string("nthanh.hacthanh@thanhhoa.gov.vn", allow_none=True)


class NewsView(View):
    """What its convener was told of a meeting: preempted, rejected, expired, questioned, at_risk, change_rejected or
    change_expired; which sessions it took, and `alternatives` on the meeting's wall clock."""

    what = _string("preempted")
    at = moment()
    reason = _string("")
    sessions = fields.List(_number(1))
    alternatives = fields.List(_string("2026-12-07T11:15"))


class DecisionView(View):
    """What the approver said last."""

    by = _string("head-van-phong-thanh-hoa")
    at = moment()
    verdict = _string("approved")
    said = _string("Đồng ý")


class DelegateView(View):
    """Somebody who is invited beside the endpoints."""

    name = _string("Trần Văn Bình")
    address = _string("tvbinh@thanhhoa.gov.vn")
    endpoint = _string("th-05", allow_none=True)


class DutyView(View):
    """Which technician the meeting counts on at which endpoint."""

    endpoint = _string("th-05")
    technician = _string("kt-hac-thanh")


class SessionAnswerView(View):
    """What was answered about one session of a series."""

    session = _number(2)
    answer = _string("declined")


class GuestView(View):
    """An invited mailbox, and what it answered last: needs_action, accepted, tentative or declined.

    `sequence` is that of the newest invitation or cancellation. A delegate's address is told to those who invite.
    """

    name = _string("Điểm cầu Ủy ban nhân dân phường Hạc Thành")
    endpoint = _string("th-05", allow_none=True)
    delegate = fields.Boolean()
    address = _string("diem-cau-05@thanhhoa.gov.vn", allow_none=True)
    invited = fields.Boolean()
    sequence = _number(0)
    answer = _string("accepted")
    answered_at = moment(allow_none=True)
    comment = _string("")
    sessions = fields.List(fields.Nested(SessionAnswerView))


class InvitationsView(View):
    """Who is invited to a meeting; `without_mailbox` are its endpoints that nobody can write to."""

    guests = fields.List(fields.Nested(GuestView))
    without_mailbox = fields.List(_string("th-06"))


class LetterView(View):
    """An invitation document: asked, then draft, in_review, signed, issued in document routing; recalled or replaced.

    It is outdated while it says otherwise than the meeting. `document` is its id there, `code` its number and symbol.
    """

    number = _number(1)
    status = _string("issued")
    document = _string(_ID, allow_none=True)
    code = _string("12/GM-UBND")
    outdated = fields.Boolean()


class WayView(View):
    """One way to dial in; `codecs` are the models that it is for, none where it is for all."""

    kind = _string("sip")
    address = _string("sip:481516234@mcu.thanhhoa.example.vn")
    codecs = fields.List(_string("Mẫu 720p"), metadata={"example": []})


class DialInView(View):
    """With what one gets into the meeting's room on the bridge."""

    number = _string("481516234")
    pin = _string("04712233")
    ways = fields.List(fields.Nested(WayView))


class ProposalView(View):
    """A change that the convener of an approved meeting wants: the fields that would be otherwise, of which session.

    It is held until `hold_until`, with these sessions where they are to be at other times.
    """

    by = _string("van-thu-hac-thanh")
    at = moment()
    reason = _string("")
    hold_until = moment()
    session = _number(2, allow_none=True)
    changes = fields.Dict(metadata={"example": {"starts": "2026-12-07T14:00"}})
    sessions = fields.List(fields.Nested(SessionView))


class MeetingView(MeetingRow):
    """One meeting; `actions` is what the caller may try now.

    `dial_in` is told to those who convene, approve or run it, and to the technicians of its endpoints.
    """

    note = _string("")
    contact = fields.Nested(MeetingContactView)
    standby = fields.List(_string("th-04"))
    standby_lines = fields.List(_string("th-05"))
    technicians = fields.List(fields.Nested(DutyView))
    resolution = _string("720p")
    recording = fields.Boolean()
    delegates = fields.List(fields.Nested(DelegateView))
    letters = fields.List(fields.Nested(LetterView))
    ports = _number(8)
    starts = _string("2026-12-07T08:00")
    minutes = _number(120)
    zone = _string("Asia/Ho_Chi_Minh")
    rule = _string("")
    left_out = fields.List(_string("2026-12-28T08:00"))
    set_up = _number(60)
    rehearsal = _number(30)
    tear_down = _number(15)
    urgent = fields.Boolean()
    urgent_reason = _string("")
    sequence = _number(0)
    hold_until = moment(allow_none=True)
    decision = fields.Nested(DecisionView, allow_none=True)
    news = fields.List(fields.Nested(NewsView))
    proposal = fields.Nested(ProposalView, allow_none=True)
    answer = _string("")
    all_sessions = fields.List(fields.Nested(SessionView))
    on_backup = fields.List(_string("th-05"))
    risks = fields.List(fields.Nested(RiskView))
    dial_in = fields.Nested(DialInView, allow_none=True)
    actions = fields.List(_string("change_meeting"))


class ClashView(View):
    """Why one session cannot be: what somebody else holds, or how much of the bridge is left of what is wanted.

    `title` and `meeting` are told to those who may read that meeting.
    """

    session = _number(1)
    start = moment()
    kind = _string("endpoint")
    endpoints = fields.List(_string("th-05"))
    technicians = fields.List(_string("kt-hac-thanh"))
    lines = fields.List(_string("th-05"))
    held_from = moment()
    held_until = moment()
    held_by = _string("meeting")
    meeting = _string(_ID, allow_none=True)
    title = _string("Giao ban trực tuyến tháng 12", allow_none=True)
    convener = _string("H56.30.01", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )
    wanted = _number(None, allow_none=True)
    left = _number(None, allow_none=True)


class AlternativeView(View):
    """A beginning at which all sessions would be free, on the same wall clock as was asked for."""

    starts = _string("2026-12-07T10:15")
    minutes_moved = _number(135)


class FreeTimes(View):
    """Whether the wish is free, what stands in its way, and the nearest alternatives; `earliest` is when a meeting may
    begin that the caller asks for now.
    """

    free = fields.Boolean()
    earliest = moment()
    clashes = fields.List(fields.Nested(ClashView))
    alternatives = fields.List(fields.Nested(AlternativeView))


class BridgeView(View):
    """The bridge of a network: ports of the smallest resolution, per cent kept in reserve, cost by resolution."""

    network = _string("thanh-hoa")
    ports = _number(160)
    reserve = _number(10)
    usable = _number(144)
    cost = fields.Dict(metadata={"example": {"480p": 1, "720p": 2, "1080p": 4}})
    recorders = _number(2)
    version = _number(1)


class RankView(View):
    """A rank of meetings, the highest first."""

    key = _string("department")
    name = _words({"vi": "Họp của sở, ban, ngành, xã, phường", "en": "Meeting of a department or commune"})
    preempts = fields.Boolean()


class TechnicianRulesView(View):
    """Whether a technician is at one meeting at a time, and whether a meeting is approved only with one everywhere."""

    exclusive = fields.Boolean()
    required = fields.Boolean()


class MarkRuleView(View):
    """What every endpoint should have so many minutes before a session."""

    before = _number(30)
    needs = fields.List(_string("connected"))


class NetworkView(View):
    """The rules of a network: who approves, who runs it, how long ahead a meeting has to be asked for.

    `sees_all` says whether the caller sees all its meetings, and may read its figures.
    """

    key = _string("thanh-hoa")
    name = _words({"vi": "Mạng hội nghị truyền hình tỉnh Thanh Hóa", "en": "Video-conference network of Thanh Hoa"})
    province = _string("H56")
    approver = _string("H56.01")
    operator = _string("H56.04")
    lead = _string("2 working days")
    urgent_lead = _string("4 working hours")
    hold = _string("2 working days")
    set_up = _number(60)
    rehearsal = _number(30)
    tear_down = _number(15)
    technicians = fields.Nested(TechnicianRulesView)
    readiness = fields.List(fields.Nested(MarkRuleView))
    opens = _string("06:30")
    closes = _string("21:00")
    ranks = fields.List(fields.Nested(RankView))
    sees_all = fields.Boolean(metadata={"example": True})


class LineView(View):
    """A line of an endpoint."""

    kind = _string("primary")
    name = _string("TSLCD cấp II")
    mbps = _number(8)
    shared = _string(allow_none=True)


class CodecView(View):
    """The device of an endpoint."""

    model = _string("Mẫu 1080p")
    resolution = _string("1080p")


class MaintenanceView(View):
    """A time in which an endpoint is held for work on it."""

    number = _number(1)
    held_from = moment()
    held_until = moment()
    reason = _string("Thay thiết bị đầu cuối")


class EndpointView(View):
    """An endpoint; its state is `maintenance` while a planned one lasts."""

    key = _string("th-05")
    network = _string("thanh-hoa")
    agency = _string("H56.30.01")
    name = _words()
    level = _string("commune")
    seats = _number(40)
    codec = fields.Nested(CodecView)
    lines = fields.List(fields.Nested(LineView))
    mailbox = _string("diem-cau-05@thanhhoa.gov.vn", allow_none=True)
    probe = _string("probe-th-05", allow_none=True)
    contact = fields.Nested(ContactView)
    state = _string("ready")
    state_reason = _string("")
    state_until = moment(allow_none=True)
    maintenance = fields.List(fields.Nested(MaintenanceView))
    version = _number(1)


class ResourceReceipt(View):
    """The answer to every command on an endpoint or a bridge."""

    key = _string("th-05")
    version = _number(2)
    state = _string("ready", allow_none=True)


class BusyView(View):
    """A time in which an endpoint is held, and by whom as far as the caller may know."""

    held_from = moment()
    held_until = moment()
    held_by = _string("meeting")
    session = _number(1)
    meeting = _string(_ID, allow_none=True)
    title = _string("Giao ban trực tuyến tháng 12", allow_none=True)
    state = _string("approved", allow_none=True)
    convener = _string("H56.30.01", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )


class EndpointDay(View):
    """One endpoint on one day."""

    endpoint = _string("th-05")
    name = _words()
    state = _string("ready")
    busy = fields.List(fields.Nested(BusyView))


class PortsView(View):
    """From when to when how many ports of the bridge are taken."""

    held_from = moment()
    held_until = moment()
    ports = _number(62)
    recorders = _number(0)


class NetworkDay(View):
    """Who holds what in a network on one day of Viet Nam."""

    network = _string("thanh-hoa")
    day = _string("2026-12-07")
    usable_ports = _number(144)
    recorders = _number(2)
    ports = fields.List(fields.Nested(PortsView))
    endpoints = fields.List(fields.Nested(EndpointDay))


class ConferenceHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = _number(2)
    type = _string("conference_scheduled.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "head-van-phong", "role": "head_of_unit", "agency": "H56.01"}})
    reason = _string("")
    data = fields.Dict()
    hash = _string("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class ConferenceHistoryVerification(View):
    """Whether the chain is whole; otherwise the first entry that was altered."""

    intact = fields.Boolean(metadata={"example": True})
    entries = _number(7)
    first_altered = _number(None, allow_none=True)
