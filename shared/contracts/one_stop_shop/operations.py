"""The one-stop shop's offers, as the gateway shows them and the service answers them.

A service method takes `request` and `principal`; `request` holds the body or query and the names in the path.
Commands answer with an `ApplicationReceipt`.
"""

from typing import Any

from shared.contracts.base import Request
from shared.contracts.one_stop_shop import requests as r
from shared.contracts.one_stop_shop import views as v
from shared.contracts.operations import Operation

SERVICE = "one_stop_shop"
READ, APPLY, WORK = "applications:read", "applications:apply", "applications:work"
DECIDE, PAY, SYNC = "applications:decide", "payments:record", "applications:synchronise"
CATALOGUE, REPORT = "catalogue:write", "reports:read"

PERSON_EXAMPLE = {
    "name": "Nguyễn Văn An",
    "identity_number": "092090000123",
    "phone": "0912345678",
    "address": {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"},
}
SUBMIT_EXAMPLE = {
    "procedure": "2.000635",
    "agency": "H13.30.01",
    "owner": PERSON_EXAMPLE,
    "quantities": {"copies": 2},
    "components": [{"component": "to_khai", "originals": 1}],
}


def _command(
    action: str, summary: str, summary_vi: str, body: type[Request], scope: str, **example: Any
) -> Operation:
    return Operation(
        name=f"{action}_application" if "_" not in action else action,
        verb="POST", path=f"/applications/{{application}}/{action.replace('_', '-')}",
        summary=summary, summary_vi=summary_vi, body=body, view=v.ApplicationReceipt, scope=scope,
        if_match=True, example=example, tag="applications",
    )


def _get(name: str, path: str, summary: str, summary_vi: str, view: type, **rest: Any) -> Operation:
    return Operation(name, "GET", path, summary, summary_vi, view=view, **rest)


COMMANDS = [
    _command("receive", "Receive; form 01, the clock starts", "Tiếp nhận hồ sơ", r.Note, WORK, note="Hồ sơ hợp lệ"),
    _command("refuse", "Refuse reception; form 03", "Từ chối tiếp nhận", r.RefuseReception, WORK,
             reason="Hồ sơ không thuộc thẩm quyền giải quyết"),
    _command("request_supplement", "Ask for more; form 02, the clock stands", "Yêu cầu bổ sung", r.RequestSupplement,
             WORK, reason="Thiếu thành phần",
             items=[{"component": "to_khai", "requirement": "Ký tên vào tờ khai"}]),
    _command("supply_supplement", "Add what was asked", "Nộp bổ sung", r.SupplySupplement, APPLY,
             components=[{"component": "to_khai", "originals": 1}]),
    _command("request_payment", "Notify the financial obligation", "Yêu cầu nộp phí, lệ phí", r.RequestPayment, WORK,
             note=""),
    _command("record_payment", "Record money taken", "Ghi nhận đã thu", r.RecordPayment, PAY,
             method="cash", amount=8000, receipt_number="BL-2026-000123"),
    _command("exempt_payment", "Exempt with its ground", "Miễn phí, lệ phí", r.ExemptPayment, PAY,
             ground="Trẻ em dưới 6 tuổi"),
    _command("refund_payment", "Give money back", "Hoàn phí", r.Reason, PAY, reason="Hồ sơ được rút"),
    _command("hand_over", "Hand over to the specialised unit; form 06", "Chuyển xử lý", r.HandOver, WORK, note=""),
    _command("complete_step", "Complete the present step", "Hoàn thành bước", r.CompleteStep, WORK,
             outcome="Đủ điều kiện"),
    _command("claim", "Claim for oneself", "Nhận xử lý", r.Note, WORK),
    _command("release", "Give back to the queue", "Trả lại hàng chờ", r.Note, WORK),
    _command("assign", "Give to an officer", "Phân công", r.Assign, DECIDE,
             assignee="chuyen-vien-ninh-kieu", assignee_name="Lê Văn Cường"),
    _command("extend", "Extend once with apology; form 04", "Xin lỗi và gia hạn", r.Extend, DECIDE,
             reason="Chờ xác minh", agency_at_fault="H13.30.01", working_days=3),
    _command("stop", "Stop on a ground", "Dừng xử lý", r.Reason, DECIDE, reason="Có tranh chấp đang giải quyết"),
    _command("resume", "Resume what was stopped", "Tiếp tục xử lý", r.Reason, DECIDE,
             reason="Tranh chấp đã giải quyết"),
    _command("request_withdrawal", "Ask to withdraw", "Đề nghị rút hồ sơ", r.Reason, APPLY, reason="Không còn nhu cầu"),
    _command("decide_withdrawal", "Decide on a withdrawal; form 05", "Quyết định rút hồ sơ", r.DecideWithdrawal, WORK,
             accept=True, reason="Chưa có kết quả giải quyết"),
    _command("finish", "Finish with the result", "Kết thúc xử lý", r.Finish, DECIDE,
             result={"kind": "granted", "number": "15/GKS-UBND", "issued_by": "UBND phường Ninh Kiều",
                     "signer": "Phạm Thị Dung", "signed_at": "2026-10-05T15:00:00+07:00"}),
    _command("recall_result", "Take a result back before return", "Thu hồi kết quả", r.Reason, DECIDE,
             reason="Sai họ tên"),
    _command("send_by_post", "Hand the result to the post", "Gửi bưu chính", r.SendByPost, WORK,
             waybill="EH123456789VN"),
    _command("record_post_event", "Record what the carrier reports", "Ghi nhận bưu chính", r.RecordPostEvent, SYNC,
             waybill="EH123456789VN", state="delivered", at="2026-10-07T09:00:00+07:00", receiver_name="Nguyễn Văn An"),
    _command("return_result", "Return the result", "Trả kết quả", r.ReturnResult, WORK,
             method="counter", receiver={"kind": "self", "name": "Nguyễn Văn An"}),
    _command("rate", "Say how satisfied one is", "Đánh giá", r.Rate, APPLY, score="very_satisfied"),
    _command("link", "Tie another application to this one", "Liên kết hồ sơ", r.Link, WORK,
             other="0f8fad5bd9cb469fa16570867728950e", kind="related"),
]

SYNCHRONISATION = [
    Operation("list_changes", "GET", "/synchronisation", "Versions not yet sent to the National Portal",
              "Hồ sơ chờ đồng bộ", view=v.SynchronisationItem, query=r.Since, scope=SYNC, paged=True,
              tag="synchronisation"),
    Operation("record_synchronisation", "POST", "/applications/{application}/synchronisation",
              "Record the National Portal's answer", "Ghi nhận kết quả đồng bộ", view=v.ApplicationReceipt,
              body=r.RecordSynchronisation, scope=SYNC, example={"version": 3, "outcome": "done"},
              tag="synchronisation"),
]

APPLICATIONS = [
    Operation("submit_application", "POST", "/applications", "Submit or register an application", "Nộp hồ sơ",
              view=v.ApplicationReceipt, body=r.SubmitApplication, scope=APPLY, status=201, example=SUBMIT_EXAMPLE,
              tag="applications"),
    _get("list_applications", "/applications", "Work queue, search, own applications", "Danh sách hồ sơ",
         v.ApplicationRow, query=r.ListApplications, scope=READ, paged=True, tag="applications"),
    _get("count_applications", "/applications/counts", "Numbers for the menu", "Số lượng theo mục", v.Counts,
         scope=READ, tag="applications"),
    _get("get_application", "/applications/{application}", "One application", "Chi tiết hồ sơ", v.ApplicationView,
         scope=READ, tag="applications"),
    _get("get_history", "/applications/{application}/history", "Its append-only history", "Lịch sử hồ sơ",
         v.HistoryEntry, query=r.Page, scope=READ, paged=True, tag="applications"),
    _get("verify_history", "/applications/{application}/history/verification", "Verify the chain",
         "Kiểm tra lịch sử", v.HistoryVerification, scope=READ, tag="applications"),
    _get("authorise_attachment", "/applications/{application}/attachments/{attachment}", "Download an attachment",
         "Tải tệp đính kèm", v.FileTicket, scope=READ, tag="files"),
    _get("authorise_result", "/applications/{application}/result/{attachment}", "Download a result file",
         "Tải tệp kết quả", v.FileTicket, scope=READ, tag="files"),
    _get("print_form", "/applications/{application}/forms/{form}", "A form as PDF", "In biểu mẫu", v.FileTicket,
         scope=READ, tag="files"),
    Operation("start_payment", "POST", "/applications/{application}/payments", "Start paying online",
              "Thanh toán trực tuyến", view=v.PaymentStart, body=r.Note, scope=APPLY, status=201, tag="payments"),
    Operation("record_payment_notice", "POST", "/payments/notices", "Signed call-back of the payment gateway",
              "Thông báo từ cổng thanh toán", view=v.Acknowledgement, body=r.PaymentNotice,
              public="The payment gateway proves itself by a signature over the raw body.",
              example={"payment": "pay-0001", "result_code": "00", "amount": 8000, "transaction": "VNP14226112",
                       "paid_at": "2026-10-05T09:00:00+07:00"}, tag="payments"),
    _get("follow_application", "/follow/{code}", "Follow without signing in", "Tra cứu hồ sơ", v.FollowView,
         public="Whoever holds the code may see where the application stands; nothing personal is shown.",
         tag="follow"),
    _get("list_notices", "/notices", "What the applicant should know", "Thông báo của tôi", v.Notice, query=r.Page,
         scope=READ, paged=True, tag="follow"),
]

DRAFTS = [
    Operation("create_draft", "POST", "/drafts", "Begin a draft", "Tạo hồ sơ nháp", view=v.DraftView, body=r.SaveDraft,
              scope=APPLY, status=201, example={"content": {"procedure": "1.001193"}}, tag="drafts"),
    _get("list_drafts", "/drafts", "Own drafts", "Hồ sơ nháp của tôi", v.DraftView, query=r.Page, scope=APPLY,
         paged=True, tag="drafts"),
    _get("get_draft", "/drafts/{draft}", "One draft", "Xem hồ sơ nháp", v.DraftView, scope=APPLY, tag="drafts"),
    Operation("save_draft", "PUT", "/drafts/{draft}", "Save a draft", "Lưu hồ sơ nháp", view=v.DraftView,
              body=r.SaveDraft, scope=APPLY, if_match=True, example={"content": {"procedure": "1.001193"}},
              tag="drafts"),
    Operation("delete_draft", "DELETE", "/drafts/{draft}", "Delete a draft", "Xóa hồ sơ nháp", scope=APPLY, status=204,
              tag="drafts"),
    Operation("submit_draft", "POST", "/drafts/{draft}/submission", "Submit a draft", "Nộp hồ sơ nháp",
              view=v.ApplicationReceipt, body=r.Note, scope=APPLY, status=201, if_match=True, tag="drafts"),
]

CATALOGUE_OPERATIONS = [
    _get("list_procedures", "/procedures", "Find a procedure", "Tìm thủ tục", v.ProcedureRow, query=r.ListProcedures,
         public="The catalogue of procedures is public by law.", paged=True, tag="procedures"),
    _get("get_procedure", "/procedures/{code}", "A procedure as it holds today", "Xem thủ tục", v.ProcedureView,
         public="The catalogue of procedures is public by law.", tag="procedures"),
    _get("list_procedure_versions", "/procedures/{code}/versions", "All versions of a procedure",
         "Các phiên bản thủ tục", v.ProcedureView, query=r.Page, paged=True,
         public="The catalogue of procedures is public by law.", tag="procedures"),
    Operation("preview_procedure", "POST", "/procedures/{code}/preview", "What follows from answers so far",
              "Xem trước thành phần, lệ phí, thời hạn", view=v.PreviewView, body=r.Preview,
              public="Reckons from the public catalogue and stores nothing.", example={"agency": "H13.30.01"},
              tag="procedures"),
    Operation("publish_procedure", "POST", "/procedures", "Publish a new version", "Công bố phiên bản thủ tục",
              view=v.ProcedureView, body=r.PublishProcedure, scope=CATALOGUE, status=201,
              example={"definition": {"code": "1.001193"}}, tag="procedures"),
    Operation("close_procedure", "POST", "/procedures/{code}/versions/{version}/closing", "End a version on a day",
              "Đóng phiên bản thủ tục", view=v.ProcedureView, body=r.ClosePeriod, scope=CATALOGUE,
              example={"effective_to": "2026-12-31"}, tag="procedures"),
    _get("list_agencies", "/agencies", "Agencies with both identifiers", "Danh mục cơ quan", v.AgencyView,
         query=r.Page, paged=True, public="The list of agencies is public.", tag="agencies"),
    _get("get_calendar", "/calendars/{year}", "Days off and make-up days", "Lịch làm việc", v.CalendarView,
         public="The working calendar is public.", tag="agencies"),
    Operation("set_calendar", "PUT", "/calendars/{year}", "Enter the year's days off", "Cập nhật lịch nghỉ",
              view=v.CalendarView, body=r.SetCalendar, scope=CATALOGUE,
              example={"days_off": ["2027-01-01"], "make_up_days": []}, tag="agencies"),
]

REPORTS = [
    _get("report_indicators", "/reports/indicators", "Indicators of Decision 766", "Bộ chỉ số phục vụ",
         v.IndicatorReport, query=r.Period, scope=REPORT, tag="reports"),
    _get("report_06a", "/reports/06a", "Biểu II.06a/VPCP/KSTT", "Biểu II.06a", v.Report06a, query=r.Period,
         scope=REPORT, tag="reports"),
    _get("list_register", "/registers/applications", "The register, form 07", "Sổ theo dõi hồ sơ", v.RegisterRow,
         query=r.RegisterPeriod, scope=REPORT, paged=True, tag="reports"),
    _get("print_register", "/registers/applications/{format}", "The register as pdf or xlsx", "In sổ theo dõi hồ sơ",
         v.FileTicket, query=r.Period, scope=REPORT, tag="reports"),
]

OPERATIONS = [*APPLICATIONS, *COMMANDS, *SYNCHRONISATION, *DRAFTS, *CATALOGUE_OPERATIONS, *REPORTS]
"""Every offer of the service; the gateway makes one route of each, the service one RPC method."""
