"""The model of capacity: its simulation against queueing theory, its sizes against plain arithmetic."""

import math
import statistics
from typing import Any

import pytest

from local.capacity.model import WORKS_ON, Costs, Demand, limits, read_costs, read_demand, size
from local.capacity.page import capacity_page
from local.capacity.queueing import Kind, percentile, simulate

DEMAND = Demand(
    places={"a town": 100_000},
    per_million_a_day={"submission": 36_000},
    busiest_hour=0.1,
    within_the_hour=1.0,
    busiest_day=1.0,
    working_days=200,
    machine={
        "busy": 0.5,
        "wait_ms": 1_000,
        "database_cores": 10,
        "broker_cores": 10,
        "database_gigabytes": 1_000,
        "years": 5,
    },
)
COSTS = Costs(
    "now",
    {"submission": {"gateway": 100.0, "database": 10.0, "broker": 1.0, "webhooks": -0.1}},
    {"submission": 0.5},
    {"submission": 1_000_000},
)


def erlang_wait(rate: float, mean: float, servers: int) -> float:
    """Mean wait before service of M/M/c, by Erlang's C formula."""
    offered = rate * mean
    busy = offered / servers
    last = offered**servers / math.factorial(servers) / (1 - busy)
    waits = last / (sum(offered**n / math.factorial(n) for n in range(servers)) + last)
    return waits * mean / (servers * (1 - busy))


@pytest.mark.parametrize(("rate", "servers"), [(5.0, 1), (8.0, 1), (16.0, 2), (30.0, 4)])
def test_simulation_agrees_with_erlang(rate: float, servers: int) -> None:
    took = simulate([Kind(rate, [("desk", 0.1)])], {"desk": servers}, requests=100_000)
    assert statistics.fmean(took) == pytest.approx(0.1 + erlang_wait(rate, 0.1, servers), rel=0.08)


def test_stations_in_a_row_add_up() -> None:
    took = simulate([Kind(1.0, [("a", 0.01), ("b", 0.02)])], {"a": 50, "b": 50}, requests=50_000)
    assert statistics.fmean(took) == pytest.approx(0.03, rel=0.03)


def test_percentile_is_of_the_ordered() -> None:
    assert [percentile([1, 2, 3, 4], share) for share in (0.0, 0.5, 1.0)] == [1, 3, 4]


def test_a_place_gets_what_its_busiest_minute_needs() -> None:
    found = size(1_000_000, DEMAND, COSTS)
    assert found.requests == pytest.approx(1.0)  # 36,000 a day, a tenth of them in the busiest hour
    assert found.cores == pytest.approx({"gateway": 0.1, "database": 0.01, "broker": 0.001, "webhooks": 0.0})
    assert found.gigabytes == pytest.approx(36_000 * 200 / 1_000)
    assert found.replicas == {"gateway": 2, "database": 2, "broker": 2, "webhooks": 2}
    many = size(100_000_000, DEMAND, COSTS)
    assert many.replicas["gateway"] >= 20  # ten cores busy, half of each planned
    assert many.p95 <= DEMAND.machine["wait_ms"]


def test_more_replicas_are_planned_until_nobody_waits_too_long() -> None:
    hurried = Demand(**{**vars_of(DEMAND), "machine": {**DEMAND.machine, "busy": 0.99, "wait_ms": 400}})
    relaxed = Demand(**{**vars_of(DEMAND), "machine": {**DEMAND.machine, "busy": 0.99, "wait_ms": 5_000}})
    assert size(19_700_000, hurried, COSTS).replicas["gateway"] > size(19_700_000, relaxed, COSTS).replicas["gateway"]


def test_planning_ends_when_the_work_itself_takes_too_long() -> None:
    impatient = Demand(**{**vars_of(DEMAND), "machine": {**DEMAND.machine, "wait_ms": 1}})
    found = size(1_000_000, impatient, COSTS)
    assert found.p95 > 1
    assert found.replicas["gateway"] == 2


def vars_of(demand: Demand) -> dict[str, Any]:
    """Its fields by name."""
    return {name: getattr(demand, name) for name in Demand.__dataclass_fields__}


def test_what_is_too_small_to_measure_does_not_count_as_nothing() -> None:
    costs = Costs("now", {"desk": {"database": -0.2, "broker": 3.0}}, {"desk": 0.5}, {})
    assert (costs.of("desk", "database"), costs.of("desk", "broker"), costs.of("desk", "webhooks")) == (0.5, 3.0, 0.0)


def test_the_page_claims_no_more_than_was_measured() -> None:
    assert "| submission | 100 | 10 | 1.00 | < 0.50 | 0.50 | 1,000,000 |" in capacity_page(DEMAND, COSTS)


def test_limits_come_in_their_order() -> None:
    found = limits(DEMAND, COSTS)
    assert [limit.name.partition(":")[0] for limit in found] == ["disk", "database", "broker"]
    assert found[0].people == pytest.approx(1_000_000 * 1_000 / (7_200 * 5))
    assert found[1].people == pytest.approx(1_000_000 * 10 * 0.5 / 0.01)


def test_what_is_measured_and_assumed_fits_together() -> None:
    demand, costs = read_demand(), read_costs()
    assert demand.per_million_a_day.keys() == costs.milliseconds.keys()
    assert costs.bytes.keys() <= costs.milliseconds.keys() == costs.unsure.keys() == WORKS_ON.keys()
    assert demand.per_million_a_day["submission"] * 1.2 == 3_000
    assert "Which limit comes first" in capacity_page(demand, costs)
