"""What is said of a job by what it left behind."""

from datetime import UTC, datetime, timedelta

import pytest

from ops.mail_hosts import Seen
from ops.parts import judge_job, judge_mail_host

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
WITHIN = 26 * 3600.0
WELL = {"at": NOW - timedelta(hours=7), "seconds": 3.0, "well": True, "problems": 0, "succeeded_at": NOW}


@pytest.mark.parametrize(("by_clock", "is_problem"), [(True, True), (False, False)])
def test_a_job_that_never_ran_is_a_problem_where_a_clock_should_have_started_it(
    by_clock: bool, is_problem: bool
) -> None:
    standing, state, problem = judge_job(None, WITHIN, NOW, by_clock=by_clock)
    assert (standing, state) == ("missing" if is_problem else "never_ran", "never ran")
    assert bool(problem) is is_problem


@pytest.mark.parametrize(
    ("noted", "standing", "problem"),
    [
        (WELL, "ran", ""),
        (WELL | {"well": False}, "failed", "failed: see its log"),
        (WELL | {"problems": 2}, "found_problems", "found 2 problems: see its log"),
        (WELL | {"succeeded_at": NOW - timedelta(hours=27)}, "late", "not since"),
    ],
)
def test_a_job_that_ran_is_judged_by_what_it_left(noted: dict[str, object], standing: str, problem: str) -> None:
    judged = judge_job(noted, WITHIN, NOW, by_clock=True)
    assert (judged[0], judged[2]) == (standing, problem)


EARLIER, LONG_AGO = NOW - timedelta(minutes=4), NOW - timedelta(hours=3)
SILENT_AFTER = 300.0


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        (Seen("mail-1", None, 2, LONG_AGO), ""),
        (Seen("mail-1", EARLIER, 0, None), ""),
        (Seen("mail-1", EARLIER, 2, EARLIER), ""),
        (Seen("mail-1", EARLIER, 2, LONG_AGO), "changes wait since 2026-11-22 05:00 UTC"),
        (Seen("mail-1", LONG_AGO, 2, LONG_AGO), "silent: see whether its agent runs"),
        (Seen("mail-1", NOW - timedelta(minutes=6), 0, None), "silent: see whether its agent runs"),
    ],
)
def test_a_mail_host_is_judged_by_when_it_came_and_what_waits(host: Seen, problem: str) -> None:
    assert judge_mail_host(host, NOW, SILENT_AFTER)[2] == problem
