"""Every page of the portal, in the states that people meet: what is looked at, judged and photographed."""

from collections.abc import Mapping
from dataclasses import dataclass

from playwright.sync_api import Page as Tab
from playwright.sync_api import Response

from tests.browser.browsers import GUEST
from tests.browser.meetings import APPROVER, CONVENER, TECHNICIAN
from tests.browser.scene import (
    ADMINISTRATOR,
    CITIZEN,
    CLERK,
    DEPARTMENT_HEAD,
    DEPARTMENT_SPECIALIST,
    HEAD,
    NEWCOMER,
    NOBODY,
    OPERATOR,
    RECEPTION,
    SPECIALIST,
    WARD_CLERK,
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody sees it; `path` may name things of the scene in braces.

    A page that is `pressed` is seen after its form was sent as it came: mostly with what is wrong beside the fields.
    Its form is of a page opened before others changed the thing, when it is `overtaken`.
    """

    name: str
    endpoint: str
    path: str
    login: str = NOBODY
    status: int = 200
    pressed: bool = False
    overtaken: bool = False

    def open_in(self, tab: Tab, things: Mapping[str, str]) -> Response:
        """Open it, and send its form where it is pressed; what was answered must be what is to be seen."""
        answer = tab.goto(self.path.format_map(things))
        if self.overtaken:
            tab.locator("main input[name=version]").first.evaluate("field => field.value = '0'")
        if self.pressed:
            with tab.expect_navigation() as sent:
                tab.locator("main form").last.locator("button[type=submit]:not([aria-hidden])").first.click()
            answer = sent.value
        assert answer is not None, self.name
        assert answer.status == self.status, f"{self.name}: {answer.status}, {tab.title()}"
        return answer


def refused(name: str, endpoint: str, path: str, login: str = NOBODY) -> Page:
    """A page whose form was sent empty, and came back with what is missing."""
    return Page(f"{name}-wrong", endpoint, path, login, status=422, pressed=True)


def overtaken(name: str, endpoint: str, path: str, login: str) -> Page:
    """A page whose form was sent after others had changed the thing."""
    return Page(f"{name}-overtaken", endpoint, path, login, status=412, pressed=True, overtaken=True)


PAGES = (
    Page("home", "show_home", "/"),
    Page("procedures", "list_procedures", "/thu-tuc?q=khai+sinh"),
    Page("procedures-none", "list_procedures", "/thu-tuc?q=khong+co+gi+ca"),
    Page("procedure", "show_procedure", "/thu-tuc/1.001193"),
    Page("ask-code", "ask_code", "/tra-cuu"),
    Page("ask-code-wrong", "follow_by_code", "/tra-cuu/H13.30.01-200101-0001", status=404),
    Page("follow-by-code", "follow_by_code", "/tra-cuu/{code}"),
    Page("sign-in", "show_sign_in", "/dang-nhap"),
    Page("sign-in-or-not", "show_sign_in", "/dang-nhap?tiep=/thu-tuc/2.000815/nop"),
    Page("guest-code", "ask_guest_code", "/tiep-tuc/K7PM2XQD94TF"),
    refused("guest-code", "ask_guest_code", "/tiep-tuc/K7PM2XQD94TF"),
    Page("guest", "show_guest", "/khach", GUEST),
    Page("problem", "show_procedure", "/thu-tuc/9.999999", status=404),
    Page("start", "show_start", "/thu-tuc/1.001193/nop", CITIZEN),
    refused("start", "show_start", "/thu-tuc/1.001193/nop", CITIZEN),
    Page("draft-where", "show_step", "/nhap/{draft}/noi-nop", CITIZEN),
    Page("draft-case", "show_step", "/nhap/{draft}/truong-hop", CITIZEN),
    Page("draft-whom", "show_step", "/nhap/{draft}/nop-cho-ai", CITIZEN),
    Page("draft-reach", "show_step", "/nhap/{draft}/lien-he", CITIZEN),
    Page("draft-address", "show_step", "/nhap/{draft}/dia-chi", CITIZEN),
    Page("draft-question", "show_step", "/nhap/{draft}/hoi-child_birth_date", CITIZEN),
    Page("draft-choice", "show_step", "/nhap/{draft}/hoi-birth_proof", CITIZEN),
    Page("draft-paper", "show_step", "/nhap/{draft}/giay-giay_chung_sinh", CITIZEN),
    refused("draft-paper", "show_step", "/nhap/{draft_without_paper}/giay-giay_chung_sinh", CITIZEN),
    Page("draft-delivery", "show_step", "/nhap/{draft}/nhan-ket-qua", CITIZEN),
    Page("draft-post", "show_step", "/nhap/{draft}/noi-nhan", CITIZEN),
    Page("draft-check", "show_step", "/nhap/{draft}/kiem-tra", CITIZEN),
    overtaken("draft-check", "show_step", "/nhap/{draft}/kiem-tra", CITIZEN),
    Page("draft-resumed", "resume_draft", "/nhap/{draft}", CITIZEN),
    Page("draft-discard", "show_discard", "/nhap/{draft}/bo", CITIZEN),
    Page("own", "list_own", "/ho-so", CITIZEN),
    Page("own-waiting", "list_own", "/ho-so?cho=toi", CITIZEN),
    Page("own-none", "list_own", "/ho-so", NEWCOMER),
    Page("receipt", "show_receipt", "/ho-so/{new}/da-nop", CITIZEN),
    Page("own-new", "show_own", "/ho-so/{new}", CITIZEN),
    Page("own-asked", "show_own", "/ho-so/{asked}", CITIZEN),
    Page("own-unpaid", "show_own", "/ho-so/{unpaid}", CITIZEN),
    Page("own-returned", "show_own", "/ho-so/{returned}", CITIZEN),
    Page("pay", "show_payment", "/ho-so/{unpaid}/nop-phi", CITIZEN),
    overtaken("pay", "show_payment", "/ho-so/{unpaid}/nop-phi", CITIZEN),
    Page("withdraw", "show_withdrawal", "/ho-so/{new}/rut", CITIZEN),
    refused("withdraw", "show_withdrawal", "/ho-so/{new}/rut", CITIZEN),
    Page("rate", "show_rating", "/ho-so/{returned}/danh-gia", CITIZEN),
    refused("rate", "show_rating", "/ho-so/{returned}/danh-gia", CITIZEN),
    Page("supplement", "show_supplement", "/ho-so/{asked}/bo-sung", CITIZEN),
    refused("supplement", "show_supplement", "/ho-so/{asked}/bo-sung", CITIZEN),
    Page("desk", "show_desk", "/ban-lam-viec", RECEPTION),
    Page("desk-none", "show_desk", "/ban-lam-viec?q=khong+ai+ca", RECEPTION),
    Page("case-new", "show_case", "/ban-lam-viec/{new}", RECEPTION),
    Page("case-in-process", "show_case", "/ban-lam-viec/{in_process}", HEAD),
    Page("action-receive", "show_action", "/ban-lam-viec/{new}/receive", RECEPTION),
    Page("action-supplement", "show_action", "/ban-lam-viec/{new}/request_supplement", RECEPTION),
    Page("action-refuse", "show_action", "/ban-lam-viec/{new}/refuse", RECEPTION),
    refused("action-refuse", "show_action", "/ban-lam-viec/{new}/refuse", RECEPTION),
    overtaken("action", "show_action", "/ban-lam-viec/{new}/receive", RECEPTION),
    Page("arrivals", "list_papers", "/van-ban/den", CLERK),
    Page("arrivals-none", "list_papers", "/van-ban/den?q=khong+co+gi+ca", CLERK),
    Page("arrival-new", "show_paper", "/van-ban/den/{arrival_new}", CLERK),
    Page("arrival-register", "show_paper_action", "/van-ban/den/{arrival_new}/register_arrival", CLERK),
    Page("arrival-refuse", "show_paper_action", "/van-ban/den/{arrival_new}/refuse_arrival", CLERK),
    refused("arrival-refuse", "show_paper_action", "/van-ban/den/{arrival_new}/refuse_arrival", CLERK),
    Page("register-in", "show_register", "/van-ban/den/so", CLERK),
    Page("arrival-assign", "show_paper_action", "/van-ban/den/{arrival}/assign_arrival", DEPARTMENT_HEAD),
    Page("arrival-assigned", "show_paper", "/van-ban/den/{assigned}", DEPARTMENT_SPECIALIST),
    Page("arrival-reply", "show_paper_action", "/van-ban/den/{assigned}/reply", DEPARTMENT_SPECIALIST),
    refused("arrival-reply", "show_paper_action", "/van-ban/den/{assigned}/reply", DEPARTMENT_SPECIALIST),
    Page("arrival-complete", "show_paper_action", "/van-ban/den/{assigned}/complete_arrival", DEPARTMENT_SPECIALIST),
    Page("documents", "list_papers", "/van-ban/di", WARD_CLERK),
    Page("letter-new", "show_new_letter", "/van-ban/di/moi", SPECIALIST),
    refused("letter-new", "show_new_letter", "/van-ban/di/moi", SPECIALIST),
    Page("document-issued", "show_paper", "/van-ban/di/{document}", WARD_CLERK),
    Page("document-recall", "show_paper_action", "/van-ban/di/{document}/recall_document", WARD_CLERK),
    Page("document-draft", "show_paper", "/van-ban/di/{paper_draft}", SPECIALIST),
    Page("register-out", "show_register", "/van-ban/di/so", WARD_CLERK),
    Page("console", "show_parts", "/van-hanh", OPERATOR),
    Page("console-queues", "show_queues", "/van-hanh/hang-doi", OPERATOR),
    Page("console-waiting", "show_waiting", "/van-hanh/viec-cho", OPERATOR),
    Page("console-parked", "list_parked", "/van-hanh/su-kien", OPERATOR),
    Page("console-event", "show_parked", "/van-hanh/su-kien/mot?{parked}", OPERATOR),
    Page("console-replay", "ask_decision", "/van-hanh/su-kien/replay?{parked}", OPERATOR),
    Page("console-discard", "ask_decision", "/van-hanh/su-kien/discard?{parked}", OPERATOR),
    refused("console-discard", "ask_decision", "/van-hanh/su-kien/discard?{parked}", OPERATOR),
    Page("console-connections", "show_connections", "/van-hanh/ket-noi", OPERATOR),
    Page("console-audit", "show_audit", "/van-hanh/nhat-ky?q={code}", OPERATOR),
    Page("officers", "list_officers", "/danh-ba", ADMINISTRATOR),
    Page("officers-none", "list_officers", "/danh-ba?q=khong+ai+ca", ADMINISTRATOR),
    Page("officer", "show_officer", "/danh-ba/can-bo/{officer}", ADMINISTRATOR),
    Page("mailboxes", "list_mailboxes", "/danh-ba/hop-thu", ADMINISTRATOR),
    Page("mailbox", "show_mailbox", "/danh-ba/hop-thu/{mailbox}", ADMINISTRATOR),
    Page("mailbox-alias", "show_directory_action", "/danh-ba/hop-thu/{mailbox}/add_alias", ADMINISTRATOR),
    Page("mailbox-quota", "show_directory_action", "/danh-ba/hop-thu/{mailbox}/change_quota", ADMINISTRATOR),
    Page("mailbox-request", "show_mailbox_request", "/danh-ba/can-bo/{officer}/hop-thu", ADMINISTRATOR),
    Page("post-give", "show_directory_action", "/danh-ba/can-bo/{officer}/give_post", ADMINISTRATOR),
    Page("mailbox-group", "show_mailbox", "/danh-ba/hop-thu/{group}", ADMINISTRATOR),
    Page("mailbox-members", "show_directory_action", "/danh-ba/hop-thu/{group}/change_group", ADMINISTRATOR),
    Page("password-link-ask", "show_directory_action", "/danh-ba/hop-thu/{mailbox}/issue_password_link", ADMINISTRATOR),
    Page(
        "password-link",
        "show_directory_action",
        "/danh-ba/hop-thu/{mailbox}/issue_password_link",
        ADMINISTRATOR,
        pressed=True,
    ),
    Page("password-choice", "ask_password", "/mat-khau/{mailbox}/5pZx0"),
    refused("password-choice", "ask_password", "/mat-khau/{mailbox}/5pZx0"),
    Page("officer-leaving", "show_directory_action", "/danh-ba/can-bo/{officer}/record_leaving", ADMINISTRATOR),
    refused("officer-leaving", "show_directory_action", "/danh-ba/can-bo/{officer}/record_leaving", ADMINISTRATOR),
    Page("imports", "list_imports", "/danh-ba/nhap", ADMINISTRATOR),
    refused("imports", "list_imports", "/danh-ba/nhap", ADMINISTRATOR),
    Page("import", "show_import", "/danh-ba/nhap/{import}?tep={table}", ADMINISTRATOR),
    Page("conferences", "list_conferences", "/hop", CONVENER),
    Page("conferences-none", "list_conferences", "/hop?state=cancelled&since=2040-01-01", CONVENER),
    Page("calendar-day", "show_calendar", "/hop/lich?mang=thanh-hoa", CONVENER),
    Page("calendar-week", "show_calendar", "/hop/lich?mang=thanh-hoa&diem=th-25", CONVENER),
    Page(
        "conference-request", "show_request", "/hop/dat?mang=thanh-hoa&diem=th-05&ngay=2030-01-07&gio=08:00", CONVENER
    ),
    refused("conference-request", "show_request", "/hop/dat?mang=thanh-hoa", CONVENER),
    Page("conference-asked", "show_meeting", "/hop/cuoc/{meeting_asked}", APPROVER),
    Page("conference-approve", "show_meeting_action", "/hop/cuoc/{meeting_asked}/approve_meeting", APPROVER),
    Page("session-move", "show_session_move", "/hop/cuoc/{meeting}/buoi/1/doi-gio", CONVENER),
    Page("conference-waiting", "show_meeting", "/hop/cuoc/{meeting_waiting}", CONVENER),
    Page("conference-change", "show_meeting_action", "/hop/cuoc/{meeting}/change_meeting", CONVENER),
    Page("conference", "show_meeting", "/hop/cuoc/{meeting}", CONVENER),
    Page("script", "show_script", "/hop/cuoc/{meeting}/kich-ban", CONVENER),
    Page("script-empty", "show_script", "/hop/cuoc/{meeting_asked}/kich-ban", CONVENER),
    Page("script-released", "show_script_release", "/hop/cuoc/{meeting}/kich-ban/ban/1", TECHNICIAN),
    Page("session-planned", "show_session", "/hop/cuoc/{meeting}/buoi/1", TECHNICIAN),
    Page("session-live", "show_session", "/hop/cuoc/{meeting_live}/buoi/1", TECHNICIAN),
    Page("room", "show_room", "/hop/phong/th-25", TECHNICIAN),
    Page("room-free", "show_room", "/hop/phong/th-27", CONVENER),
    Page("room-of-ones-own", "show_room", "/hop/phong/th-05", CONVENER),
    Page("screen", "show_screen", "{screen}"),
    Page("screen-closed", "show_screen", "/phong/0f8fad5bd9cb469fa16570867728950e.Jx2mV8c0QeW1rT5yU9oPaA", status=404),
    Page("lines", "list_lines", "/hop/duong-truyen?mang=thanh-hoa", TECHNICIAN),
    Page("line", "show_line", "/hop/duong-truyen/th-05/primary", TECHNICIAN),
    Page("line-unmeasured", "show_line", "/hop/duong-truyen/th-27/primary", TECHNICIAN),
    Page("incidents", "list_incidents", "/hop/su-co?mang=thanh-hoa", TECHNICIAN),
    Page("incident", "show_incident", "/hop/su-co/{incident}", TECHNICIAN),
    Page("incident-restore", "show_incident_action", "/hop/su-co/{incident}/restore_incident", TECHNICIAN),
    refused("incident-reassess", "show_incident_action", "/hop/su-co/{incident}/reassess_incident", TECHNICIAN),
    Page("incident-tell", "show_failure", "/hop/bao-su-co?mang=thanh-hoa", CONVENER),
    refused("incident-tell", "show_failure", "/hop/bao-su-co?mang=thanh-hoa", CONVENER),
    Page("conference-figures", "show_conference_figures", "/hop/so-lieu?mang=thanh-hoa", APPROVER),
    Page(
        "conference-figures-wrong",
        "show_conference_figures",
        "/hop/so-lieu?mang=thanh-hoa&tu_ngay=2026-12-31&den_ngay=2026-01-01",
        APPROVER,
        status=422,
    ),
    Page("reports", "list_reports", "/bao-cao", HEAD),
    Page("report-indicators", "show_figures", "/bao-cao/chi-so", HEAD),
    Page("report-06a", "show_figures", "/bao-cao/06a", HEAD),
    Page("report-documents", "show_figures", "/bao-cao/van-ban", CLERK),
    Page("report-mail", "show_mail_figures", "/bao-cao/thu", ADMINISTRATOR),
    Page("action-finish", "show_action", "/ban-lam-viec/{in_process}/finish", HEAD),
    refused("action-finish", "show_action", "/ban-lam-viec/{in_process}/finish", HEAD),
)
"""Every page, some in several states."""

NO_PAGES = {
    "show_asset",
    "choose_language",
    "go_to_issuer",
    "come_back",
    "download_attachment",
    "download_result",
    "download_form",
    "download_paper",
    "print_register",
    "print_run_of_show",
    "print_incident",
    "take_figures",
    "take_mail_figures",
    "take_conference_figures",
    "print_conference_figures",
}
"""What answers GET without showing a page: it leads elsewhere, or is a file."""
