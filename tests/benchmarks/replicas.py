"""Submissions per second with one and with two of every service and of the gateway, both behind a balancer."""

from urllib.parse import urlsplit

from local.servers import Servers
from local.state import State
from tests.benchmarks import load
from tests.benchmarks.submit import CITIZEN, Figure, median_of, submissions
from tests.support.balancer import balanced
from tests.support.stack import Stack, fresh_state, started_stack

CLIENTS = 64


def measure_replicas(state: State, servers: Servers, *, seconds: float, rounds: int) -> dict[int, Figure]:
    """By the number of each; they take turns on the same servers, so that a slow minute hits both."""
    with (
        fresh_state() as other,
        started_stack(state, servers) as single,
        started_stack(other, servers, replicas=2) as double,
        balanced(state, single),
        balanced(other, double),
    ):
        outcomes: dict[int, list[load.Outcome]] = {1: [], 2: []}
        for turn in range(rounds):
            for count, stack in ((1, single), (2, double)):
                outcomes[count].append(_drive(stack, seconds=seconds, first=turn * 10_000_000))
        return {count: median_of(rounds_of_one) for count, rounds_of_one in outcomes.items()}


def _drive(stack: Stack, *, seconds: float, first: int) -> load.Outcome:
    port, make = urlsplit(stack.base_url).port or 0, submissions(stack.token(CITIZEN))
    load.drive(port, make, clients=16, seconds=1.5, first=first)
    return load.drive(port, make, clients=CLIENTS, seconds=seconds, first=first + 5_000_000)
