"""Pages that a button answers, of things that others changed or took meanwhile, and of services that fail."""

from shared.errors import Internal, TimedOut, TooLarge, TooMany, Unavailable
from tests.browser.meetings import CONVENER, TECHNICIAN
from tests.browser.page import NO_PAPER, PAPER, SEND, Page
from tests.browser.scene import (
    ADMINISTRATOR,
    CITIZEN,
    CLERK,
    DEPARTMENT_SPECIALIST,
    HEAD,
    OPERATOR,
    PASSWORD,
    RECEPTION,
    SPECIALIST,
)

KEEP_FILE = "button[formaction*='gui=']"
_WRITE = "button[value=ghi].govuk-button"
_LAST = "form >> nth=-1 >> button[type=submit] >> nth=-1"
_OLD, _NO_PROOF = {"version": "0"}, {"form_token": "another"}
_PASSWORD = {"password": PASSWORD, "again": PASSWORD}
_TAKEN = {
    "title": "Giao ban",
    "starts-day": "{taken_day}",
    "starts-month": "{taken_month}",
    "starts-year": "{taken_year}",
    "starts-hour": "8:00",
    "chair": "th-23",
    "endpoints": "th-24",
    "contact.phone": "02373000005",
}
"""A meeting where another one is."""

_MOVED = {name: value for name, value in _TAKEN.items() if name.startswith("starts")} | {"starts-hour": "14:00"}

_PAPER_OF_DRAFT = ("show_step", "/nhap/{draft_without_paper}/giay-giay_chung_sinh", CITIZEN)
_WITHDRAW = ("show_withdrawal", "/ho-so/{new}/rut", CITIZEN)
_SUPPLEMENT = ("show_supplement", "/ho-so/{asked}/bo-sung", CITIZEN)
_GIVEN = {"chon": "", "officer": SPECIALIST}
_DESK = ("show_desk", "/ban-lam-viec")
_RECEIVE = ("show_action", "/ban-lam-viec/{new}/receive", RECEPTION)
_ASK_MORE = ("show_action", "/ban-lam-viec/{new}/request_supplement", RECEPTION)
_FINISH = ("show_action", "/ban-lam-viec/{in_process}/finish", HEAD)
_REGISTER = ("show_paper_action", "/van-ban/den/{arrival_new}/register_arrival", CLERK)
_REPLY = ("show_paper_action", "/van-ban/den/{assigned}/reply", DEPARTMENT_SPECIALIST)
_LETTER = ("show_new_letter", "/van-ban/di/moi", SPECIALIST)
_QUOTA = ("show_directory_action", "/danh-ba/hop-thu/{mailbox}/change_quota", ADMINISTRATOR)
_BOOK = ("show_request", "/hop/dat?mang=thanh-hoa", CONVENER)
_CHANGE = ("show_meeting_action", "/hop/cuoc/{meeting}/change_meeting", CONVENER)
_MOVE = ("show_session_move", "/hop/cuoc/{meeting_asked}/buoi/1/doi-gio", CONVENER)
_LIVE = ("show_session", "/hop/cuoc/{meeting_live}/buoi/1", TECHNICIAN)
_END = ("show_session_end", "/hop/cuoc/{meeting_live}/buoi/1/ket-thuc", TECHNICIAN)
_SCRIPT = ("show_script", "/hop/cuoc/{meeting}/kich-ban", CONVENER)
_RESTORE = ("show_incident_action", "/hop/su-co/{incident}/restore_incident", TECHNICIAN)

ANSWERED = (
    Page("draft-paper-kind", *_PAPER_OF_DRAFT, 422, SEND, {"tep": NO_PAPER}),
    Page("draft-overtaken", "show_step", "/nhap/{draft}/lien-he", CITIZEN, 412, SEND, _OLD | {"phone": "0912345679"}),
    Page("pay-order", "show_payment", "/ho-so/{unpaid}/nop-phi", CITIZEN, 200, SEND),
    Page("pay-none", "show_payment", "/ho-so/{returned}/nop-phi", CITIZEN),
    Page("withdraw-done", "show_withdrawal", "/ho-so/{withdrawn}/rut", CITIZEN),
    Page("withdraw-overtaken", *_WITHDRAW, 412, SEND, _OLD | {"reason": "Nhầm"}),
    Page("supplement-file", *_SUPPLEMENT, 200, KEEP_FILE, {"giay_de_nghi": PAPER}),
    Page("supplement-kind", *_SUPPLEMENT, 422, KEEP_FILE, {"giay_de_nghi": NO_PAPER}),
    Page("supplement-overtaken", *_SUPPLEMENT, 412, _LAST, _OLD | {"giay_de_nghi": PAPER}),
    Page(
        "rate-overtaken", "show_rating", "/ho-so/{returned}/danh-gia", CITIZEN, 412, SEND, _OLD | {"score": "satisfied"}
    ),
    Page("own-finished", "show_own", "/ho-so/{finished}", CITIZEN),
    Page("own-withdrawn", "show_own", "/ho-so/{withdrawn}", CITIZEN),
    Page("own-refused", "show_own", "/ho-so/{refused}", CITIZEN),
    Page("follow-refused", "follow_by_code", "/tra-cuu/{refused_code}"),
    Page("desk-wrong", *_DESK, RECEPTION, 422, "button[value=claim]"),
    Page("desk-done", "show_desk", "/ban-lam-viec?q={many}", HEAD, 200, "button[value=assign]", _GIVEN),
    Page("desk-assign-wrong", *_DESK, HEAD, 422, "button[value=assign]"),
    Page("case-finished", "show_case", "/ban-lam-viec/{finished}", RECEPTION),
    Page("case-withdrawn", "show_case", "/ban-lam-viec/{withdrawn}", RECEPTION),
    Page("case-refused", "show_case", "/ban-lam-viec/{refused}", RECEPTION),
    Page("case-company", "show_case", "/ban-lam-viec/{in_process}?ban=1", HEAD),
    Page("action-finish-file", *_FINISH, 200, KEEP_FILE, {"tep": PAPER}),
    Page("action-supplement-empty", *_ASK_MORE, 422, SEND, {"reason": "Thiếu giấy tờ"}),
    Page("action-finish-kind", *_FINISH, 422, KEEP_FILE, {"tep": NO_PAPER}),
    Page("action-lost", *_RECEIVE, 412, SEND, {"version": "1"}, "/ban-lam-viec/{returned}/receive"),
    Page("arrival-overtaken", *_REGISTER, 412, SEND, _OLD),
    Page("arrival-lost", *_REGISTER, 412, SEND, _OLD, "/van-ban/den/{assigned}/register_arrival"),
    Page("arrival-reply-file", *_REPLY, 200, KEEP_FILE, {"tep": PAPER}),
    Page("letter-new-file", *_LETTER, 200, KEEP_FILE, {"tep": PAPER}),
    Page("letter-new-kind", *_LETTER, 422, KEEP_FILE, {"tep": NO_PAPER}),
    Page("mailbox-overtaken", *_QUOTA, 412, SEND, _OLD),
    Page("imports-kind", "list_imports", "/danh-ba/nhap", ADMINISTRATOR, 422, SEND, {"tep": NO_PAPER}),
    Page("password-set", "ask_password", "/mat-khau/{link}", "", 200, SEND, _PASSWORD),
    Page("password-used", "ask_password", "/mat-khau/{mailbox}/5pZx0", "", 409, SEND, _PASSWORD),
    Page("conference-clash", *_BOOK, 409, "button[value=dat].govuk-button", _TAKEN),
    Page("conference-tried", *_BOOK, 200, "button[value=thu]", _TAKEN),
    Page("conference-free", *_BOOK, 200, "button[value=thu]", _TAKEN | {"starts-hour": "18:00"}),
    Page("conference-overtaken", *_CHANGE, 412, SEND, _OLD),
    Page("session-move-clash", *_MOVE, 409, SEND, _MOVED),
    Page("screen-link", "show_room", "/hop/phong/th-05", CONVENER, 200, SEND),
    Page("session-overtaken", *_LIVE, 412, "#extend", _OLD),
    Page("session-end-overtaken", *_END, 412, SEND, _OLD),
    Page("script-wrong", *_SCRIPT, 422, _WRITE, {"muc-1-what": ""}),
    Page("script-row", *_SCRIPT, 200, "button[value=them]"),
    Page("script-overtaken", *_SCRIPT, 412, _WRITE, _OLD),
    Page("incident-overtaken", *_RESTORE, 412, SEND, _OLD),
    Page("form-again-signed-out", "ask_guest_code", "/tiep-tuc/K7PM2XQD94TF", "", 403, SEND, {}, "/ho-so/{new}/rut"),
    Page("problem-forbidden", *_DESK, CITIZEN, 403),
    Page("form-again", *_WITHDRAW, 403, SEND, _NO_PROOF | {"reason": "Nhầm"}),
    Page("form-again-file", *_FINISH, 403, SEND, _NO_PROOF | {"tep": PAPER}),
    Page("form-again-file-only", *_PAPER_OF_DRAFT, 403, SEND, _NO_PROOF | {"tep": PAPER}),
    Page("problem-no-proof", "ask_guest_code", "/tiep-tuc/K7PM2XQD94TF", "", 403, SEND, _NO_PROOF),
    Page("problem-lost", "", "/khong-co-trang-nay", "", 404),
)
"""What a button leads to, and what others did."""

AWAY = Unavailable("service_unavailable")
FAILED = (
    Page("problem-away", "show_home", "/", status=503, failure=AWAY),
    Page("problem-late", "show_home", "/", status=504, failure=TimedOut("service_timed_out")),
    Page("problem-defect", "show_home", "/", status=500, failure=Internal("internal_error")),
    Page("problem-hurry", "show_home", "/", status=429, failure=TooMany("too_many_requests", retry_after=3)),
    Page("problem-large", "show_home", "/", status=413, failure=TooLarge("body_too_large", limit=20_000)),
    Page("console-away", "show_parts", "/van-hanh", OPERATOR, failure=AWAY),
    Page("console-queues-away", "show_queues", "/van-hanh/hang-doi", OPERATOR, failure=AWAY),
    Page("console-waiting-away", "show_waiting", "/van-hanh/viec-cho", OPERATOR, failure=AWAY),
    Page("console-parked-away", "list_parked", "/van-hanh/su-kien", OPERATOR, failure=AWAY),
    Page("console-connections-away", "show_connections", "/van-hanh/ket-noi", OPERATOR, failure=AWAY),
    Page("console-audit-away", "show_audit", "/van-hanh/nhat-ky", OPERATOR, failure=AWAY),
)
"""What people see while services fail."""
