"""When the clock starts a job: at its turn, late after a restart, at once where it never ran, never twice."""

import asyncio
import signal
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from ops import clock as clock_module
from ops.clock import HERE, LATE, TURNS, Clock, Turn, run_job
from shared.job_runs import EXPECTED_WITHIN

NIGHT = datetime(2026, 11, 22, 1, 30, tzinfo=HERE)
YESTERDAY = dict.fromkeys((turn.job for turn in TURNS), NIGHT - timedelta(hours=22))


def names(clock: Clock, now: datetime, ran: dict[str, datetime]) -> list[str]:
    return [turn.job for turn in clock.due(now, ran)]


def test_every_job_that_is_expected_has_its_turn() -> None:
    assert {turn.job for turn in TURNS} == set(EXPECTED_WITHIN)


def test_a_new_platform_runs_each_once_and_is_complete_then() -> None:
    clock = Clock()
    assert names(clock, NIGHT, {}) == [turn.job for turn in TURNS]
    assert not clock.complete
    assert names(clock, NIGHT + timedelta(seconds=15), {}) == []
    assert names(clock, NIGHT + timedelta(seconds=30), dict.fromkeys(YESTERDAY, NIGHT)) == []
    assert clock.complete


@pytest.mark.parametrize(
    ("later", "due"),
    [(timedelta(seconds=-1), False), (timedelta(0), True), (LATE - timedelta(seconds=1), True), (LATE, False)],
)
def test_a_job_starts_at_its_turn_and_not_much_later(later: timedelta, due: bool) -> None:
    assert ("backup" in names(Clock(), NIGHT + later, YESTERDAY)) is due


def test_a_turn_that_came_while_another_job_ran_is_taken_however_late() -> None:
    clock = Clock()
    assert "backup" in names(clock, NIGHT, YESTERDAY)
    after = NIGHT + timedelta(hours=4)
    assert names(clock, after, YESTERDAY | {"backup": after}) == ["clear_away", "retention", "chains"]
    assert names(Clock(), after, YESTERDAY | {"backup": after}) == [], "nobody waited for them"


def test_a_turn_is_taken_once() -> None:
    clock, ran = Clock(), YESTERDAY | {"backup": NIGHT - timedelta(days=1)}
    assert "backup" in names(clock, NIGHT, ran)
    assert "backup" not in names(clock, NIGHT + timedelta(minutes=1), ran), "it is under way, or failed before its end"
    again = names(Clock(), NIGHT + timedelta(minutes=2), ran | {"backup": NIGHT + timedelta(minutes=1)})
    assert "backup" not in again, "another process finds that it ran"
    assert "backup" in names(clock, NIGHT + timedelta(days=1), ran)


def _ends_with(within: timedelta, *command: str) -> int:
    return asyncio.run(run_job(Turn("backup", time(1, 30), within, command), asyncio.Event()))


def test_a_job_that_hangs_ends_with_its_time_so_that_later_ones_get_their_turn() -> None:
    assert _ends_with(timedelta(minutes=1), "platform") == 0
    assert _ends_with(timedelta(seconds=0.1), "http.server", "0", "--bind", "127.0.0.1") == -signal.SIGTERM


@pytest.mark.parametrize(("tries", "runs", "code"), [(1, 1, 1), (2, 2, 1), (3, 3, 0), (5, 3, 0)])
def test_a_job_that_failed_is_tried_again(
    tries: int, runs: int, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock_module, "PAUSE_SECONDS", 0.01)
    counted = tmp_path / "runs"
    fails_twice = f"f = open({str(counted)!r}, 'a+'); f.write('x'); f.seek(0); assert len(f.read()) > 2"
    command = (
        "timeit",
        "--number",
        "1",
        "--repeat",
        "1",
        fails_twice,
    )  # of the standard library: it runs what it is given
    turn = Turn("backup", time(1, 30), timedelta(minutes=1), command, tries)
    assert asyncio.run(run_job(turn, asyncio.Event())) == code
    assert len(counted.read_text("utf-8")) == runs


def test_a_job_that_took_its_time_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "PAUSE_SECONDS", 0.01)
    started = []
    real = asyncio.create_subprocess_exec

    async def counting(*command: str) -> asyncio.subprocess.Process:
        started.append(command)
        return await real(*command)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", counting)
    turn = Turn("backup", time(1, 30), timedelta(seconds=0.1), ("http.server", "0", "--bind", "127.0.0.1"), 3)
    assert asyncio.run(run_job(turn, asyncio.Event())) == -signal.SIGTERM
    assert len(started) == 1


def test_a_job_that_heeds_nothing_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock_module, "LAST_WORDS_SECONDS", 0.1)
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which the process inherits
    try:
        assert _ends_with(timedelta(seconds=0.1), "http.server", "0", "--bind", "127.0.0.1") == -signal.SIGKILL
    finally:
        signal.signal(signal.SIGTERM, before)
