"""The screen of a room: a bare page at an address that officers of its agency open and close, shown once."""

from typing import Any

import pytest

from shared.errors import NotFound
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.conference_answers import ID, NETWORK, asked, everything

ADDRESS = f"{ID}.Jx2mV8c0QeW1rT5yU9oPaA"
ROOM = "/hop/phong/th-05"


@pytest.fixture
def halls(gateway: GatewayInHand) -> GatewayInHand:
    gateway.bus.answers |= everything()
    return gateway


def test_a_screen_shows_the_room_and_nothing_around_it_to_whoever_has_the_address(
    halls: GatewayInHand, reader: Reader
) -> None:
    reader.open(f"/phong/{ADDRESS}")
    assert asked(halls, "read_screen")["screen"] == ADDRESS
    for said in (
        "Phường Hạc Thành · 09:00",
        "Giao ban tháng 12",
        "2. Báo cáo kết quả",
        "14:00 – 14:30",
        "hãy gọi 02373000005",
    ):
        assert said in reader.words
    assert not reader.page.xpath("//header | //footer | //nav | //main//a | //form"), "nothing to do on a wall"
    assert reader.page.xpath("//*[@id='room']/@hx-get") == [f"/phong/{ADDRESS}"]
    assert "Set-Cookie" not in reader.answer.headers
    assert reader.answer.headers["Cache-Control"] == "no-store"


def test_what_a_screen_showed_goes_when_its_address_is_closed(halls: GatewayInHand, reader: Reader) -> None:
    halls.bus.answers["read_screen"] = NotFound("feed_unknown")
    renewed = reader.client.get(f"/phong/{ADDRESS}", headers={"HX-Request": "true"})
    assert (renewed.status_code, renewed.headers["HX-Refresh"]) == (204, "true")
    assert reader.open(f"/phong/{ADDRESS}").answer.status_code == 404
    assert "địa chỉ đã bị đóng" in reader.words


def test_an_officer_of_the_room_opens_an_address_that_is_shown_once(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-hac-thanh").open(ROOM)
    form = dict(reader.forms[-1].form_values())
    reader.send()
    sent = asked(halls, "open_feed")
    assert (sent["network"], sent["endpoint"], sent["detail"]) == ("thanh-hoa", "th-05", "screen")
    assert f"/phong/{ADDRESS}" in reader.words
    assert reader.answer.headers["Cache-Control"] == "no-store"
    halls.bus.answers["open_feed"] = {"id": ID, "version": 1, "screen": None}
    again = reader.client.post(f"{ROOM}/man-hinh", data=form).text
    assert "không hiện lại" in again
    first, second = (one.request["_command"] for one in halls.bus.asked if one.method == "open_feed")
    assert first == second, "sent twice, it is one address"


def test_open_addresses_of_the_room_are_listed_and_closed(halls: GatewayInHand, reader: Reader) -> None:
    reader.sign_in("clerk-hac-thanh").open(ROOM)
    [closing] = [number for number, form in enumerate(reader.forms) if form.action.endswith("/dong")]
    assert "08:00 ngày 01/12/2026 · clerk-hac-thanh" in reader.words
    reader.send(closing, follow=False)
    assert (asked(halls, "close_feed")["feed"], reader.answer.location) == (ID, ROOM)


@pytest.mark.parametrize(
    ("room", "sees_all", "offered"), [("th-05", False, True), ("th-06", False, False), ("th-06", True, True)]
)
def test_addresses_are_for_those_who_may_see_all_of_the_room(
    halls: GatewayInHand, reader: Reader, room: str, sees_all: bool, offered: bool
) -> None:
    found: dict[str, Any] = next(one for one in everything()["list_endpoints"]["items"] if one["key"] == room)
    halls.bus.answers["read_endpoint"] = found
    halls.bus.answers["list_networks"] = {"items": [NETWORK | {"sees_all": sees_all}], "next": None}
    reader.sign_in("clerk-hac-thanh").open(f"/hop/phong/{room}")
    assert bool(reader.page.xpath("//form[contains(@action, '/man-hinh')]")) is offered
    assert reader.page.xpath("//header//form[@action='/dang-xuat']"), "an officer's page has its menu"
