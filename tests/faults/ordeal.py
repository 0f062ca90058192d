"""Load, and faults while it runs: processes killed, stopped or frozen, brought back, and the promises counted."""

import signal
import time
from collections.abc import Callable
from typing import NamedTuple

from tests.faults.load import Clients
from tests.faults.oracle import Verdict, judge, known_applications, settle
from tests.support.stack import Stack

CITIZEN = "citizen-an"


class Outcome(NamedTuple):
    """The counts, and the answers that made clients try again."""

    verdict: Verdict
    trouble: dict[str, int]


def kill(name: str) -> Callable[[Stack], None]:
    return lambda stack: stack.kill(name)


def terminate(name: str) -> Callable[[Stack], None]:
    return lambda stack: stack.processes[name].signal(signal.SIGTERM)


def freeze(name: str, seconds: float) -> Callable[[Stack], None]:
    def run(stack: Stack) -> None:
        with stack.frozen(name):
            time.sleep(seconds)

    return run


def suffer(stack: Stack, faults: list[tuple[str, Callable[[Stack], None]]], *, pause: float) -> Outcome:
    """Load, faults one after the other, healing, settling; prints what it counted."""
    stack.supervisor.STEADY_SECONDS = 2.0  # what was ready again and is killed once more starts at once
    for process in stack.processes.values():
        stack.supervisor.watch(process)
    known = known_applications(stack)
    with Clients(stack.base_url, stack.token(CITIZEN), count=8) as clients:
        _work_for(stack, pause)
        for name, fault in faults:
            _heal(stack)
            before = clients.ledger.accepted
            fault(stack)
            _work_for(stack, pause)
            print(f"{name}: {clients.ledger.accepted - before} accepted around it")  # noqa: T201
        _heal(stack)
        healed = clients.ledger.accepted
        _wait_for_progress(stack, clients, healed)
    verdict = judge(stack, clients, known, settle(stack))
    print(verdict, clients.ledger.trouble)  # noqa: T201
    assert not clients.given_up
    return Outcome(verdict, clients.ledger.trouble)


def _work_for(stack: Stack, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        stack.supervisor.tick()
        time.sleep(0.1)


def _heal(stack: Stack) -> None:
    """Until everything runs and says that it is ready, started again whenever it died."""
    end = time.monotonic() + 120
    while not all(process.ready for process in stack.processes.values()):
        assert time.monotonic() < end, "something never became ready again"
        stack.supervisor.tick()
        time.sleep(0.2)


def _wait_for_progress(stack: Stack, clients: Clients, healed: int) -> None:
    """A safe but dead platform loses nothing either; only new work shows that it lives."""
    end = time.monotonic() + 60
    while clients.ledger.accepted < healed + 50:
        assert time.monotonic() < end, "no progress after healing"
        stack.supervisor.tick()
        time.sleep(0.1)
