"""Document routing's offers, as the gateway shows them and the service answers them.

Commands on an outgoing document answer with a `DocumentReceipt`, those on an incoming one with an `ArrivalReceipt`.
"""

from typing import Any

from shared.contracts.base import Request, View
from shared.contracts.colleagues import Colleagues
from shared.contracts.document_routing import requests as r
from shared.contracts.document_routing import views as v
from shared.contracts.document_routing.exchange import EXCHANGE
from shared.contracts.operations import FileTicket, Operation

SERVICE = "document_routing"
READ, DRAFT = "documents:read", "documents:draft"
SIGN, CLERK, WORK = "documents:sign", "documents:register", "documents:work"
REPORT, CONNECT = "reports:read", "connections:write"

DRAFT_EXAMPLE = {
    "kind": "cong_van",
    "subject": "V/v lấy ý kiến về hồ sơ cấp phép xây dựng",
    "unit": {"code": "VP", "name": "Văn phòng"},
    "receivers": [{"agency": "H13.17"}],
    "urgency": 0,
}
SIGNER_EXAMPLE = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Phạm Thị Dung"}


def _outgoing(name: str, action: str, said: str, vi: str, body: type[Request], scope: str, **example: Any) -> Operation:
    return _command(name, f"/documents/{{document}}/{action}", said, vi, body, v.DocumentReceipt, scope, example)


def _incoming(name: str, action: str, said: str, vi: str, body: type[Request], scope: str, **example: Any) -> Operation:
    return _command(name, f"/arrivals/{{arrival}}/{action}", said, vi, body, v.ArrivalReceipt, scope, example)


def _command(
    name: str,
    path: str,
    said: str,
    vi: str,
    body: type[Request],
    view: type[View],
    scope: str,
    example: dict[str, Any],
) -> Operation:
    tag = "documents" if view is v.DocumentReceipt else "arrivals"
    return Operation(
        name, "POST", path, said, vi, view=view, body=body, scope=scope, if_match=True, example=example, tag=tag
    )


def _get(name: str, path: str, said: str, vi: str, view: type[View], tag: str, **rest: Any) -> Operation:
    return Operation(name, "GET", path, said, vi, view=view, tag=tag, **({"scope": READ} | rest))


OUTGOING_COMMANDS = [
    _outgoing(
        "revise_document",
        "revise",
        "Make a new version of a draft",
        "Sửa dự thảo",
        r.DraftDocument,
        DRAFT,
        **DRAFT_EXAMPLE,
    ),
    _outgoing(
        "submit_document",
        "submit",
        "Put before the leader",
        "Trình duyệt",
        r.DocumentNote,
        DRAFT,
        note="Kính trình lãnh đạo xem xét",
    ),
    _outgoing(
        "return_document",
        "return",
        "Give back to the drafter",
        "Trả lại dự thảo",
        r.DocumentReason,
        SIGN,
        reason="Bổ sung căn cứ pháp lý",
    ),
    _outgoing("sign_document", "sign", "Sign", "Ký văn bản", r.SignDocument, SIGN, signer=SIGNER_EXAMPLE),
    _outgoing(
        "issue_document",
        "issue",
        "Give number and date, and send",
        "Cấp số và phát hành",
        r.DocumentNote,
        CLERK,
        note="",
    ),
    _outgoing(
        "recall_document",
        "recall",
        "Take back from receivers",
        "Thu hồi văn bản",
        r.RecallDocument,
        CLERK,
        reason="Ban hành nhầm nội dung",
    ),
    _outgoing(
        "update_document",
        "update",
        "Correct under the same number",
        "Cập nhật văn bản đã phát hành",
        r.UpdateDocument,
        CLERK,
        reason="Đính chính trích yếu",
        subject="V/v lấy ý kiến (đính chính)",
    ),
]

OUTGOING = [
    Operation(
        "create_document",
        "POST",
        "/documents",
        "Begin an outgoing document",
        "Soạn văn bản đi",
        view=v.DocumentReceipt,
        body=r.DraftDocument,
        scope=DRAFT,
        status=201,
        example=DRAFT_EXAMPLE,
        tag="documents",
    ),
    _get(
        "list_documents",
        "/documents",
        "Outgoing documents of the agency",
        "Danh sách văn bản đi",
        v.DocumentRow,
        "documents",
        query=r.ListDocuments,
        paged=True,
    ),
    _get(
        "count_documents",
        "/documents/counts",
        "Numbers for the menu",
        "Số lượng văn bản đi",
        v.DocumentCounts,
        "documents",
    ),
    _get(
        "get_document", "/documents/{document}", "One outgoing document", "Xem văn bản đi", v.DocumentView, "documents"
    ),
    _get(
        "get_document_history",
        "/documents/{document}/history",
        "Its append-only history",
        "Lịch sử văn bản đi",
        v.DocumentHistoryEntry,
        "documents",
        query=r.DocumentPage,
        paged=True,
    ),
    _get(
        "verify_document_history",
        "/documents/{document}/history/verification",
        "Verify the chain",
        "Kiểm tra lịch sử văn bản đi",
        v.DocumentVerification,
        "documents",
    ),
    _get(
        "authorise_document_file",
        "/documents/{document}/files/{file}",
        "Download a file of it",
        "Tải tệp văn bản đi",
        FileTicket,
        "documents",
    ),
    _get(
        "list_document_types",
        "/document-types",
        "The kinds of document with their abbreviations",
        "Loại văn bản hành chính",
        v.DocumentType,
        "documents",
        query=r.DocumentPage,
        paged=True,
        scope="",
        public="The kinds of document are set down in a public decree.",
    ),
]

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
        view=v.ArrivalReceipt,
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
    _get(
        "list_arrivals",
        "/arrivals",
        "Incoming documents of the agency",
        "Danh sách văn bản đến",
        v.ArrivalRow,
        "arrivals",
        query=r.ListArrivals,
        paged=True,
    ),
    _get(
        "count_arrivals",
        "/arrivals/counts",
        "Numbers for the menu",
        "Số lượng văn bản đến",
        v.ArrivalCounts,
        "arrivals",
    ),
    _get(
        "list_handlers",
        "/arrivals/handlers",
        "Officers who may be given incoming documents",
        "Cán bộ có thể được phân công xử lý văn bản đến",
        Colleagues,
        "arrivals",
    ),
    _get("get_arrival", "/arrivals/{arrival}", "One incoming document", "Xem văn bản đến", v.ArrivalView, "arrivals"),
    _get(
        "get_arrival_history",
        "/arrivals/{arrival}/history",
        "Its append-only history",
        "Lịch sử văn bản đến",
        v.DocumentHistoryEntry,
        "arrivals",
        query=r.DocumentPage,
        paged=True,
    ),
    _get(
        "verify_arrival_history",
        "/arrivals/{arrival}/history/verification",
        "Verify the chain",
        "Kiểm tra lịch sử văn bản đến",
        v.DocumentVerification,
        "arrivals",
    ),
    _get(
        "authorise_arrival_file",
        "/arrivals/{arrival}/files/{file}",
        "Download a file of it",
        "Tải tệp văn bản đến",
        FileTicket,
        "arrivals",
    ),
]

CONNECTIONS = [
    _get(
        "list_connections",
        "/connections",
        "How agencies get their documents",
        "Kết nối liên thông văn bản",
        v.ConnectionView,
        "connections",
        query=r.DocumentPage,
        paged=True,
    ),
    Operation(
        "set_connection",
        "PUT",
        "/connections/{agency}",
        "Say how an agency gets its documents",
        "Đặt kết nối của cơ quan",
        view=v.ConnectionView,
        body=r.SetConnection,
        scope=CONNECT,
        example={"mode": "desk"},
        tag="connections",
    ),
]

REGISTERS = [
    _get(
        "list_outgoing_register",
        "/registers/outgoing-documents",
        "The register of outgoing documents",
        "Sổ đăng ký văn bản đi",
        v.OutgoingRegisterRow,
        "registers",
        query=r.DocumentRegisterPeriod,
        paged=True,
    ),
    _get(
        "print_outgoing_register",
        "/registers/outgoing-documents/{format}",
        "The same as PDF or spreadsheet",
        "In sổ đăng ký văn bản đi",
        FileTicket,
        "registers",
        query=r.DocumentPeriod,
    ),
    _get(
        "list_incoming_register",
        "/registers/incoming-documents",
        "The register of incoming documents",
        "Sổ đăng ký văn bản đến",
        v.IncomingRegisterRow,
        "registers",
        query=r.DocumentRegisterPeriod,
        paged=True,
    ),
    _get(
        "print_incoming_register",
        "/registers/incoming-documents/{format}",
        "The same as PDF or spreadsheet",
        "In sổ đăng ký văn bản đến",
        FileTicket,
        "registers",
        query=r.DocumentPeriod,
    ),
    _get(
        "verify_register",
        "/registers/verification",
        "Whether every number given in a year still stands in the register",
        "Kiểm tra sổ văn bản có đủ số",
        v.RegisterVerification,
        "registers",
        query=r.VerifyRegister,
    ),
    _get(
        "print_assignment_slip",
        "/arrivals/{arrival}/assignment-slip",
        "The assignment slip as PDF",
        "In phiếu giải quyết văn bản đến",
        FileTicket,
        "arrivals",
    ),
    _get(
        "report_documents",
        "/reports/documents",
        "The figures of an agency and period",
        "Số liệu liên thông văn bản",
        v.DocumentFigures,
        "reports",
        query=r.DocumentPeriod,
        scope=REPORT,
    ),
]

OPERATIONS = [*OUTGOING_COMMANDS, *OUTGOING, *INCOMING_COMMANDS, *INCOMING, *REGISTERS, *CONNECTIONS, *EXCHANGE]
