"""What is answered about meetings."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.conference_booking.requests import MEETING
from shared.contracts.conference_booking.values import words_like
from shared.contracts.values import moment, number_like, string_like


class MeetingReceipt(View):
    """The answer to every command on a meeting; a repeated command gets the same one."""

    id = string_like(MEETING)
    state = string_like("submitted")
    version = number_like(1)
    sequence = number_like(0)
    hold_until = moment(allow_none=True)
    preempted = fields.List(string_like(MEETING), metadata={"example": []})


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

    id = string_like(MEETING)
    network = string_like("thanh-hoa")
    title = string_like("Giao ban trực tuyến tháng 12")
    rank = string_like("department")
    state = string_like("approved")
    convener = string_like("H56.30.01")
    convener_name = words_like({"vi": "Ủy ban nhân dân phường Hạc Thành", "en": "Hac Thanh ward"})
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
    """What its convener was told of a meeting: preempted, rejected, expired, questioned, at_risk, change_questioned,
    change_rejected or change_expired; which sessions it took, and `alternatives` on the meeting's wall clock."""

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
    document = string_like(MEETING, allow_none=True)
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

    It is held until `hold_until`, with these sessions where they are to be at other times; `questioned` while the
    approver waits for an answer before deciding.
    """

    by = string_like("van-thu-hac-thanh")
    at = moment()
    reason = string_like("")
    hold_until = moment()
    session = number_like(2, allow_none=True)
    questioned = fields.Boolean(metadata={"example": False})
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
    meeting = string_like(MEETING, allow_none=True)
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
