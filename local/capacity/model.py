"""Turns demand and measured costs into cores, replicas, gigabytes, and the order in which limits are met."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from local.capacity.queueing import Kind, percentile, simulate

HERE = Path(__file__).parent
PATH = ("gateway", "one_stop_shop", "document_routing", "email_provisioning", "conference_booking", "database")
"""What a request passes, in this order; the broker only carries."""
_APPLICATIONS = frozenset({"gateway", "one_stop_shop", "database", "broker"})
WORKS_ON = {
    **dict.fromkeys(("submission", "step", "desk", "reading", "page"), _APPLICATIONS),
    "letter": frozenset({"gateway", "document_routing", "database", "broker"}),
}
"""Which parts certainly do something for a kind of work, however little was measured."""
SINGLE = ("database", "broker")
"""Of which one machine does all writes; everything else gets more replicas."""
REQUESTS = 20_000
_IDLE = 0.1
"""Busy for so small a share of the time, another replica would shorten nothing: the work itself takes that long."""


@dataclass(frozen=True)
class Costs:
    """What `make bench ARGS=costs` measured: milliseconds of one core by kind of work and part, bytes by kind.

    A figure within `unsure` of nothing is counted as that much rather than as nothing.
    """

    taken: str
    milliseconds: Mapping[str, Mapping[str, float]]
    unsure: Mapping[str, float]
    bytes: Mapping[str, int]

    @property
    def parts(self) -> list[str]:
        """Everything that has a cost, in the order of the page."""
        return list(dict.fromkeys(part for costs in self.milliseconds.values() for part in costs))

    def of(self, kind: str, part: str) -> float:
        """The milliseconds to be planned with."""
        measured = self.milliseconds[kind].get(part)
        if measured is None:
            return 0.0
        return max(measured, self.unsure[kind] if part in WORKS_ON[kind] else 0.0)


@dataclass(frozen=True)
class Demand:
    """The assumptions of `demand.yaml`."""

    places: Mapping[str, int]
    per_million_a_day: Mapping[str, float]
    busiest_hour: float
    within_the_hour: float
    busiest_day: float
    working_days: int
    machine: Mapping[str, float]

    def per_second(self, people: int) -> dict[str, float]:
        """How often each kind of work comes in the busiest minute."""
        peak = self.busiest_hour / 3600 * self.within_the_hour * self.busiest_day
        return {kind: daily * people / 1e6 * peak for kind, daily in self.per_million_a_day.items()}

    def per_year(self, people: int) -> dict[str, float]:
        """How much of each kind comes in a year."""
        return {kind: daily * people / 1e6 * self.working_days for kind, daily in self.per_million_a_day.items()}


@dataclass(frozen=True)
class Size:
    """What a place needs in its busiest minute, and in a year."""

    people: int
    requests: float
    """A second."""
    cores: Mapping[str, float]
    """Kept busy, by part."""
    replicas: Mapping[str, int]
    """Of one core each; for what is single, the cores of its machine."""
    p50: float
    p95: float
    """Milliseconds, simulated with those replicas; without the network."""
    gigabytes: float
    """That a year adds to the database, before compression."""


@dataclass(frozen=True)
class Limit:
    """Something of which there is one, and the number of people at which it is used up."""

    name: str
    people: float
    remedy: str


def read_costs(path: Path = HERE / "costs.yaml") -> Costs:
    """The costs last measured."""
    return Costs(**_read(path))


def read_demand(path: Path = HERE / "demand.yaml") -> Demand:
    """The assumptions, ours or somebody's own."""
    return Demand(**_read(path))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return content


def size(people: int, demand: Demand, costs: Costs) -> Size:
    """What so many people need: enough replicas for the planned load, and more until the simulation is quick enough."""
    rates = demand.per_second(people)
    cores = {part: busy_cores(part, rates, costs) for part in costs.parts}
    replicas = {part: max(2, math.ceil(busy / demand.machine["busy"])) for part, busy in cores.items()}
    planned = Size(people, sum(rates.values()), cores, replicas, 0.0, 0.0, _gigabytes(people, demand, costs))
    kinds = [Kind(rate, _stops(kind, costs)) for kind, rate in rates.items()]
    while True:
        took = simulate(kinds, planned.replicas, requests=REQUESTS)
        planned = replace(planned, p50=1000 * percentile(took, 0.5), p95=1000 * percentile(took, 0.95))
        busiest = max(planned.replicas, key=lambda part: cores[part] / planned.replicas[part])
        nobody_queues = cores[busiest] / planned.replicas[busiest] < _IDLE
        if planned.p95 <= demand.machine["wait_ms"] or nobody_queues:
            return planned
        more = math.ceil(planned.replicas[busiest] * 1.1)
        planned = replace(planned, replicas={**planned.replicas, busiest: more})


def busy_cores(part: str, rates: Mapping[str, float], costs: Costs) -> float:
    """How many cores of a part these rates keep busy."""
    return sum(rate * costs.of(kind, part) for kind, rate in rates.items()) / 1000


def _stops(kind: str, costs: Costs) -> list[tuple[str, float]]:
    return [(part, needed / 1000) for part in PATH if (needed := costs.of(kind, part))]


def _gigabytes(people: int, demand: Demand, costs: Costs) -> float:
    yearly = demand.per_year(people)
    return sum(yearly[kind] * size for kind, size in costs.bytes.items()) / 1e9


def limits(demand: Demand, costs: Costs) -> list[Limit]:
    """What is used up first, second, and so on, with the people at which it is."""
    million = 1_000_000
    rates = demand.per_second(million)
    found = [
        Limit(
            f"{part}: {demand.machine[f'{part}_cores']:.0f} cores, {demand.machine['busy']:.0%} of them planned",
            million * demand.machine[f"{part}_cores"] * demand.machine["busy"] / busy_cores(part, rates, costs),
            remedy,
        )
        for part, remedy in (
            ("database", "shard by agency, which every aggregate names; reading from secondaries where it may be late"),
            ("broker", "a broker for each service: no event is heard by all"),
        )
    ]
    stored = _gigabytes(million, demand, costs) * demand.machine["years"]
    found.append(
        Limit(
            f"disk: {demand.machine['database_gigabytes']:,.0f} GB for {demand.machine['years']:.0f} years",
            million * demand.machine["database_gigabytes"] / stored,
            "files, which are most of it, into an object store behind the same port; shard by agency",
        )
    )
    return sorted(found, key=lambda limit: limit.people)
