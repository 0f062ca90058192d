"""What is answered about conferences."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.values import moment, number_like, string_like

_ID = "0f8fad5bd9cb469fa16570867728950e"
_WORDS = {"vi": "Điểm cầu Ủy ban nhân dân phường Hạc Thành", "en": "Endpoint Hac Thanh ward"}


def _words(example: dict[str, str] = _WORDS) -> fields.Dict:
    return fields.Dict(metadata={"example": example})


class MeetingReceipt(View):
    """The answer to every command on a meeting; a repeated command gets the same one."""

    id = string_like(_ID)
    state = string_like("submitted")
    version = number_like(1)
    sequence = number_like(0)
    hold_until = moment(allow_none=True)
    preempted = fields.List(string_like(_ID), metadata={"example": []})


class SeatsView(View):
    """Who chairs and takes part in one session, and who stands by, after a standby endpoint took a place."""

    chair = string_like("th-04")
    endpoints = fields.List(string_like("th-06"))
    standby = fields.List(string_like("th-05"))


class SessionView(View):
    """One time at which a meeting takes place; its endpoints are held from `held_from` to `held_until`.

    `instead` of the meeting's endpoints it has these, `on_backup` are there over their backup lines.
    """

    number = number_like(1)
    start = moment()
    end = moment()
    held_from = moment()
    held_until = moment()
    state = string_like("planned")
    instead = fields.Nested(SeatsView, allow_none=True, metadata={"example": None})
    on_backup = fields.List(string_like("th-05"), metadata={"example": []})


class RiskView(View):
    """What threatens sessions of a meeting: an endpoint that is down, or too few ports on the bridge."""

    kind = string_like("endpoint")
    endpoint = string_like("th-05", allow_none=True)
    sessions = fields.List(number_like(1))
    reason = string_like("Mất điện")


class MeetingRow(View):
    """One row of a list of meetings; `next_session` is the first that is not over.

    `change_waits` says that an approved meeting has a change to be decided on.
    """

    id = string_like(_ID)
    network = string_like("thanh-hoa")
    title = string_like("Giao ban trực tuyến tháng 12")
    rank = string_like("department")
    state = string_like("approved")
    convener = string_like("H56.30.01")
    convener_name = _words({"vi": "Ủy ban nhân dân phường Hạc Thành", "en": "Hac Thanh ward"})
    chair = string_like("th-01")
    endpoints = fields.List(string_like("th-05"))
    next_session = fields.Nested(SessionView, allow_none=True)
    sessions = number_like(1)
    at_risk = fields.Boolean()
    change_waits = fields.Boolean()
    version = number_like(2)


class ContactView(View):
    """Whom to call."""

    name = string_like("Nguyễn Thị Hạnh")
    phone = string_like("02373000001")


class MeetingContactView(ContactView):
    """Whom to call about a meeting; `address` hears what becomes of it."""

    address = string_like("nthanh.hacthanh@thanhhoa.gov.vn", allow_none=True)


class NewsView(View):
    """What its convener was told of a meeting: preempted, rejected, expired, questioned, at_risk, change_rejected or
    change_expired; which sessions it took, and `alternatives` on the meeting's wall clock."""

    what = string_like("preempted")
    at = moment()
    reason = string_like("")
    sessions = fields.List(number_like(1))
    alternatives = fields.List(string_like("2026-12-07T11:15"))


class DecisionView(View):
    """What the approver said last."""

    by = string_like("head-van-phong-thanh-hoa")
    at = moment()
    verdict = string_like("approved")
    said = string_like("Đồng ý")


class DelegateView(View):
    """Somebody who is invited beside the endpoints."""

    name = string_like("Trần Văn Bình")
    address = string_like("tvbinh@thanhhoa.gov.vn")
    endpoint = string_like("th-05", allow_none=True)


class DutyView(View):
    """Which technician the meeting counts on at which endpoint."""

    endpoint = string_like("th-05")
    technician = string_like("kt-hac-thanh")


class SessionAnswerView(View):
    """What was answered about one session of a series."""

    session = number_like(2)
    answer = string_like("declined")


class GuestView(View):
    """An invited mailbox, and what it answered last: needs_action, accepted, tentative or declined.

    `sequence` is that of the newest invitation or cancellation. A delegate's address is told to those who invite.
    """

    name = string_like("Điểm cầu Ủy ban nhân dân phường Hạc Thành")
    endpoint = string_like("th-05", allow_none=True)
    delegate = fields.Boolean()
    address = string_like("diem-cau-05@thanhhoa.gov.vn", allow_none=True)
    invited = fields.Boolean()
    sequence = number_like(0)
    answer = string_like("accepted")
    answered_at = moment(allow_none=True)
    comment = string_like("")
    sessions = fields.List(fields.Nested(SessionAnswerView))


class InvitationsView(View):
    """Who is invited to a meeting; `without_mailbox` are its endpoints that nobody can write to."""

    guests = fields.List(fields.Nested(GuestView))
    without_mailbox = fields.List(string_like("th-06"))


class LetterView(View):
    """An invitation document: asked, then draft, in_review, signed, issued in document routing; recalled or replaced.

    It is outdated while it says otherwise than the meeting. `document` is its id there, `code` its number and symbol.
    """

    number = number_like(1)
    status = string_like("issued")
    document = string_like(_ID, allow_none=True)
    code = string_like("12/GM-UBND")
    outdated = fields.Boolean()


class WayView(View):
    """One way to dial in; `codecs` are the models that it is for, none where it is for all."""

    kind = string_like("sip")
    address = string_like("sip:481516234@mcu.thanhhoa.example.vn")
    codecs = fields.List(string_like("Mẫu 720p"), metadata={"example": []})


class DialInView(View):
    """With what one gets into the meeting's room on the bridge."""

    number = string_like("481516234")
    pin = string_like("04712233")
    ways = fields.List(fields.Nested(WayView))


class ProposalView(View):
    """A change that the convener of an approved meeting wants: the fields that would be otherwise, of which session.

    It is held until `hold_until`, with these sessions where they are to be at other times.
    """

    by = string_like("van-thu-hac-thanh")
    at = moment()
    reason = string_like("")
    hold_until = moment()
    session = number_like(2, allow_none=True)
    changes = fields.Dict(metadata={"example": {"starts": "2026-12-07T14:00"}})
    sessions = fields.List(fields.Nested(SessionView))


class MeetingView(MeetingRow):
    """One meeting; `actions` is what the caller may try now.

    `dial_in` is told to those who convene, approve or run it, and to the technicians of its endpoints.
    """

    note = string_like("")
    contact = fields.Nested(MeetingContactView)
    standby = fields.List(string_like("th-04"))
    standby_lines = fields.List(string_like("th-05"))
    technicians = fields.List(fields.Nested(DutyView))
    resolution = string_like("720p")
    recording = fields.Boolean()
    delegates = fields.List(fields.Nested(DelegateView))
    letters = fields.List(fields.Nested(LetterView))
    ports = number_like(8)
    starts = string_like("2026-12-07T08:00")
    minutes = number_like(120)
    zone = string_like("Asia/Ho_Chi_Minh")
    rule = string_like("")
    left_out = fields.List(string_like("2026-12-28T08:00"))
    set_up = number_like(60)
    rehearsal = number_like(30)
    tear_down = number_like(15)
    urgent = fields.Boolean()
    urgent_reason = string_like("")
    sequence = number_like(0)
    hold_until = moment(allow_none=True)
    decision = fields.Nested(DecisionView, allow_none=True)
    news = fields.List(fields.Nested(NewsView))
    proposal = fields.Nested(ProposalView, allow_none=True)
    answer = string_like("")
    all_sessions = fields.List(fields.Nested(SessionView))
    on_backup = fields.List(string_like("th-05"))
    risks = fields.List(fields.Nested(RiskView))
    dial_in = fields.Nested(DialInView, allow_none=True)
    actions = fields.List(string_like("change_meeting"))


class ClashView(View):
    """Why one session cannot be: what somebody else holds, or how much of the bridge is left of what is wanted.

    `title` and `meeting` are told to those who may read that meeting.
    """

    session = number_like(1)
    start = moment()
    kind = string_like("endpoint")
    endpoints = fields.List(string_like("th-05"))
    technicians = fields.List(string_like("kt-hac-thanh"))
    lines = fields.List(string_like("th-05"))
    held_from = moment()
    held_until = moment()
    held_by = string_like("meeting")
    meeting = string_like(_ID, allow_none=True)
    title = string_like("Giao ban trực tuyến tháng 12", allow_none=True)
    convener = string_like("H56.30.01", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )
    wanted = number_like(None, allow_none=True)
    left = number_like(None, allow_none=True)


class AlternativeView(View):
    """A beginning at which all sessions would be free, on the same wall clock as was asked for."""

    starts = string_like("2026-12-07T10:15")
    minutes_moved = number_like(135)


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
    name = _words({"vi": "Họp của sở, ban, ngành, xã, phường", "en": "Meeting of a department or commune"})
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
    name = _words({"vi": "Mạng hội nghị truyền hình tỉnh Thanh Hóa", "en": "Video-conference network of Thanh Hoa"})
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
    name = _words()
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
    meeting = string_like(_ID, allow_none=True)
    title = string_like("Giao ban trực tuyến tháng 12", allow_none=True)
    state = string_like("approved", allow_none=True)
    convener = string_like("H56.30.01", allow_none=True)
    convener_name = fields.Dict(
        allow_none=True, metadata={"example": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"}}
    )


class EndpointDay(View):
    """One endpoint on one day."""

    endpoint = string_like("th-05")
    name = _words()
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


class ConferenceHistoryEntry(View):
    """One entry of an append-only, hash-chained history."""

    seq = number_like(2)
    type = string_like("conference_scheduled.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "head-van-phong", "role": "head_of_unit", "agency": "H56.01"}})
    reason = string_like("")
    data = fields.Dict()
    hash = string_like("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class ConferenceHistoryVerification(View):
    """Whether the chain is whole; otherwise the first entry that was altered."""

    intact = fields.Boolean(metadata={"example": True})
    entries = number_like(7)
    first_altered = number_like(None, allow_none=True)
