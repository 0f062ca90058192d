"""`make demo`: one application from submission to return, told step by step, with every event, document and file; and
a video conference that is prepared.

It uses the platform that `make run` started from this folder, or starts one for itself.
"""

import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape

from local.demo.bus_tap import BusTap, tapped
from local.demo.caller import Caller, Refused
from local.demo.conference import Conference
from local.demo.documents import ASSIGNMENT, LETTER, REPLY, Correspondence
from local.demo.papers import make_paper
from local.demo.payment import signed_notice
from local.demo.people import PEOPLE, secrets_of
from local.demo.running import platform_to_use
from local.demo.samples import household_business
from local.demo.telling import News, console, tell_application, tell_document, tell_fault, tell_step
from local.processes import StartFailed
from local.state import DEFAULT_FOLDER, AlreadyRunning, Run
from services.one_stop_shop.adapters.form_text import dong

EXCHANGE = "one_stop_shop.application"
NOTICES = 8
"""How often the citizen is told something on the way."""
_LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def main() -> int:
    """Play, and answer the exit code."""
    try:
        with platform_to_use() as run, tapped(run.amqp_uri, EXCHANGE) as tap:
            Play(run, tap).perform()
    except (Refused, StartFailed, AlreadyRunning, TimeoutError) as error:
        console.print(f"[bold red]The demo stopped:[/bold red] {escape(str(error))}")
        return 1
    return 0


class Play:
    """The demo's people, the application they work on, and what was seen of it."""

    def __init__(self, run: Run, tap: BusTap) -> None:
        self._run, self._news = run, News(tap)
        self._stack = ExitStack()
        known = secrets_of()
        self.who: dict[str, Caller] = {
            part: self._stack.enter_context(Caller(run.base_url, login, known[login], say=tell_fault))
            for part, login in PEOPLE.items()
        }
        self.application: dict[str, Any] = {}

    def perform(self) -> None:
        """All acts in their order."""
        with self._stack:
            self.submit()
            self.pay()
            self.receive()
            self.ask_for_more()
            self.consult()
            self.decide()
            self.deliver()
            self.show_what_remains()
            self.hold_conference()

    def submit(self) -> None:
        """The citizen hands in the application with a real file."""
        citizen = self.who["citizen"]
        lines = ("Họ và tên chủ hộ: Nguyễn Văn An", "Tên hộ kinh doanh: Cà phê Bến Ninh Kiều")
        paper = make_paper("Giấy đề nghị đăng ký hộ kinh doanh", *lines)
        uploaded = citizen.upload("giấy đề nghị.pdf", "application/pdf", paper)
        self.application = citizen.post("/applications", household_business(uploaded))
        self._tell(
            "Nguyễn Văn An nộp hồ sơ trực tuyến",
            f"submits online, with a PDF of {len(paper) // 1024} kB",
            f"mã hồ sơ [bold]{self.application['code']}[/bold]",
        )

    def pay(self) -> None:
        """Reception asks for the fee, the citizen pays online, the payment platform calls back."""
        self._act(
            "reception", "request-payment", "Cán bộ tiếp nhận yêu cầu nộp lệ phí", "asks for the fee first", note=""
        )
        order = self.who["citizen"].post(f"/applications/{self.application['id']}/payments", {})
        self._refresh()
        self._tell("Người nộp mở trang thanh toán", "opens the payment page", f"{dong(order['amount'])} đồng")
        self._call_back(order)
        self._refresh()
        self._tell("Cổng thanh toán báo đã thu", "the payment platform confirms, signed", "")

    def receive(self) -> None:
        """Reception receives: the clock starts, form 01."""
        receipt = self._act("reception", "receive", "Cán bộ tiếp nhận nhận hồ sơ", "receives; the clock starts")
        console.print(f"      hẹn trả kết quả: [bold]{_shown(receipt['due_at'])}[/bold]")
        self._act("reception", "hand-over", "Chuyển phòng chuyên môn", "hands over to the specialised unit", note="")

    def ask_for_more(self) -> None:
        """The specialist needs a clearer copy; the clock stands until the citizen supplies it."""
        self._act("specialist", "claim", "Chuyên viên nhận xử lý", "claims the application")
        self._act(
            "specialist",
            "request-supplement",
            "Chuyên viên yêu cầu bổ sung",
            "asks for more; the clock stands",
            reason="Bản chụp giấy đề nghị bị mờ",
            items=[{"component": "giay_de_nghi", "requirement": "Nộp lại bản rõ nét, có chữ ký"}],
        )
        clearer = make_paper("Giấy đề nghị đăng ký hộ kinh doanh", "Bản rõ nét, đã ký: Nguyễn Văn An")
        uploaded = self.who["citizen"].upload("giấy đề nghị (bản rõ).pdf", "application/pdf", clearer)
        receipt = self._act(
            "citizen",
            "supply-supplement",
            "Người nộp bổ sung",
            "supplies it; the clock runs again",
            components=[{"component": "giay_de_nghi", "file": uploaded}],
        )
        console.print(f"      hẹn trả kết quả mới: [bold]{_shown(receipt['due_at'])}[/bold]")

    def consult(self) -> None:
        """The ward asks the department of construction by official document; the answer completes the appraisal."""
        letters = Correspondence(self.who)
        self._act(
            "specialist",
            "request-opinion",
            "Chuyên viên lấy ý kiến Sở Xây dựng",
            "asks the department of construction",
            agency="H13.17",
            subject="Sự phù hợp với quy hoạch tại 12 Nguyễn Trãi",
        )
        draft = letters.draft_for(self.application["code"])
        content = LETTER | {"subject": draft["subject"]}
        question = make_paper("Công văn lấy ý kiến", "Kính gửi: Sở Xây dựng thành phố Cần Thơ", draft["subject"])
        letter = letters.write("ward", content, question, draft)
        tell_document("Phường trình, ký, cấp số và phát hành công văn", "the letter is signed and sent", letter)
        self._wait(lambda view: view["opinions"][0]["document_code"])
        self._news.tell(self.application)
        arrival = letters.incoming("department_clerk", letter["code"])
        arrival = letters.act("department_clerk", "arrivals", arrival, "register")
        tell_document(f"Sở đăng ký, số đến {arrival['arrival_number']}", "registered on arrival", arrival)
        arrival = letters.act("department_leader", "arrivals", arrival, "assign", **ASSIGNMENT)
        tell_document("Lãnh đạo Sở phân công", "assigned to lead and co-operating units", arrival)
        letters.act("department_specialist", "arrivals", arrival, "work", note="Kiểm tra quy hoạch")
        paper = make_paper("Công văn trả lời", "Địa điểm phù hợp với quy hoạch phân khu đã được phê duyệt")
        reply = letters.write("department", REPLY | {"responds_to": [arrival["id"]]}, paper)
        delivery = letters.sender_sees(letter, "06")
        tell_document("Sở trả lời; phường thấy mọi trạng thái", "the sender sees every status", reply)
        console.print(f"      {' → '.join(row['code'] + ' ' + row['name'] for row in delivery['rows'])}")
        back = letters.incoming("ward_clerk", reply["code"])
        letters.act("ward_clerk", "arrivals", back, "register")
        self._wait(lambda view: view["opinions"][0]["state"] == "received")
        self._tell("Văn thư phường đăng ký văn bản trả lời", "the reply completes the step of the application", "")

    def decide(self) -> None:
        """Signature, result, and its number in the register."""
        result = make_paper("Giấy chứng nhận đăng ký hộ kinh doanh", "Số: 92A8001234", "Chủ hộ: Nguyễn Văn An")
        uploaded = self.who["head"].upload("giấy chứng nhận.pdf", "application/pdf", result)
        self._act(
            "head",
            "finish",
            "Lãnh đạo ký kết quả",
            "signs; processing is done",
            result={
                "kind": "granted",
                "number": "92A8001234",
                "issued_by": "Ủy ban nhân dân phường Ninh Kiều",
                "signer": "Phạm Thị Dung",
                "signed_at": datetime.now(UTC).isoformat(),
                "files": [uploaded],
            },
        )
        view = self._wait(lambda view: (view["result"] or {}).get("register_number"))
        number = view["result"]["register_number"]
        self._tell("Kết quả được vào sổ văn bản đi", "the result has its register number", f"số [bold]{number}[/bold]")

    def deliver(self) -> None:
        """The post brings the result; the citizen says how satisfied they are."""
        waybill = f"EH{int(self.application['id'], 16) % 10**9:09d}VN"
        self._act(
            "reception",
            "send-by-post",
            "Gửi bưu chính công ích",
            "hands the result to the post",
            waybill=waybill,
        )
        self._act(
            "system",
            "record-post-event",
            "Bưu chính báo đã phát",
            "the carrier reports delivery",
            waybill=waybill,
            state="delivered",
            at=datetime.now(UTC).isoformat(),
            receiver_name="Nguyễn Văn An",
        )
        self._act(
            "citizen",
            "rate",
            "Người dân đánh giá",
            "is very satisfied",
            score="very_satisfied",
            comment="Nhanh và rõ ràng",
        )

    def show_what_remains(self) -> None:
        """The forms as files, the chain, what the citizen was told."""
        citizen, officer = self.who["citizen"], self.who["reception"]
        view = officer.get(f"/applications/{self.application['id']}")
        folder = DEFAULT_FOLDER / "demo" / self.application["code"]
        folder.mkdir(parents=True, exist_ok=True)
        console.print("\n[bold]Biểu mẫu đã phát hành[/bold] — forms issued")
        for form in view["forms"]:
            _, content = officer.download(f"/applications/{self.application['id']}/forms/{form['id']}")
            path = folder / f"{form['id']}-mau-{form['form']:02d}.pdf"
            path.write_bytes(content)
            where = f"[dim]{path} ({len(content) // 1024} kB)[/dim]"
            console.print(f"  Mẫu {form['form']:02d}  {escape(form['title'])}  {where}")
        chain = officer.get(f"/applications/{self.application['id']}/history/verification")
        state = "nguyên vẹn" if chain["intact"] else f"bị sửa từ mục {chain['first_altered']}"
        console.print(f"\n[bold]Lịch sử[/bold] — history: {chain['entries']} mục, chuỗi băm {state}")
        follow = Caller(self._run.base_url, say=tell_fault).get(f"/follow/{self.application['code']}")
        console.print(f"[bold]Tra cứu không đăng nhập[/bold] — anybody with the code sees: {follow['status_name']}")
        page = citizen.wait_for("/notices?limit=200", lambda page: len(self._notices(page)) >= NOTICES)
        notices = self._notices(page)
        console.print(f"[bold]Thông báo cho người dân[/bold] — the citizen was told {len(notices)} times, last:")
        console.print(f"  {escape(notices[0]['text'])}")

    def hold_conference(self) -> None:
        """A ward's conference, from the request to its rehearsal."""
        conference = Conference(self.who)
        view = conference.ask(datetime.now(_LOCAL))
        tell_step("Phường đăng ký họp trực tuyến, tỉnh duyệt", "a conference is asked for and approved")
        console.print(f"      “{view['title']}”, {_shown(view['all_sessions'][0]['start'])}, {view['ports']} cổng MCU")
        script, content = conference.plan()
        folder = DEFAULT_FOLDER / "demo" / "kich-ban-dieu-hanh"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{view['id'][:8]}.pdf"
        path.write_bytes(content)
        tell_step("Soạn, chốt và in kịch bản điều hành", "the run-of-show is released and printed")
        console.print(f"      {len(script['items'])} mục, {script['minutes']} phút  [dim]{path}[/dim]")
        board = conference.rehearse()
        tell_step("Thử đường truyền, kết luận tổng duyệt", "both endpoints are rehearsed")
        for row in board["endpoints"]:
            console.print(f"      {row['name']['vi']}: {row['rehearsal']['verdict']}")
        tell_document("Dự thảo giấy mời ở văn bản đi", "the invitation document is drafted", conference.invite())

    def _tell(self, vi: str, en: str, more: str) -> None:
        tell_application(vi, en, more, self.application)
        self._news.tell(self.application)

    def _notices(self, page: dict[str, Any]) -> list[dict[str, Any]]:
        return [notice for notice in page["items"] if notice["application"] == self.application["id"]]

    def _act(self, part: str, action: str, vi: str, en: str, **body: Any) -> dict[str, Any]:
        self.application = self.who[part].act(self.application, action, **body)
        self._tell(vi, en, "")
        return self.application

    def _wait(self, is_there: Any) -> dict[str, Any]:
        """The application as its specialist sees it, once it is as wanted."""
        path = f"/applications/{self.application['id']}"
        self.application = self.who["specialist"].wait_for(path, is_there)
        return self.application

    def _refresh(self) -> None:
        identifier = self.application["id"]
        self.application = self.who["citizen"].get(f"/applications/{identifier}")

    def _call_back(self, order: dict[str, Any]) -> None:
        secret = Path(self._run.folder, "secrets", "payment_secret").read_bytes()
        self.who["citizen"].send("POST", "/api/v1/payments/notices", **signed_notice(order, secret))


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(_LOCAL):%H:%M ngày %d/%m/%Y}"


if __name__ == "__main__":
    sys.exit(main())
