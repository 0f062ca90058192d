"""Applications in every state and the pages that show them: what is looked at, judged and photographed."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import Response

from local.demo.caller import Caller
from local.demo.documents import ASSIGNMENT, LETTER, PEOPLE, Correspondence
from local.demo.papers import make_paper
from tests.browser.browsers import GUEST
from tests.browser.meetings import APPROVER, CONVENER, TECHNICIAN, make_meetings
from tests.browser.parked import parked_event
from tests.support.stack import Stack, secret_of

NOBODY, CITIZEN, RECEPTION, HEAD = "", "citizen-an", "reception-ninh-kieu", "head-ninh-kieu"
NEWCOMER = "citizen-binh"
SPECIALIST = "specialist-ninh-kieu"
CLERK, DEPARTMENT_HEAD, DEPARTMENT_SPECIALIST = "clerk-xay-dung", "head-xay-dung", "specialist-xay-dung"
WARD_CLERK = "clerk-ninh-kieu"
OPERATOR = "operator"
ADMINISTRATOR = "directory-can-tho"
ADDRESS = {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"}
OWNER = {"name": "Nguyễn Văn An", "identity_number": "092090000123", "phone": "0912345678", "address": ADDRESS}

OFFICERS = (
    "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ,Từ ngày",
    "CT-900001,Lâm Thị Thu,H13.30.01,Chuyên viên,01/10/2026",
    "CT-900002,Võ Văn Hai,H99.99,Văn thư,01/10/2026",
)
"""A table of which the last row is refused: there is no such agency."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody sees it; `path` may name things of the scene in braces.

    A page that is `pressed` is seen after its form was sent as it came: with what is wrong said beside the fields.
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
                tab.locator("main form").last.locator("button[type=submit]").first.click()
            answer = sent.value
        assert answer is not None, self.name
        assert answer.status == self.status, f"{self.name}: {answer.status}, {tab.title()}"
        return answer


def refused(name: str, endpoint: str, path: str, login: str = NOBODY) -> Page:
    """A page whose form was sent empty, and came back with what is missing."""
    return Page(f"{name}-wrong", endpoint, path, login, status=422, pressed=True)


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
    refused("draft-paper", "show_step", "/nhap/{draft}/giay-giay_chung_sinh", CITIZEN),
    Page("draft-delivery", "show_step", "/nhap/{draft}/nhan-ket-qua", CITIZEN),
    Page("draft-post", "show_step", "/nhap/{draft}/noi-nhan", CITIZEN),
    Page("draft-check", "show_step", "/nhap/{draft}/kiem-tra", CITIZEN),
    Page("draft-resumed", "resume_draft", "/nhap/{draft}", CITIZEN),
    Page("draft-discard", "show_discard", "/nhap/{draft}/bo", CITIZEN),
    Page("own", "list_own", "/ho-so", CITIZEN),
    Page("own-none", "list_own", "/ho-so", NEWCOMER),
    Page("receipt", "show_receipt", "/ho-so/{new}/da-nop", CITIZEN),
    Page("own-new", "show_own", "/ho-so/{new}", CITIZEN),
    Page("own-asked", "show_own", "/ho-so/{asked}", CITIZEN),
    Page("own-unpaid", "show_own", "/ho-so/{unpaid}", CITIZEN),
    Page("own-returned", "show_own", "/ho-so/{returned}", CITIZEN),
    Page("pay", "show_payment", "/ho-so/{unpaid}/nop-phi", CITIZEN),
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
    Page(
        "action-overtaken",
        "show_action",
        "/ban-lam-viec/{new}/receive",
        RECEPTION,
        status=412,
        pressed=True,
        overtaken=True,
    ),
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
    Page("mailbox-alias", "show_mailbox_action", "/danh-ba/hop-thu/{mailbox}/add_alias", ADMINISTRATOR),
    Page("mailbox-quota", "show_mailbox_action", "/danh-ba/hop-thu/{mailbox}/change_quota", ADMINISTRATOR),
    Page("mailbox-request", "show_mailbox_request", "/danh-ba/can-bo/{officer}/hop-thu", ADMINISTRATOR),
    Page("post-give", "show_post_action", "/danh-ba/can-bo/{officer}/give_post", ADMINISTRATOR),
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


class Scene:
    """People at work on a platform, until there is something of everything to see."""

    def __init__(self, base_url: str) -> None:
        with ExitStack() as stack:
            people = {
                login: stack.enter_context(Caller(base_url, login, secret_of(login)))
                for login in (CITIZEN, RECEPTION, ADMINISTRATOR, *PEOPLE.values())
            }
            self._people = people
            self.things = self._make()

    def _make(self) -> dict[str, str]:
        reception = self._people[RECEPTION]
        new = self._submit()
        unpaid = reception.act(self._submit(), "request-payment", note="Nộp trước khi tiếp nhận")
        asked = reception.act(
            self._submit(),
            "request-supplement",
            reason="Bản chụp mờ",
            items=[{"component": "giay_de_nghi", "requirement": "Chụp lại rõ nét"}],
            answers=[{"question": "business_name", "requirement": "Ghi đúng tên trong giấy đề nghị"}],
        )
        in_process = self._signed_soon()
        returned = self._returned()
        return {
            "new": new["id"],
            "code": new["code"],
            "unpaid": unpaid["id"],
            "asked": asked["id"],
            "in_process": in_process["id"],
            "returned": returned["id"],
            "draft": self._draft(),
            **self._letters(),
            **self._directory(),
        }

    def _directory(self) -> dict[str, str]:
        """Somebody with a mailbox, and a table of which one row would be refused."""
        administrator = self._people[ADMINISTRATOR]
        boxes = administrator.wait_for("/mail/mailboxes", lambda view: bool(view["items"]), seconds=60)  # by events
        box = boxes["items"][0]
        officer = administrator.get("/directory/officers", limit=1)["items"][0]
        header = "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ,Từ ngày\n"
        rows = (
            "CT-900001,Lâm Thị Thu,H13.30.01,Chuyên viên,01/10/2026\nCT-900002,Võ Văn Hai,H99.99,Văn thư,01/10/2026\n"
        )
        table = administrator.upload("cán bộ.csv", "text/csv", (header + rows).encode())
        job = administrator.post("/directory/imports", {"kind": "officers", "file": table, "dry_run": True})
        administrator.wait_for(f"/directory/imports/{job['id']}", lambda view: view["state"] == "done", seconds=60)
        return {"officer": officer["id"], "mailbox": box["id"], "import": job["id"], "table": table}

    def _letters(self) -> dict[str, str]:
        """A ward's letters at every stage: not sent, arrived, registered, assigned."""
        letters = Correspondence({who: self._people[login] for who, login in PEOPLE.items()})
        paper = make_paper("Công văn", "Về việc lấy ý kiến", uuid.uuid4().hex)
        draft = self._people[SPECIALIST].post("/documents", LETTER)
        sent = [letters.write("ward", LETTER, paper) for _number in range(3)]
        new, registered, assigned = (letters.incoming("department_clerk", letter["code"]) for letter in sent)
        letters.act("department_clerk", "arrivals", registered, "register")
        assigned = letters.act("department_clerk", "arrivals", assigned, "register")
        assigned = letters.act("department_leader", "arrivals", assigned, "assign", **ASSIGNMENT)
        return {
            "paper_draft": draft["id"],
            "document": sent[2]["id"],
            "arrival_new": new["id"],
            "arrival": registered["id"],
            "assigned": assigned["id"],
        }

    def _submit(self) -> dict[str, Any]:
        citizen = self._people[CITIZEN]
        paper = citizen.upload("giấy đề nghị.pdf", "application/pdf", make_paper("Giấy đề nghị", "Chủ hộ"))
        content = {
            "procedure": "1.001612",
            "agency": "H13.30.01",
            "owner": OWNER,
            "answers": {"business_name": f"Cà phê Bến Ninh Kiều {uuid.uuid4().hex[:4]}"},
            "components": [{"component": "giay_de_nghi", "file": paper}],
            "delivery": {"method": "online"},
        }
        submitted: dict[str, Any] = citizen.post("/applications", content)
        return submitted

    def _signed_soon(self) -> dict[str, Any]:
        reception, specialist = self._people[RECEPTION], self._people[SPECIALIST]
        found = reception.act(self._submit(), "exempt-payment", ground="Nghị quyết 05/2024/NQ-HĐND")
        found = reception.act(found, "receive")
        found = reception.act(found, "hand-over", note="Chuyển phòng Kinh tế")
        found = specialist.act(found, "claim")
        return specialist.act(found, "complete-step", outcome="Đủ điều kiện")

    def _returned(self) -> dict[str, Any]:
        head, reception = self._people[HEAD], self._people[RECEPTION]
        found = self._signed_soon()
        paper = head.upload("giấy chứng nhận.pdf", "application/pdf", make_paper("Giấy chứng nhận", "92A8001234"))
        result = {
            "kind": "granted",
            "number": f"92A{uuid.uuid4().int % 10**7}",
            "issued_by": "Ủy ban nhân dân phường Ninh Kiều",
            "signer": "Phạm Thị Dung",
            "signed_at": datetime.now(UTC).isoformat(),
            "files": [paper],
        }
        found = head.act(found, "finish", result=result)
        head.wait_for(f"/applications/{found['id']}", lambda view: view["result"].get("register_number"))
        found = head.get(f"/applications/{found['id']}")
        receiver = {"kind": "self", "name": OWNER["name"], "identity_number": OWNER["identity_number"]}
        return reception.act(found, "return-result", method="online", receiver=receiver)

    def _draft(self) -> str:
        citizen = self._people[CITIZEN]
        paper = citizen.upload("giấy chứng sinh.pdf", "application/pdf", make_paper("Giấy chứng sinh", "Bé Khôi"))
        content = {
            "procedure": "1.001193",
            "agency": "H13.30.01",
            "case": "standard",
            "owner": {**OWNER, "email": "an@example.vn"},
            "answers": {
                "child_name": "Nguyễn Minh Khôi",
                "child_birth_date": "2026-11-01",
                "child_sex": "male",
                "birth_place": None,
                "birth_proof": "certificate",
                "exemption": None,
            },
            "components": [{"component": "giay_chung_sinh", "file": paper}],
            "delivery": {"method": "post", "receiver": OWNER["name"], "phone": OWNER["phone"], "address": ADDRESS},
        }
        return str(citizen.post("/drafts", {"content": content})["id"])


@contextmanager
def whole_scene(platform: Stack) -> Iterator[Scene]:
    """Everything that pages can show, once on a platform: meetings hold their endpoints."""
    scene = Scene(platform.base_url)
    scene.things |= make_meetings(platform.base_url)
    with parked_event(platform) as parked:
        scene.things["parked"] = parked
        yield scene
