"""What is done to a meeting.

Any officer asks for one of their agency; the network's approver decides; its operator runs what was approved.
"""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.conference_booking import requests as r
from shared.contracts.conference_booking import views as v
from shared.contracts.conference_booking.offers import APPROVE, ASK, OPERATE, post
from shared.contracts.operations import Operation

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


def _change(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], scope: str, **example: Any
) -> Operation:
    path = f"/meetings/{{meeting}}/{path}"
    return post(name, path, summary, summary_vi, body, v.MeetingReceipt, scope, if_match=True, example=example)


def _session(name: str, path: str, summary: str, summary_vi: str, body: type[Request], **example: Any) -> Operation:
    scope = example.pop("scope", OPERATE)
    return _change(name, f"sessions/{{session}}/{path}", summary, summary_vi, body, scope, **example)


MEETINGS = [
    post(
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
    post(
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
    _change(
        "ask_change_information",
        "changes/questions",
        "Ask the convener for more before deciding on a change",
        "Yêu cầu bổ sung thông tin trước khi duyệt thay đổi",
        r.WithReason,
        APPROVE,
        reason="Đề nghị nêu rõ vì sao đổi giờ",
    ),
    _change(
        "answer_change_question",
        "changes/answers",
        "Answer what the approver asked about a change",
        "Trả lời yêu cầu bổ sung thông tin về thay đổi",
        r.AnswerQuestion,
        ASK,
        answer="Lãnh đạo chủ trì bận họp đột xuất",
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
