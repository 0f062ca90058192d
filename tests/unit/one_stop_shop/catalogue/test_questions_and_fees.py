from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.domain.fees import FeeLine, total
from services.one_stop_shop.domain.procedure import compute_fee
from services.one_stop_shop.domain.questions import (
    applicable_components,
    applicable_questions,
    check_answers,
    matter_key,
    missing_components,
)
from services.one_stop_shop.domain.situation import Channel, Situation
from shared.errors import Invalid
from tests.unit.one_stop_shop.catalogue.samples import small, words

DAY = date(2026, 10, 5)


def keys(things: Any) -> list[str]:
    return [thing.key for thing in things]


def asked(**situation: Any) -> list[str]:
    return keys(applicable_components(small(), Situation(**situation)))


def test_components_follow_from_the_answers() -> None:
    assert asked() == ["to_khai", "ban_ve", "dan_cu", "anh"]
    assert asked(answers={"storeys": 7}) == ["to_khai", "ban_ve", "dan_cu", "anh", "pccc"]
    assert asked(authorised=True)[-1] == "uy_quyen"
    assert "uy_quyen" not in asked(authorised=True, channel=Channel.POST)


def test_only_papers_that_must_come_are_missing() -> None:
    situation = Situation({"storeys": 9})
    assert keys(missing_components(small(), situation, [])) == ["ban_ve", "pccc"]
    assert keys(missing_components(small(), situation, ["pccc"])) == ["ban_ve"]
    assert missing_components(small(), situation, ["pccc", "ban_ve"]) == ()


def test_questions_follow_from_other_answers() -> None:
    assert "since" not in keys(applicable_questions(small(), Situation()))
    assert "since" in keys(applicable_questions(small(), Situation({"heritage": True})))


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"subject": "An"}, {}),
        ({}, {"answers.subject": "required"}),
        ({"subject": "   "}, {"answers.subject": "required"}),
        ({"subject": "An", "storeys": "ba"}, {"answers.storeys": "wrong_type"}),
        ({"subject": "An", "storeys": True}, {"answers.storeys": "wrong_type"}),
        ({"subject": ["An"]}, {"answers.subject": "wrong_type"}),
        ({"subject": "An", "exemption": "rich"}, {"answers.exemption": "answer_not_offered"}),
        ({"subject": "An", "floors": 3}, {"answers.floors": "unknown_answer"}),
        ({"subject": "An", "heritage": True}, {"answers.since": "required"}),
        ({"subject": "An", "heritage": True, "since": "hôm qua"}, {"answers.since": "wrong_type"}),
        ({"subject": "An", "heritage": True, "since": "2026-10-05"}, {}),
        ({"subject": "An", "heritage": True, "since": "2026-10-06"}, {"answers.since": "day_in_future"}),
        ({"subject": "An", "since": "hôm qua"}, {}),
    ],
)
def test_answers_are_checked_against_the_questions(answers: dict[str, Any], wrong: dict[str, str]) -> None:
    errors = check_answers(small(), Situation(answers), DAY)
    assert {error["path"]: error["code"] for error in errors} == wrong


def test_the_matter_tells_applications_apart_by_what_identifies_them() -> None:
    one = matter_key(small(), Situation({"subject": "Nguyễn  Văn An", "storeys": 1}))
    assert one == matter_key(small(), Situation({"subject": "nguyễn văn an", "storeys": 2}))
    assert one != matter_key(small(), Situation({"subject": "Nguyễn Văn Bình"}))
    assert one != matter_key(small(), Situation({"subject": "Nguyễn Văn An"}, case="verified"))


def fee(answers: dict[str, Any], channel: Channel = Channel.COUNTER, copies: int = 1, on: date = DAY) -> FeeLine:
    (line,) = compute_fee(small(), Situation(answers, channel=channel), {"copies": copies}, on)
    return line


def test_the_first_line_that_fits_is_due() -> None:
    assert fee({}).amount == 8000
    assert fee({}, Channel.ONLINE).amount == 5000
    assert fee({}, Channel.ONLINE, on=date(2027, 1, 1)).amount == 8000
    assert fee({}, Channel.ONLINE, on=date(2025, 12, 31)).amount == 8000


def test_an_exemption_shows_the_full_amount_and_its_ground() -> None:
    line = fee({"exemption": "poor"}, copies=3)
    assert (line.amount, line.full_amount) == (0, 24_000)
    assert line.to_dict()["ground"] == words("Hộ nghèo")
    reduced = fee({"exemption": "student"}, Channel.ONLINE, copies=2)
    assert (reduced.amount, reduced.full_amount) == (8000, 10_000)


def test_an_ordinary_amount_has_no_ground() -> None:
    assert fee({}, copies=2).to_dict() == {
        "key": "le_phi",
        "kind": "fee",
        "name": words("Lệ phí"),
        "collected": "reception",
        "per": "copy",
        "copies": 2,
        "pages": 1,
        "unit_amount": 8000,
        "amount": 16_000,
        "full_amount": 16_000,
        "ground": None,
    }


PAGES = {
    "key": "phi",
    "kind": "charge",
    "name": words("Phí chứng thực"),
    "collected": "return",
    "per": "page",
    "amounts": [{"amount": 2000, "then": {"from_page": 3, "amount": 1000}, "at_most": 200_000}],
}


@pytest.mark.parametrize(
    ("pages", "copies", "amount"),
    [(1, 1, 2000), (2, 1, 4000), (3, 1, 5000), (10, 2, 24_000), (198, 1, 200_000), (500, 2, 400_000)],
)
def test_pages_get_cheaper_and_have_a_limit_for_each_copy(pages: int, copies: int, amount: int) -> None:
    lines = compute_fee(small("fees", [PAGES]), Situation(), {"pages": pages, "copies": copies}, DAY)
    assert total(lines) == amount


@given(pages=st.integers(1, 400), copies=st.integers(1, 50))
def test_more_pages_never_cost_less(pages: int, copies: int) -> None:
    version = small("fees", [PAGES])
    less, more = (compute_fee(version, Situation(), {"pages": n, "copies": copies}, DAY) for n in (pages, pages + 1))
    assert total(less) <= total(more) <= 200_000 * copies


def test_a_fee_per_application_does_not_depend_on_quantities() -> None:
    plain = [{**PAGES, "per": "application", "amounts": [{"amount": 100_000}]}]
    (line,) = compute_fee(small("fees", plain), Situation(), {"copies": 5, "pages": 9}, DAY)
    assert (line.amount, line.copies, line.pages) == (100_000, 1, 1)


def test_a_case_may_cost_nothing() -> None:
    assert compute_fee(small(), Situation(case="verified"), {}, DAY) == ()


def test_wrong_quantities_are_refused() -> None:
    with pytest.raises(Invalid, match="quantity_unknown"):
        compute_fee(small(), Situation(), {"sheets": 2}, DAY)
    with pytest.raises(Invalid, match="quantity_not_positive"):
        compute_fee(small(), Situation(), {"copies": 0}, DAY)


def test_a_province_may_have_an_amount_of_its_own() -> None:
    version = small("fees.0.amounts.2", {"amount": 12_000, "when": {"field": "province", "equals": "H56"}})
    for province, amount in (("H13", 8000), ("H56", 12_000)):
        (line,) = compute_fee(version, Situation(province=province), {}, date(2026, 10, 5))
        assert line.amount == amount
