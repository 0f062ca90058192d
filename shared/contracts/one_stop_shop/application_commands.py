"""What is done to an application that was handed in; every command answers with an `ApplicationReceipt`."""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.one_stop_shop import payment_requests, return_requests
from shared.contracts.one_stop_shop import requests as r
from shared.contracts.one_stop_shop import views as v
from shared.contracts.one_stop_shop.scopes import APPLY, DECIDE, PAY, SYNC, WORK
from shared.contracts.operations import Operation


def _command(action: str, summary: str, summary_vi: str, body: type[Request], scope: str, **example: Any) -> Operation:
    return Operation(
        name=f"{action}_application" if "_" not in action else action,
        verb="POST",
        path=f"/applications/{{application}}/{action.replace('_', '-')}",
        summary=summary,
        summary_vi=summary_vi,
        body=body,
        view=v.ApplicationReceipt,
        scope=scope,
        if_match=True,
        example=example,
        tag="applications",
    )


COMMANDS = [
    _command("receive", "Receive; form 01, the clock starts", "Tiếp nhận hồ sơ", r.Note, WORK, note="Hồ sơ hợp lệ"),
    _command(
        "refuse",
        "Refuse reception; form 03",
        "Từ chối tiếp nhận",
        r.RefuseReception,
        WORK,
        reason="Hồ sơ không thuộc thẩm quyền giải quyết",
    ),
    _command(
        "request_supplement",
        "Ask for more; form 02, the clock stands",
        "Yêu cầu bổ sung",
        r.RequestSupplement,
        WORK,
        reason="Thiếu thành phần",
        items=[{"component": "to_khai", "requirement": "Ký tên vào tờ khai"}],
    ),
    _command(
        "supply_supplement",
        "Add what was asked",
        "Nộp bổ sung",
        r.SupplySupplement,
        APPLY,
        components=[
            {"component": "to_khai", "file": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}
        ],
    ),
    _command(
        "correct",
        "Correct people, subject or copies that were taken down wrongly",
        "Sửa thông tin ghi nhầm",
        r.CorrectApplication,
        WORK,
        content="Đăng ký khai sinh cho con trai",
        reason="Ghi nhầm khi tiếp nhận",
    ),
    _command(
        "request_payment",
        "Notify the financial obligation",
        "Yêu cầu nộp phí, lệ phí",
        payment_requests.RequestPayment,
        WORK,
        note="",
    ),
    _command(
        "record_payment",
        "Record money taken",
        "Ghi nhận đã thu",
        payment_requests.RecordPayment,
        PAY,
        method="cash",
        amount=8000,
        receipt_number="BL-2026-000123",
    ),
    _command(
        "exempt_payment",
        "Exempt with its ground",
        "Miễn phí, lệ phí",
        payment_requests.ExemptPayment,
        PAY,
        ground="Trẻ em dưới 6 tuổi",
    ),
    _command(
        "accept_exemption",
        "Accept a claim to pay less that came after the money",
        "Chấp nhận đề nghị miễn, giảm sau khi đã nộp",
        r.Note,
        PAY,
        note="",
    ),
    _command(
        "reject_exemption",
        "Reject an exemption; the full fee is due",
        "Không chấp nhận miễn, giảm phí, lệ phí",
        r.Reason,
        PAY,
        reason="Không có giấy chứng nhận hộ nghèo",
    ),
    _command(
        "refund_payment", "Give money back", "Hoàn phí", payment_requests.RefundPayment, PAY, reason="Hồ sơ được rút"
    ),
    _command("hand_over", "Hand over to the specialised unit; form 06", "Chuyển xử lý", r.HandOver, WORK, note=""),
    _command(
        "complete_step", "Complete the present step", "Hoàn thành bước", r.CompleteStep, WORK, outcome="Đủ điều kiện"
    ),
    _command(
        "request_opinion",
        "Ask another agency for its opinion by official document",
        "Lấy ý kiến cơ quan khác",
        r.RequestOpinion,
        DECIDE,
        agency="H13.17",
        subject="Sự phù hợp với quy hoạch tại 12 Nguyễn Trãi",
    ),
    _command("claim", "Claim for oneself", "Nhận xử lý", r.Note, WORK),
    _command("release", "Give back to the queue", "Trả lại hàng chờ", r.Note, WORK),
    _command(
        "assign",
        "Give to an officer",
        "Phân công",
        r.Assign,
        DECIDE,
        assignee="specialist-ninh-kieu",
        assignee_name="Lê Văn Cường",
    ),
    _command(
        "extend",
        "Extend once with apology; form 04",
        "Xin lỗi và gia hạn",
        r.Extend,
        DECIDE,
        reason="Chờ xác minh",
        agency_at_fault="H13.30.01",
        working_days=3,
    ),
    _command("stop", "Stop on a ground", "Dừng xử lý", r.Reason, DECIDE, reason="Có tranh chấp đang giải quyết"),
    _command(
        "resume", "Resume what was stopped", "Tiếp tục xử lý", r.Reason, DECIDE, reason="Tranh chấp đã giải quyết"
    ),
    _command("request_withdrawal", "Ask to withdraw", "Đề nghị rút hồ sơ", r.Reason, APPLY, reason="Không còn nhu cầu"),
    _command(
        "decide_withdrawal",
        "Decide on a withdrawal; form 05",
        "Quyết định rút hồ sơ",
        r.DecideWithdrawal,
        WORK,
        accept=True,
        reason="Chưa có kết quả giải quyết",
    ),
    _command(
        "finish",
        "Finish with the result",
        "Kết thúc xử lý",
        r.Finish,
        DECIDE,
        result={
            "kind": "granted",
            "number": "15/GKS-UBND",
            "issued_by": "UBND phường Ninh Kiều",
            "signer": "Phạm Thị Dung",
            "signed_at": "2026-10-05T15:00:00+07:00",
        },
    ),
    _command(
        "recall_result", "Take a result back before return", "Thu hồi kết quả", r.Reason, DECIDE, reason="Sai họ tên"
    ),
    _command(
        "send_by_post",
        "Hand the result to the post",
        "Gửi bưu chính",
        return_requests.SendByPost,
        WORK,
        waybill="EH123456789VN",
    ),
    _command(
        "record_post_event",
        "Record what the carrier reports",
        "Ghi nhận bưu chính",
        return_requests.RecordPostEvent,
        SYNC,
        waybill="EH123456789VN",
        state="delivered",
        at="2026-10-07T09:00:00+07:00",
        receiver_name="Nguyễn Văn An",
    ),
    _command(
        "return_result",
        "Return the result",
        "Trả kết quả",
        return_requests.ReturnResult,
        WORK,
        method="counter",
        receiver={"kind": "self", "name": "Nguyễn Văn An", "identity_number": "092090000123"},
        signed_on_paper=True,
    ),
    _command("rate", "Say how satisfied one is", "Đánh giá", return_requests.Rate, APPLY, score="very_satisfied"),
    _command(
        "link",
        "Tie another application to this one",
        "Liên kết hồ sơ",
        r.Link,
        WORK,
        other="0f8fad5bd9cb469fa16570867728950e",
        kind="related",
    ),
    _command(
        "unlink",
        "Undo a tie between applications",
        "Bỏ liên kết hồ sơ",
        r.Unlink,
        WORK,
        other="0f8fad5bd9cb469fa16570867728950e",
        reason="Liên kết nhầm hồ sơ",
    ),
]
