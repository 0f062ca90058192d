"""The clock against an independent count: day by day, asking the `holidays` library about each."""

from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from shared.working_time import VIETNAM, Duration, Unit, WorkingTime

CLOCK = WorkingTime()
FIRST, LAST = datetime(2015, 1, 1), datetime(2035, 11, 1)
JUDGE = country_holidays("VN", years=range(2014, 2037), language="vi")
MADE_UP = set(JUDGE.weekend_workdays)

moments = st.datetimes(FIRST, LAST).map(lambda local: local.replace(tzinfo=VIETNAM).astimezone(UTC))
days = st.dates(FIRST.date(), LAST.date())
working_times = st.timedeltas(timedelta(), timedelta(hours=600))
limits = st.one_of(
    st.builds(Duration, st.integers(1, 200), st.sampled_from([u for u in Unit if u is not Unit.SAME_DAY])),
    st.just(Duration(1, Unit.SAME_DAY)),
)


def judged_working(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in JUDGE)


def judged_count(first: date, last: date) -> int:
    return sum(judged_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def test_every_day_of_two_decades_agrees_with_the_library() -> None:
    day, differing = FIRST.date(), []
    while day <= date(2035, 12, 31):
        if CLOCK.is_working_day(day) != judged_working(day):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


@given(first=days, length=st.integers(0, 500))
def test_working_days_between_agree_with_the_library(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert CLOCK.working_days_between(first, last) == judged_count(first, last)


@given(start=moments, amount=st.integers(1, 120))
def test_working_days_added_agree_with_the_library(start: datetime, amount: int) -> None:
    start = CLOCK.normalise_reception(start)
    due = CLOCK.add(start, Duration(amount, Unit.WORKING_DAYS)).astimezone(VIETNAM)
    local = start.astimezone(VIETNAM)
    assert judged_working(due.date())
    if local.time().isoformat() == "07:00:00":
        assert (judged_count(local.date(), due.date()), due.time().isoformat()) == (amount - 1, "17:00:00")
    elif local.time().isoformat() == "13:30:00":
        assert (judged_count(local.date(), due.date()), due.time().isoformat()) == (amount, "11:30:00")
    else:
        assert (judged_count(local.date(), due.date()), due.time()) == (amount, local.time())


@given(start=moments, working=working_times)
def test_between_undoes_add(start: datetime, working: timedelta) -> None:
    assert CLOCK.between(start, CLOCK.add(start, working)) == working


@given(end=moments, working=working_times)
def test_between_undoes_subtract(end: datetime, working: timedelta) -> None:
    assert CLOCK.between(CLOCK.subtract(end, working), end) == working


@given(start=moments, first=working_times, second=working_times)
def test_adding_twice_is_adding_the_sum(start: datetime, first: timedelta, second: timedelta) -> None:
    twice = CLOCK.add(CLOCK.add(start, first), second)
    assert CLOCK.between(twice, CLOCK.add(start, first + second)) == timedelta()


@given(one=moments, other=moments, limit=limits)
def test_what_is_received_earlier_is_never_due_later(one: datetime, other: datetime, limit: Duration) -> None:
    earlier, later = sorted((one, other))
    assert CLOCK.add(earlier, limit) <= CLOCK.add(later, limit)


@given(start=moments, limit=limits)
def test_every_due_moment_is_a_working_moment_after_the_start(start: datetime, limit: Duration) -> None:
    due = CLOCK.add(start, limit)
    assert due > start
    assert CLOCK.normalise_reception(due) == due
    assert CLOCK.is_working_day(due.astimezone(VIETNAM).date())


@given(one=moments, other=moments)
def test_between_is_signed(one: datetime, other: datetime) -> None:
    assert CLOCK.between(one, other) == -CLOCK.between(other, one)


@pytest.mark.parametrize("year", [2028, 2029, 2030, 2031, 2032])
def test_lunar_new_year_is_computed_in_vietnamese_time(year: int) -> None:
    new_year = {2028: (1, 26), 2029: (2, 13), 2030: (2, 2), 2031: (1, 23), 2032: (2, 11)}[year]
    assert not CLOCK.is_working_day(date(year, *new_year))
    assert JUDGE[date(year, *new_year)] == "Tết Nguyên Đán"
