"""What callers send about meetings; bodies of commands and filters of questions."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.conference_booking.values import (
    LONGEST_MEETING,
    MEETING_STATES,
    RANK,
    RESOLUTIONS,
    duration,
    key_of,
    wall_clock,
)
from shared.contracts.email_provisioning.mail_values import address
from shared.contracts.values import AGENCY_CODE, Page, code, day, name, one_of, text

_REASON = "Trùng lịch họp của Thường trực Tỉnh ủy"
_MEETING = r"^[0-9a-f]{32}$"
MEETING = "0f8fad5bd9cb469fa16570867728950e"
MOST_ENDPOINTS = 300
MOST_DELEGATES = 300


class WithReason(Request):
    """A command that must say why."""

    reason = text(1000, required=True, example=_REASON)


class PerhapsWithReason(Request):
    """A command that may say why."""

    reason = text(1000, load_default="", example=_REASON)


class Contact(Request):
    """Whom to call about it."""

    name = name(200, required=True, example="Nguyễn Thị Hạnh")
    phone = code(r"^\+?[0-9][0-9 .]{5,19}$", example="02373000001")


class MeetingContact(Contact):
    """Whom to call about a meeting, and which mailbox hears what becomes of it; else the convener's endpoints do."""

    address = address(example="nthanh.hacthanh@thanhhoa.gov.vn")


def _endpoints(example: list[str], **options: Any) -> fields.List[Any]:
    rules: list[Any] = [validate.Length(max=MOST_ENDPOINTS), _refuse_twice]
    return fields.List(key_of("th-05"), validate=rules, metadata={"example": example}, **options)


class Delegate(Request):
    """Somebody who is invited beside the endpoints, and where they sit, as far as one knows."""

    name = name(200, required=True, example="Trần Văn Bình")
    address = address(required=True, example="tvbinh@thanhhoa.gov.vn")
    endpoint = key_of("th-05", required=False, allow_none=True, load_default=None)


def _delegates(**options: Any) -> fields.List[Any]:
    rules: list[Any] = [validate.Length(max=MOST_DELEGATES), _refuse_same_address]
    return fields.List(fields.Nested(Delegate), validate=rules, **options)


def _refuse_same_address(delegates: list[dict[str, Any]]) -> None:
    if len({delegate["address"].lower() for delegate in delegates}) < len(delegates):
        raise ValidationError("repeated")


def _walls(**options: Any) -> fields.List[Any]:
    metadata: dict[str, Any] = {"example": []}
    return fields.List(wall_clock("2026-12-28T08:00"), validate=validate.Length(max=366), metadata=metadata, **options)


def _refuse_twice(keys: list[str]) -> None:
    if len(set(keys)) < len(keys):
        raise ValidationError("repeated")


class Duty(Request):
    """Which technician the meeting counts on at which endpoint."""

    endpoint = key_of("th-05")
    technician = key_of("kt-hac-thanh")


def _duties(**options: Any) -> fields.List[Any]:
    rules: list[Any] = [validate.Length(max=2 * MOST_ENDPOINTS), _refuse_same_duty]
    return fields.List(fields.Nested(Duty), validate=rules, metadata={"example": []}, **options)


def _refuse_same_duty(duties: list[dict[str, str]]) -> None:
    _refuse_twice([f"{duty['endpoint']} {duty['technician']}" for duty in duties])


class What(Request):
    """What a meeting needs, and when.

    `starts` is on the wall clock of `zone`; `rule` (RFC 5545, such as `FREQ=WEEKLY;COUNT=4`) makes a series of it,
    without those of `left_out`. `standby` endpoints take over when another fails, and are held like the others. So are
    `technicians`, where the network wants them at one meeting at a time, and the backup lines of the endpoints in
    `standby_lines`.
    Minutes before and after are those of the network unless given.
    """

    network = key_of("thanh-hoa")
    chair = key_of("th-01")
    endpoints = _endpoints(["th-05", "th-06", "th-07"], load_default=list)
    standby = _endpoints(["th-04"], load_default=list)
    standby_lines = _endpoints([], load_default=list)
    technicians = _duties(load_default=list)
    resolution = one_of(*RESOLUTIONS, required=False, load_default="720p")
    recording = fields.Boolean(load_default=False, metadata={"example": False})
    starts = wall_clock(required=True)
    minutes = duration(5, LONGEST_MEETING, 120, required=True)
    zone = text(60, load_default="Asia/Ho_Chi_Minh", example="Asia/Ho_Chi_Minh")
    rule = text(300, load_default="", example="FREQ=WEEKLY;COUNT=4")
    left_out = _walls(load_default=list)
    set_up = duration(0, 24 * 60, 60, allow_none=True, load_default=None)
    tear_down = duration(0, 12 * 60, 15, allow_none=True, load_default=None)


class RequestMeeting(What):
    """A meeting that holds its endpoints at once and waits for approval.

    `urgent` shortens the time for which it has to be asked ahead, and needs its reason. `preempt` takes what meetings
    of lower ranks hold, if the rank may; only whoever approves may say so.
    """

    title = name(300, required=True, example="Giao ban trực tuyến tháng 12 với các xã, phường")
    note = text(2000, load_default="", example="Có trình chiếu báo cáo")
    rank = code(RANK, example="department", required=False, load_default="department")
    contact = fields.Nested(MeetingContact, required=True)
    delegates = _delegates(load_default=list)
    urgent = fields.Boolean(load_default=False, metadata={"example": False})
    urgent_reason = text(1000, load_default="", example="")
    preempt = fields.Boolean(load_default=False, metadata={"example": False})

    @validates_schema
    def _says_why_urgent(self, data: dict[str, object], **_: object) -> None:
        if data["urgent"] and not data["urgent_reason"]:
            raise ValidationError("urgent_needs_reason", "urgent_reason")


class FindFreeTimes(What):
    """A request only tried: what stands in the way, and the nearest times at which nothing does.

    What the `meeting` already holds is not in the way. With `urgent` the free times are those from the shorter lead on.
    """

    urgent = fields.Boolean(required=False, load_default=False, metadata={"example": False})
    meeting = code(_MEETING, example=MEETING, required=False, allow_none=True, load_default=None)


class ChangeMeeting(PerhapsWithReason):
    """Something else about a meeting; what is left out stays."""

    title = name(300, example="Giao ban trực tuyến tháng 12 với các xã, phường")
    note = text(2000, example="Có trình chiếu báo cáo")
    rank = code(RANK, example="department", required=False)
    contact = fields.Nested(MeetingContact)
    delegates = _delegates()
    chair = key_of("th-01", required=False)
    endpoints = _endpoints(["th-05", "th-06"])
    standby = _endpoints([])
    standby_lines = _endpoints([])
    technicians = _duties()
    resolution = one_of(*RESOLUTIONS, required=False)
    recording = fields.Boolean(metadata={"example": True})
    starts = wall_clock("2026-12-07T14:00")
    minutes = duration(5, LONGEST_MEETING, 90)
    zone = text(60, example="Asia/Ho_Chi_Minh")
    rule = text(300, example="")
    left_out = _walls()
    set_up = duration(0, 24 * 60, 60)
    tear_down = duration(0, 12 * 60, 15)
    urgent = fields.Boolean(metadata={"example": False})
    urgent_reason = text(1000, example="")
    preempt = fields.Boolean(load_default=False, metadata={"example": False})


class ApproveMeeting(Request):
    """Approval; with another rank where the one asked for is not the right one."""

    rank = code(RANK, example="leadership", required=False, allow_none=True, load_default=None)
    note = text(1000, load_default="", example="Đồng ý; bố trí kỹ thuật trực từ 7 giờ")


class ApproveChange(Request):
    """Approval of a change of an approved meeting."""

    note = text(1000, load_default="", example="Đồng ý đổi giờ")


class MoveSession(PerhapsWithReason):
    """When one session takes place instead, on the wall clock of the meeting's zone; as long as before unless given."""

    starts = wall_clock("2026-12-08T14:00", required=True)
    minutes = duration(5, LONGEST_MEETING, 120, allow_none=True, load_default=None)


class AnswerQuestion(Request):
    """The answer to what the approver asked."""

    answer = text(2000, required=True, example="Thành phần gồm Chủ tịch các xã, phường; tài liệu gửi trước ngày 05/12")


class ExtendSession(PerhapsWithReason):
    """By how many minutes a running session goes on."""

    minutes = duration(5, 12 * 60, 30, required=True)


class ListMeetings(Page):
    """Meetings of which some session ends on or after `from` (today, unless given), and none begins after `to`."""

    network = key_of("thanh-hoa", required=False, allow_none=True, load_default=None)
    agency = code(AGENCY_CODE, example="H56.30.01", required=False, allow_none=True, load_default=None)
    state = one_of(*MEETING_STATES, required=False, allow_none=True, load_default=None)
    at_risk = fields.Boolean(load_default=False, metadata={"example": False})
    since = day(allow_none=True, load_default=None)
    until = day(allow_none=True, load_default=None)
