"""How a service stops, and how it looks from outside while it is busy."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.errors import TimedOut
from tests.support.running import RunningService, eventually, running

Ask = Callable[..., Any]


def slowly(ask: Ask, pool: ThreadPoolExecutor, calls: int, seconds: float, file: Path) -> list["Future[int]"]:
    """Ask for slow work, each piece of which leaves its mark in a file."""
    request = {"seconds": seconds, "file": str(file)}
    return [pool.submit(ask, "echo", "slow", request | {"mark": mark}, timeout=60) for mark in range(calls)]


def works_on(service: RunningService, messages: int) -> None:
    eventually(lambda: service.metric("messages_in_progress") == messages, f"works on {messages} messages")


def test_trap_01_sigterm_does_not_run_work_twice(environment: dict[str, str], bus: Ask, tmp_path: Path) -> None:
    done = tmp_path / "done"
    with running("echo", environment, tmp_path) as service, ThreadPoolExecutor(10) as pool:
        asked = slowly(bus, pool, 10, 4, done)
        works_on(service, 10)
        assert service.terminate() == 0
        assert sorted(answer.result() for answer in asked) == list(range(10))
    with running("echo", environment, tmp_path) as service:
        bus("echo", "echo")  # comes after whatever the broker delivers again
        works_on(service, 0)
        assert sorted(map(int, done.read_text().split())) == list(range(10))


def test_not_ready_while_it_finishes_its_work(environment: dict[str, str], bus: Ask, tmp_path: Path) -> None:
    with running("echo", environment, tmp_path) as service, ThreadPoolExecutor(1) as pool:
        release = tmp_path / "release"
        asked = pool.submit(bus, "echo", "hold", {"until": str(release)}, timeout=60)
        works_on(service, 1)
        service.ask_to_end()
        eventually(lambda: service.get("/ready").json()["serving"] is False, "is not ready any more")
        assert service.get("/live").status_code == 200
        release.touch()
        assert asked.result() == "released"


def test_the_grace_period_ends_work_that_does_not_end(environment: dict[str, str], bus: Ask, tmp_path: Path) -> None:
    environment = environment | {"STOP_GRACE_SECONDS": "1"}
    with running("echo", environment, tmp_path) as service, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(bus, "echo", "hold", {"until": str(tmp_path / "never")}, timeout=8)
        works_on(service, 1)
        assert service.terminate() == 1
        with pytest.raises(TimedOut):
            asked.result()


def test_trap_07_probes_do_not_wait_for_a_free_worker(environment: dict[str, str], bus: Ask, tmp_path: Path) -> None:
    release = tmp_path / "release"
    environment = environment | {"MAX_WORKERS": "2"}
    with running("echo", environment, tmp_path) as service, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(bus, "echo", "hold", {"until": str(release)}, timeout=60) for _ in range(8)]
        works_on(service, 2)
        assert service.get("/live").status_code == 200
        assert service.get("/ready").status_code == 200
        release.touch()
        assert [answer.result() for answer in asked] == ["released"] * 8
