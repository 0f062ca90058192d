"""Pages of conferences: what is free is seen, clashes are explained, commands are for what was seen."""

from datetime import datetime
from typing import Any

import pytest

from shared.errors import Conflict, Stale
from shared.working_time import VIETNAM
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import ID, INCIDENT, MEETING, TAKEN, asked, everything

KEPT = "Những gì bạn đã nhập vẫn còn dưới đây"


@pytest.fixture
def halls(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= everything()
    return gateway


def test_the_own_network_comes_first_and_filters_reach_the_service(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-hac-thanh").open("/hop?state=approved&at_risk=true")
    sent = asked(halls, "list_meetings")
    assert (sent["network"], sent["state"], sent["at_risk"]) == ("thanh-hoa", "approved", True)
    assert "08:00 – 10:00" in reader.words
    assert "Có rủi ro" in reader.words


HOURS = ["06:30–07:00", "10:15–14:00", "14:30–21:00"]


@pytest.mark.parametrize(
    ("hour", "free"),
    [
        (datetime(2026, 12, 6, 23, 59), HOURS),
        (datetime(2026, 12, 7, 6, 28), HOURS),
        (datetime(2026, 12, 7, 6, 31), HOURS[1:]),
        (datetime(2026, 12, 7, 11, 31), ["11:35–14:00", "14:30–21:00"]),
        (datetime(2026, 12, 7, 15, 0), ["15:00–21:00"]),
        (datetime(2026, 12, 7, 20, 31), ["Đã qua"]),
        (datetime(2026, 12, 8, 8, 0), ["Đã qua"]),
    ],
)
def test_hours_that_have_passed_are_not_offered(
    halls: GatewayInHand, reader: Reader, monkeypatch: pytest.MonkeyPatch, hour: datetime, free: list[str]
) -> None:
    monkeypatch.setattr("gateway.portal.conferences.now", lambda: hour.replace(tzinfo=VIETNAM))
    reader.sign_in("clerk-hac-thanh").open("/hop/lich?ngay=2026-12-07")
    (offered,) = reader.page.xpath("//tbody/tr[1]/td[3]")
    assert [one.text_content().partition(" Ph")[0] for one in offered] == free


def test_a_day_says_who_holds_what_and_what_is_free(
    halls: GatewayInHand, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.portal.conferences.now", lambda: datetime(2026, 12, 1, tzinfo=VIETNAM))
    reader.sign_in("clerk-hac-thanh").open("/hop/lich?ngay=2026-12-07")
    assert asked(halls, "read_network_day")["day"] == "2026-12-07"
    first, second = (" ".join(row.text_content().split()) for row in reader.page.xpath("//tbody/tr"))
    assert "07:00–10:15 Giao ban tháng 12" in first
    assert "14:00–14:30 Cuộc họp của UBND phường Hạc Thành" in first
    assert [str(link) for link in reader.page.xpath("//tbody/tr[1]/td[3]/a/@href")] == [
        "/hop/dat?mang=thanh-hoa&diem=th-05&ngay=2026-12-07&gio=06:30",
        "/hop/dat?mang=thanh-hoa&diem=th-05&ngay=2026-12-07&gio=10:15",
        "/hop/dat?mang=thanh-hoa&diem=th-05&ngay=2026-12-07&gio=14:30",
    ]
    assert "Đang hỏng" in second
    assert not reader.page.xpath("//tbody/tr[2]/td[3]/a")


def test_a_week_of_one_endpoint_begins_on_monday(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-hac-thanh").open("/hop/lich?ngay=2026-12-09&diem=th-05")
    days = [one.request["day"] for one in halls.bus.asked if one.method == "read_network_day"]
    assert days == [f"2026-12-{day:02}" for day in range(7, 14)]
    assert reader.client.get("/hop/lich?diem=th-99").status_code == 404
    assert reader.client.get("/hop/lich?mang=nowhere").status_code == 404


def test_only_what_is_allowed_is_offered_and_goes_to_the_version_seen(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}")
    assert "Phường Sầm Sơn: Mất điện" in reader.words
    offered = {str(link) for link in reader.page.xpath("//div[contains(@class,'tc-actions')]//a/@href")}
    assert offered == {f"/hop/cuoc/{ID}/approve_meeting"}
    assert reader.client.get(f"/hop/cuoc/{ID}/cancel_meeting").status_code == 404
    reader.open(f"/hop/cuoc/{ID}/approve_meeting").send(note="Đồng ý")
    sent = asked(halls, "approve_meeting")
    assert (sent["_version"], sent["rank"], sent["note"], sent["meeting"]) == (3, "department", "Đồng ý", ID)


def test_a_session_is_run_from_its_board(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("technician-thanh-hoa").open(f"/hop/cuoc/{ID}/buoi/1")
    assert "Muộn 2 phút" in reader.words
    assert "30 phút trước giờ họp: thiếu" in reader.words
    assert "5, 3, 2" in reader.words
    assert "8%" in reader.words
    forms = {form.action.rpartition("/buoi/1/")[2]: number for number, form in enumerate(reader.forms)}
    reader.send(forms["extend_session"], follow=False, minutes="30")
    assert (asked(halls, "extend_session")["minutes"], asked(halls, "extend_session")["_version"]) == (30, 3)
    reader.open(f"/hop/cuoc/{ID}/buoi/1").send(forms["kich-ban/next"], follow=False)
    assert (asked(halls, "move_pointer")["action"], asked(halls, "move_pointer")["_version"]) == ("next", 9)
    boxes = [form for form in reader.open(f"/hop/cuoc/{ID}/buoi/1").forms if "/diem-cau/" in form.action]
    assert {form.action.rpartition("/")[2] for form in boxes} == {"th-06"}, "no button that would be refused"
    wanted = {dict(form.form_values())["kiem"]: dict(form.form_values())["co"] for form in boxes}
    assert wanted == {"technician": "0", **dict.fromkeys(("connected", "picture", "sound", "content"), "1")}
    assert reader.client.get(f"/hop/cuoc/{ID}/buoi/2").status_code == 404


def test_whoever_is_overtaken_in_a_meeting_goes_on_from_the_newest_board(halls: GatewayInHand, reader: Reader) -> None:
    def judge(request: dict[str, Any]) -> Any:
        if request["_version"] != 10:
            raise Stale("version_stale", version=10)
        return {"version": 11}

    reader.sign_in("technician-thanh-hoa").open(f"/hop/cuoc/{ID}/buoi/1")
    forms = {form.action.rpartition("/buoi/1/")[2]: number for number, form in enumerate(reader.forms)}
    pointer = everything()["read_pointer"]
    halls.bus.answers |= {"move_pointer": judge, "read_pointer": pointer | {"version": 10}}
    reader.send(forms["kich-ban/next"])
    assert reader.answer.status_code == 412
    assert "Người khác vừa bấm trước bạn" in reader.page.xpath("string(//*[@class='tc-company'])")
    assert pointer["current"]["what"] in reader.words
    assert reader.page.xpath(f"//a[@hreflang='en'][contains(@href, 'tiep=/hop/cuoc/{ID}/buoi/1')]"), "a page with GET"
    reader.send(forms["kich-ban/next"], follow=False)
    assert reader.answer.status_code == 303


def test_what_a_meeting_does_not_allow_now_is_told_on_its_board(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("technician-thanh-hoa").open(f"/hop/cuoc/{ID}/buoi/1")
    forms = {form.action.rpartition("/buoi/1/")[2]: number for number, form in enumerate(reader.forms)}
    halls.bus.answers["move_pointer"] = Conflict("script_over")
    reader.send(forms["kich-ban/next"])
    assert reader.answer.status_code == 409
    assert reader.page.xpath("//*[@id='board']")
    assert "Kịch bản đã hết" in reader.page.xpath("string(//*[@class='tc-company'])")


def test_a_session_ends_after_one_question_and_says_how_long_it_was(halls: GatewayInHand, reader: Reader) -> None:
    board = f"/hop/cuoc/{ID}/buoi/1"
    reader.sign_in("technician-thanh-hoa").open(board)
    assert not [form for form in reader.forms if form.action.endswith(("/end_session", "/ket-thuc"))]
    assert reader.client.post(f"{board}/end_session", data={"form_token": reader.proof}).status_code == 404
    reader.open(str(reader.page.xpath("//a[@id='end']/@href")[0]))
    assert "Mọi điểm cầu thôi giữ chỗ" in reader.words
    reader.send(follow=False)
    assert asked(halls, "end_session")["_version"] == 3
    ended = MEETING["all_sessions"][0] | {"state": "ended", "end": "2026-12-07T02:15:00Z"}
    halls.bus.answers["read_meeting"] = MEETING | {"all_sessions": [ended]}
    reader.open(board)
    assert "Buổi họp đã kết thúc, tính đến 09:15: 75 phút." in reader.words
    assert "Muộn" not in reader.words
    assert not reader.page.xpath("//*[@aria-current='step']")
    assert reader.client.get(f"{board}/ket-thuc").status_code == 404


def test_a_failure_is_closed_with_what_is_left_to_do(halls: GatewayInHand, reader: Reader) -> None:
    incident = INCIDENT["id"]
    reader.sign_in("technician-thanh-hoa").open(f"/hop/su-co/{incident}/close_incident")
    reader.send(cause="Đứt cáp", action="Chuyển đường", left="Kiểm tra tuyến cáp")
    sent = asked(halls, "close_incident")
    assert [(one["what"], one["due"]) for one in sent["follow_ups"]] == [("Kiểm tra tuyến cáp", None)]
    assert sent["_version"] == 5


def test_a_room_keeps_what_others_may_not_know(halls: GatewayInHand, reader: Reader) -> None:
    words = reader.sign_in("technician-thanh-hoa").open("/hop/phong/th-05").words
    assert "Phường Hạc Thành" in words
    assert reader.sign_in("citizen-an").client.get("/hop/phong/th-05").status_code == 403
    assert not reader.open("/").page.xpath("//a[starts-with(@href,'/hop')]")


def test_the_worst_lines_come_first_over_all_pages(halls: GatewayInHand, reader: Reader) -> None:
    moment = "2026-12-07T01:00:00Z"
    last = {"loss_percent": 0.0, "rtt_ms": 1.0}
    lines = [
        {"endpoint": f"e-{one}", "line": "primary", "band": "green" if one < 209 else "red", "since": moment,
         "measured_at": moment, "last": last}
        for one in range(210)
    ]  # fmt: skip
    first, rest = {"items": lines[:200], "next": "e-199"}, {"items": lines[200:], "next": None}
    halls.bus.answers["list_lines"] = lambda asked: rest if asked.get("cursor") else first
    reader.sign_in("technician-thanh-hoa").open("/hop/duong-truyen?mang=thanh-hoa")
    assert "e-209" in str(reader.page.xpath("string(//tbody/tr[1])"))
    assert len(reader.page.xpath("//tbody/tr")) == 50
    reader.open(str(reader.page.xpath("//a[@rel='next']/@href")[0]))
    assert "tu=50" in str(reader.page.xpath("//div[@id='found']/@hx-get")[0]), "what renews itself stays where it is"


@pytest.mark.parametrize("version", ["", "x", "2", "9" * 5000])
@pytest.mark.parametrize(
    ("who", "place", "command", "said", "back"),
    [
        ("head-van-phong-thanh-hoa", f"/hop/cuoc/{ID}/approve_meeting", "approve_meeting",
         ("Cuộc họp đã thay đổi", "Nay là: Chờ duyệt", KEPT), f"/hop/cuoc/{ID}"),
        ("technician-thanh-hoa", f"/hop/cuoc/{ID}/buoi/1/extend_session", "extend_session",
         ("Người khác vừa bấm trước bạn", "hãy bấm lại"), f"/hop/cuoc/{ID}"),
        ("technician-thanh-hoa", f"/hop/su-co/{INCIDENT['id']}/close_incident", "close_incident",
         ("Sự cố đã thay đổi", "Đứt cáp", KEPT), f"/hop/su-co/{INCIDENT['id']}"),
    ],
)  # fmt: skip
def test_what_was_seen_too_long_ago_is_told_in_words(
    halls: GatewayInHand, reader: Reader, version: str, who: str, place: str, command: str, said: Any, back: str
) -> None:
    def judge(request: dict[str, Any]) -> Any:
        assert request["_version"] != 3
        raise Stale("version_stale", version=3)

    halls.bus.answers[command] = judge
    token = reader.sign_in(who).open("/hop").proof
    typed = {"rank": "department", "minutes": "30", "cause": "Đứt cáp", "action": "Nối", "version": version}
    answer = reader.client.post(place, data={**typed, "form_token": token})
    assert answer.status_code == 412
    assert [one for one in said if one not in answer.text] == []
    assert f'href="{back}"' in answer.text


def test_an_action_that_was_overtaken_goes_over_what_is_there_now(halls: GatewayInHand, reader: Reader) -> None:
    def judge(request: dict[str, Any]) -> Any:
        if request["_version"] != 4:
            raise Stale("version_stale", version=4)
        return {"id": ID, "version": 5}

    halls.bus.answers["approve_meeting"] = judge
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}/approve_meeting")
    halls.bus.answers["read_meeting"] = MEETING | {"version": 4}
    reader.send(note="Đồng ý")
    assert reader.answer.status_code == 412
    reader.send(follow=False)
    assert asked(halls, "approve_meeting")["note"] == "Đồng ý"
    assert reader.answer.location == f"/hop/cuoc/{ID}"


def test_where_no_time_can_be_chosen_none_is_offered(halls: GatewayInHand, reader: Reader) -> None:
    halls.bus.answers["approve_meeting"] = Conflict("resources_taken_free_then", count=1, starts=[], **TAKEN)
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}/approve_meeting").send()
    assert "Phường Sầm Sơn đang được giữ cho" in reader.words
    assert "Giờ trống gần nhất" not in reader.words
    assert "Không có giờ trống" not in reader.words


def test_what_may_not_be_done_any_more_keeps_what_was_typed(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}/approve_meeting")
    halls.bus.answers["read_meeting"] = MEETING | {"version": 4, "state": "cancelled", "actions": []}
    halls.bus.answers["approve_meeting"] = Conflict("action_not_allowed", action="approve_meeting", state="cancelled")
    reader.send(note="Đồng ý, bố trí trực")
    assert reader.answer.status_code == 409
    assert "Đồng ý, bố trí trực" in reader.answer.text
    assert not reader.page.xpath("//main//button[@type='submit']")
