"""Two of every service and of the gateway behind a balancer: whichever is killed or stopped, nothing is lost."""

import random
from collections.abc import Iterator

import pytest

from tests.faults.colleagues import Colleagues, wrongs
from tests.faults.ordeal import kill, suffer, terminate
from tests.support.balancer import balanced
from tests.support.stack import Stack, fresh_state, started_servers, started_stack

pytestmark = pytest.mark.timeout(900)

SECONDS, PAUSE = 120, 10


@pytest.fixture(scope="module")
def replicas() -> Iterator[Stack]:
    """Two of each, on servers of their own."""
    with (
        fresh_state() as state,
        started_servers(state) as servers,
        started_stack(state, servers, replicas=2) as running,
        balanced(state, running) as stack,
    ):
        yield stack


def own_parts(stack: Stack) -> list[str]:
    """All but what only the demonstration has, and the watch and the reflector, of which there is one."""
    alone = ("outside", "watch", "reflector")
    return [process.name for process in stack.platform.processes if process.name not in alone]


def test_one_killed_each_ten_seconds_for_two_minutes_loses_and_doubles_nothing(replicas: Stack) -> None:
    parts = own_parts(replicas)
    victims = random.Random(20261122).sample(parts, len(parts))
    assert len(victims) * PAUSE >= SECONDS, "each was killed once, and that took two minutes"
    with Colleagues(replicas) as colleagues:
        verdict, _ = suffer(replicas, [(f"kill {name}", kill(name)) for name in victims], pause=PAUSE)
    assert verdict.clean, verdict
    assert verdict.accepted > 50
    assert min(len(colleagues.issued), len(colleagues.booked), len(colleagues.appointed)) > 5
    assert not any(wrongs(replicas, colleagues).values()), (wrongs(replicas, colleagues), colleagues.failed)


def test_stopped_one_after_the_other_no_request_fails(replicas: Stack) -> None:
    plan = [(f"stop {name}", terminate(name)) for name in own_parts(replicas)]
    verdict, trouble = suffer(replicas, plan, pause=2)
    assert trouble == {}
    assert verdict.clean, verdict
    assert verdict.accepted > 50
