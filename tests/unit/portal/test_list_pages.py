"""The pages of a list: which rows of how many are seen, on and back by links alone."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import COUNTS, ROW, asked

NEW = "/ban-lam-viec?status=1"
EARLIER, FOLLOWING = "Trang trước", "Trang tiếp theo"


class Queue:
    """Cases in their order; a place of the list lies behind the case that it names."""

    def __init__(self, gateway: GatewayInHand, length: int) -> None:
        self._gateway = gateway
        self.fill(range(length))
        gateway.bus.answers["list_applications"] = self.answer

    def fill(self, cases: range) -> None:
        self.cases = list(cases)
        self._gateway.bus.answers["count_applications"] = COUNTS | {"by_status": dict.fromkeys("14", len(self.cases))}

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        place, limit, back = request["cursor"], request["limit"], bool(request["back"])
        before = [one for one in self.cases if place is not None and one <= place]
        side = before[::-1] if back else [one for one in self.cases if one not in before]
        taken, left = side[:limit], side[limit:]
        rows = [{**ROW, "id": f"{one:032x}"} for one in (taken[::-1] if back else taken)]
        return {"items": rows, "next": (left if back else taken[-1:])[0] if left else None}


def seen(reader: Reader) -> tuple[str, list[int]]:
    """What the page says about its rows, and which these are."""
    told = reader.page.xpath("string(//caption/span)").strip()
    return told, [int(one.partition(":")[0], 16) for one in reader.page.xpath("//input[@name='chon']/@value")]


def turn(reader: Reader, name: str) -> list[str]:
    """Follow a way; the ways that there are then."""
    (way,) = reader.page.xpath(f"//nav[@aria-label='Các trang']//a[contains(., '{name}')]/@href")
    return ways(reader.open(str(way)))


def ways(reader: Reader) -> list[str]:
    return [" ".join(one.text_content().split()) for one in reader.page.xpath("//nav[@aria-label='Các trang']//a")]


def test_pages_say_their_rows_and_lead_on_and_back(gateway: GatewayInHand, officer: Reader) -> None:
    Queue(gateway, 60)
    first, second, third = range(25), range(25, 50), range(50, 60)
    assert ways(officer.open(NEW)) == [FOLLOWING]
    assert seen(officer) == ("Dòng 1–25 trong 60", [*first])
    assert turn(officer, FOLLOWING) == [EARLIER, FOLLOWING]
    assert seen(officer) == ("Dòng 26–50 trong 60", [*second])
    assert turn(officer, FOLLOWING) == [EARLIER]
    assert seen(officer) == ("Dòng 51–60 trong 60", [*third])
    assert turn(officer, EARLIER) == [EARLIER, FOLLOWING]
    assert seen(officer) == ("Dòng 26–50 trong 60", [*second])
    assert turn(officer, EARLIER) == [FOLLOWING]
    assert seen(officer) == ("Dòng 1–25 trong 60", [*first])
    assert turn(officer, FOLLOWING) == [EARLIER, FOLLOWING]
    assert seen(officer) == ("Dòng 26–50 trong 60", [*second])
    assert {one["status"] for one in asked(gateway, "list_applications")[1:]} == {1}


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        ("status=4", " trong 26"),
        ("assignee=me", " trong 30"),
        ("status=10", ""),
        ("assignee=me&status=4", ""),
        ("", " trong 52"),
        ("status=all", ""),
        ("status=closed", ""),
    ],
)
def test_of_how_many_is_told_where_the_tiles_count_them(
    gateway: GatewayInHand, officer: Reader, filters: str, told: str
) -> None:
    Queue(gateway, 26)
    gateway.bus.answers["count_applications"] |= {"mine": 30}
    assert seen(officer.open(f"/ban-lam-viec?{filters}"))[0] == f"Dòng 1–25{told}"


def test_what_nothing_counts_says_how_long_it_is_at_its_end(gateway: GatewayInHand, officer: Reader) -> None:
    Queue(gateway, 26)
    assert seen(officer.open("/ban-lam-viec?status=10"))[0] == "Dòng 1–25"
    turn(officer, FOLLOWING)
    assert seen(officer) == ("Dòng 26 trong 26", [25])
    turn(officer, EARLIER)
    assert seen(officer)[0] == "Dòng 1–25"


@pytest.mark.parametrize(
    ("left", "told"), [(range(10, 60), "Dòng 41–50 trong 50"), (range(20, 60), "Dòng 31–40 trong 40")]
)
def test_what_was_taken_meanwhile_skips_nothing_and_the_ends_are_numbered_right(
    gateway: GatewayInHand, officer: Reader, left: range, told: str
) -> None:
    queue = Queue(gateway, 60)
    officer.open(NEW)
    turn(officer, FOLLOWING)
    queue.fill(left)
    turn(officer, FOLLOWING)
    assert seen(officer) == (told, [*range(50, 60)])
    turn(officer, EARLIER)
    turn(officer, EARLIER)
    assert seen(officer) == (f"Dòng 1–{25 - left[0]} trong {len(left)}", [*left][: 25 - left[0]])
    assert ways(officer) == [FOLLOWING]


def test_where_everything_was_taken_the_way_back_is_still_there(gateway: GatewayInHand, officer: Reader) -> None:
    queue = Queue(gateway, 30)
    officer.open(NEW)
    queue.fill(range(3))
    assert turn(officer, FOLLOWING) == [EARLIER]
    assert "Không có hồ sơ nào ở đây" in officer.words
    turn(officer, EARLIER)
    assert seen(officer) == ("Dòng 1–3 trong 3", [0, 1, 2])


def test_an_address_without_the_number_of_rows_or_a_wrong_one_shows_the_page_without_it(
    gateway: GatewayInHand, officer: Reader
) -> None:
    Queue(gateway, 60)
    (further,) = officer.open(NEW).page.xpath(f"//a[contains(., '{FOLLOWING}')]/@href")
    cursor = parse_qs(urlsplit(further).query)["cursor"][0]
    for number in ("", "&truoc=xyz", "&truoc=-1", f"&truoc={'9' * 40}", "&truoc=36"):
        officer.open(f"{NEW}&cursor={cursor}{number}")
        assert seen(officer) == ("", [*range(25, 50)])
        assert ways(officer) == [EARLIER, FOLLOWING]
