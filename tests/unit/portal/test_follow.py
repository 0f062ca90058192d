"""One's own applications: the next step is always offered, and procedures have their names in both languages."""

from io import BytesIO
from typing import Any

import pytest

from local.demo.papers import make_paper
from services.one_stop_shop.domain.guards import not_in_this_status
from services.one_stop_shop.domain.statuses import Status
from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from shared.errors import Conflict, Invalid, Stale, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import asked

ID = "0f8fad5bd9cb469fa16570867728950e"
ROW = {
    "id": ID,
    "code": "H13.30.01-261005-0001",
    "procedure": "2.000815",
    "procedure_name": "Chứng thực bản sao",
    "content": "Chứng thực bằng tốt nghiệp",
    "owner_name": "Nguyễn Văn An",
    "submitted_at": "2026-10-05T02:00:00+00:00",
    "status": 1,
    "due_at": None,
}


@pytest.fixture
def citizen(gateway: GatewayInHand, reader: Reader) -> Reader:
    name = {"vi": "Chứng thực bản sao", "en": "Certification of copies"}
    gateway.bus.answers |= {
        "list_applications": lambda asked: {"items": [] if asked["turn"] else [ROW], "next": None},
        "list_drafts": {"items": [], "next": None},
        "get_procedure": {"definition": {**DEFINITION_EXAMPLE, "name": name}},
    }
    return reader.sign_in("citizen-an")


def test_procedures_are_named_in_the_readers_language_and_what_one_wrote_is_marked(citizen: Reader) -> None:
    citizen.open("/ngon-ngu?ngon_ngu=en&tiep=/ho-so")
    (link,) = citizen.page.xpath("//main//li/a")
    assert link.text_content() == "Certification of copies"
    assert citizen.page.xpath("//main//li//span[@lang='vi']/text()") == ["Chứng thực bằng tốt nghiệp", "Nguyễn Văn An"]


def test_two_applications_of_one_procedure_are_told_apart_by_whose_they_are_and_by_their_day(
    gateway: GatewayInHand, citizen: Reader
) -> None:
    other = {**ROW, "id": "1" * 32, "owner_name": "Trần Thị Bình", "submitted_at": "2026-10-06T18:30:00+00:00"}
    gateway.bus.answers["list_applications"] = lambda asked: {
        "items": [] if asked["turn"] else [other, ROW], "next": None
    }  # fmt: skip
    citizen.open("/ho-so")
    rows = [" ".join(row.text_content().split()) for row in citizen.page.xpath("//main//li")]
    assert ["Trần Thị Bình" in row and "nộp ngày 07/10/2026" in row for row in rows] == [True, False]
    assert ["Nguyễn Văn An" in row and "nộp ngày 05/10/2026" in row for row in rows] == [False, True]


@pytest.mark.parametrize(
    ("kind", "shown"), [("application/pdf", True), ("image/png", True), ("application/xml", False)]
)
def test_only_kinds_that_browsers_merely_draw_are_shown_in_a_page(
    gateway: GatewayInHand, citizen: Reader, kind: str, shown: bool
) -> None:
    content = b"%PDF-1.7\n%%EOF"
    stored = gateway.files.put(BytesIO(content), limit=99, name="a.pdf", declared_type="application/pdf", owner="x")
    gateway.bus.answers["authorise_attachment"] = {
        "file": stored.id, "name": "tờ khai", "type": kind, "size": len(content),
    }  # fmt: skip
    for query, inline in (("", False), ("?xem", shown)):
        headers = citizen.open(f"/ho-so/{ID}/tep/1{query}").answer.headers
        assert headers["Content-Disposition"].startswith("inline" if inline else "attachment")
        assert headers["X-Frame-Options"] == ("SAMEORIGIN" if inline else "DENY")
        assert f"frame-ancestors '{'self' if inline else 'none'}'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("allowed", "offered"), [(["start_payment"], True), ([], False)])
def test_who_owes_money_pays_from_the_receipt(
    gateway: GatewayInHand, citizen: Reader, allowed: list[str], offered: bool
) -> None:
    owed = {"amount": 100_000, "state": "due", "lines": [], "ground": ""}
    gateway.bus.answers["get_application"] = {
        **ROW, "payment": owed, "allowed_actions": allowed, "forms": [], "submitted_at": "2026-10-05T02:00:00+00:00",
    }  # fmt: skip
    links = citizen.open(f"/ho-so/{ID}/da-nop").page.xpath("//main//a/@href")
    assert (f"/ho-so/{ID}/nop-phi" in links) is offered


def test_what_was_handed_in_and_what_was_paid_are_two_things_in_english(citizen: Reader) -> None:
    citizen.open("/ngon-ngu?ngon_ngu=en&tiep=/ho-so")
    assert [one.text_content() for one in citizen.page.xpath("//main//h2")] == ["Handed in"]


@pytest.mark.parametrize("more", [None, ["older"]])
def test_what_waits_for_the_reader_comes_first_and_once(
    gateway: GatewayInHand, citizen: Reader, more: list[str] | None
) -> None:
    waits = {**ROW, "id": "1" * 32, "status": 5, "content": "Bổ sung"}
    gateway.bus.answers["list_applications"] = lambda asked: {
        "items": [waits] if asked["turn"] else [ROW, waits], "next": more
    }  # fmt: skip
    citizen.open("/ho-so")
    first, others = (one.xpath(".//li//a/@href") for one in citizen.page.xpath("//main//ul"))
    assert (first, others) == ([f"/ho-so/{waits['id']}"], [f"/ho-so/{ROW['id']}"])
    headings = [one.text_content() for one in citizen.page.xpath("//main//h2")]
    assert headings == ["Đang chờ bạn", "Hồ sơ khác đã nộp"]
    links = citizen.page.xpath("//main/p/a/@href")
    assert ("/ho-so?cho=toi" in links) == bool(more)
    if more:
        citizen.open(links[-1])
        assert len(citizen.page.xpath("//main//li")) == 2, "the next page is whole, and asks for nothing else"
        assert [one["turn"] for one in asked(gateway, "list_applications")] == ["applicant", None, None]


def test_all_that_waits_for_the_reader_has_pages(gateway: GatewayInHand, citizen: Reader) -> None:
    waits = {**ROW, "status": 6}
    gateway.bus.answers["list_applications"] = lambda asked: {
        "items": [waits], "next": None if asked["cursor"] else ["older"]
    }  # fmt: skip
    citizen.open("/ho-so?cho=toi")
    assert [one.text_content() for one in citizen.page.xpath("//main//h2")] == ["Đang chờ bạn"]
    citizen.open(citizen.page.xpath("//main/p/a[contains(@href, 'cursor')]/@href")[0])
    assert [one["turn"] for one in asked(gateway, "list_applications")] == ["applicant"] * 2
    assert "Xem mọi hồ sơ của tôi" in citizen.words


OWED = {"amount": 100_000, "state": "due", "lines": [], "ground": ""}


def test_whoever_pays_is_led_to_the_payments_page_by_one_order(gateway: GatewayInHand, citizen: Reader) -> None:
    order = {"pay_url": "https://payment.example.vn/pay/1", "expires_at": "2026-10-05T02:15:00+00:00"}
    own = {**ROW, "payment": OWED, "allowed_actions": ["start_payment"], "version": 7}
    gateway.bus.answers |= {"get_application": own, "start_payment": order}
    citizen.open(f"/ho-so/{ID}/nop-phi")
    form = citizen.forms[-1]
    citizen.send()
    citizen.client.post(citizen.path, data=dict(form.form_values()))
    first, second = asked(gateway, "start_payment")
    assert first == second, "pressed twice, it is one order"
    assert (first["application"], first["_version"]) == (ID, 7)
    assert order["pay_url"] in citizen.page.xpath("//main//a/@href")


@pytest.mark.parametrize(
    ("page", "command", "transition", "typed"),
    [
        ("rut", "request_withdrawal", "request_withdrawal", {"reason": "Nộp nhầm thủ tục"}),
        ("danh-gia", "rate_application", "rate", {"score": "satisfied", "comment": "Nhanh"}),
    ],
)
def test_what_one_does_about_an_application_is_one_command_and_what_is_refused_stays_typed(
    gateway: GatewayInHand, citizen: Reader, page: str, command: str, transition: str, typed: dict[str, str]
) -> None:
    own = {**ROW, "version": 7, "allowed_actions": [transition]}
    gateway.bus.answers |= {"get_application": own, command: {}}
    citizen.open(f"/ho-so/{ID}/{page}")
    form = citizen.forms[-1]
    for _ in range(2):
        answer = citizen.client.post(f"/ho-so/{ID}/{page}", data=dict(form.form_values()) | typed)
        assert (answer.status_code, answer.location) == (303, f"/ho-so/{ID}")
    first, second = asked(gateway, command)
    assert first == second
    assert {**first, **typed, "_version": 7, "application": ID} == first
    field, text = list(typed.items())[-1]
    gateway.bus.answers[command] = Invalid("request_invalid", fields=[field_error(field, "wordless")])
    citizen.open(f"/ho-so/{ID}/{page}").send(**typed)
    assert citizen.answer.status_code == 422
    assert citizen.page.xpath(f"//a[@href='#{field}']")
    assert dict(citizen.forms[-1].form_values())[field] == text
    gateway.bus.answers[command] = Conflict("claimed_by_other", assignee="Lý")
    assert citizen.send().answer.status_code == 409
    assert dict(citizen.forms[-1].form_values())[field] == text


HISTORY = [
    {"seq": seq, "type": kind, "at": f"2026-10-05T02:0{seq}:00+00:00", "actor": {"role": "reception_officer"},
     "reason": "", "data": {}}
    for seq, kind in ((7, "application_submitted.v1"), (8, "assignment_changed.v1"), (9, "application_received.v1"))
]  # fmt: skip


def overtake(gateway: GatewayInHand, command: str, **now: Any) -> None:
    """Let others change the application while the page of a command is open."""
    own = gateway.bus.answers["get_application"] | {"version": 9, **now}
    gateway.bus.answers |= {
        "get_application": own,
        "get_history": {"items": HISTORY, "next": None},
        command: Stale("version_stale", version=9),
    }


@pytest.mark.parametrize("still", [True, False])
@pytest.mark.parametrize(
    ("page", "command", "transition", "typed"),
    [
        ("rut", "request_withdrawal", "request_withdrawal", {"reason": "Nộp nhầm thủ tục"}),
        ("danh-gia", "rate_application", "rate", {"score": "satisfied", "comment": "Nhanh"}),
    ],
)
def test_whoever_is_overtaken_reads_what_changed_and_presses_again(
    gateway: GatewayInHand,
    citizen: Reader,
    page: str,
    command: str,
    transition: str,
    typed: dict[str, str],
    still: bool,
) -> None:
    gateway.bus.answers["get_application"] = {**ROW, "version": 7, "allowed_actions": [transition]}
    citizen.open(f"/ho-so/{ID}/{page}")
    overtake(gateway, command, status=2, allowed_actions=[transition] if still else [])
    citizen.send(**typed)
    assert citizen.answer.status_code == 412
    assert "Nay là: Đã được tiếp nhận." in citizen.words
    (told,) = citizen.page.xpath("//*[@role='status']//li")
    assert "09:09 ngày 05/10/2026" in told.text_content()
    kept = dict(citizen.forms[-1].form_values())
    assert typed.items() <= kept.items()
    assert bool(citizen.forms[-1].xpath(".//button")) == still
    gateway.bus.answers[command] = {}
    citizen.send(follow=False)
    assert citizen.answer.status_code == 303
    first, second = asked(gateway, command)
    assert second == first | {"_version": 9}


ASKED_AT = {"requested_at": "2026-10-05T02:00:00+00:00"}


@pytest.mark.parametrize(
    ("page", "now", "told"),
    [
        ("rut", {"status": 7, "withdrawal": ASKED_AT}, "đã có yêu cầu rút lúc 09:00 ngày 05/10/2026"),
        ("rut", {"status": 7, "withdrawn": True, "withdrawal": ASKED_AT}, "đã được rút theo yêu cầu"),
        ("rut", {"status": 10}, "nay không rút được: Đã trả kết quả."),
        ("danh-gia", {"status": 10}, "Bạn đã đánh giá hồ sơ này."),
        ("danh-gia", {"status": 4}, "Hồ sơ được đánh giá sau khi đã trả kết quả."),
    ],
)
def test_what_is_done_or_cannot_be_done_says_so_instead_of_asking_again(
    gateway: GatewayInHand, citizen: Reader, page: str, now: dict[str, Any], told: str
) -> None:
    gateway.bus.answers["get_application"] = {**ROW, "version": 7, "withdrawn": False, "allowed_actions": [], **now}
    citizen.open(f"/ho-so/{ID}/{page}")
    assert citizen.answer.status_code == 200
    assert told in citizen.words
    assert citizen.page.xpath("//main//textarea | //main//form") == []
    assert citizen.page.xpath("//main//a/@href") == [f"/ho-so/{ID}"]


@pytest.mark.parametrize(("page", "command", "transition"), [
    ("rut", "request_withdrawal", "request_withdrawal"), ("danh-gia", "rate_application", "rate"),
])  # fmt: skip
def test_what_is_refused_for_the_status_is_said_in_plain_words_and_not_offered_again(
    gateway: GatewayInHand, citizen: Reader, page: str, command: str, transition: str
) -> None:
    own = {**ROW, "version": 7, "allowed_actions": [transition]}
    gateway.bus.answers["get_application"] = own
    citizen.open(f"/ho-so/{ID}/{page}")
    gateway.bus.answers |= {
        "get_application": own | {"status": 7, "allowed_actions": []},
        command: not_in_this_status(transition, Status.WITHDRAWN),
    }
    citizen.send(score="satisfied", comment="Nhanh", reason="Nhanh")
    assert citizen.answer.status_code == 409
    assert "Lúc này không làm được việc này: hồ sơ đang ở bước “" in citizen.words
    assert "thao tác" not in citizen.words.lower()
    assert "Những gì bạn đã nhập vẫn còn dưới đây" in citizen.words
    (box,) = citizen.page.xpath("//main//textarea")
    assert box.text.strip() == "Nhanh"
    assert citizen.page.xpath("//main//form//button") == []


def test_a_payment_that_is_overtaken_is_begun_by_pressing_again(gateway: GatewayInHand, citizen: Reader) -> None:
    gateway.bus.answers["get_application"] = {
        **ROW, "payment": OWED, "allowed_actions": ["start_payment"], "version": 7
    }  # fmt: skip
    citizen.open(f"/ho-so/{ID}/nop-phi")
    overtake(gateway, "start_payment")
    assert citizen.send().answer.status_code == 412
    assert "Hồ sơ đã thay đổi" in citizen.words
    gateway.bus.answers["start_payment"] = {"pay_url": "https://a.vn/1", "expires_at": "2026-10-05T02:15:00+00:00"}
    assert citizen.send().answer.status_code == 200
    assert asked(gateway, "start_payment")[-1]["_version"] == 9


def test_a_withdrawal_reads_so_once_it_was_agreed_to(gateway: GatewayInHand, citizen: Reader) -> None:
    for withdrawn, turn, title in ((False, "agency", "Xin rút hồ sơ"), (True, "nobody", "Đã rút hồ sơ")):
        row = ROW | {"status": 7, "withdrawn": withdrawn}
        gateway.bus.answers |= {
            "list_applications": lambda asked, row=row: {"items": [] if asked["turn"] else [row], "next": None},
            "follow_application": {**row, "agency_name": "Phường", "whose_turn": turn, "timeline": [], "step_name": ""},
        }
        for place, mark in (("/ho-so", "tc-state"), (f"/tra-cuu/{ROW['code']}", "tc-standing__what")):
            citizen.open(place)
            shown = citizen.page.xpath(f"//main//*[contains(@class, '{mark}')]/text()")
            assert shown[:1] == [title]


def test_a_draft_is_thrown_away(gateway: GatewayInHand, citizen: Reader) -> None:
    gateway.bus.answers["delete_draft"] = {}
    citizen.open("/ho-so")
    answer = citizen.client.post(f"/nhap/{ID}/bo", data={"form_token": citizen.proof})
    assert answer.location == "/ho-so"
    (sent,) = asked(gateway, "delete_draft")
    assert sent["draft"] == ID


def test_procedures_are_searched_by_life_event_field_and_agency(gateway: GatewayInHand, reader: Reader) -> None:
    wanted = {"q": "khai sinh", "life_event": "sinh_con", "sector": "ho_tich", "agency": "H13.30.01"}
    agency = {"code": "H13.30.01", "name": "UBND phường Ninh Kiều", "active": True, "province": "H13", "reception": "Q"}
    gateway.bus.answers |= {
        "list_procedures": {"items": [], "next": None},
        "list_agencies": lambda request: (  # more than are given at once
            {"items": [agency], "next": None} if request["cursor"] else {"items": [], "next": "H13.30"}
        ),
    }
    reader.open("/thu-tuc", query_string=wanted)
    assert wanted.items() <= asked(gateway, "list_procedures")[-1].items()
    assert reader.page.xpath("//select[@name='agency']/option[@selected]/@value") == ["H13.30.01"]
    assert reader.page.xpath("//select[@name='life_event']/option[@selected]/@value") == ["sinh_con"]


def test_what_no_procedure_has_in_all_words_leads_to_the_nearest_and_to_life_events(
    gateway: GatewayInHand, reader: Reader
) -> None:
    row = {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "name_en": "Birth", "time_limit": "", "fee_from": 0}
    gateway.bus.answers["list_agencies"] = {"items": [], "next": None}
    gateway.bus.answers["list_procedures"] = lambda asked: {"items": [row] if asked["nearest"] else [], "next": None}
    reader.open("/thu-tuc", query_string={"q": "khai sinhh"})
    assert "Không có thủ tục nào khớp mọi từ; gần nhất:" in reader.words
    assert reader.page.xpath("//a[@href='/thu-tuc/1.001193']")
    assert reader.page.xpath("//a[@href='/thu-tuc?life_event=sinh_con']")
    reader.open("/thu-tuc", query_string={"sector": "ho_tich"})
    assert "Không tìm thấy thủ tục nào" in reader.words
    assert reader.page.xpath("//a[@href='/thu-tuc?life_event=sinh_con']")


@pytest.fixture
def supplement(gateway: GatewayInHand, citizen: Reader) -> str:
    """A supplement whose paper was sent already, open at the citizen's: the file."""
    name = {"vi": "Ngày sinh của con", "en": "Birthday of the child"}
    question = {"key": "birthday", "name": name, "kind": "text"}
    wanted = {
        "reason": "Bản chụp mờ",
        "supply_by": "2026-10-09T02:00:00+00:00",
        "items": [{"component": "to_khai", "name": {"vi": "Tờ khai", "en": "Form"}, "requirement": "Chụp lại"}],
        "answers": [{"question": "birthday", "name": name, "requirement": "Ghi rõ"}],
    }
    gateway.bus.answers |= {
        "get_application": {**ROW, "status": 5, "version": 7, "supplements": [wanted], "answers": {"birthday": "1"}},
        "get_procedure": {"definition": {**DEFINITION_EXAMPLE, "questions": [question]}},
    }
    paper = BytesIO(make_paper("Tờ khai", "x")), "tờ khai.pdf", "application/pdf"
    citizen.open(f"/ho-so/{ID}/bo-sung").send(to=f"/ho-so/{ID}/bo-sung?gui=to_khai", to_khai=paper)
    (kept,) = citizen.page.xpath("//input[@name='giu']/@value")
    return str(kept)


def test_a_supplement_that_is_refused_keeps_what_was_typed_and_sent(
    gateway: GatewayInHand, citizen: Reader, supplement: str
) -> None:
    wrong = [field_error("answers.birthday", "wordless")]
    gateway.bus.answers["supply_supplement"] = Invalid("request_invalid", fields=wrong)
    citizen.send(birthday="...", note="Gửi lại")
    assert citizen.answer.status_code == 422
    assert citizen.page.xpath("//a[@href='#birthday']")
    typed = dict(citizen.forms[-1].form_values())
    assert (typed["birthday"], typed["note"], typed["giu"]) == ("...", "Gửi lại", supplement)


@pytest.mark.parametrize("status", [5, 4])
def test_a_supplement_that_is_overtaken_keeps_what_was_typed_and_sent(
    gateway: GatewayInHand, citizen: Reader, supplement: str, status: int
) -> None:
    overtake(gateway, "supply_supplement", status=status)
    citizen.send(birthday="1/11/2026", note="Gửi lại")
    assert citizen.answer.status_code == 412
    assert "Hồ sơ đã thay đổi" in citizen.words
    typed = dict(citizen.forms[-1].form_values())
    kept = (typed["birthday"], typed["note"], typed["giu"], typed["version"])
    assert kept == ("1/11/2026", "Gửi lại", supplement, "9")
    assert ("không còn làm được" in citizen.words) == (status == 4)


def test_a_supplement_that_is_sent_twice_is_supplied_once(
    gateway: GatewayInHand, citizen: Reader, supplement: str
) -> None:
    gateway.bus.answers["supply_supplement"] = {}
    form = dict(citizen.forms[-1].form_values()) | {"birthday": "1/11/2026"}
    for status in (5, 1):  # the first one went through, and the application with it
        gateway.bus.answers["get_application"] |= {"status": status}
        assert citizen.client.post(f"/ho-so/{ID}/bo-sung", data=form).status_code == 303
    first, second = asked(gateway, "supply_supplement")
    assert first == second
