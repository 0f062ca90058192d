"""The desk: filters reach the service, only what is allowed is offered, commands are for the version that was seen."""

from typing import Any

import pytest

from gateway.portal.buttons import buttons_of
from gateway.portal.case_actions import ACTIONS
from services.one_stop_shop.domain.guards import not_in_this_status
from services.one_stop_shop.domain.statuses import Status
from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from shared.errors import Conflict, Invalid, NotFound, Stale, Unavailable, field_error
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import CASE, CHANGES, ID, OTHERS, OWNER, PAPER, ROW, asked


def test_queues_show_their_counts_and_filters_stand_in_the_address(gateway: GatewayInHand, officer: Reader) -> None:
    assert officer.path == "/ban-lam-viec"
    officer.open("/ban-lam-viec?status=1&assignee=me&due=overdue&q=an")
    assert "4 Mới nộp" in officer.words
    assert "1 Quá hạn" in officer.words
    wanted = asked(gateway, "list_applications")[-1]
    assert (wanted["status"], wanted["assignee"], wanted["due"], wanted["q"]) == (1, "me", "overdue", "an")
    (further,) = officer.page.xpath("//a[contains(., 'Trang tiếp theo')]/@href")
    officer.open(str(further))
    again = asked(gateway, "list_applications")[-1]
    assert again["cursor"] == ["x", ID]
    assert again["q"] == "an"


@pytest.mark.parametrize(
    ("filters", "status", "closed"),
    [
        ("", None, False),
        ("procedure=2.000908", None, False),
        ("status=closed", None, True),
        ("status=all", None, None),
        ("status=3", 3, None),
        ("q=an", None, None),
        ("q=an&status=closed", None, True),
    ],
)
def test_the_desk_is_of_what_is_open_unless_more_is_asked_for(
    gateway: GatewayInHand, officer: Reader, filters: str, status: int | None, closed: bool | None
) -> None:
    officer.open(f"/ban-lam-viec?{filters}")
    wanted = asked(gateway, "list_applications")[-1]
    assert (wanted["status"], wanted["closed"]) == (status, closed)
    chosen = officer.page.xpath("//select[@id='status']/option[@selected]/@value")
    assert [one for one in chosen if one] == [one.partition("=")[2] for one in filters.split("&") if "status" in one]
    assert ("mới xong trước" in officer.words) == (filters == "status=closed")


def test_the_history_says_who_did_what(gateway: GatewayInHand, officer: Reader) -> None:
    done = {"seq": 2, "type": "application_received.v1", "at": "2026-10-05T02:00:00+00:00", "reason": "", "data": {}}
    received = done | {"actor": {"sub": "x", "role": "reception_officer"}, "officer": "Phạm Thu Hà"}
    sent = done | {"seq": 1, "type": "application_submitted.v1", "actor": {"sub": "y", "role": "citizen"}}
    gateway.bus.answers["get_history"] = {"items": [sent, received], "next": None}
    assert "Phạm Thu Hà, Cán bộ tiếp nhận" in officer.open(CASE).words
    assert "Người nộp" in officer.words


@pytest.mark.parametrize("several", [True, False])
def test_officer_and_citizen_read_which_case_was_chosen(gateway: GatewayInHand, officer: Reader, several: bool) -> None:
    names = {"standard": "Đăng ký đúng hạn", "overdue": "Đăng ký quá hạn"}
    cases = [{"key": key, "name": {"vi": name, "en": key}} for key, name in names.items()]
    definition = {**DEFINITION_EXAMPLE, "cases": cases if several else cases[1:]}
    citizen = Reader(gateway.app).sign_in("citizen-an")
    followed = {"agency_name": "Phường", "whose_turn": "agency"}
    gateway.bus.answers |= {"get_procedure": {"definition": definition}, "follow_application": followed}
    gateway.bus.answers["get_application"]["case"] = "overdue"
    for reader, address in ((officer, CASE), (citizen, f"/ho-so/{ID}")):
        shown = reader.open(address).page.xpath("//dt[. = 'Trường hợp']/following-sibling::dd/text()")
        assert shown == (["Đăng ký quá hạn"] if several else [])


def test_officers_read_how_to_reach_whoever_applies_for_another(gateway: GatewayInHand, officer: Reader) -> None:
    other = {**OWNER, "name": "Trần Thị Bình", "phone": "0912345678", "email": "binh@example.vn"}
    gateway.bus.answers["get_application"]["submitter"] = other
    officer.open(CASE)
    told = "".join(officer.page.xpath("//dt[. = 'Người nộp thay']/following-sibling::dd//text()"))
    assert all(way in told for way in ("Trần Thị Bình", "0912345678", "binh@example.vn", OWNER["address"]["line"]))


def test_documents_lie_beside_the_decision(gateway: GatewayInHand, officer: Reader) -> None:
    def paper(number: str, kind: str) -> dict[str, Any]:
        return {"name": f"Giấy {number}", "attachment": number, "file": {"name": "x", "size": 1, "type": kind}}

    papers = [paper("1", "application/pdf"), paper("2", "application/zip"), {**paper("3", ""), "file": None}]
    gateway.bus.answers["get_application"]["components"] = papers
    officer.open(f"{CASE}/receive")
    (shown,) = officer.page.xpath("//a[@target=//iframe/@name]/@href")
    assert shown == f"/ho-so/{ID}/tep/1?xem"
    assert officer.page.xpath("//iframe/@src") == [shown]
    assert "frame-src 'self'" in officer.answer.headers["Content-Security-Policy"]


def test_files_of_an_application_open_in_the_browser_and_can_be_taken_down(
    gateway: GatewayInHand, officer: Reader
) -> None:
    file = {"name": "đơn.pdf", "size": 2048, "type": "application/pdf"}
    form = {"id": "1", "form": 1, "title": "Giấy tiếp nhận", "issued_at": "2026-10-05T02:00:00+00:00"}
    gateway.bus.answers["get_application"] |= {
        "components": [{"name": "Đơn", "attachment": "1", "file": file}],
        "forms": [form],
    }
    links = officer.open(CASE).page.xpath(f"//main//a[starts-with(@href, '/ho-so/{ID}')]")
    assert [(one.get("href").removeprefix(f"/ho-so/{ID}"), one.text_content()) for one in links] == [
        ("/tep/1?xem", "đơn.pdf"),
        ("/tep/1", "Tải về đơn.pdf"),
        ("/bieu-mau/1?xem", "Giấy tiếp nhận"),
        ("/bieu-mau/1", "Tải về Giấy tiếp nhận"),
    ]


def test_only_what_is_allowed_is_offered(officer: Reader) -> None:
    links = officer.open(CASE).page.xpath("//a[contains(@class, 'govuk-button')]/@href")
    assert links == [f"{CASE}/receive", f"{CASE}/refuse"]
    assert officer.open(f"{CASE}/receive").answer.status_code == 200
    for action in ("rate", "made_up"):
        assert officer.open(f"{CASE}/{action}").answer.status_code == 404


def test_what_cannot_be_done_any_more_says_so_and_leads_back(officer: Reader) -> None:
    """A page that was left open still offers it, though a colleague did it meanwhile."""
    assert officer.open(f"{CASE}/finish").answer.status_code == 404
    assert "Việc này không làm được lúc này" in officer.words
    assert "gõ sai" not in officer.words
    assert officer.page.xpath(f"//main//a[@href='{CASE}']")


def test_what_somebody_else_did_already_says_who_and_when(gateway: GatewayInHand, officer: Reader) -> None:
    entry = {"seq": 1, "reason": "", "data": {}, "officer": None}
    gateway.bus.answers["get_application"] |= {"status": 2, "allowed_actions": []}
    gateway.bus.answers["get_history"] = {
        "items": [
            entry | {"type": kind, "at": f"2026-10-05T0{hour}:00:00+00:00", "actor": {"role": role}, "officer": name}
            for hour, (kind, role, name) in enumerate(
                (
                    ("application_submitted.v1", "citizen", None),
                    ("supplement_requested.v1", "reception_officer", "Lý Bảy"),
                    ("supplement_supplied.v1", "citizen", None),
                    ("application_received.v1", "reception_officer", "Phạm Thu Hà"),
                    ("application_synchronised.v1", "agency_system", None),
                )
            )
        ],
        "next": None,
    }
    words = officer.open(f"{CASE}/receive").words
    assert officer.answer.status_code == 404
    assert "Tiếp nhận" in officer.page.xpath("//main//*[@class='govuk-caption-l']")[0].text_content()
    assert "Nay là: Đã được tiếp nhận" in words
    told = [" ".join(one.text_content().split()) for one in officer.page.xpath("//main//ol/li")]
    assert [one.partition(" ngày")[0] for one in told] == [
        "Cơ quan tiếp nhận hồ sơ Phạm Thu Hà, Cán bộ tiếp nhận 10:00",
        "Hồ sơ được bổ sung Người nộp 09:00",
        "Cơ quan yêu cầu bổ sung Lý Bảy, Cán bộ tiếp nhận 08:00",
    ]


def test_a_command_is_for_the_version_seen_and_the_same_form_is_the_same_command(
    gateway: GatewayInHand, officer: Reader
) -> None:
    officer.open(f"{CASE}/receive")
    form = officer.forms[-1]
    for _ in range(2):
        answer = officer.client.post(form.action, data=dict(form.form_values()) | {"note": "Đủ"})
        assert answer.location == CASE
    first, second = asked(gateway, "receive_application")
    assert first == second
    assert first["_version"] == 7
    assert first["note"] == "Đủ"
    officer.open(f"{CASE}/receive")
    officer.send(note="Đủ")
    assert asked(gateway, "receive_application")[-1]["_command"]["key"] != first["_command"]["key"]


def test_what_is_missing_is_said_before_anybody_is_asked(gateway: GatewayInHand, officer: Reader) -> None:
    officer.open(f"{CASE}/refuse").send(guidance="Nộp nơi cư trú")
    assert officer.answer.status_code == 422
    assert "Lý do: Chưa nhập mục này." in officer.words
    assert dict(officer.forms[-1].form_values())["guidance"] == "Nộp nơi cư trú"
    assert asked(gateway, "refuse_application") == []


def test_what_the_service_refuses_stands_at_its_field(gateway: GatewayInHand, officer: Reader) -> None:
    gateway.bus.answers["refuse_application"] = Invalid("request_invalid", fields=[field_error("reason", "wordless")])
    officer.open(f"{CASE}/refuse").send(reason="...")
    assert officer.answer.status_code == 422
    assert officer.page.xpath("//a[@href='#reason']")
    assert "Cần viết bằng chữ hoặc số" in officer.words


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in_again(
    gateway: GatewayInHand, officer: Reader
) -> None:
    gateway.bus.answers["refuse_application"] = {}
    ours = {"Sec-Fetch-Site": "same-origin"}
    form = officer.open(f"{CASE}/refuse").forms[-1]
    typed = dict(form.form_values()) | {"reason": "Không thuộc thẩm quyền", "guidance": "Nộp nơi cư trú"}
    officer.client.delete_cookie("phien")
    officer.answer = officer.client.post(form.action, data=typed, headers=ours)
    assert officer.answer.status_code == 403
    assert "Những gì bạn đã nhập vẫn còn" in officer.words
    waiting = officer.forms[-1]
    officer.sign_in("reception-ninh-kieu")
    officer.answer = officer.client.post(waiting.action, data=dict(waiting.form_values()), headers=ours)
    assert asked(gateway, "refuse_application") == [], "not before the reader has said so"
    waiting = officer.forms[-1]
    answer = officer.client.post(waiting.action, data=dict(waiting.form_values()), headers=ours)
    assert answer.location == CASE
    (sent,) = asked(gateway, "refuse_application")
    assert (sent["reason"], sent["guidance"]) == ("Không thuộc thẩm quyền", "Nộp nơi cư trú")
    assert sent["_command"]["key"].endswith(typed["key"]) or typed["key"] in sent["_command"]["key"]


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_nothing_is_held_for_a_form_that_may_be_of_another_site(officer: Reader, headers: dict[str, str]) -> None:
    words = {"reason": "Lời của người khác", "form_token": "00" * 64}
    answer = officer.client.post(f"{CASE}/refuse", data=words, headers=headers)
    assert (answer.status_code, "Lời của người khác" in answer.text) == (403, False)
    officer.client.delete_cookie("phien")
    assert officer.client.post(f"{CASE}/refuse", data=words, headers=headers).status_code == 303


def test_from_an_application_one_goes_back_to_the_list_as_it_was(officer: Reader) -> None:
    """But not to what was searched for, which names a person, nor to a page of that."""
    back = "//a[@class='govuk-back-link']/@href"
    assert officer.open(CASE).page.xpath(back) == ["/ban-lam-viec"]
    (further,) = officer.open("/ban-lam-viec?status=1&due=near").page.xpath("//a[contains(@href,'cursor=')]/@href")
    officer.open(further)
    assert officer.open(CASE).page.xpath(back) == [further]
    (further,) = officer.open("/ban-lam-viec?q=An&status=4").page.xpath("//a[contains(@href,'cursor=')]/@href")
    for searched in ("/ban-lam-viec?q=An&status=4", further):
        officer.open(searched)
        assert officer.open(CASE).page.xpath(back) == ["/ban-lam-viec?status=4"]
    officer.client.set_cookie("danh-sach", "status=4&evil=1", path="/ban-lam-viec")
    assert officer.open(CASE).page.xpath(back) == ["/ban-lam-viec?status=4"]


def test_after_deciding_on_an_application_the_next_of_the_list_is_at_hand(
    gateway: GatewayInHand, officer: Reader
) -> None:
    further = "//a[text()='Hồ sơ tiếp theo trong danh sách']/@href"
    rows = [ROW, {**ROW, "id": "1" * 32}, {**ROW, "id": "2" * 32}]
    gateway.bus.answers["list_applications"] = {"items": rows, "next": None}
    assert officer.open(CASE).page.xpath(further) == [], "no list was seen"
    officer.open("/ban-lam-viec?status=1").open(f"{CASE}/receive").send()
    assert officer.path == CASE
    assert officer.page.xpath(further) == [f"/ban-lam-viec/{'1' * 32}"]
    assert officer.open(f"/ban-lam-viec/{'2' * 32}").page.xpath(further) == [], "it was the last"
    officer.client.set_cookie("danh-sach", f"hang={ID}.x%2F..", path="/ban-lam-viec")
    assert officer.open(CASE).page.xpath(further) == []


def test_the_tiles_follow_the_filters_with_the_list(officer: Reader) -> None:
    (form,) = officer.open("/ban-lam-viec").page.xpath("//form[@hx-get]")
    assert form.get("hx-select-oob") == "#queues"
    assert officer.page.xpath("//*[@id='queues']//a[@aria-current]") == []
    chosen = officer.open("/ban-lam-viec?q=&status=&assignee=&due=overdue").page
    assert [one.get("href") for one in chosen.xpath("//*[@id='queues']//a[@aria-current]")] == [
        "/ban-lam-viec?due=overdue"
    ]


def test_citizens_have_no_desk(gateway: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("citizen-an")
    assert reader.client.get("/ban-lam-viec").status_code == 403


def test_who_else_has_a_case_open_is_told_and_the_page_asks_again_for_the_version_it_shows(
    gateway: GatewayInHand, officer: Reader
) -> None:
    gateway.bus.answers["note_presence"] = {"others": OTHERS, "changes": []}
    for path in (CASE, f"{CASE}/receive"):
        officer.open(path)
        assert "Nguyễn Văn Bảy đang mở hồ sơ này (từ 14:05)." in officer.words
        assert officer.page.xpath("//*[@id='company']/@hx-get") == [f"{CASE}?ban=7"]
    officer.client.get("/ngon-ngu?ngon_ngu=en&tiep=/")
    assert officer.open(CASE).page.xpath("//*[@id='company']//*[@lang='vi']/text()") == ["Nguyễn Văn Bảy"]
    officer.client.get("/ngon-ngu?ngon_ngu=vi&tiep=/")
    gateway.bus.answers["note_presence"] = {"others": [], "changes": CHANGES}
    officer.open(f"{CASE}?ban=5")
    assert asked(gateway, "note_presence")[-1]["version"] == 5
    assert "Lý Bảy: Cơ quan yêu cầu nộp phí, lệ phí (14:06 ngày 05/10/2026)" in officer.words
    assert "Người nộp: Người nộp xin rút hồ sơ" in officer.words


@pytest.mark.parametrize("still", [True, False])
def test_who_was_overtaken_reads_by_whom_and_keeps_what_was_typed(
    gateway: GatewayInHand, officer: Reader, still: bool
) -> None:
    officer.open(f"{CASE}/refuse")
    now = gateway.bus.answers["get_application"] | {"version": 9, "allowed_actions": ["refuse"] if still else []}
    gateway.bus.answers |= {
        "refuse_application": Stale("version_stale", version=9),
        "get_application": now,
        "list_assignees": {"officers": [{"account": "cuong", "name": "Lê Văn Cường", "roles": ["specialist"]}]},
        "note_presence": {"others": [], "changes": CHANGES},
    }
    officer.send(reason="Không thuộc thẩm quyền")
    assert officer.answer.status_code == 412
    assert asked(gateway, "note_presence")[-1]["version"] == 7
    assert "Lý Bảy: Cơ quan yêu cầu nộp phí, lệ phí" in officer.words
    (box,) = officer.page.xpath("//main//textarea[@name='reason']")
    assert str(box.text).strip() == "Không thuộc thẩm quyền"
    assert officer.page.xpath("//main//form//input[@name='version']/@value") == (["9"] if still else [])
    assert bool(officer.page.xpath("//main//form")) == still, "what can no longer be sent is no form"
    assert ("không còn làm được" in officer.words) == (not still)


@pytest.mark.parametrize("still", [True, False])
def test_what_the_state_refuses_is_told_beside_what_was_typed(
    gateway: GatewayInHand, officer: Reader, still: bool
) -> None:
    officer.open(f"{CASE}/refuse")
    gateway.bus.answers |= {
        "refuse_application": Conflict("extension_limit_reached", limit=1),
        "get_application": gateway.bus.answers["get_application"] | {"allowed_actions": ["refuse"] if still else []},
    }
    officer.send(reason="Không thuộc thẩm quyền")
    assert officer.answer.status_code == 409
    assert officer.page.xpath("//*[@class='govuk-error-summary']")
    (box,) = officer.page.xpath("//main//textarea[@name='reason']")
    assert str(box.text).strip() == "Không thuộc thẩm quyền"
    assert bool(officer.page.xpath("//main//form")) == still
    missing = officer.send(to=f"{CASE}/refuse", reason="")
    assert missing.answer.status_code == 422, "what is missing is told, whatever the state is"


def test_a_form_that_says_no_version_is_shown_again_as_overtaken(gateway: GatewayInHand, officer: Reader) -> None:
    gateway.bus.answers["refuse_application"] = Stale("version_stale", version=7)
    officer.open(f"{CASE}/refuse").send(reason="Không thuộc thẩm quyền", version="none")
    assert officer.answer.status_code == 412
    assert asked(gateway, "note_presence")[-1]["version"] == 7, "there is no version 0 to be present at"


def test_several_are_taken_at_once_and_what_became_of_each_is_told(gateway: GatewayInHand, officer: Reader) -> None:
    def first_only(request: dict[str, Any]) -> dict[str, Any]:
        if request["application"] != ID:
            raise Conflict("claimed_by_other", assignee="Lý")
        return {}

    rows = [ROW, {**ROW, "id": "1" * 32, "code": "H13.30.01-261005-0002", "version": 3}]
    gateway.bus.answers |= {
        "list_applications": {"items": rows, "next": None},
        "claim_application": first_only,
    }
    officer.open("/ban-lam-viec?status=1")
    values = officer.page.xpath("//input[@name='chon']/@value")
    assert officer.page.xpath("//select[@name='officer']") == []
    officer.send(viec="claim", chon=values)
    assert [(one["application"], one["_version"]) for one in asked(gateway, "claim_application")] == [
        (ID, 7),
        ("1" * 32, 3),
    ]
    lines = [" ".join(row.text_content().split()) for row in officer.page.xpath("//dl/div")]
    assert lines[0] == f"{ROW['code']} Đã nhận"
    assert lines[1].startswith("H13.30.01-261005-0002 Chưa làm được ")
    assert "Lý" in lines[1]


def test_who_decides_gives_several_to_somebody_of_the_list(gateway: GatewayInHand, officer: Reader) -> None:
    gateway.bus.answers["assign_application"] = {}
    officer.sign_in("head-ninh-kieu").open("/ban-lam-viec")
    assert "Lê Văn Cường, Chuyên viên" in officer.words
    (value,) = officer.page.xpath("//input[@name='chon']/@value")
    officer.send(viec="assign", chon=value)
    assert officer.answer.status_code == 422
    assert officer.page.xpath("//a[@href='#officer']")
    assert officer.page.xpath("//input[@name='chon']/@checked")
    officer.send(viec="assign", officer="cuong")
    (sent,) = asked(gateway, "assign_application")
    assert (sent["assignee"], sent["application"], sent["_version"]) == ("cuong", ID, 7)
    assert f"{ROW['code']} Đã giao" in officer.words
    officer.open("/ban-lam-viec").send(viec="claim")
    (advice,) = officer.page.xpath("//a[@href='#chon']")
    assert "đánh dấu ít nhất một hồ sơ trong danh sách" in advice.text_content()
    assert not officer.page.get_element_by_id("all").name, "of the tick for all nothing is sent"


def test_documents_about_an_application_are_linked_for_those_who_work_with_documents(
    gateway: GatewayInHand, officer: Reader
) -> None:
    gateway.bus.answers["list_documents"] = {"items": [PAPER], "next": None}
    officer.open(CASE)
    assert asked(gateway, "list_documents") == []
    officer.sign_in("head-ninh-kieu").open(CASE)
    (link,) = officer.page.xpath(f"//a[@href='/van-ban/di/{PAPER['id']}']")
    assert " ".join(link.getparent().text_content().split()) == (
        "V/v lấy ý kiếnCông văn 15/UBND-MC, 05/10/2026 Đã phát hành"
    )
    assert asked(gateway, "list_documents")[-1]["application"] == ID
    gateway.bus.answers["list_documents"] = Unavailable("service_away")
    officer.open(CASE)
    assert officer.answer.status_code == 200
    assert "Lúc này chưa xem được văn bản." in officer.words


def test_a_form_is_previewed_with_what_was_typed(gateway: GatewayInHand, officer: Reader) -> None:
    pdf = {"name": "ban-nhap-mau-03.pdf", "title": "Phiếu từ chối", "content": "JVBERi0xLjc="}
    gateway.bus.answers["preview_form"] = pdf
    officer.open(f"{CASE}/refuse")
    assert officer.page.xpath("//button[@name='xem' and @formtarget='_blank']")
    officer.send(reason="Không thuộc thẩm quyền", xem="truoc")
    assert officer.answer.data == b"%PDF-1.7"
    assert officer.answer.mimetype == "application/pdf"
    assert officer.answer.headers["Content-Disposition"].startswith('inline; filename="ban-nhap-mau-03.pdf"')
    (sent,) = asked(gateway, "preview_form")
    assert (sent["action"], sent["command"]["reason"]) == ("refuse", "Không thuộc thẩm quyền")
    assert asked(gateway, "refuse_application") == []
    wrong = [field_error("command.reason", "wordless")]
    for refusal, shown in ((Invalid("request_invalid", fields=wrong), "reason"), (NotFound("form_unknown"), "")):
        gateway.bus.answers["preview_form"] = refusal
        officer.open(f"{CASE}/refuse").send(reason="...", xem="truoc")
        assert officer.answer.status_code == 422
        assert bool(officer.page.xpath("//a[@href='#reason']")) == bool(shown)
        assert dict(officer.forms[-1].form_values())["reason"] == "..."


@pytest.mark.parametrize(
    ("offered", "likeliest"),
    [
        (["claim", "receive", "refuse", "correct"], "receive"),
        (["finish", "complete_step", "claim", "stop"], "claim"),
        (["finish", "complete_step", "release"], "complete_step"),
        (["correct", "refuse"], None),
    ],
)
def test_the_likeliest_step_alone_stands_out(gateway: GatewayInHand, offered: list[str], likeliest: str | None) -> None:
    with gateway.app.test_request_context("/"):
        buttons = buttons_of(ACTIONS, offered)
    assert {one["key"] for one in buttons} == set(offered)
    assert [one["key"] for one in buttons if one["first"]] == ([likeliest] if likeliest else [])
    assert [buttons.index(one) for one in buttons if one["first"]] in ([], [0])


def test_a_form_that_comes_back_is_still_of_the_version_that_was_seen(gateway: GatewayInHand, officer: Reader) -> None:
    officer.open(f"{CASE}/refuse")
    gateway.bus.answers["get_application"] = gateway.bus.answers["get_application"] | {"version": 9}
    officer.send(reason="")
    assert officer.answer.status_code == 422
    assert dict(officer.forms[-1].form_values())["version"] == "7", "what others did since is not gone over unseen"


def test_only_what_may_be_taken_or_given_can_be_ticked(gateway: GatewayInHand, officer: Reader) -> None:
    may = {6: (False, False), 1: (True, False), 3: (False, True), 9: (True, True)}
    rows = [
        ROW | {"id": str(status) * 32, "status": status, "claimable": claimable, "assignable": assignable}
        for status, (claimable, assignable) in may.items()
    ]
    gateway.bus.answers["list_applications"] = {"items": rows, "next": None}
    officer.open("/ban-lam-viec")
    boxes = officer.page.xpath("//input[@name='chon']")
    assert [one.get("value")[0] for one in boxes] == ["1", "3", "9"]
    assert boxes[0].get("id") == "chon"
    gateway.bus.answers["list_applications"] = {"items": [rows[0]], "next": None}
    assert not officer.open("/ban-lam-viec").page.xpath("//button[@name='viec'] | //input[@id='all']")


def test_a_refusal_calls_the_status_what_the_page_calls_it(gateway: GatewayInHand, officer: Reader) -> None:
    refusal = not_in_this_status("claim", Status.PAYMENT)
    gateway.bus.answers |= {"claim_application": refusal, "refuse_application": refusal}
    (value,) = officer.open("/ban-lam-viec").page.xpath("//input[@name='chon']/@value")
    officer.send(viec="claim", chon=value)
    assert "“Cần nộp phí, lệ phí”" in officer.words
    officer.open(f"{CASE}/refuse").send(reason="Không thuộc thẩm quyền")
    assert "“Cần nộp phí, lệ phí”" in officer.words
