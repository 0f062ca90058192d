"""A meeting is wished for on a page: tried, explained, asked for."""

from typing import Any

import pytest

from shared.errors import Conflict
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import CLASH, ID, SOON, TAKEN, asked, everything

WISH = {
    "title": "Họp giao ban", "starts-day": "7", "starts-month": "12", "starts-year": "2026", "starts-hour": "14:00",
    "chair": "th-05", "endpoints": ["th-05", "th-06"], "contact.name": "Lê Thị Nga", "contact.phone": "02373000005",
}  # fmt: skip


@pytest.fixture
def halls(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= everything()
    return gateway


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
    by_enter, *others = reader.page.xpath("//button[@name='lam']/@value")
    assert (by_enter, others) == ("dat", ["gio-2026-12-07T15:00", "dat", "thu"])
    assert reader.page.xpath("//button[@name='lam']")[1].text == "15:00 ngày 07/12/2026"
    halls.bus.answers["request_meeting"] = Conflict("lead_too_short", earliest="2026-12-09T00:00:00+07:00", lead="2")
    reader.send(endpoints=["th-06"])
    assert reader.answer.status_code == 422


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
