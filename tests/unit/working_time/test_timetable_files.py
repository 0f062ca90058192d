from typing import Any

import pytest

from shared.errors import Invalid
from shared.working_time import Timetable, YearDays

HOURS = {"mon-fri": "07:00-11:30, 13:30-17:00"}


def refused(*seasons: dict[str, Any]) -> dict[str, str]:
    with pytest.raises(Invalid) as error:
        Timetable.from_dict({"code": "x", "name": {"vi": "x", "en": "x"}, "seasons": list(seasons)})
    return {field["path"]: field["code"] for field in error.value.fields}


@pytest.mark.parametrize(
    ("season", "path", "code"),
    [
        ({"begins": "01-01", "hours": {"mon-fri": "07:00-11:30"}}, "seasons.0.hours.mon", "not_eight_hours"),
        ({"begins": "01-01", "hours": {"mon-fri": "7-11"}}, "seasons.0.hours.mon-fri", "hours_malformed"),
        (
            {"begins": "01-01", "hours": {"mon": "07:00-12:00, 11:00-14:00"}},
            "seasons.0.hours.mon",
            "hours_not_in_order",
        ),
        ({"begins": "01-01", "hours": {"thứ hai": "07:00-15:00"}}, "seasons.0.hours.thứ hai", "weekday_unknown"),
        ({"begins": "13-01", "hours": HOURS}, "seasons.0.begins", "day_malformed"),
        ({"begins": "01-01", "hours": {}}, "seasons.0.hours", "required"),
    ],
)
def test_a_wrong_season_is_named_by_path_and_reason(season: dict[str, Any], path: str, code: str) -> None:
    assert refused(season)[path] == code


def test_all_mistakes_are_named_at_once() -> None:
    wrong = refused(
        {"begins": "02-30", "hours": HOURS}, {"begins": "01-01", "hours": {"mon": "?", "sun": "08:00-09:00"}}
    )
    assert set(wrong) >= {"seasons.0.begins", "seasons.1.hours.mon", "seasons.1.hours.sun"}


def test_two_seasons_cannot_begin_on_one_day() -> None:
    assert refused({"begins": "01-01", "hours": HOURS}, {"begins": "01-01", "hours": HOURS}) == {
        "seasons.1.begins": "duplicate"
    }


@pytest.mark.parametrize(
    ("plain", "path", "code"),
    [
        ({"days_off": {"2026-02-30": "?"}}, "days_off.2026-02-30", "day_malformed"),
        ({"days_off": {"2025-02-03": "?"}}, "days_off.2025-02-03", "other_year"),
        ({"days_off": {"2026-01-10": "?"}, "made_up": {"2026-01-10": "?"}}, "made_up.2026-01-10", "also_a_day_off"),
    ],
)
def test_a_wrong_year_of_days_is_named_by_path_and_reason(plain: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(Invalid) as error:
        YearDays.from_dict({"year": 2026, **plain})
    assert {field["path"]: field["code"] for field in error.value.fields} == {path: code}
