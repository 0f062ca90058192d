"""The offers of conference booking, as the gateway shows them and the service answers them.

Any officer asks for a meeting of their agency; the network's approver decides; its operator runs what was approved,
looks after endpoints and the bridge.
"""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.conference_booking import requests as r
from shared.contracts.conference_booking import views as v
from shared.contracts.conference_booking.feeds import FEEDS
from shared.contracts.conference_booking.figures import FIGURES
from shared.contracts.conference_booking.incidents import INCIDENT_OPERATIONS
from shared.contracts.conference_booking.letters import LETTERS
from shared.contracts.conference_booking.lines import LINE_OPERATIONS
from shared.contracts.conference_booking.readiness import READINESS
from shared.contracts.conference_booking.rooms import ROOMS
from shared.contracts.conference_booking.scripts import SCRIPTS
from shared.contracts.conference_booking.technicians import TECHNICIANS
from shared.contracts.conference_booking.training import TRAINING_OPERATIONS
from shared.contracts.operations import Operation
from shared.contracts.values import Page

SERVICE = "conference_booking"
READ, ASK, APPROVE = "conferences:read", "conferences:request", "conferences:approve"
OPERATE = "conferences:operate"

_REASON = "Trùng lịch họp của Thường trực Tỉnh ủy"
MEETING_EXAMPLE = {
    "network": "thanh-hoa",
    "title": "Giao ban trực tuyến tháng 12 với các xã, phường",
    "contact": {"name": "Nguyễn Thị Hạnh", "phone": "02373000001"},
    "chair": "th-01",
    "endpoints": ["th-05", "th-06", "th-07"],
    "starts": "2026-12-07T08:00",
    "minutes": 120,
}
_ENDPOINT_EXAMPLE = {
    "key": "th-32",
    "network": "thanh-hoa",
    "agency": "H56.30.01",
    "name": {"vi": "Điểm cầu dự phòng phường Hạc Thành", "en": "Spare endpoint, Hac Thanh ward"},
    "level": "commune",
    "seats": 30,
    "codec": {"model": "Mẫu 720p", "resolution": "720p"},
    "lines": [{"kind": "primary", "name": "TSLCD cấp II", "mbps": 4}],
    "contact": {"name": "Cán bộ kỹ thuật", "phone": "02373000032"},
}


def _get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    return Operation(
        name, "GET", f"/conferences{path}", summary, summary_vi, view=view, scope=READ, tag="conferences", **rest
    )


def _post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], view: type[View], scope: str, **rest: Any
) -> Operation:
    path = f"/conferences{path}"
    return Operation(name, "POST", path, summary, summary_vi, view, body, scope=scope, tag="conferences", **rest)


def _change(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], scope: str, **example: Any
) -> Operation:
    path = f"/meetings/{{meeting}}/{path}"
    return _post(name, path, summary, summary_vi, body, v.MeetingReceipt, scope, if_match=True, example=example)


def _session(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **example: Any) -> Operation:
    scope = example.pop("scope", OPERATE)
    return _change(name, f"sessions/{{session}}/{path}", summary, summary_vi, body, scope, **example)


def _history(name: str, path: str, summary: str, summary_vi: str) -> Operation:
    return _get(name, path, summary, summary_vi, v.ConferenceHistoryEntry, query=Page, paged=True)


QUESTIONS = [
    _get(
        "list_networks",
        "/networks",
        "Networks of video conferences and their rules",
        "Các mạng hội nghị truyền hình và quy định đặt lịch",
        v.NetworkView,
        query=Page,
        paged=True,
    ),
    _get("read_bridge", "/networks/{network}/bridge", "The bridge of a network", "Thiết bị MCU của mạng", v.BridgeView),
    _get(
        "read_network_day",
        "/networks/{network}/days/{day}",
        "Who holds what on one day",
        "Lịch sử dụng điểm cầu trong ngày",
        v.NetworkDay,
    ),
    _get(
        "list_endpoints",
        "/endpoints",
        "Endpoints",
        "Danh sách điểm cầu",
        v.EndpointView,
        query=r.ListEndpoints,
        paged=True,
    ),
    _get("read_endpoint", "/endpoints/{endpoint}", "One endpoint", "Một điểm cầu", v.EndpointView),
    _history(
        "read_endpoint_history",
        "/endpoints/{endpoint}/history",
        "An endpoint's append-only history",
        "Lịch sử điểm cầu",
    ),
    _get(
        "verify_endpoint_history",
        "/endpoints/{endpoint}/history/verification",
        "Verify an endpoint's history",
        "Kiểm tra tính toàn vẹn lịch sử điểm cầu",
        v.ConferenceHistoryVerification,
    ),
    _get(
        "list_meetings",
        "/meetings",
        "Meetings that the caller's agency convenes or takes part in",
        "Các cuộc họp cơ quan chủ trì hoặc tham dự",
        v.MeetingRow,
        query=r.ListMeetings,
        paged=True,
    ),
    _get("read_meeting", "/meetings/{meeting}", "One meeting", "Một cuộc họp", v.MeetingView),
    _get(
        "read_invitations",
        "/meetings/{meeting}/invitations",
        "Who is invited to a meeting, and what they answered",
        "Thư mời họp và trả lời của các điểm cầu, đại biểu",
        v.InvitationsView,
    ),
    _history(
        "read_meeting_history", "/meetings/{meeting}/history", "A meeting's append-only history", "Lịch sử cuộc họp"
    ),
    _get(
        "verify_meeting_history",
        "/meetings/{meeting}/history/verification",
        "Verify a meeting's history",
        "Kiểm tra tính toàn vẹn lịch sử cuộc họp",
        v.ConferenceHistoryVerification,
    ),
]

MEETINGS = [
    _post(
        "request_meeting",
        "/meetings",
        "Ask for a meeting; its endpoints are held at once",
        "Đăng ký cuộc họp, giữ chỗ ngay các điểm cầu",
        r.RequestMeeting,
        v.MeetingReceipt,
        ASK,
        status=201,
        example=MEETING_EXAMPLE,
    ),
    _post(
        "find_free_times",
        "/free-times",
        "Try a wish without booking: clashes and the nearest free times",
        "Tìm giờ trống, chưa giữ chỗ",
        r.FindFreeTimes,
        v.FreeTimes,
        ASK,
        example={name: value for name, value in MEETING_EXAMPLE.items() if name not in ("title", "contact")},
    ),
    _change(
        "change_meeting",
        "changes",
        "Change a meeting; other times or endpoints of an approved one wait for approval, and it stays as it is",
        "Thay đổi cuộc họp; cuộc họp đã duyệt giữ nguyên đến khi việc đổi giờ, đổi điểm cầu được duyệt",
        r.ChangeMeeting,
        ASK,
        starts="2026-12-07T14:00",
    ),
    _change(
        "answer_meeting_question",
        "answers",
        "Answer what the approver asked",
        "Trả lời yêu cầu bổ sung thông tin",
        r.AnswerQuestion,
        ASK,
        answer="Thành phần gồm Chủ tịch các xã, phường",
    ),
    _change(
        "cancel_meeting",
        "cancellation",
        "Cancel a meeting, or what is left of a series",
        "Hủy cuộc họp",
        r.WithReason,
        ASK,
        reason=_REASON,
    ),
    _change(
        "approve_meeting",
        "approval",
        "Approve a meeting",
        "Duyệt cuộc họp",
        r.ApproveMeeting,
        APPROVE,
        note="Đồng ý; bố trí kỹ thuật trực từ 7 giờ",
    ),
    _change(
        "reject_meeting",
        "rejection",
        "Refuse a meeting",
        "Từ chối cuộc họp",
        r.WithReason,
        APPROVE,
        reason=_REASON,
    ),
    _change(
        "ask_meeting_information",
        "questions",
        "Ask the convener for more before deciding",
        "Yêu cầu bổ sung thông tin trước khi duyệt",
        r.WithReason,
        APPROVE,
        reason="Đề nghị nêu rõ thành phần dự họp",
    ),
    _change(
        "approve_change",
        "changes/approval",
        "Approve a change of an approved meeting",
        "Duyệt thay đổi của cuộc họp đã duyệt",
        r.ApproveChange,
        APPROVE,
        note="Đồng ý đổi giờ",
    ),
    _change(
        "reject_change",
        "changes/rejection",
        "Refuse a change; the meeting stays as it was approved",
        "Không duyệt thay đổi, cuộc họp giữ nguyên như đã duyệt",
        r.WithReason,
        APPROVE,
        reason=_REASON,
    ),
    _session(
        "move_session",
        "move",
        "Move one session of a series to another time",
        "Dời một buổi họp sang giờ khác",
        r.MoveSession,
        scope=ASK,
        starts="2026-12-08T14:00",
        reason=_REASON,
    ),
    _session(
        "cancel_session",
        "cancellation",
        "Cancel one session of a series",
        "Hủy một buổi họp",
        r.WithReason,
        scope=ASK,
        reason=_REASON,
    ),
    _session("start_session", "start", "A session begins", "Bắt đầu buổi họp", r.PerhapsWithReason),
    _session(
        "extend_session",
        "extension",
        "Let a running session go on, if all it needs is free",
        "Kéo dài buổi họp đang diễn ra",
        r.ExtendSession,
        minutes=30,
    ),
    _session(
        "end_session",
        "end",
        "A session is over; what it held longer is free",
        "Kết thúc buổi họp",
        r.PerhapsWithReason,
    ),
]

RESOURCES = [
    _post(
        "register_endpoint",
        "/endpoints",
        "Register an endpoint",
        "Đăng ký điểm cầu",
        r.RegisterEndpoint,
        v.ResourceReceipt,
        OPERATE,
        status=201,
        example=_ENDPOINT_EXAMPLE,
    ),
    _post(
        "change_endpoint",
        "/endpoints/{endpoint}/changes",
        "Change what is known of an endpoint",
        "Cập nhật điểm cầu",
        r.ChangeEndpoint,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"seats": 50},
    ),
    _post(
        "report_endpoint",
        "/endpoints/{endpoint}/state",
        "Say whether an endpoint is ready, degraded or down; meetings are marked",
        "Báo tình trạng điểm cầu; cuộc họp bị ảnh hưởng được đánh dấu",
        r.ReportEndpoint,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"state": "down", "reason": "Mất điện", "until": "2026-12-07T17:00:00+07:00"},
    ),
    _post(
        "plan_maintenance",
        "/endpoints/{endpoint}/maintenance",
        "Hold an endpoint for work on it",
        "Đặt lịch bảo trì điểm cầu",
        r.PlanMaintenance,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"starts": "2026-12-12T18:00", "minutes": 240, "reason": "Thay thiết bị đầu cuối"},
    ),
    _post(
        "cancel_maintenance",
        "/endpoints/{endpoint}/maintenance/cancellation",
        "Planned work on an endpoint will not be",
        "Hủy lịch bảo trì điểm cầu",
        r.CancelMaintenance,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"number": 1},
    ),
    _post(
        "change_bridge",
        "/networks/{network}/bridge/changes",
        "Say what the bridge can do; meetings beyond it are marked",
        "Cập nhật năng lực MCU; cuộc họp vượt năng lực được đánh dấu",
        r.ChangeBridge,
        v.ResourceReceipt,
        OPERATE,
        if_match=True,
        example={"ports": 120, "reason": "Hỏng một thẻ MCU"},
    ),
]

OPERATIONS = [
    *QUESTIONS,
    *MEETINGS,
    *RESOURCES,
    *TECHNICIANS,
    *SCRIPTS,
    *READINESS,
    *ROOMS,
    *LETTERS,
    *FIGURES,
    *FEEDS,
    *LINE_OPERATIONS,
    *INCIDENT_OPERATIONS,
    *TRAINING_OPERATIONS,
]
