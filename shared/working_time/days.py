"""Which days are off: the list that the Government decides for a year, or a computed one until it does."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Self

from shared.errors import FieldError, Invalid, field_error


@dataclass(frozen=True, slots=True)
class YearDays:
    """The days off of one year, and the weekend days worked in exchange for some of them, with their names."""

    year: int
    days_off: Mapping[date, str]
    made_up: Mapping[date, str] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Read the form of the data files, or raise `Invalid` naming every wrong path."""
        wrong: list[FieldError] = []
        off, made_up = (_read_days(plain, name, wrong) for name in ("days_off", "made_up"))
        wrong += [field_error(f"made_up.{day}", "also_a_day_off") for day in made_up if day in off]
        if wrong:
            raise Invalid("calendar_invalid", fields=wrong, year=plain["year"])
        return cls(plain["year"], off, made_up)


def _read_days(plain: Mapping[str, Any], name: str, wrong: list[FieldError]) -> dict[date, str]:
    days: dict[date, str] = {}
    for text, reason in plain.get(name, {}).items():
        try:
            day = date.fromisoformat(text)
        except ValueError:
            wrong.append(field_error(f"{name}.{text}", "day_malformed", text=text))
            continue
        if day.year != plain["year"]:
            wrong.append(field_error(f"{name}.{text}", "other_year", year=plain["year"]))
        days[day] = reason
    return days


@lru_cache(maxsize=64)
def national_days(year: int) -> YearDays:
    """Labour Code Article 112 as the `holidays` library computes it: a forecast until the Government decides."""
    from holidays import country_holidays  # costs a second and 40 MB, which only years without data should pay

    known = country_holidays("VN", years=(year - 1, year), language="vi")
    off = {day: name for day, name in known.items() if day.year == year}
    made_up = {day: "Làm bù" for day in known.weekend_workdays if day.year == year}
    return YearDays(year, off, made_up)


_BY_LAW = frozenset(
    {
        *("Tết Dương lịch", "Tết Nguyên Đán", "Mùng hai Tết Nguyên Đán", "Mùng ba Tết Nguyên Đán"),
        *("Ngày Giỗ Tổ Hùng Vương", "Ngày Chiến thắng", "Ngày Quốc tế Lao động", "Ngày Văn hóa Việt Nam"),
    }
)


def days_by_law(year: int) -> dict[date, str]:
    """The days off that the Labour Code names itself; round about them the Government decides.

    Which days before Tết are off, and whether the day before or after National Day, is the Government's to say.
    """
    known = national_days(year).days_off
    return {day: name for day, name in known.items() if name in _BY_LAW or (day.month, day.day) == (9, 2)}


class Calendar:
    """The public holidays of every year: the decided list where there is one, else the computed one."""

    def __init__(self, decided: Iterable[YearDays] = ()) -> None:
        self._decided = {days.year: days for days in decided}

    def days(self, year: int) -> YearDays:
        """The days off and make-up days of one year."""
        return self._decided.get(year) or national_days(year)
