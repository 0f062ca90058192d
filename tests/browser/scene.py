"""People at work on a platform, until there is something of everything to see."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from local.demo.caller import Caller
from local.demo.documents import ASSIGNMENT, LETTER, PEOPLE, Correspondence
from local.demo.papers import make_paper
from shared.working_time import VIETNAM
from tests.browser.meetings import make_meetings
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
ONLINE = {"method": "online"}
BY_POST = {
    "method": "post",
    "receiver": "Nguyễn Thị Người Nhận",
    "phone": "0907654321",
    "address": {"line": "99 Đường Bưu Điện", "commune": "Xã Phong Điền", "province": "Thành phố Cần Thơ"},
}
NO_COPIES = {"certified_copies": 0, "photocopies": 0, "file": None}
PASSWORD = "một câu dài dễ nhớ của kẻ thử"

OFFICERS = (
    "Mã cán bộ,Họ và tên,Mã cơ quan,Chức vụ,Từ ngày",
    "CT-900001,Lâm Thị Thu,H13.30.01,Chuyên viên,01/10/2026",
    "CT-900002,Võ Văn Hai,H99.99,Văn thư,01/10/2026",
)
"""A table of which the last row is refused: there is no such agency."""


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
        asked = self._asked()
        in_process = self._signed_soon()
        refused = reception.act(self._submit(), "refuse", reason="Không thuộc thẩm quyền")
        return {
            "new": new["id"],
            "code": new["code"],
            "many": self._submit()["code"],
            "further": reception.get("/applications", limit=1, closed=False)["next_cursor"],
            "unpaid": unpaid["id"],
            "asked": asked["id"],
            "supplied": self._supplied()["id"],
            "in_process": in_process["id"],
            "finished": self._finished(BY_POST)["id"],
            "returned": self._returned()["id"],
            "refused": refused["id"],
            "refused_code": refused["code"],
            "withdrawn": self._withdrawn()["id"],
            "draft": self._draft([{"component": "giay_chung_sinh", "file": self._paper()}]),
            "draft_without_paper": self._draft([]),
            "taken_down": self._draft([{"component": "giay_chung_sinh", "originals": 1, **NO_COPIES}], RECEPTION),
            "taken_down_without_paper": self._draft([], RECEPTION),
            **self._letters(),
            **self._directory(),
        }

    def _asked(self) -> dict[str, Any]:
        return self._people[RECEPTION].act(
            self._submit(),
            "request-supplement",
            reason="Bản chụp mờ",
            items=[{"component": "giay_de_nghi", "requirement": "Chụp lại rõ nét"}],
            answers=[{"question": "business_name", "requirement": "Ghi đúng tên trong giấy đề nghị"}],
        )

    def _supplied(self) -> dict[str, Any]:
        citizen = self._people[CITIZEN]
        paper = citizen.upload("giấy đề nghị, bản rõ.pdf", "application/pdf", make_paper("Giấy đề nghị", "Bản rõ"))
        return citizen.act(
            self._asked(),
            "supply-supplement",
            components=[{"component": "giay_de_nghi", "file": paper}],
            answers={"business_name": f"Cà phê Sông Hậu {uuid.uuid4().hex[:4]}"},
        )

    def _directory(self) -> dict[str, str]:
        """Somebody with a mailbox, and a table of which one row would be refused."""
        administrator = self._people[ADMINISTRATOR]
        boxes = administrator.wait_for("/mail/mailboxes", lambda view: len(view["items"]) > 1, seconds=60)  # by events
        box, other = boxes["items"][:2]
        officer = administrator.get("/directory/officers", limit=1)["items"][0]
        group = administrator.post(
            "/mail/mailboxes",
            {
                "kind": "group",
                "owner": box["owner"],
                "agency": "H13.30.01",
                "name": "Cả phường Ninh Kiều",
                "address": f"tatca.{uuid.uuid4().hex[:6]}@cantho.gov.vn",
                "members": {"agency": "H13.30.01", "role": "specialist"},
                "posters": {"who": "listed", "addresses": ["vanthu@cantho.gov.vn"]},
            },
        )
        table = administrator.upload("cán bộ.csv", "text/csv", "\n".join(OFFICERS).encode())
        job = administrator.post("/directory/imports", {"kind": "officers", "file": table, "dry_run": True})
        administrator.wait_for(f"/directory/imports/{job['id']}", lambda view: view["state"] == "done", seconds=60)
        link = f"/mail/mailboxes/{other['id']}/password-link"
        token = administrator.post(link, {}, version=other["version"])["token"]
        return {
            "officer": officer["id"],
            "mailbox": box["id"],
            "group": group["id"],
            "import": job["id"],
            "table": table,
            "link": token.replace(".", "/"),
        }

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

    def _submit(self, delivery: dict[str, Any] = ONLINE) -> dict[str, Any]:
        citizen = self._people[CITIZEN]
        paper = citizen.upload("giấy đề nghị.pdf", "application/pdf", make_paper("Giấy đề nghị", "Chủ hộ"))
        content = {
            "procedure": "1.001612",
            "agency": "H13.30.01",
            "owner": OWNER,
            "answers": {"business_name": f"Cà phê Bến Ninh Kiều {uuid.uuid4().hex[:4]}"},
            "components": [{"component": "giay_de_nghi", "file": paper}],
            "delivery": delivery,
        }
        submitted: dict[str, Any] = citizen.post("/applications", content)
        return submitted

    def _signed_soon(self, delivery: dict[str, Any] = ONLINE) -> dict[str, Any]:
        reception, specialist = self._people[RECEPTION], self._people[SPECIALIST]
        found = reception.act(self._submit(delivery), "exempt-payment", ground="Nghị quyết 05/2024/NQ-HĐND")
        found = reception.act(found, "receive")
        found = reception.act(found, "hand-over", note="Chuyển phòng Kinh tế")
        found = specialist.act(found, "claim")
        return specialist.act(found, "complete-step", outcome="Đủ điều kiện")

    def _withdrawn(self) -> dict[str, Any]:
        asked = self._people[CITIZEN].act(self._signed_soon(), "request-withdrawal", reason="Không còn nhu cầu")
        return self._people[HEAD].act(asked, "decide-withdrawal", accept=True, reason="Chưa có kết quả")

    def _finished(self, delivery: dict[str, Any] = ONLINE) -> dict[str, Any]:
        head = self._people[HEAD]
        found = self._signed_soon(delivery)
        paper = head.upload("giấy chứng nhận.pdf", "application/pdf", make_paper("Giấy chứng nhận", "92A8001234"))
        result = {
            "kind": "granted",
            "number": f"92A{uuid.uuid4().int % 10**7}",
            "issued_by": "Ủy ban nhân dân phường Ninh Kiều",
            "signer": "Phạm Thị Dung",
            "signed_at": datetime.now(UTC).isoformat(),
            "files": [paper],
        }
        return head.act(found, "finish", result=result)

    def _returned(self) -> dict[str, Any]:
        head, reception = self._people[HEAD], self._people[RECEPTION]
        found = self._finished()
        head.wait_for(f"/applications/{found['id']}", lambda view: view["result"].get("register_number"))
        found = head.get(f"/applications/{found['id']}")
        receiver = {"kind": "self", "name": OWNER["name"], "identity_number": OWNER["identity_number"]}
        return reception.act(found, "return-result", method="online", receiver=receiver)

    def _paper(self) -> str:
        content = make_paper("Giấy chứng sinh", "Bé Khôi")
        return self._people[CITIZEN].upload("giấy chứng sinh.pdf", "application/pdf", content)

    def _draft(self, papers: list[dict[str, Any]], login: str = CITIZEN) -> str:
        content = {
            "procedure": "1.001193",
            "agency": "H13.30.01",
            "case": "standard",
            "owner": {**OWNER, "email": "an@example.vn"},
            "answers": {
                "child_name": "Nguyễn Minh Khôi",
                "child_birth_date": (datetime.now(VIETNAM).date() - timedelta(days=9)).isoformat(),
                "child_sex": "male",
                "birth_place": None,
                "birth_proof": "certificate",
                "exemption": None,
            },
            "components": papers,
            "delivery": {"method": "post", "receiver": OWNER["name"], "phone": OWNER["phone"], "address": ADDRESS},
        }
        if login == RECEPTION:
            content["channel"] = 1
        return str(self._people[login].post("/drafts", {"content": content})["id"])


@contextmanager
def whole_scene(platform: Stack) -> Iterator[Scene]:
    """Everything that pages can show, once on a platform: meetings hold their endpoints."""
    scene = Scene(platform.base_url)
    scene.things |= make_meetings(platform.base_url)
    with parked_event(platform) as parked:
        scene.things["parked"] = parked
        yield scene
