"""How long something may take, in the units and words of a decree."""

import re
from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum
from typing import Self

from shared.errors import Invalid

WORKING_DAY = timedelta(hours=8)
SAME_DAY_CUTOFF = time(15)


class Unit(StrEnum):
    """In what a time limit is counted; the law distinguishes `ngày làm việc` from `ngày`."""

    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"
    DAYS = "days"
    MONTHS = "months"
    SAME_DAY = "same day"


_IN_VIETNAMESE = {
    Unit.WORKING_HOURS: "giờ làm việc",
    Unit.WORKING_DAYS: "ngày làm việc",
    Unit.DAYS: "ngày",
    Unit.MONTHS: "tháng",
}


@dataclass(frozen=True, slots=True)
class Duration:
    """A time limit as a decree words it, for instance `Duration.parse("5 working days")`.

    `cutoff` belongs to same-day limits: what is received later is due on the next working day.
    `without_holidays` belongs to days: public holidays are left out of the count, weekends are not.
    """

    amount: int
    unit: Unit
    cutoff: time = SAME_DAY_CUTOFF
    without_holidays: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "8 working hours", "10 days without holidays", "2 months" or "same day until 15:00"."""
        same_day = re.fullmatch(r"same day(?: until ([01]\d|2[0-3]):([0-5]\d))?", text)
        if same_day:
            cutoff = time(int(same_day[1]), int(same_day[2])) if same_day[1] else SAME_DAY_CUTOFF
            return cls(1, Unit.SAME_DAY, cutoff=cutoff)
        counted = re.fullmatch(r"([1-9]\d{0,3}) (working hour|working day|day|month)s?( without holidays)?", text)
        if not counted or (counted[3] and counted[2] != "day"):
            raise Invalid("duration_malformed", text=text)
        return cls(int(counted[1]), Unit(counted[2] + "s"), without_holidays=bool(counted[3]))

    def __str__(self) -> str:
        if self.unit is Unit.SAME_DAY:
            return f"same day until {self.cutoff:%H:%M}"
        unit = self.unit.value[:-1] if self.amount == 1 else self.unit.value
        return f"{self.amount} {unit}{' without holidays' if self.without_holidays else ''}"

    def in_vietnamese(self) -> str:
        """The wording of a receipt, for instance "5 ngày làm việc"."""
        if self.unit is Unit.SAME_DAY:
            return f"Trong ngày làm việc; tiếp nhận sau {self.cutoff:%H:%M} thì trả trong ngày làm việc tiếp theo"
        holidays = " (không tính ngày lễ)" if self.without_holidays else ""
        return f"{self.amount} {_IN_VIETNAMESE[self.unit]}{holidays}"

    @property
    def working_time(self) -> timedelta | None:
        """Its length in working time; days and months have none, because they also run at night."""
        if self.unit is Unit.WORKING_HOURS:
            return timedelta(hours=self.amount)
        return self.amount * WORKING_DAY if self.unit in (Unit.WORKING_DAYS, Unit.SAME_DAY) else None
