"""The working calendar of a year: reckoned, entered, changed with a reason."""

from functools import partial

import pytest

from shared.errors import Conflict, Invalid, NotFound, Stale
from tests.integration.one_stop_shop_queries.publishing import EDITOR
from tests.support.house import House


def test_a_year_of_the_calendar_is_computed_until_it_is_entered(house: House) -> None:
    computed = house.ask("get_calendar", None, year="2028")
    assert (computed["source"], computed["version"]) == ("computed", 0)
    off = [*computed["days_off"], "2028-01-04"]
    enter = partial(house.ask, "set_calendar", EDITOR, year="2028")
    entered = enter(days_off=off, make_up_days=["2028-01-08"], _version=0)
    assert entered == {
        "year": 2028,
        "source": "data",
        "days_off": sorted(off),
        "make_up_days": ["2028-01-08"],
        "version": 1,
    }
    assert house.ask("get_calendar", None, year="2028") == entered
    with pytest.raises(Invalid, match="calendar_invalid"):
        enter(days_off=[*off, "2030-01-01"], make_up_days=[], _version=1)
    with pytest.raises(Invalid, match=r"make_up_days\.2028-01-04: also_a_day_off"):
        enter(days_off=off, make_up_days=["2028-01-04"], _version=1)
    with pytest.raises(NotFound, match="year_unknown"):
        house.ask("get_calendar", None, year="31")


def test_a_year_is_entered_by_who_saw_it_and_only_when_it_is_at_hand(house: House) -> None:
    off = house.ask("get_calendar", None, year="2027")["days_off"]
    enter = partial(house.ask, "set_calendar", EDITOR, days_off=off, make_up_days=[])
    assert enter(year="2027", _version=0)["version"] == 1
    for version in (0, 2):
        with pytest.raises(Stale):
            enter(year="2027", _version=version)
    assert enter(year="2027", _version=1)["version"] == 2
    for year in ("2000", "2024", "2029", "2100"):
        with pytest.raises(Conflict, match="year_not_at_hand"):
            enter(year=year, _version=0)


@pytest.mark.parametrize(
    ("off", "made_up", "codes"),
    [
        ([], ["2026-10-14"], {"worked_anyway"}),
        (["2026-12-07", "2026-12-07"], [], {"day_twice"}),
        ([], ["2026-12-12", "2026-12-12"], {"day_twice"}),
        ([f"2026-12-{day:02d}" for day in range(1, 14)], [], {"too_many_days_off"}),
        (["2026-03-05"], [], {"past_day_changed"}),
        ([], ["2026-03-07"], {"past_day_changed"}),
    ],
)
def test_a_calendar_says_only_what_can_be(house: House, off: list[str], made_up: list[str], codes: set[str]) -> None:
    known = house.ask("get_calendar", None, year="2026")
    with pytest.raises(Invalid) as refusal:
        house.ask(
            "set_calendar",
            EDITOR,
            year="2026",
            days_off=[*known["days_off"], *off],
            make_up_days=[*known["make_up_days"], *made_up],
            _version=known["version"],
        )
    assert {wrong["code"] for wrong in refusal.value.fields} == codes
    assert house.ask("get_calendar", None, year="2026") == known


def test_a_day_that_is_past_changes_with_a_reason(house: House) -> None:
    known = house.ask("get_calendar", None, year="2026")
    enter = partial(house.ask, "set_calendar", EDITOR, year="2026", make_up_days=known["make_up_days"])
    off = [*known["days_off"], "2026-03-05"]
    entered = enter(days_off=off, reason="Quyết định 123/QĐ-TTg", _version=known["version"])
    assert "2026-03-05" in entered["days_off"]
    assert enter(days_off=known["days_off"], reason="Nhập nhầm", _version=entered["version"])["version"]


@pytest.mark.parametrize(
    "left_out", ["2027-01-01", "2027-02-08", "2027-04-16", "2027-04-30", "2027-09-02", "2027-11-24"]
)
def test_a_day_off_by_law_stays_one(house: House, left_out: str) -> None:
    known = house.ask("get_calendar", None, year="2027")
    asked = {"year": "2027", "_version": known["version"], "make_up_days": []}
    with pytest.raises(Invalid) as refusal:
        house.ask("set_calendar", EDITOR, days_off=[day for day in known["days_off"] if day != left_out], **asked)
    assert [wrong["code"] for wrong in refusal.value.fields] == ["day_off_by_law"]
    assert house.ask("get_calendar", None, year="2027") == known
