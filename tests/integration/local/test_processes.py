"""Dummy processes stand in for the platform's: what matters is who starts, restarts and ends them."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from local.processes import STOP_SIGNALS, Process, StartFailed, Supervisor, end_leftovers
from local.starting import bring_up, wait_ready
from local.state import AlreadyRunning, Run, State, own_start_time

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(tmp_path / "local")
    state.claim()
    yield state
    state.release()


def test_what_a_process_said_is_of_its_last_start_only(state: State) -> None:
    talker = process(state, [sys.executable, "-c", "import os; print('nói', os.getpid())"], name="talker")
    for _ in range(2):
        talker.start()
        assert talker.wait_ended() == 0
        assert talker.said() == [f"nói {talker.pid}"]
    assert len(talker.last_words().splitlines()) == 2


def process(state: State, argv: list[str], name: str = "dummy", grace: float = 20) -> Process:
    return Process(name, argv, folder=state.folder, grace=grace)


def wait_until_replaced(pid: int) -> None:
    """Only when the dummy's own program runs has it asked the kernel to be killed with its parent, and has a name."""
    deadline = time.monotonic() + 20
    while psutil.Process(pid).cmdline() != SLEEPER:
        assert time.monotonic() < deadline, psutil.Process(pid).cmdline()
        time.sleep(0.02)


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, "still there"
        time.sleep(0.02)


def test_what_is_optional_is_left_out_with_what_needs_it_and_the_rest_starts(state: State) -> None:
    broken = process(state, [sys.executable, "-c", "print('no sockets'); raise SystemExit(1)"], "broken")
    dependent, sound = process(state, ["true"], "dependent"), process(state, ["true"], "sound")
    left_out = bring_up({broken: (), dependent: [broken], sound: ()}, 20, optional=[broken, dependent])
    assert "no sockets" in left_out[broken]
    assert left_out[dependent] == "dependent needs broken"
    assert sound.exit_code == 0


def test_a_process_that_ends_before_it_is_ready_is_reported_with_its_last_words(state: State) -> None:
    failing = Process(
        "failing",
        [sys.executable, "-c", "print('no such database'); raise SystemExit(3)"],
        folder=state.folder,
        is_ready=lambda: False,
    )
    failing.start()
    with pytest.raises(StartFailed, match=r"failing ended with code 3(?s:.*)no such database"):
        wait_ready([failing], 20)


def test_a_process_that_never_becomes_ready_is_reported(state: State) -> None:
    sleeper = Process("slow", SLEEPER, folder=state.folder, is_ready=lambda: False)
    sleeper.start()
    try:
        with pytest.raises(StartFailed, match="was not ready in time"):
            wait_ready([sleeper], 0.2)
    finally:
        sleeper.stop()


def test_each_part_starts_when_those_it_needs_are_ready(state: State) -> None:
    slow, quick, last = (process(state, [sys.executable, "-c", ""], name=name) for name in ("slow", "quick", "last"))
    slow.argv = [sys.executable, "-c", "import time; time.sleep(0.3)"]
    ready: list[str] = []
    bring_up({last: [slow, quick], slow: (), quick: ()}, 20, lambda part, _: ready.append(part.name))
    assert ready == ["quick", "slow", "last"]


def test_a_job_that_fails_stops_the_start(state: State) -> None:
    with pytest.raises(StartFailed, match="ended with code 1"):
        bring_up({process(state, [sys.executable, "-c", "raise SystemExit(1)"]): ()}, 20)


def test_a_process_that_ignores_the_request_to_end_is_killed_with_all_that_it_started(state: State) -> None:
    script = f"import subprocess; c = subprocess.Popen({SLEEPER!r}); print(c.pid, flush=True); exec({STUBBORN[2]!r})"
    stubborn = process(state, [sys.executable, "-c", script], grace=0.5)
    stubborn.start()
    while "deaf" not in stubborn.log.read_text():
        time.sleep(0.02)
    grandchild = int(stubborn.log.read_text().split()[0])
    stubborn.stop()
    assert stubborn.exit_code == -signal.SIGKILL
    wait_until_gone(grandchild)


def test_a_request_to_stop_within_a_start_loses_no_child(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped(Exception):
        pass

    def stop(number: int, _: object) -> None:
        raise Stopped

    def interrupted(*given: Any, **more: Any) -> subprocess.Popen[bytes]:
        child = popen(*given, **more)
        for number in STOP_SIGNALS:
            signal.raise_signal(number)
        return child

    popen, sleeper = subprocess.Popen, process(state, SLEEPER)
    monkeypatch.setattr(subprocess, "Popen", interrupted)
    before = {number: signal.signal(number, stop) for number in STOP_SIGNALS}
    try:
        with pytest.raises(Stopped):
            sleeper.start()
        assert {signal.getsignal(number) for number in STOP_SIGNALS} == {stop}
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        sleeper.stop()
    assert sleeper.exit_code == -signal.SIGTERM, "known, and not deaf"


def test_a_crashed_process_is_started_again_at_once_then_later_and_later(state: State) -> None:
    told: list[str] = []
    crashing = process(state, [sys.executable, "-c", "raise SystemExit(7)"], name="crashing")
    crashing.start()
    supervisor = Supervisor(told.append)
    supervisor.watch(crashing)
    while len(told) < 3:
        supervisor.tick()
        time.sleep(0.02)
    crashing.stop()
    assert [text.partition(":")[0] for text in told] == [
        "crashing ended (code 7), starting it again now",
        "crashing ended (code 7), starting it again in 1 s",
        "crashing ended (code 7), starting it again in 2 s",
    ]


def test_children_die_with_a_parent_that_is_killed(state: State) -> None:
    script = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from local.processes import Process
        child = Process("child", {SLEEPER!r}, folder=Path({str(state.folder)!r}))
        child.start()
        print(child.pid, flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        wait_until_replaced(child)
        parent.kill()
    wait_until_gone(child)


def test_leftovers_are_recognised_by_their_folder_and_ended(state: State, tmp_path: Path) -> None:
    left, foreign = process(state, SLEEPER), Process("other", SLEEPER, folder=tmp_path)
    (tmp_path / "log").mkdir()
    for started in (left, foreign):
        started.start()
    try:
        wait_until_replaced(left.pid)
        assert end_leftovers(state.folder) == 1
        wait_until_gone(left.pid)
        assert foreign.alive
    finally:
        left.stop()
        foreign.stop()


def test_one_folder_has_one_user(state: State) -> None:
    with pytest.raises(AlreadyRunning, match="already running"):
        State(state.folder).claim()
    state.release()
    again = State(state.folder)
    again.claim()
    again.release()


def test_two_platforms_never_get_the_same_port(state: State, tmp_path: Path) -> None:
    other = State(tmp_path / "other")
    other.claim()
    first = state.port("gateway", 28080)
    assert other.port("gateway", 28080) != first
    state.release()
    third = State(tmp_path / "third")
    third.claim()
    assert third.port("gateway", first) == first
    third.release()
    other.release()


def test_a_port_is_remembered(state: State) -> None:
    port = state.port("broker")
    state.release()
    again = State(state.folder)
    again.claim()
    assert again.port("broker") == port
    again.release()


def test_the_record_of_a_dead_run_does_not_count(state: State) -> None:
    run = Run(os.getpid(), own_start_time(), "http://127.0.0.1:1", "", "", "", str(state.folder))
    state.write_run(run)
    assert state.running() == run
    state.write_run(Run(os.getpid(), run.started - 5, "http://127.0.0.1:1", "", "", "", str(state.folder)))
    assert state.running() is None, "another process has got the id"
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    state.write_run(Run(ended.pid, run.started, "http://127.0.0.1:1", "", "", "", str(state.folder)))
    assert state.running() is None


def test_secrets_are_kept_and_readable_only_by_their_owner(state: State) -> None:
    path = state.secret_file("payment_secret")
    assert path.stat().st_mode & 0o777 == 0o600
    assert state.secret_file("payment_secret").read_text() == path.read_text() != ""
