"""The offers about outgoing documents; their commands answer with a `DocumentReceipt`."""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.document_routing import register_views
from shared.contracts.document_routing import requests as r
from shared.contracts.document_routing import views as v
from shared.contracts.document_routing.offers import CLERK, DRAFT, SIGN, get
from shared.contracts.operations import FileTicket, Operation

DRAFT_EXAMPLE = {
    "kind": "cong_van",
    "subject": "V/v lấy ý kiến về hồ sơ cấp phép xây dựng",
    "unit": {"code": "VP", "name": "Văn phòng"},
    "receivers": [{"agency": "H13.17"}],
    "urgency": 0,
}
SIGNER_EXAMPLE = {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Phạm Thị Dung"}


def _outgoing(name: str, action: str, said: str, vi: str, body: type[Request], scope: str, **example: Any) -> Operation:
    path = f"/documents/{{document}}/{action}"
    given: dict[str, Any] = {"scope": scope, "if_match": True, "example": example, "tag": "documents"}
    return Operation(name, "POST", path, said, vi, v.DocumentReceipt, body, **given)


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
    get(
        "list_documents",
        "/documents",
        "Outgoing documents of the agency",
        "Danh sách văn bản đi",
        v.DocumentRow,
        "documents",
        query=r.ListDocuments,
        paged=True,
    ),
    get(
        "count_documents",
        "/documents/counts",
        "Numbers for the menu",
        "Số lượng văn bản đi",
        v.DocumentCounts,
        "documents",
    ),
    get(
        "get_document", "/documents/{document}", "One outgoing document", "Xem văn bản đi", v.DocumentView, "documents"
    ),
    get(
        "get_document_history",
        "/documents/{document}/history",
        "Its append-only history",
        "Lịch sử văn bản đi",
        v.DocumentHistoryEntry,
        "documents",
        query=r.DocumentPage,
        paged=True,
    ),
    get(
        "verify_document_history",
        "/documents/{document}/history/verification",
        "Verify the chain",
        "Kiểm tra lịch sử văn bản đi",
        v.DocumentVerification,
        "documents",
    ),
    get(
        "authorise_document_file",
        "/documents/{document}/files/{file}",
        "Download a file of it",
        "Tải tệp văn bản đi",
        FileTicket,
        "documents",
    ),
    get(
        "list_document_types",
        "/document-types",
        "The kinds of document with their abbreviations",
        "Loại văn bản hành chính",
        register_views.DocumentType,
        "documents",
        query=r.DocumentPage,
        paged=True,
        scope="",
        public="The kinds of document are set down in a public decree.",
    ),
]
