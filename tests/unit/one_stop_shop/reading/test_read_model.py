"""Stored for reading only: the place in the queues, the end, and from when an application counts as late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain.clock import Clock, ClockPolicy, PauseReason
from services.one_stop_shop.domain.read_model import (
    CLOSED_FROM,
    found_by,
    is_closed,
    outcome_of,
    queue_fields,
    sort_key,
)
from services.one_stop_shop.domain.statuses import Status
from shared.working_time import Duration, Unit, WorkingTime

RECEIVED = datetime(2026, 10, 5, 1, 0, tzinfo=UTC)
WORKING = WorkingTime()
THREE_DAYS = clocks.start(WORKING, RECEIVED, Duration(3, Unit.WORKING_DAYS), ClockPolicy.PAUSE_REMAINING)
DUE = THREE_DAYS.due_at
assert DUE is not None

moments = st.datetimes(datetime(2024, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
HOUR = timedelta(hours=1)


def document(status: Status, clock: Clock | None = THREE_DAYS, **changes: Any) -> dict[str, Any]:
    return {
        "_id": "a" * 32,
        "code": "H13-261005-0001",
        "status": int(status),
        "submitted_at": RECEIVED,
        "deadline_at": None,
        "clock": clock.to_dict() if clock else None,
        "due_at": clock.due_at if clock else None,
        **changes,
    }


@given(st.lists(moments, min_size=2, max_size=20))
def test_keys_sort_as_their_moments_do(times: list[datetime]) -> None:
    times = [time.replace(microsecond=time.microsecond // 1000 * 1000) for time in times]
    keys = sorted(sort_key(time, f"{number:032x}") for number, time in enumerate(times))
    assert [int(key[:11], 16) for key in keys] == sorted(round(time.timestamp() * 1000) for time in times)


@given(moments, moments, moments)
def test_what_has_a_deadline_comes_first_and_what_is_closed_last(
    deadline: datetime, sent: datetime, end: datetime
) -> None:
    urgent = document(Status.IN_PROCESS, deadline_at=deadline)
    resting = document(Status.STOPPED, submitted_at=sent)
    closed = document(Status.RETURNED, finished_at=end)
    order = [queue_fields(one)["position"] for one in (urgent, resting, closed)]
    assert order == sorted(order)
    assert [position >= CLOSED_FROM for position in order] == [False, False, True]


def test_of_the_same_deadline_comes_first_what_was_submitted_first_and_then_by_the_code() -> None:
    """Whatever the ids, which follow no order."""
    order = [
        document(Status.IN_PROCESS, deadline_at=DUE, submitted_at=RECEIVED + late * HOUR, code=code, _id=identifier)
        for late, code, identifier in (
            (0, "H13-261005-0009", "c"),
            (1, "H13-261005-0001", "b"),
            (1, "H13-261005-0002", "a"),
        )
    ]
    sooner = document(Status.IN_PROCESS, deadline_at=DUE - HOUR, submitted_at=RECEIVED + 2 * HOUR)
    positions = [queue_fields(one)["position"] for one in (sooner, *order)]
    assert positions == sorted(set(positions))


def test_what_was_closed_last_is_listed_first() -> None:
    ended = [document(Status.RETURNED, finished_at=RECEIVED + n * HOUR) for n in range(3)]
    assert all(
        queue_fields(later)["position"] < queue_fields(earlier)["position"] for earlier, later in pairwise(ended)
    )


@pytest.mark.parametrize(
    ("changes", "ended_at"),
    [
        ({"status": 9, "finished_at": DUE}, DUE),
        ({"status": 10, "finished_at": DUE, "returned_at": DUE + HOUR}, DUE),
        ({"status": 10, "returned_at": DUE}, DUE),
        ({"status": 3, "refused_at": RECEIVED}, RECEIVED),
        ({"status": 7, "withdrawal": {"state": "accepted"}, "closed_at": DUE}, DUE),
        ({"status": 7, "withdrawal": {"state": "requested"}}, None),
        ({"status": 8}, None),
        ({"status": 4}, None),
    ],
)
def test_processing_ends_with_the_result_before_its_return(changes: dict[str, Any], ended_at: datetime | None) -> None:
    one = document(Status.IN_PROCESS) | changes
    assert queue_fields(one)["ended_at"] == ended_at
    assert is_closed(one) == (one["status"] in (3, 10) or (one["status"] == 7 and ended_at is not None))


@pytest.mark.parametrize(
    ("ended_at", "outcome"),
    [(DUE - timedelta(days=1), "early"), (DUE - HOUR, "on_time"), (DUE, "on_time"), (DUE + HOUR, "late")],
)
def test_early_is_an_earlier_day_and_late_is_past_the_due_moment(ended_at: datetime, outcome: str) -> None:
    assert outcome_of(ended_at, DUE, DUE) == outcome
    stopped = clocks.stop(THREE_DAYS, ended_at)
    assert queue_fields(document(Status.FINISHED, stopped, finished_at=ended_at))["outcome"] == outcome


def test_without_a_due_moment_nothing_is_early_or_late() -> None:
    endless = clocks.start(WORKING, RECEIVED, None, ClockPolicy.NONE)
    fields = queue_fields(document(Status.FINISHED, endless, finished_at=DUE + HOUR))
    assert (fields["late_from"], fields["outcome"]) == (None, "on_time")


def test_a_clock_that_stands_in_time_is_not_late_however_long_it_stands() -> None:
    standing = clocks.pause(THREE_DAYS, DUE - HOUR, PauseReason.SUPPLEMENT, "officer")
    assert queue_fields(document(Status.SUPPLEMENT, standing))["late_from"] is None
    missed = clocks.pause(THREE_DAYS, DUE + HOUR, PauseReason.SUPPLEMENT, "officer")
    assert queue_fields(document(Status.SUPPLEMENT, missed))["late_from"] == DUE


def test_a_running_clock_is_late_from_its_due_moment() -> None:
    assert queue_fields(document(Status.IN_PROCESS))["late_from"] == DUE


def test_an_apology_after_the_due_moment_does_not_undo_that_it_was_missed() -> None:
    later = DUE + timedelta(days=2)
    in_time = clocks.extend(THREE_DAYS, DUE - HOUR, later, "r", "head")
    too_late = clocks.extend(THREE_DAYS, DUE + HOUR, later, "r", "head")
    assert queue_fields(document(Status.IN_PROCESS, in_time))["late_from"] == later
    assert queue_fields(document(Status.IN_PROCESS, too_late))["late_from"] == DUE
    ended = clocks.stop(too_late, later - HOUR)
    assert queue_fields(document(Status.FINISHED, ended, finished_at=later - HOUR))["outcome"] == "late"


@given(st.integers(0, 200), st.integers(0, 200))
def test_lateness_is_what_the_clock_says(paused_after: int, judged_after: int) -> None:
    paused = clocks.pause(THREE_DAYS, RECEIVED + paused_after * HOUR, PauseReason.STOP, "head")
    now = RECEIVED + judged_after * HOUR
    for clock in (THREE_DAYS, paused, clocks.stop(THREE_DAYS, RECEIVED + paused_after * HOUR)):
        late_from = queue_fields(document(Status.IN_PROCESS, clock))["late_from"]
        if clock.running or now >= RECEIVED + paused_after * HOUR:
            assert (late_from is not None and now > late_from) == clock.is_overdue(now)


def test_people_and_matters_have_keys_of_their_own() -> None:
    one = {
        **document(Status.SUBMITTED, None),
        "parties": ["sub:an", "id:cccd:092090000123"],
        "matter": "m1",
        "owner": {"name": "An", "phone": None},
        "submitter": None,
        "code": "H13-261005-0007",
        "visible_to": ["H13", "H14"],
    }
    fields = found_by(one)
    assert {"=sub:an", "=id:cccd:092090000123", "#m1", "H13|", "H14|an", "H13|0007"} <= set(fields["search"])
    assert fields["words"] == " an 0007"
    assert fields["arrival"] == sort_key(RECEIVED, "a" * 32)


def test_a_recalled_result_has_not_ended() -> None:
    recalled = replace(THREE_DAYS, stopped_at=None)
    assert queue_fields(document(Status.IN_PROCESS, recalled, finished_at=None))["ended_at"] is None
