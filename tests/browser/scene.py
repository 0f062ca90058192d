"""Applications in every state and the pages that show them: what is looked at, judged and photographed."""

import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.demo.caller import Caller
from local.demo.papers import make_paper
from tests.support.stack import secret_of

NOBODY, CITIZEN, RECEPTION, HEAD = "", "citizen-an", "reception-ninh-kieu", "head-ninh-kieu"
SPECIALIST = "specialist-ninh-kieu"
ADDRESS = {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"}
OWNER = {"name": "Nguyễn Văn An", "identity_number": "092090000123", "phone": "0912345678", "address": ADDRESS}


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody sees it; `path` may name things of the scene in braces."""

    name: str
    endpoint: str
    path: str
    login: str = NOBODY


PAGES = (
    Page("home", "show_home", "/"),
    Page("procedures", "list_procedures", "/thu-tuc?q=khai+sinh"),
    Page("procedures-none", "list_procedures", "/thu-tuc?q=khong+co+gi+ca"),
    Page("procedure", "show_procedure", "/thu-tuc/1.001193"),
    Page("ask-code", "ask_code", "/tra-cuu"),
    Page("ask-code-wrong", "follow_by_code", "/tra-cuu/H13.30.01-200101-0001"),
    Page("follow-by-code", "follow_by_code", "/tra-cuu/{code}"),
    Page("sign-in", "show_sign_in", "/dang-nhap"),
    Page("problem", "show_procedure", "/thu-tuc/9.999999"),
    Page("start", "show_start", "/thu-tuc/1.001193/nop", CITIZEN),
    Page("draft-where", "show_step", "/nhap/{draft}/noi-nop", CITIZEN),
    Page("draft-case", "show_step", "/nhap/{draft}/truong-hop", CITIZEN),
    Page("draft-whom", "show_step", "/nhap/{draft}/nop-cho-ai", CITIZEN),
    Page("draft-reach", "show_step", "/nhap/{draft}/lien-he", CITIZEN),
    Page("draft-address", "show_step", "/nhap/{draft}/dia-chi", CITIZEN),
    Page("draft-question", "show_step", "/nhap/{draft}/hoi-child_birth_date", CITIZEN),
    Page("draft-choice", "show_step", "/nhap/{draft}/hoi-birth_proof", CITIZEN),
    Page("draft-paper", "show_step", "/nhap/{draft}/giay-giay_chung_sinh", CITIZEN),
    Page("draft-delivery", "show_step", "/nhap/{draft}/nhan-ket-qua", CITIZEN),
    Page("draft-post", "show_step", "/nhap/{draft}/noi-nhan", CITIZEN),
    Page("draft-check", "show_step", "/nhap/{draft}/kiem-tra", CITIZEN),
    Page("draft-resumed", "resume_draft", "/nhap/{draft}", CITIZEN),
    Page("draft-discard", "show_discard", "/nhap/{draft}/bo", CITIZEN),
    Page("own", "list_own", "/ho-so", CITIZEN),
    Page("receipt", "show_receipt", "/ho-so/{new}/da-nop", CITIZEN),
    Page("own-new", "show_own", "/ho-so/{new}", CITIZEN),
    Page("own-asked", "show_own", "/ho-so/{asked}", CITIZEN),
    Page("own-unpaid", "show_own", "/ho-so/{unpaid}", CITIZEN),
    Page("own-returned", "show_own", "/ho-so/{returned}", CITIZEN),
    Page("pay", "show_payment", "/ho-so/{unpaid}/nop-phi", CITIZEN),
    Page("withdraw", "show_withdrawal", "/ho-so/{new}/rut", CITIZEN),
    Page("rate", "show_rating", "/ho-so/{returned}/danh-gia", CITIZEN),
    Page("supplement", "show_supplement", "/ho-so/{asked}/bo-sung", CITIZEN),
    Page("desk", "show_desk", "/ban-lam-viec", RECEPTION),
    Page("desk-none", "show_desk", "/ban-lam-viec?q=khong+ai+ca", RECEPTION),
    Page("case-new", "show_case", "/ban-lam-viec/{new}", RECEPTION),
    Page("case-in-process", "show_case", "/ban-lam-viec/{in_process}", HEAD),
    Page("action-receive", "show_action", "/ban-lam-viec/{new}/receive", RECEPTION),
    Page("action-supplement", "show_action", "/ban-lam-viec/{new}/request_supplement", RECEPTION),
    Page("action-refuse", "show_action", "/ban-lam-viec/{new}/refuse", RECEPTION),
    Page("action-finish", "show_action", "/ban-lam-viec/{in_process}/finish", HEAD),
)
"""Every page, some in several states."""

NO_PAGES = {"show_asset", "choose_language", "download_attachment", "download_result", "download_form"}
"""What answers GET without showing a page: it leads elsewhere, or is a file."""


class Scene:
    """People at work on a platform, until there is something of everything to see."""

    def __init__(self, base_url: str) -> None:
        with ExitStack() as stack:
            people = {
                login: stack.enter_context(Caller(base_url, login, secret_of(login)))
                for login in (CITIZEN, RECEPTION, SPECIALIST, HEAD)
            }
            self._people = people
            self.things = self._make()

    def path_of(self, page: Page) -> str:
        """Where a page lies on this platform."""
        return page.path.format_map(self.things)

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
