"""The offers about incoming documents; their commands answer with an `ArrivalReceipt`."""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.colleagues import Colleagues
from shared.contracts.document_routing import incoming_views
from shared.contracts.document_routing import requests as r
from shared.contracts.document_routing import views as v
from shared.contracts.document_routing.offers import CLERK, SIGN, WORK, get
from shared.contracts.operations import FileTicket, Operation


def _incoming(name: str, action: str, said: str, vi: str, body: type[Request], scope: str, **example: Any) -> Operation:
    path = f"/arrivals/{{arrival}}/{action}"
    given: dict[str, Any] = {"scope": scope, "if_match": True, "example": example, "tag": "arrivals"}
    return Operation(name, "POST", path, said, vi, incoming_views.ArrivalReceipt, body, **given)


INCOMING_COMMANDS = [
    _incoming(
        "register_arrival",
        "register",
        "Enter in the register (03)",
        "Đăng ký văn bản đến",
        r.DocumentNote,
        CLERK,
        note="",
    ),
    _incoming(
        "refuse_arrival",
        "refuse",
        "Refuse with the reason (02)",
        "Từ chối tiếp nhận văn bản",
        r.DocumentReason,
        CLERK,
        reason="Văn bản gửi nhầm cơ quan",
    ),
    _incoming(
        "assign_arrival",
        "assign",
        "Say who leads, who co-operates, until when (04)",
        "Phân công xử lý",
        r.AssignArrival,
        SIGN,
        lead={"unit": "Phòng Quản lý đô thị"},
        opinion="Tham mưu văn bản trả lời",
        due_on="2026-12-01",
    ),
    _incoming(
        "work_on_arrival",
        "work",
        "Begin to handle (05)",
        "Bắt đầu xử lý",
        r.DocumentNote,
        WORK,
        note="Đang tổng hợp ý kiến",
    ),
    _incoming(
        "complete_arrival",
        "complete",
        "Close the job (06)",
        "Hoàn thành xử lý",
        r.CompleteArrival,
        WORK,
        note="Lưu hồ sơ",
    ),
    _incoming(
        "answer_request",
        "answer",
        "Agree to recall, update or replacement (15), or refuse (16)",
        "Trả lời yêu cầu thu hồi, cập nhật, thay thế",
        r.AnswerRequest,
        CLERK,
        accept=True,
        note="Đồng ý thu hồi",
    ),
]

INCOMING = [
    Operation(
        "enter_arrival",
        "POST",
        "/arrivals",
        "Enter and register what came on paper",
        "Nhập văn bản đến bằng giấy",
        view=incoming_views.ArrivalReceipt,
        body=r.EnterArrival,
        scope=CLERK,
        status=201,
        example={
            "sender_name": "Công ty TNHH Ninh Kiều",
            "code": "25/CV-NK",
            "issued_on": "2026-11-20",
            "kind": "cong_van",
            "subject": "V/v đề nghị hỗ trợ mặt bằng",
        },
        tag="arrivals",
    ),
    get(
        "list_arrivals",
        "/arrivals",
        "Incoming documents of the agency",
        "Danh sách văn bản đến",
        incoming_views.ArrivalRow,
        "arrivals",
        query=r.ListArrivals,
        paged=True,
    ),
    get(
        "count_arrivals",
        "/arrivals/counts",
        "Numbers for the menu",
        "Số lượng văn bản đến",
        incoming_views.ArrivalCounts,
        "arrivals",
    ),
    get(
        "list_handlers",
        "/arrivals/handlers",
        "Officers who may be given incoming documents",
        "Cán bộ có thể được phân công xử lý văn bản đến",
        Colleagues,
        "arrivals",
    ),
    get(
        "get_arrival",
        "/arrivals/{arrival}",
        "One incoming document",
        "Xem văn bản đến",
        incoming_views.ArrivalView,
        "arrivals",
    ),
    get(
        "get_arrival_history",
        "/arrivals/{arrival}/history",
        "Its append-only history",
        "Lịch sử văn bản đến",
        v.DocumentHistoryEntry,
        "arrivals",
        query=r.DocumentPage,
        paged=True,
    ),
    get(
        "verify_arrival_history",
        "/arrivals/{arrival}/history/verification",
        "Verify the chain",
        "Kiểm tra lịch sử văn bản đến",
        v.DocumentVerification,
        "arrivals",
    ),
    get(
        "authorise_arrival_file",
        "/arrivals/{arrival}/files/{file}",
        "Download a file of it",
        "Tải tệp văn bản đến",
        FileTicket,
        "arrivals",
    ),
]
