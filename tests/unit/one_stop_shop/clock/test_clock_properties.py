"""Whatever happens to a clock, the time it gives is the time that the law gives."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain.clock import ClockPolicy, PauseReason
from shared.working_time import VIETNAM, Duration, Unit, WorkingTime

WORKING_TIME = WorkingTime()
LIMITS = st.builds(Duration, st.integers(1, 30), st.sampled_from([Unit.WORKING_DAYS, Unit.WORKING_HOURS]))
STARTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(
    lambda moment: moment.replace(tzinfo=VIETNAM).astimezone(UTC)
)
GAPS = st.lists(
    st.tuples(
        st.timedeltas(timedelta(minutes=1), timedelta(days=9)),
        st.timedeltas(timedelta(minutes=1), timedelta(days=40)),
        st.sampled_from(PauseReason),
    ),
    max_size=5,
)


@given(received=STARTS, limit=LIMITS, gaps=GAPS)
def test_pauses_never_take_or_give_time(
    received: datetime, limit: Duration, gaps: list[tuple[timedelta, timedelta, PauseReason]]
) -> None:
    clock = clocks.start(WORKING_TIME, received, limit, ClockPolicy.PAUSE_REMAINING)
    now = clock.started_at
    for running, standing, reason in gaps:
        now += running
        if clock.due_at is None or now > clock.due_at:
            break
        clock = clocks.pause(clock, now, reason, "officer")
        before = clock.remaining_minutes(WORKING_TIME, now)
        now += standing
        clock = clocks.resume(clock, WORKING_TIME, now)
        assert clock.remaining_minutes(WORKING_TIME, now) == before
    assert clock.due_at is not None
    assert limit.working_time is not None
    assert clock.used_minutes(WORKING_TIME, clock.due_at) == limit.working_time // timedelta(minutes=1)


@given(received=STARTS, limit=LIMITS, gap=st.timedeltas(timedelta(minutes=1), timedelta(days=40)))
def test_a_restart_gives_the_whole_time_again(received: datetime, limit: Duration, gap: timedelta) -> None:
    clock = clocks.start(WORKING_TIME, received, limit, ClockPolicy.RESTART)
    clock = clocks.pause(clock, clock.started_at, PauseReason.SUPPLEMENT, "officer")
    clock = clocks.resume(clock, WORKING_TIME, clock.started_at + gap)
    assert clock.due_at == WORKING_TIME.add(clock.intervals[0].paused_to or received, limit)


@given(received=STARTS, limit=LIMITS)
def test_nearly_due_comes_after_the_start_and_before_the_due_moment(received: datetime, limit: Duration) -> None:
    clock = clocks.start(WORKING_TIME, received, limit, ClockPolicy.NONE)
    near = clock.near_due_at(WORKING_TIME)
    assert near is not None
    assert clock.due_at is not None
    assert clock.started_at < near < clock.due_at
