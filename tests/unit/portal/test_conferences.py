"""Pages of conferences: what is free is seen, clashes are explained, commands are for what was seen."""

from typing import Any

import pytest

from shared.errors import Conflict, Stale
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader

ID = "0f8fad5bd9cb469fa16570867728950e"
NETWORK = {
    "key": "thanh-hoa",
    "name": {"vi": "Mạng Thanh Hóa", "en": "Network of Thanh Hoa"},
    "province": "H56",
    "opens": "06:30",
    "closes": "21:00",
    "ranks": [{"key": "department", "name": {"vi": "Họp của sở", "en": "Department"}, "preempts": False}],
}
OTHER = NETWORK | {"key": "can-tho", "province": "H13"}
PLACES = {"th-05": "Điểm cầu phường Hạc Thành", "th-06": "Điểm cầu phường Sầm Sơn"}
ENDPOINTS = [{"key": key, "name": {"vi": name, "en": name}, "network": "thanh-hoa"} for key, name in PLACES.items()]
BUSY = {
    "held_from": "2026-12-07T00:00:00Z",
    "held_until": "2026-12-07T03:15:00Z",
    "held_by": "meeting",
    "session": 1,
    "meeting": ID,
    "title": "Giao ban tháng 12",
    "state": "approved",
    "convener": "H56.30.01",
    "convener_name": {"vi": "UBND phường Hạc Thành", "en": "Hac Thanh"},
}
HIDDEN = BUSY | {
    "meeting": None,
    "title": None,
    "held_from": "2026-12-07T07:00:00Z",
    "held_until": "2026-12-07T07:30:00Z",
}
SESSION = {
    "number": 1,
    "start": "2026-12-07T01:00:00Z",
    "end": "2026-12-07T03:00:00Z",
    "held_from": BUSY["held_from"],
    "held_until": BUSY["held_until"],
    "state": "live",
}
MEETING: dict[str, Any] = {
    "id": ID,
    "network": "thanh-hoa",
    "title": "Giao ban tháng 12",
    "rank": "department",
    "state": "submitted",
    "convener_name": BUSY["convener_name"],
    "chair": "th-05",
    "endpoints": ["th-06"],
    "standby": [],
    "on_backup": [],
    "next_session": SESSION,
    "sessions": 1,
    "all_sessions": [SESSION],
    "at_risk": True,
    "risks": [{"kind": "endpoint", "endpoint": "th-06", "sessions": [1], "reason": "Mất điện"}],
    "letters": [],
    "contact": {"name": "Lê Thị Nga", "phone": "02373000005"},
    "resolution": "720p",
    "recording": True,
    "ports": 4,
    "note": "",
    "urgent_reason": "",
    "decision": None,
    "hold_until": None,
    "starts": "2026-12-07T08:00",
    "minutes": 120,
    "actions": [
        "approve_meeting",
        "start_session",
        "end_session",
        "extend_session",
        "move_pointer",
        "report_readiness",
    ],
    "version": 3,
}
ITEM = {"number": 1, "offset": 0, "minutes": 20, "what": "Báo cáo", "speaker": "", "on_screen": "th-05",
        "layout": "lecture", "audio": "all", "open": [], "content": "", "note": ""}  # fmt: skip
BOARD = {
    "connected": 1,
    "endpoints": [
        {
            "endpoint": "th-06",
            "checks": {
                "technician": "2026-12-07T00:30:00Z",
                "connected": None,
                "picture": None,
                "sound": None,
                "content": None,
            },
            "marks": [{"before": 30, "state": "missing"}],
            "rehearsal": None,
            "may_report": True,
        },
        {
            "endpoint": "th-05",
            "checks": dict.fromkeys(("technician", "connected", "picture", "sound", "content")),
            "marks": [],
            "rehearsal": None,
            "may_report": False,
        },
    ],
    "marks": [],
    "result": None,
    "version": 1,
}
LINE = {
    "endpoint": "th-06", "line": "primary", "samples": 10, "green": 5, "amber": 3, "red": 2,
    "loss_percent": {"p50": 0.0, "p95": 8.0, "max": 9.0}, "rtt_ms": {"p50": 1.0, "p95": 25.0, "max": 30.0},
}  # fmt: skip
CLASH = {
    "session": 1, "kind": "endpoint", "endpoints": ["th-06"], "technicians": [], "lines": [],
    **{name: HIDDEN[name] for name in ("held_from", "held_until", "held_by", "meeting", "title", "convener_name")},
    "wanted": None, "left": None,
}  # fmt: skip
SOON = "2026-12-01T01:00:00+00:00"
TAKEN = {"clashes": [CLASH], "alternatives": [{"starts": "2026-12-07T15:00", "minutes_moved": 60}]}
INCIDENT = {
    "id": "9d3b1f0c5a7e4c2f8b6d0e1a2c3b4d5e", "network": "thanh-hoa", "endpoint": "th-06", "symptom": "no_video",
    "severity": 2, "state": "open", "what": "Mất hình", "origin": "person", "began_at": "2026-12-07T01:00:00Z",
    "opened_at": "2026-12-07T01:01:00Z", "impact_minutes": 0, "actions": ["close_incident"], "version": 5,
}  # fmt: skip
WISH = {
    "title": "Họp giao ban", "starts-day": "7", "starts-month": "12", "starts-year": "2026", "starts-hour": "14:00",
    "chair": "th-05", "endpoints": ["th-05", "th-06"], "contact.name": "Lê Thị Nga", "contact.phone": "02373000005",
}  # fmt: skip
KEPT = "Những gì bạn đã nhập vẫn còn dưới đây"


@pytest.fixture
def halls(gateway: GatewayInHand) -> GatewayInHand:
    def many(*items: Any) -> dict[str, Any]:
        return {"items": list(items), "next": None}

    gateway.bus.answers |= {
        "list_networks": many(OTHER, NETWORK),
        "list_endpoints": many(*ENDPOINTS),
        "list_meetings": many(MEETING),
        "read_network_day": {
            "endpoints": [
                {"endpoint": "th-05", "name": ENDPOINTS[0]["name"], "state": "ready", "busy": [BUSY, HIDDEN]},
                {"endpoint": "th-06", "name": ENDPOINTS[1]["name"], "state": "down", "busy": []},
            ]
        },
        "read_meeting": MEETING,
        "read_invitations": {"guests": [], "without_mailbox": ["th-06"]},
        "read_readiness": BOARD,
        "read_pointer": {"state": "running", "current": ITEM, "next": None, "late_seconds": 130, "version": 9},
        "read_script": {"items": [ITEM], "releases": [{"number": 1}], "minutes_over": 0},
        "read_session_lines": {"lines": [LINE]},
        "read_incident": INCIDENT,
        "read_endpoint": ENDPOINTS[0] | {"network": "thanh-hoa"},
        "list_lines": many(),
    }
    done = {"id": ID, "version": 4}
    for command in (
        "approve_meeting",
        "request_meeting",
        "close_incident",
        "extend_session",
        "move_pointer",
        "report_readiness",
    ):
        gateway.bus.answers[command] = done
    return gateway


def asked(gateway: GatewayInHand, method: str) -> dict[str, Any]:
    """What was asked of the service last."""
    return next(one.request for one in reversed(gateway.bus.asked) if one.method == method)


def test_the_own_network_comes_first_and_filters_reach_the_service(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-hac-thanh").open("/hop?state=approved&at_risk=true")
    sent = asked(halls, "list_meetings")
    assert (sent["network"], sent["state"], sent["at_risk"]) == ("thanh-hoa", "approved", True)
    assert "08:00 – 10:00" in reader.words
    assert "Có rủi ro" in reader.words


def test_a_day_says_who_holds_what_and_what_is_free(halls: GatewayInHand, reader: Reader) -> None:
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


def test_a_time_is_tried_explained_and_moved_before_it_is_asked_for(halls: GatewayInHand, reader: Reader) -> None:
    late = "2026-12-08T01:00:00+00:00"
    halls.bus.answers["find_free_times"] = {"free": False, "earliest": late, **TAKEN}
    reader.sign_in("clerk-hac-thanh").open("/hop/dat?mang=thanh-hoa").send(**WISH, lam="thu")
    tried = asked(halls, "find_free_times")
    assert (tried["starts"], tried["chair"], tried["endpoints"]) == ("2026-12-07T14:00", "th-05", ["th-06"])
    assert "Phường Sầm Sơn đang được giữ cho cuộc họp của UBND phường Hạc Thành" in reader.words
    assert not tried["urgent"]
    reader.send(lam="thu", endpoints=["th-06"], urgent_reason="Bão số 9")
    assert asked(halls, "find_free_times")["urgent"]
    reader.send(lam="thu", endpoints=["th-06"], urgent_reason="")
    assert "chỉ kịp cho cuộc họp từ 08:00" in reader.words
    halls.bus.answers["find_free_times"] = {"free": True, "earliest": SOON, "clashes": [], "alternatives": []}
    reader.send(lam="gio-2026-12-07T15:00", endpoints=["th-06"])
    assert asked(halls, "find_free_times")["starts"] == "2026-12-07T15:00"
    assert "Giờ này còn trống" in reader.words
    assert "chỉ kịp cho" not in reader.words
    assert "request_meeting" not in {one.method for one in halls.bus.asked}
    reader.send(follow=False, lam="dat", endpoints=["th-06"], weeks="3")
    sent = asked(halls, "request_meeting")
    assert (sent["starts"], sent["rule"]) == ("2026-12-07T15:00", "FREQ=WEEKLY;COUNT=3")
    assert (sent["title"], sent["contact"]["phone"], sent["urgent"]) == ("Họp giao ban", "02373000005", False)
    assert reader.answer.location == f"/hop/cuoc/{ID}"


def test_what_was_taken_meanwhile_is_explained_and_nothing_typed_is_lost(halls: GatewayInHand, reader: Reader) -> None:
    halls.bus.answers["request_meeting"] = Conflict("resources_taken_free_then", count=1, starts=[], **TAKEN)
    reader.sign_in("clerk-hac-thanh").open("/hop/dat?mang=thanh-hoa").send(**WISH)
    assert reader.answer.status_code == 409
    assert "Chưa họp được vào giờ này" in reader.words
    assert reader.page.xpath("//input[@name='title']/@value") == ["Họp giao ban"]
    assert reader.page.xpath("//button[@name='lam']/@value") == ["gio-2026-12-07T15:00", "dat", "thu"]
    halls.bus.answers["request_meeting"] = Conflict("lead_too_short", earliest="2026-12-09T00:00:00+07:00", lead="2")
    reader.send(endpoints=["th-06"])
    assert reader.answer.status_code == 422


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


@pytest.mark.parametrize("weeks", ["53", "0", "999999999999"])
@pytest.mark.parametrize("pressed", ["dat", "thu"])
def test_more_weeks_than_the_form_takes_are_refused_at_their_field(
    halls: GatewayInHand, reader: Reader, weeks: str, pressed: str
) -> None:
    reader.sign_in("clerk-hac-thanh").open("/hop/dat?mang=thanh-hoa").send(**WISH, lam=pressed, weeks=weeks)
    assert reader.answer.status_code == 422
    assert "Giá trị phải từ 1 đến 52" in reader.page.xpath("string(//p[@id='weeks-error'])")
    assert {"request_meeting", "find_free_times"}.isdisjoint(one.method for one in halls.bus.asked)


@pytest.mark.parametrize(
    ("clash", "said"),
    [
        ({"kind": "ports", "left": 3, "wanted": 8, "held_by": ""}, "MCU chỉ còn 3, cần 8 cổng"),
        ({"kind": "recorders", "left": 0, "wanted": 1, "held_by": ""}, "MCU chỉ còn 0, cần 1 thiết bị ghi hình"),
        (
            {"kind": "technician", "technicians": ["kt-1"], "held_by": "meeting"},
            "kỹ thuật viên Trần Kỹ đang được giữ cho cuộc họp của UBND phường Hạc Thành",
        ),
        (
            {"kind": "technician", "technicians": ["kt-1"], "held_by": "absence", "convener_name": None},
            "kỹ thuật viên Trần Kỹ vắng mặt",
        ),
        (
            {"kind": "line", "lines": ["th-06"], "held_by": "meeting"},
            "đường truyền dự phòng của Phường Sầm Sơn đang được giữ cho",
        ),
        (
            {"kind": "endpoint", "endpoints": ["th-06"], "technicians": ["kt-2"], "held_by": "maintenance"},
            "Phường Sầm Sơn; kỹ thuật viên kt-2 đang được giữ cho bảo trì",
        ),
    ],
)
def test_each_kind_of_clash_has_its_words(
    halls: GatewayInHand, reader: Reader, clash: dict[str, Any], said: str
) -> None:
    halls.bus.answers["list_technicians"] = {"items": [{"key": "kt-1", "name": "Trần Kỹ"}], "next": None}
    told = CLASH | {"endpoints": []} | clash
    halls.bus.answers["find_free_times"] = {"free": False, "earliest": SOON, "clashes": [told], "alternatives": []}
    reader.sign_in("clerk-hac-thanh").open("/hop/dat?mang=thanh-hoa").send(**WISH, lam="thu")
    assert said in reader.words


def test_every_endpoint_can_be_chosen_and_long_lists_have_pages(halls: GatewayInHand, reader: Reader) -> None:
    rows = [{"key": f"e-{one}", "name": {"vi": f"Xã {one}", "en": ""}, "network": "thanh-hoa"} for one in range(230)]
    first, rest = {"items": rows[:200], "next": "e-199"}, {"items": rows[200:], "next": None}
    halls.bus.answers["list_endpoints"] = lambda asked: rest if asked.get("cursor") else first
    halls.bus.answers["read_network_day"] = {
        "endpoints": [{"endpoint": one["key"], "name": one["name"], "state": "ready", "busy": []} for one in rows]
    }
    reader.sign_in("clerk-hac-thanh").open("/hop/dat?mang=thanh-hoa")
    assert len(reader.page.xpath("//input[@name='endpoints']")) == 230
    seen = 0
    reader.open("/hop/lich?ngay=2026-12-07")
    while True:
        seen += len(reader.page.xpath("//tbody/tr"))
        following = reader.page.xpath("//a[@rel='next']/@href")
        if not following:
            break
        assert "ngay=2026-12-07" in str(following[0])
        reader.open(str(following[0]))
    assert seen == 230
    assert str(reader.page.xpath("//a[@rel='prev']/@href")[0]).endswith("tu=150")
    assert reader.client.get("/hop/lich?ngay=2026-12-07&tu=nothing").status_code == 200


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
         ("Cuộc họp đã thay đổi", "Dữ liệu đã được người khác thay đổi sau khi bạn xem"), f"/hop/cuoc/{ID}"),
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


def test_what_may_not_be_done_any_more_keeps_what_was_typed(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("head-van-phong-thanh-hoa").open(f"/hop/cuoc/{ID}/approve_meeting")
    halls.bus.answers["read_meeting"] = MEETING | {"version": 4, "state": "cancelled", "actions": []}
    halls.bus.answers["approve_meeting"] = Conflict("action_not_allowed", action="approve_meeting", state="cancelled")
    reader.send(note="Đồng ý, bố trí trực")
    assert reader.answer.status_code == 409
    assert "Đồng ý, bố trí trực" in reader.answer.text
    assert not reader.page.xpath("//main//button[@type='submit']")
