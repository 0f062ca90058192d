"""Incidents at endpoints, lines and bridges: what is sent and answered about them."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.history_views import ConferenceHistoryEntry, ConferenceHistoryVerification
from shared.contracts.conference_booking.offers import ASK, OPERATE, get, post
from shared.contracts.conference_booking.requests import MEETING, PerhapsWithReason, WithReason
from shared.contracts.conference_booking.values import LINES, key_of
from shared.contracts.operations import FileTicket, Operation
from shared.contracts.values import Page, code, day, moment, name, number_like, one_of, string_like, text

SYMPTOMS = ("no_video", "no_audio", "echo", "frozen", "lost_link", "poor_line", "power", "bridge")
INCIDENT_STATES = ("open", "acknowledged", "on_standby", "restored", "closed")
_ID = "9d3b1f0c5a7e4c2f8b6d0e1a2c3b4d5e"
MOST_FOLLOW_UPS = 50


def _severity(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(1, 3), metadata={"example": 2}, **options)


class OpenIncident(Request):
    """What is wrong, where, since when; how bad it is follows from that unless it is said.

    Without an endpoint it is the bridge that failed.
    """

    network = key_of("thanh-hoa")
    endpoint = key_of("th-05", required=False, allow_none=True, load_default=None)
    line = one_of(*LINES, required=False, allow_none=True, load_default=None)
    meeting = code(r"^[0-9a-f]{32}$", example=MEETING, required=False, allow_none=True, load_default=None)
    session = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(1, 1000), metadata={"example": 1}
    )
    symptom = one_of(*SYMPTOMS)
    severity = _severity(allow_none=True, load_default=None)
    began_at = moment(allow_none=True, load_default=None)
    what = text(2000, load_default="", example="Mất hình toàn bộ, vẫn còn tiếng")

    @validates_schema
    def _belongs_together(self, data: dict[str, Any], **_: object) -> None:
        if data["endpoint"] is None and data["symptom"] != "bridge":
            raise ValidationError("required", "endpoint")
        if data["line"] is not None and data["endpoint"] is None:
            raise ValidationError("required", "endpoint")
        if data["session"] is not None and data["meeting"] is None:
            raise ValidationError("required", "meeting")


class ReassessIncident(WithReason):
    """How bad it is, and why one thinks so."""

    severity = _severity(required=True)


class SwitchToStandby(PerhapsWithReason):
    """The standby endpoint that takes the place in the session; without one, the endpoint's other line is used."""

    endpoint = key_of("th-04", required=False, allow_none=True, load_default=None)


class RestoreIncident(PerhapsWithReason):
    """When it worked again, if not now."""

    at = moment(allow_none=True, load_default=None)


class FollowUp(Request):
    """Something that is left to do, by whom and until which day."""

    what = text(1000, required=True, example="Đề nghị nhà mạng kiểm tra tuyến cáp")
    who = name(200, load_default="", example="Phòng Hạ tầng số")
    due = day(allow_none=True, load_default=None, example="2026-12-14")


class CloseIncident(PerhapsWithReason):
    """What it was and what was done; minutes of impact if what was counted is not right."""

    cause = text(2000, required=True, example="Đứt cáp quang do thi công")
    action = text(2000, required=True, example="Chuyển sang đường Internet dự phòng, báo nhà mạng")
    report = text(5000, load_default="", example="Cuộc họp gián đoạn tại một điểm cầu trong 4 phút")
    impact_minutes = fields.Integer(
        strict=True, allow_none=True, load_default=None, validate=validate.Range(0, 10_000), metadata={"example": 4}
    )
    follow_ups = fields.List(fields.Nested(FollowUp), load_default=list, validate=validate.Length(max=20))


class FinishFollowUp(PerhapsWithReason):
    """Which one is done."""

    number = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000), metadata={"example": 1})


class ListIncidents(Page):
    """Incidents of a network opened on or after a day.

    What is not closed, or has something left to do, is listed whenever it was opened and the oldest first; what is
    closed, or all together, of the last thirty days unless a day is given, and the newest first.
    """

    network = key_of("thanh-hoa")
    state = one_of(*INCIDENT_STATES, "unclosed", "follow_up", required=False, allow_none=True, load_default=None)
    since = day(allow_none=True, load_default=None)


class IncidentReceipt(View):
    """Where an incident stands now."""

    id = string_like(_ID)
    state = string_like("open")
    severity = number_like(2)
    version = number_like(1)


class StandbyView(View):
    """What the meeting goes on over: the other line of the endpoint, or a standby endpoint."""

    kind = string_like("line")
    endpoint = string_like("th-04", allow_none=True)
    line = string_like("backup", allow_none=True)


class FollowUpView(View):
    """Something that is left to do, or was."""

    number = number_like(1)
    what = string_like("Đề nghị nhà mạng kiểm tra tuyến cáp")
    who = string_like("Phòng Hạ tầng số")
    due = string_like("2026-12-14", allow_none=True)
    done_at = moment(allow_none=True)


class IncidentView(View):
    """One incident."""

    id = string_like(_ID)
    network = string_like("thanh-hoa")
    endpoint = string_like("th-05", allow_none=True)
    line = string_like("primary", allow_none=True)
    meeting = string_like(MEETING, allow_none=True)
    session = number_like(1, allow_none=True)
    symptom = string_like("poor_line")
    severity = number_like(3)
    origin = string_like("probe")
    state = string_like("open")
    what = string_like("Mất gói 8,0 %")
    began_at = moment()
    opened_at = moment()
    acknowledged_at = moment(allow_none=True)
    standby = fields.Nested(StandbyView, allow_none=True)
    standby_at = moment(allow_none=True)
    restored_at = moment(allow_none=True)
    closed_at = moment(allow_none=True)
    impact_minutes = number_like(4, allow_none=True)
    cause = string_like("Đứt cáp quang do thi công")
    action = string_like("Chuyển sang đường Internet dự phòng")
    report = string_like("")
    follow_ups = fields.List(fields.Nested(FollowUpView))
    actions = fields.List(string_like("acknowledge_incident"))
    version = number_like(1)


_ONE = "/incidents/{incident}"


def _change(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **example: Any) -> Operation:
    path = f"{_ONE}/{path}"
    return post(name, path, summary, summary_vi, body, IncidentReceipt, OPERATE, if_match=True, example=example)


INCIDENT_OPERATIONS = [
    post(
        "open_incident",
        "/incidents",
        "Something is wrong with an endpoint, a line or the bridge",
        "Báo sự cố điểm cầu, đường truyền, MCU",
        OpenIncident,
        IncidentReceipt,
        ASK,
        status=201,
        example={"network": "thanh-hoa", "endpoint": "th-05", "symptom": "no_video", "what": "Mất hình, vẫn còn tiếng"},
    ),
    get(
        "list_incidents",
        "/incidents",
        "Incidents of a network",
        "Danh sách sự cố",
        IncidentView,
        query=ListIncidents,
        paged=True,
        example={"network": "thanh-hoa"},
    ),
    get("read_incident", _ONE, "One incident", "Một sự cố", IncidentView),
    get("print_incident", f"{_ONE}/print", "The report of an incident as PDF", "In báo cáo sự cố", FileTicket),
    get(
        "read_incident_history",
        f"{_ONE}/history",
        "An incident's append-only history",
        "Lịch sử sự cố",
        ConferenceHistoryEntry,
        query=Page,
        paged=True,
    ),
    get(
        "verify_incident_history",
        f"{_ONE}/history/verification",
        "Verify an incident's history",
        "Kiểm tra tính toàn vẹn lịch sử sự cố",
        ConferenceHistoryVerification,
    ),
    _change("acknowledge_incident", "acknowledgement", "Somebody is at it", "Tiếp nhận xử lý sự cố", PerhapsWithReason),
    _change(
        "reassess_incident",
        "severity",
        "It is worse than was thought, or not as bad",
        "Đánh giá lại mức độ sự cố",
        ReassessIncident,
        severity=1,
        reason="Điểm cầu chủ trì mất kết nối",
    ),
    _change(
        "switch_to_standby",
        "standby",
        "Go on over the backup line, or from the standby endpoint; the meeting follows",
        "Chuyển sang đường truyền hoặc điểm cầu dự phòng",
        SwitchToStandby,
        reason="Đường chính mất gói",
    ),
    _change(
        "restore_incident", "restoration", "What failed works again", "Đã khôi phục", RestoreIncident, reason="Đã thông"
    ),
    _change(
        "close_incident",
        "closure",
        "Write down cause and action",
        "Đóng sự cố, ghi nguyên nhân và xử lý",
        CloseIncident,
        cause="Đứt cáp quang do thi công",
        action="Chuyển sang đường Internet dự phòng, báo nhà mạng",
    ),
    _change(
        "add_follow_up",
        "follow-ups",
        "Something is left to do",
        "Thêm việc phải làm sau sự cố",
        FollowUp,
        what="Đề nghị nhà mạng kiểm tra tuyến cáp",
    ),
    _change(
        "finish_follow_up",
        "follow-ups/completion",
        "Something that was left is done",
        "Hoàn thành việc phải làm sau sự cố",
        FinishFollowUp,
        number=1,
    ),
]
