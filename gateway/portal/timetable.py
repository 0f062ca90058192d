"""A day of endpoints as bars and as words: when each is held, by whom, and when it is free."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from gateway.portal.language import words
from shared.contracts.conference_booking.values import STEP
from shared.working_time import VIETNAM

SHORTEST = timedelta(minutes=30)
"""A shorter gap between meetings is of no use to anybody."""

_STEP = timedelta(minutes=STEP)


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of a day in which a network may be used."""

    opens: datetime
    closes: datetime

    @classmethod
    def of(cls, day: date, network: Mapping[str, Any]) -> "Hours":
        """Those of a network's rules."""
        opens, closes = (
            datetime.combine(day, time.fromisoformat(network[name]), VIETNAM) for name in ("opens", "closes")
        )
        return cls(opens, closes)

    def within(self, moment: datetime) -> datetime:
        """The moment, or the nearest one at which the network may be used."""
        return min(max(moment, self.opens), self.closes)

    def left(self, now: datetime) -> datetime:
        """From when on the day may still be used: now, on the step on which meetings begin."""
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return self.within(midnight + -((midnight - now) // _STEP) * _STEP)

    def place(self, moment: datetime) -> float:
        """Where a moment lies on a bar of 100."""
        whole = (self.closes - self.opens).total_seconds()
        return round((self.within(moment) - self.opens).total_seconds() / whole * 100, 2)

    def tell(self, moment: datetime) -> str:
        """A moment by its hour, with its day where that is another one."""
        return f"{moment:%H:%M}" if moment.date() == self.opens.date() else f"{moment:%H:%M %d/%m}"

    def marks(self) -> list[dict[str, Any]]:
        """Every third hour, to read a bar by."""
        hours = [self.opens.replace(hour=hour, minute=0) for hour in range(24) if hour % 3 == 0]
        return [{"at": self.place(hour), "hour": hour.hour} for hour in hours if self.opens < hour < self.closes]


def row_of(
    name: str, key: str, state: str, busy: Sequence[Mapping[str, Any]], hours: Hours, now: datetime
) -> dict[str, Any]:
    """One endpoint on one day; of what has passed by now nothing is free."""
    begin = hours.left(now)
    held = sorted(
        ((_local(one["held_from"]), _local(one["held_until"]), one) for one in busy), key=lambda entry: entry[:2]
    )
    return {
        "name": name,
        "key": key,
        "state": state,
        "bars": [
            {"at": hours.place(start), "width": max(round(hours.place(end) - hours.place(start), 2), 0.8),
             "waiting": one["state"] in ("submitted", "needs_info")}
            for start, end, one in held if start < hours.closes and end > hours.opens
        ],
        "held": [
            {"start": hours.tell(start), "end": hours.tell(end), "title": one["title"], "meeting": one["meeting"],
             "by": words(one["convener_name"]), "state": one["state"], "held_by": one["held_by"]}
            for start, end, one in held
        ],
        "free": [
            {"start": f"{start:%H:%M}", "end": f"{end:%H:%M}"} for start, end in _gaps(held, hours, begin)
        ],
        "past": hours.closes - begin < SHORTEST,
    }  # fmt: skip


def _gaps(
    held: Sequence[tuple[datetime, datetime, Any]], hours: Hours, begin: datetime
) -> list[tuple[datetime, datetime]]:
    found, free_from = [], begin
    for start, end, _one in held:
        if hours.within(start) - free_from >= SHORTEST:
            found.append((free_from, hours.within(start)))
        free_from = max(free_from, hours.within(end))
    if hours.closes - free_from >= SHORTEST:
        found.append((free_from, hours.closes))
    return found


def _local(moment: str) -> datetime:
    return datetime.fromisoformat(moment).astimezone(VIETNAM)
