"""The counting itself: from a moment and a time limit to the moment when it is over, and back."""

from bisect import bisect_left
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.working_time.days import Calendar
from shared.working_time.duration import WORKING_DAY, Duration, Unit
from shared.working_time.timetable import OFFICE_HOURS, Period, Timetable

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
_ZERO = timedelta()


class WorkingTime:
    """Counts time for one timetable and calendar; build it once and keep it, it remembers each year's days.

    A result that falls between two working periods is given as the end of the earlier one: eight hours from
    Monday 07:00 end on Monday 17:00 and not on Tuesday 07:00.
    """

    def __init__(self, timetable: Timetable = OFFICE_HOURS, calendar: Calendar | None = None) -> None:
        self.timetable = timetable
        self.calendar = calendar or Calendar()
        self._working_days: dict[int, tuple[date, ...]] = {}

    def is_working_day(self, day: date) -> bool:
        """Whether time limits run on this day."""
        days = self.calendar.days(day.year)
        if day in days.made_up:
            return True
        return day not in days.days_off and day.weekday() in self.timetable.season(day).hours

    def normalise_reception(self, moment: datetime) -> datetime:
        """When an application that arrives at `moment` is received in law: then, or when the counter next opens."""
        day, clock = _local(moment)
        while True:
            for period in self._open_periods(day):
                if clock <= period.closes:
                    return _moment(day, max(clock, period.opens))
            day, clock = day + timedelta(days=1), _ZERO

    def add(self, start: datetime, duration: Duration | timedelta) -> datetime:
        """The moment when `duration` from `start` is over; a `timedelta` is working time."""
        if isinstance(duration, timedelta):
            return self._add_working_time(start, duration)
        if duration.unit is Unit.SAME_DAY:
            return self._add_same_day(start, duration.cutoff)
        working = duration.working_time
        return self._add_days(start, duration) if working is None else self._add_working_time(start, working)

    def subtract(self, moment: datetime, working: timedelta) -> datetime:
        """The moment from which `working` time is left until `moment`."""
        day, worked = self._position(moment)
        days, rest = divmod(worked - working, WORKING_DAY)
        day = self._step(day, days)
        return _moment(day, self._clock_at(day, rest, at_end=False))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`, negative when `end` comes first."""
        (first, worked_first), (last, worked_last) = self._position(start), self._position(end)
        return self._count(first, last) * WORKING_DAY + worked_last - worked_first

    def working_minutes_between(self, start: datetime, end: datetime) -> int:
        """Whole working minutes from `start` to `end`."""
        return self.between(start, end) // timedelta(minutes=1)

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` and up to `last` (`last` included)."""
        after = timedelta(days=1)
        return self._count(first + after, last + after)

    def _add_working_time(self, start: datetime, working: timedelta) -> datetime:
        day, worked = self._position(start)
        days, rest = divmod(worked + working, WORKING_DAY)
        if days and not rest:
            days, rest = days - 1, WORKING_DAY
        day = self._step(day, days)
        return _moment(day, self._clock_at(day, rest, at_end=True))

    def _add_same_day(self, start: datetime, cutoff: time) -> datetime:
        day, clock = _local(self.normalise_reception(start))
        too_late = clock > timedelta(hours=cutoff.hour, minutes=cutoff.minute)
        if too_late or not self.is_working_day(day):
            day = self._next_working_day(day + timedelta(days=1))
        return _moment(day, self._periods(day)[-1].closes)

    def _add_days(self, start: datetime, duration: Duration) -> datetime:
        """Days and months run through weekends, but never end on one (Civil Code, Articles 147 and 148)."""
        day, clock = _local(self.normalise_reception(start))
        if duration.unit is Unit.MONTHS:
            day = _add_months(day, duration.amount)
        elif duration.without_holidays:
            day = self._skip_holidays(day, duration.amount)
        else:
            day += timedelta(days=duration.amount)
        day = self._next_working_day(day)
        periods = self._periods(day)
        return _moment(day, next((max(clock, p.opens) for p in periods if clock <= p.closes), periods[-1].closes))

    def _skip_holidays(self, day: date, amount: int) -> date:
        while amount:
            day += timedelta(days=1)
            amount -= day not in self.calendar.days(day.year).days_off
        return day

    def _periods(self, day: date) -> tuple[Period, ...]:
        """The periods of a working day; a make-up day outside the week has those of the week's first day."""
        hours = self.timetable.season(day).hours
        return hours.get(day.weekday()) or hours[min(hours)]

    def _open_periods(self, day: date) -> list[Period]:
        periods: list[Period] = []
        if day not in self.calendar.days(day.year).days_off:
            periods.extend(self.timetable.season(day).reception.get(day.weekday(), ()))
        if self.is_working_day(day):
            periods.extend(self._periods(day))
        return sorted(periods, key=lambda period: period.opens)

    def _position(self, moment: datetime) -> tuple[date, timedelta]:
        """The working day that counts at `moment`, and how much of its eight hours is over."""
        day, clock = _local(moment)
        working_day = self._next_working_day(day)
        if working_day != day:
            return working_day, _ZERO
        passed = (min(clock, p.closes) - p.opens for p in self._periods(day) if clock > p.opens)
        return day, sum(passed, _ZERO)

    def _clock_at(self, day: date, worked: timedelta, *, at_end: bool) -> timedelta:
        """The time of day when `worked` is over; on a break its beginning (`at_end`) or its end."""
        for period in self._periods(day):
            length = period.closes - period.opens
            if worked < length or (at_end and worked == length):
                return period.opens + worked
            worked -= length
        return self._periods(day)[-1].closes

    def _days_of(self, year: int) -> tuple[date, ...]:
        """The working days of one year in order, computed once."""
        if year not in self._working_days:
            first, days = date(year, 1, 1), range(366 if monthrange(year, 2)[1] == 29 else 365)
            every = (first + timedelta(days=n) for n in days)
            self._working_days[year] = tuple(day for day in every if self.is_working_day(day))
        return self._working_days[year]

    def _next_working_day(self, day: date) -> date:
        return self._step(day, 0)

    def _step(self, day: date, steps: int) -> date:
        """The working day `steps` after the first one that is not before `day`."""
        year, index = day.year, bisect_left(self._days_of(day.year), day) + steps
        while index < 0:
            year -= 1
            index += len(self._days_of(year))
        while index >= len(self._days_of(year)):
            index -= len(self._days_of(year))
            year += 1
        return self._days_of(year)[index]

    def _count(self, first: date, last: date) -> int:
        """How many working days lie from `first` to before `last`, negative when `last` comes first."""
        if last < first:
            return -self._count(last, first)
        whole_years = sum(len(self._days_of(year)) for year in range(first.year, last.year))
        return whole_years + bisect_left(self._days_of(last.year), last) - bisect_left(self._days_of(first.year), first)


def _local(moment: datetime) -> tuple[date, timedelta]:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is ambiguous")
    local = moment.astimezone(VIETNAM)
    clock = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return local.date(), clock


def _moment(day: date, clock: timedelta) -> datetime:
    return (datetime.combine(day, time(), VIETNAM) + clock).astimezone(UTC)


def _add_months(day: date, amount: int) -> date:
    """A month without that day ends the limit on its last day."""
    years, month = divmod(day.month - 1 + amount, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
