"""Submissions per second through the whole path, beside the floor and the peers doing the same work."""

import statistics
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from tests.benchmarks import load, work
from tests.benchmarks.floor import measure_floor
from tests.benchmarks.peers.run import prepare, running_peer
from tests.support.stack import Stack

ROUTE = "/api/v1/applications"
CITIZEN = "citizen-an"
CLIENTS = (1, 16, 32, 64, 128)


@dataclass(frozen=True)
class Figure:
    """The median of the rounds of one target at one number of clients."""

    rate: float
    p50: float
    p95: float
    p99: float
    refused: int

    @property
    def row(self) -> tuple[float, float, float, float, int]:
        """Its cells in a table."""
        return self.rate, self.p50, self.p95, self.p99, self.refused


@dataclass(frozen=True)
class Target:
    """Something that takes submissions on a port, with the token it wants."""

    port: int
    token: str


def submissions(token: str) -> load.MakeRequest:
    """Requests that differ in their idempotency key, by the same citizen for the same procedure."""
    run, body = uuid.uuid4().hex[:12], orjson.dumps(work.BODY)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def make(number: int) -> bytes:
        return load.request("POST", ROUTE, headers | {"Idempotency-Key": f"{run}-{number:012d}"}, body)

    return make


@contextmanager
def _target(name: str, stack: Stack) -> Iterator[Target]:
    if name == "platform":
        yield Target(stack.platform.port, stack.token(CITIZEN))
        return
    kind, _, variant = name.partition(", ")
    workers = 2 if variant == "2 workers" else 1
    with running_peer(
        kind, stack.mongo_uri, stack.amqp_uri, workers=workers, group_commit=variant == "group commit"
    ) as port:
        yield Target(port, work.TOKEN)


TARGETS = ("platform", "fastapi", "fastapi, 2 workers", "fastapi, group commit", "flask", "stock nameko")


def measure_submissions(
    stack: Stack, *, clients: tuple[int, ...], seconds: float, rounds: int
) -> dict[str, dict[int, Figure]]:
    """Per target and number of clients. Targets take turns, so that a slow minute of the machine hits all of them."""
    outcomes: dict[str, dict[int, list[load.Outcome]]] = {name: {count: [] for count in clients} for name in TARGETS}
    for _ in range(rounds):
        for name in TARGETS:
            with _target(name, stack) as target:
                make = submissions(target.token)
                load.drive(target.port, make, clients=16, seconds=1.5)
                for index, count in enumerate(clients, start=1):
                    outcome = load.drive(target.port, make, clients=count, seconds=seconds, first=index * 10_000_000)
                    outcomes[name][count].append(outcome)
    return {
        name: {count: median_of(rounds_of_one) for count, rounds_of_one in by_count.items()}
        for name, by_count in outcomes.items()
    }


def median_of(outcomes: list[load.Outcome]) -> Figure:
    """The round in the middle by its rate, and what was refused in all of them."""
    middle = sorted(outcomes, key=lambda outcome: outcome.rate)[len(outcomes) // 2]
    refused = sum(sum(o.statuses.values()) - len(o.latencies) for o in outcomes)
    return Figure(middle.rate, middle.percentile(0.5), middle.percentile(0.95), middle.percentile(0.99), refused)


def measure_floors(stack: Stack, *, seconds: float, rounds: int) -> dict[int, float]:
    """Bare insert and bare confirm per second, by number of threads."""
    rates: dict[int, list[float]] = {1: [], 16: []}
    for _ in range(rounds):
        for threads, measured in rates.items():
            prepare(stack.mongo_uri, stack.amqp_uri, "bench_floor")
            measured.append(
                measure_floor(stack.mongo_uri, stack.amqp_uri, "bench_floor", threads=threads, seconds=seconds)
            )
    return {threads: statistics.median(measured) for threads, measured in rates.items()}
