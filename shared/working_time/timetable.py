"""When an agency works: seasons, weekdays and the periods of a split day, as its data file says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Self

from shared.errors import FieldError, Invalid, field_error
from shared.working_time.duration import WORKING_DAY

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Period:
    """An uninterrupted stretch of one day, both ends included."""

    opens: timedelta
    closes: timedelta

    @classmethod
    def parse_all(cls, text: str) -> tuple["Period", ...]:
        """Read "07:00-11:30, 13:30-17:00" as times since midnight."""
        moment = r"([01]\d|2[0-3]):([0-5]\d)"
        periods = []
        for part in text.split(","):
            found = re.fullmatch(rf"\s*{moment}\s*-\s*{moment}\s*", part)
            if not found:
                raise Invalid("hours_malformed", text=text)
            opens, closes = (timedelta(hours=int(found[i]), minutes=int(found[i + 1])) for i in (1, 3))
            periods.append(cls(opens, closes))
        if any(p.opens >= p.closes for p in periods) or any(a.closes >= b.opens for a, b in pairwise(periods)):
            raise Invalid("hours_not_in_order", text=text)
        return tuple(periods)


Hours = Mapping[int, tuple[Period, ...]]


@dataclass(frozen=True, slots=True)
class Season:
    """Hours by weekday (0 is Monday) from `starts` (month, day) until the next season of the timetable.

    In `reception` hours the counter takes applications while no time limit runs: a Saturday morning.
    """

    starts: tuple[int, int]
    hours: Hours
    reception: Hours = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timetable:
    """When an agency works; each season lasts until the next one begins, so they neither overlap nor leave gaps."""

    code: str
    name: Mapping[str, str]
    seasons: tuple[Season, ...]

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read the form of the data files, or raise `Invalid` naming every wrong path."""
        wrong: list[FieldError] = []
        seasons = [_read_season(season, f"seasons.{n}", wrong) for n, season in enumerate(plain["seasons"])]
        if not seasons:
            wrong.append(field_error("seasons", "required"))
        begins = [season["begins"] for season in plain["seasons"]]
        wrong += [
            field_error(f"seasons.{n}.begins", "duplicate", key=day)
            for n, day in enumerate(begins)
            if day in begins[:n]
        ]
        if wrong:
            raise Invalid("timetable_invalid", fields=wrong, timetable=plain["code"])
        return cls(plain["code"], plain["name"], tuple(sorted(seasons, key=lambda season: season.starts)))

    def season(self, day: date) -> Season:
        """The season that `day` falls in; before the first of the year the last one still runs."""
        begun = [season for season in self.seasons if season.starts <= (day.month, day.day)]
        return begun[-1] if begun else self.seasons[-1]


def _read_season(plain: Mapping[str, Any], path: str, wrong: list[FieldError]) -> Season:
    """Collect what is wrong instead of raising, so that one look shows every mistake of a file."""
    hours = _read_hours(plain["hours"], f"{path}.hours", wrong)
    reception = _read_hours(plain.get("reception", {}), f"{path}.reception", wrong)
    for weekday, periods in hours.items():
        total = sum((period.closes - period.opens for period in periods), timedelta())
        if total != WORKING_DAY:
            minutes = total // timedelta(minutes=1)
            wrong.append(field_error(f"{path}.hours.{_WEEKDAYS[weekday]}", "not_eight_hours", minutes=minutes))
    try:
        starts = date.fromisoformat(f"2001-{plain['begins']}")
    except ValueError:
        wrong.append(field_error(f"{path}.begins", "day_malformed", text=plain["begins"]))
        starts = date(2001, 1, 1)
    if not hours:
        wrong.append(field_error(f"{path}.hours", "required"))
    return Season((starts.month, starts.day), hours, reception)


def _read_hours(plain: Mapping[str, str], path: str, wrong: list[FieldError]) -> dict[int, tuple[Period, ...]]:
    """Keys are weekdays or ranges of them: {"mon-fri": "07:00-11:30, 13:30-17:00"}."""
    hours: dict[int, tuple[Period, ...]] = {}
    for key, text in plain.items():
        first, _, last = key.partition("-")
        if first not in _WEEKDAYS or (last or first) not in _WEEKDAYS:
            wrong.append(field_error(f"{path}.{key}", "weekday_unknown"))
            continue
        try:
            periods = Period.parse_all(text)
        except Invalid as error:
            wrong.append(field_error(f"{path}.{key}", error.code, **error.params))
            continue
        for weekday in range(_WEEKDAYS.index(first), _WEEKDAYS.index(last or first) + 1):
            hours[weekday] = periods
    return hours


_OFFICE_HOURS = {weekday: Period.parse_all("07:00-11:30, 13:30-17:00") for weekday in range(5)}
OFFICE_HOURS = Timetable(
    "office-hours", {"vi": "Giờ hành chính", "en": "Office hours"}, (Season((1, 1), _OFFICE_HOURS),)
)
