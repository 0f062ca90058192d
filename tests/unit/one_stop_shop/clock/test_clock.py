"""The legal clock: the vectors of the domain reference with a pause, and every way a clock can stand or end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain.clock import Clock, ClockPolicy, PauseReason
from shared.errors import Conflict, Invalid
from shared.working_time import VIETNAM, Duration, WorkingTime

WORKING_TIME = WorkingTime()
FIVE_DAYS = Duration.parse("5 working days")


def at(text: str) -> datetime:
    """A moment of 2026 in Vietnam, such as "08:00 05/10"."""
    return datetime.strptime(f"{text}/2026", "%H:%M %d/%m/%Y").replace(tzinfo=VIETNAM).astimezone(UTC)


def shown(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m}"


def started(policy: ClockPolicy = ClockPolicy.PAUSE_REMAINING, limit: Duration | None = FIVE_DAYS) -> Clock:
    return clocks.start(WORKING_TIME, at("08:00 05/10"), limit, policy)


def paused(
    policy: ClockPolicy = ClockPolicy.PAUSE_REMAINING,
    reason: PauseReason = PauseReason.SUPPLEMENT,
    limit: Duration = FIVE_DAYS,
) -> Clock:
    return clocks.pause(started(policy, limit), at("10:00 07/10"), reason, "officer")


def resumed(
    policy: ClockPolicy = ClockPolicy.PAUSE_REMAINING,
    reason: PauseReason = PauseReason.SUPPLEMENT,
    limit: Duration = FIVE_DAYS,
) -> Clock:
    return clocks.resume(paused(policy, reason, limit), WORKING_TIME, at("15:00 14/10"))


def test_without_a_pause_the_due_moment_is_five_working_days_on() -> None:
    assert shown(started().due_at) == "08:00 12/10"


def test_pausing_keeps_the_remaining_time() -> None:
    clock = resumed()
    assert paused().used_minutes(WORKING_TIME, at("12:00 12/10")) == 18 * 60
    assert shown(clock.due_at) == "11:00 19/10"
    assert shown(clock.first_due_at) == "08:00 12/10"
    assert [former.cause for former in clock.former_due] == ["supplement"]


def test_restarting_counts_from_the_beginning_again() -> None:
    clock = resumed(ClockPolicy.RESTART)
    assert shown(clock.due_at) == "15:00 21/10"
    assert clock.used_minutes(WORKING_TIME, at("17:00 14/10")) == 120


def test_only_a_supplement_restarts() -> None:
    assert shown(resumed(ClockPolicy.RESTART, PauseReason.OBLIGATION).due_at) == "11:00 19/10"


def test_without_a_policy_waiting_changes_nothing() -> None:
    clock = resumed(ClockPolicy.NONE)
    assert shown(clock.due_at) == "08:00 12/10"
    assert clock.former_due == ()
    assert paused(ClockPolicy.NONE).is_overdue(at("08:01 12/10"))


def test_calendar_days_stand_for_calendar_time() -> None:
    clock = resumed(limit=Duration.parse("10 days"))
    assert shown(clock.first_due_at) == "08:00 15/10"
    assert shown(clock.due_at) == "11:30 22/10"


def test_a_standing_clock_is_not_overdue_and_uses_no_time() -> None:
    clock, much_later = paused(), at("08:00 30/11")
    assert clock.paused
    assert not clock.running
    assert not clock.is_overdue(much_later)
    assert clock.used_minutes(WORKING_TIME, much_later) == 18 * 60
    assert clock.remaining_minutes(WORKING_TIME, much_later) == 22 * 60


def test_a_pause_after_the_due_moment_does_not_cure_it() -> None:
    late = clocks.pause(started(), at("09:00 12/10"), PauseReason.SUPPLEMENT, "officer")
    clock = clocks.resume(late, WORKING_TIME, at("09:00 14/10"))
    assert clock.due_at == started().due_at
    assert clock.is_overdue(at("09:00 14/10"))


def test_every_interval_is_kept_with_reason_and_actor() -> None:
    again = clocks.pause(resumed(), at("08:00 15/10"), PauseReason.OBLIGATION, "cashier")
    clock = clocks.resume(again, WORKING_TIME, at("08:00 16/10"))
    assert [(i.reason, i.actor, shown(i.paused_from), shown(i.paused_to)) for i in clock.intervals] == [
        (PauseReason.SUPPLEMENT, "officer", "10:00 07/10", "15:00 14/10"),
        (PauseReason.OBLIGATION, "cashier", "08:00 15/10", "08:00 16/10"),
    ]
    assert shown(clock.due_at) == "11:00 20/10"
    assert [shown(former.due_at) for former in clock.former_due] == ["08:00 12/10", "11:00 19/10"]


def test_one_supplement_is_normal_and_two_count_as_late() -> None:
    once = resumed()
    twice = clocks.resume(
        clocks.pause(once, at("08:00 15/10"), PauseReason.SUPPLEMENT, "x"), WORKING_TIME, at("08:00 16/10")
    )
    assert (once.supplements, once.counts_as_late(at("09:00 15/10"))) == (1, False)
    assert (twice.supplements, twice.counts_as_late(at("09:00 16/10"))) == (2, True)
    assert not twice.is_overdue(at("09:00 16/10"))


def test_an_extension_moves_the_due_moment_once() -> None:
    clock = clocks.extend(started(), at("08:00 09/10"), at("08:00 15/10"), "Chờ xác minh", "head")
    assert shown(clock.due_at) == "08:00 15/10"
    assert clock.extensions[0].former_due == started().due_at
    assert not clock.counts_as_late(at("07:00 15/10"))
    with pytest.raises(Conflict, match="extension_limit_reached"):
        clocks.extend(clock, at("08:00 14/10"), at("08:00 20/10"), "Lại chờ", "head")
    assert clocks.extend(clock, at("08:00 14/10"), at("08:00 20/10"), "Lại chờ", "head", limit=2).extensions[1:]


def test_an_apology_after_the_due_moment_still_counts_as_late() -> None:
    clock = clocks.extend(started(), at("09:00 12/10"), at("08:00 15/10"), "Chờ xác minh", "head")
    assert not clock.is_overdue(at("09:00 13/10"))
    assert clock.counts_as_late(at("09:00 13/10"))


def test_an_extension_must_be_later() -> None:
    with pytest.raises(Invalid, match="new_due_not_later"):
        clocks.extend(started(), at("08:00 09/10"), at("08:00 12/10"), "?", "head")


def test_a_stopped_clock_stays_where_it_stopped() -> None:
    clock = clocks.stop(started(), at("08:00 09/10"))
    assert not clock.is_overdue(at("08:00 30/11"))
    assert clock.used_minutes(WORKING_TIME, at("08:00 30/11")) == 32 * 60
    assert clock.remaining_minutes(WORKING_TIME, at("08:00 30/11")) == 8 * 60
    late = clocks.stop(started(), at("09:00 12/10"))
    assert late.is_overdue(at("09:00 12/10"))
    assert late.remaining_minutes(WORKING_TIME, at("09:00 12/10")) == -60


def test_a_clock_that_stands_has_stopped_when_it_began_to_stand() -> None:
    clock = clocks.stop(paused(reason=PauseReason.WITHDRAWAL), at("08:00 30/11"))
    assert shown(clock.stopped_at) == "10:00 07/10"
    assert not clock.paused
    assert not clock.is_overdue(at("08:00 01/12"))


def test_a_recalled_result_gives_no_more_time() -> None:
    clock = clocks.reopen(clocks.stop(started(), at("08:00 09/10")))
    assert clock == started()


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (lambda: clocks.pause(paused(), at("11:00 07/10"), PauseReason.STOP, "x"), "clock_paused"),
        (lambda: clocks.extend(paused(), at("11:00 07/10"), at("08:00 30/10"), "?", "x"), "clock_paused"),
        (lambda: clocks.resume(started(), WORKING_TIME, at("11:00 07/10")), "clock_not_paused"),
        (lambda: clocks.reopen(started()), "clock_not_stopped"),
        (
            lambda: clocks.pause(clocks.stop(started(), at("11:00 07/10")), at("11:00 07/10"), PauseReason.STOP, "x"),
            "clock_stopped",
        ),
        (lambda: clocks.stop(clocks.stop(started(), at("11:00 07/10")), at("11:00 07/10")), "clock_stopped"),
        (
            lambda: clocks.extend(started(limit=None), at("11:00 07/10"), at("08:00 30/10"), "?", "x"),
            "clock_without_due",
        ),
    ],
)
def test_what_does_not_fit_the_state_is_refused(command: Callable[[], Clock], code: str) -> None:
    with pytest.raises(Conflict) as refused:
        command()
    assert refused.value.code == code


def test_a_procedure_without_a_due_moment_never_is_late() -> None:
    clock = started(limit=None)
    assert clock.due_at is None
    assert not clock.is_overdue(at("08:00 30/11"))
    assert clock.remaining_minutes(WORKING_TIME, at("08:00 06/10")) is None
    assert clock.near_due_at(WORKING_TIME) is None
    assert clock.used_minutes(WORKING_TIME, at("08:00 06/10")) == 8 * 60
    waiting = clocks.pause(clock, at("08:00 06/10"), PauseReason.SUPPLEMENT, "x")
    assert clocks.resume(waiting, WORKING_TIME, at("08:00 07/10")).due_at is None


def test_nearly_due_begins_a_working_day_ahead_or_at_half_the_time() -> None:
    assert shown(started().near_due_at(WORKING_TIME)) == "08:00 09/10"
    assert shown(started(limit=Duration.parse("4 working hours")).near_due_at(WORKING_TIME)) == "10:00 05/10"
    assert shown(started().near_due_at(WORKING_TIME, timedelta(hours=16))) == "08:00 08/10"


def test_reception_must_be_decided_within_eight_working_hours() -> None:
    assert shown(clocks.reception_due(WORKING_TIME, at("16:00 02/10"))) == "16:00 05/10"
    assert shown(clocks.reception_due(WORKING_TIME, at("22:00 03/10"), Duration.parse("2 working hours"))) == (
        "09:00 05/10"
    )


def test_reception_after_hours_starts_the_clock_when_the_counter_opens() -> None:
    clock = clocks.start(WORKING_TIME, at("18:05 02/10"), FIVE_DAYS, ClockPolicy.RESTART)
    assert shown(clock.started_at) == "07:00 05/10"


def test_a_clock_is_rebuilt_from_what_is_stored() -> None:
    full = clocks.pause(
        clocks.extend(resumed(), at("08:00 16/10"), at("08:00 28/10"), "Chờ", "head"),
        at("08:00 20/10"),
        PauseReason.STOP,
        "head",
    )
    for clock in (full, started(limit=None), clocks.stop(full, at("08:00 21/10"))):
        assert Clock.from_dict(clock.to_dict()) == clock
    assert isinstance(full.to_dict()["due_at"], datetime)
    assert full.to_dict()["intervals"][0]["reason"] == "supplement"
