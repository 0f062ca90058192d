"""What was asked of an applicant stands beside what came back, and what gave way can still be opened."""

from typing import Any

import pytest

from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import CASE, ID

QUESTIONS = [
    {"key": "shop", "kind": "text", "name": {"vi": "Tên cửa hàng", "en": "Name of the shop"}},
    {"key": "kind", "kind": "choice", "name": {"vi": "Loại hình", "en": "Kind"},
     "choices": [{"value": "a", "name": {"vi": "Ăn uống", "en": "Food"}},
                 {"value": "b", "name": {"vi": "Bán lẻ", "en": "Retail"}}]},
]  # fmt: skip
NAMES = {"form": {"vi": "Giấy đề nghị", "en": "Request"}}


def paper(number: str, name: str) -> dict[str, Any]:
    file = {"name": name, "size": 2048, "type": "application/pdf"}
    return {"component": "form", "name": "Giấy đề nghị", "attachment": number, "file": file}


def told(name: str) -> str:
    """How a file is told: to look at, and to take down."""
    return f"{name} (2 kB) Tải về {name}"


def asked_at(day: int, **more: Any) -> dict[str, Any]:
    """A supplement of that day in October; what it asked for is the same each time."""
    return {
        "times": 1, "reason": "Bản chụp mờ", "asked_at": f"2026-10-{day:02}T01:00:00+00:00",
        "supply_by": "2026-11-05T10:00:00+00:00", "supplied_at": None, "expired_at": None,
        "items": [{"component": "form", "requirement": "Chụp lại rõ nét", "name": NAMES["form"]}],
        "answers": [{"question": "shop", "requirement": "Ghi đúng tên", "name": QUESTIONS[0]["name"]}],
        **more,
    }  # fmt: skip


def supplied_at(day: int, former: dict[str, Any], **answers: Any) -> dict[str, Any]:
    """What a supplement says once it was supplied, the day after it was asked for."""
    at = f"2026-10-{day + 1:02}T01:00:00+00:00"
    return asked_at(day, supplied_at=at, replaced=[former], replaced_answers=answers)


@pytest.fixture
def case(gateway: GatewayInHand, officer: Reader) -> Reader:
    gateway.bus.answers["get_procedure"] = {"definition": {**DEFINITION_EXAMPLE, "questions": QUESTIONS}}
    gateway.bus.answers["get_application"] |= {"answers": {"shop": "Quán Ba", "kind": "b"}, "status": 1}
    return officer


def tables(reader: Reader) -> list[list[list[str]]]:
    """The rows of each table of a supplement, cell by cell."""
    return [
        [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")]
            for row in table.xpath("./tbody/tr")
        ]
        for table in reader.page.xpath("//main//table")
    ]


def test_what_is_asked_stands_beside_what_is_there_until_it_comes(gateway: GatewayInHand, case: Reader) -> None:
    gateway.bus.answers["get_application"] |= {"components": [paper("1", "mờ.pdf")], "supplements": [asked_at(7)]}
    assert tables(case.open(CASE)) == [
        [
            ["Giấy đề nghị", "Chụp lại rõ nét", told("mờ.pdf"), "–"],
            ["Tên cửa hàng", "Ghi đúng tên", "Quán Ba", "–"],
        ]
    ]
    assert "Yêu cầu lúc 08:00 ngày 07/10/2026; chưa bổ sung, hạn 17:00 ngày 05/11/2026. Bản chụp mờ" in case.words


def test_what_came_stands_beside_what_was_asked_and_what_it_replaced(gateway: GatewayInHand, case: Reader) -> None:
    """Twice: what came the first time is what the second time replaced."""
    first, second = paper("1", "mờ.pdf"), paper("2", "tối.pdf")
    gateway.bus.answers["get_application"] |= {
        "components": [paper("3", "rõ.pdf")],
        "supplements": [
            supplied_at(7, first, shop="Quán Mốt", kind="a"),
            supplied_at(9, second, shop="Quán Ba") | {"times": 2},
        ],
    }
    asked = ["Giấy đề nghị", "Chụp lại rõ nét"]
    assert tables(case.open(CASE)) == [
        [
            [*asked, told("tối.pdf"), told("rõ.pdf")],
            ["Tên cửa hàng", "Ghi đúng tên", "Quán Ba", "Quán Ba (không đổi)"],
        ],
        [
            [*asked, told("mờ.pdf"), told("tối.pdf")],
            ["Tên cửa hàng", "Ghi đúng tên", "Quán Mốt", "Quán Ba"],
            ["Loại hình", "–", "Ăn uống", "Bán lẻ"],
        ],
    ]
    assert "bổ sung lúc 08:00 ngày 08/10/2026" in case.words
    links = case.page.xpath("//main//table//a[@lang]/@href")
    assert links == [f"/ho-so/{ID}/tep/{number}?xem" for number in (2, 3, 1, 2)]


def test_a_paper_that_was_not_there_and_is_counted_at_the_counter_is_told(gateway: GatewayInHand, case: Reader) -> None:
    counted = {**paper("1", ""), "file": None, "originals": 2, "certified_copies": 0, "photocopies": 0}
    missing = counted | {"originals": 0}
    gateway.bus.answers["get_application"] |= {
        "components": [counted],
        "supplements": [supplied_at(7, missing, shop="") | {"answers": []}],
    }
    assert tables(case.open(CASE))[0][0] == [
        "Giấy đề nghị", "Chụp lại rõ nét", "Chưa nộp", "2 bản chính",
    ]  # fmt: skip
    assert tables(case)[0][1] == ["Tên cửa hàng", "–", "–", "Quán Ba"]
