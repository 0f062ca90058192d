"""Runs measurements on a platform of its own and writes them into docs/benchmarks.md."""

import argparse
import os
from unittest import mock

import psutil
from rich.console import Console

from local.servers import Servers
from local.state import State
from tests.benchmarks import report
from tests.benchmarks.bookings import measure_bookings
from tests.benchmarks.costs import write_costs
from tests.benchmarks.directory import measure_directory
from tests.benchmarks.events import measure_event_delay
from tests.benchmarks.queues import measure_queues
from tests.benchmarks.replicas import measure_replicas
from tests.benchmarks.scim import FILTERS, measure_scim
from tests.benchmarks.submit import CLIENTS, TARGETS, Figure, measure_floors, measure_submissions
from tests.benchmarks.webhooks import measure_webhooks, ratio
from tests.support.stack import Stack, fresh_state, started_servers, started_stack

_console = Console()


FEW = 1_000
TURNS = "Both were asked in turn, on two platforms beside each other."
PARTS = ("submissions", "replicas", "bookings", "costs", "directory", "scim", "webhooks", "queues")


def main() -> None:
    """Measure, print, write; every part is on the page as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none is named")
    parser.add_argument("--quick", action="store_true", help="short rounds, 100,000 instead of 1,000,000 applications")
    asked = parser.parse_args()
    for unknown in set(asked.parts).difference(PARTS):
        parser.error(f"there is no part {unknown!r}, but {', '.join(PARTS)}")
    with fresh_state() as state, started_servers(state) as servers:
        for part in asked.parts or PARTS:
            if part == "costs":
                _keep_costs(state, servers, units=500 if asked.quick else 2_000)
                continue
            when = report.moment(quick=asked.quick)
            sections = _measure(part, state, servers, quick=asked.quick)
            first = next(iter(sections))
            report.write(sections | {first: f"{when}\n\n{sections[first]}"})
    _console.print(report.PAGE.read_text("utf-8"))


def _measure(part: str, state: State, servers: Servers, *, quick: bool) -> dict[str, str]:
    if part == "webhooks":
        seconds, rounds = (10.0, 1) if quick else (30.0, 3)
        return {"Webhooks": _webhook_section(state, servers, seconds=seconds, rounds=rounds)}
    if part == "queues":
        return {"Work queues and search": _queue_section(state, servers, 100_000 if quick else 1_000_000)}
    if part == "replicas":
        seconds, rounds = (3.0, 1) if quick else (10.0, 5)
        return {"Replicas": _replica_section(state, servers, seconds=seconds, rounds=rounds)}
    if part == "bookings":
        with started_stack(state, servers) as stack:
            return {"Bookings": _booking_section(stack, seconds=3.0 if quick else 10.0, rounds=1 if quick else 5)}
    if part in ("directory", "scim"):
        with started_stack(state, servers) as small, started_stack(state, servers) as large:
            if part == "directory":
                return {"Directory": _directory_section(small, large, (3_000,) if quick else (20_000, 100_000))}
            return {"SCIM": _scim_section(small, large, 3_000 if quick else 100_000)}
    with started_stack(state, servers) as stack:
        return {
            **_submission_sections(stack, seconds=2.0 if quick else 5.0, rounds=1 if quick else 3),
            "Event delay": _event_section(stack, seconds=4.0 if quick else 10.0),
            "Memory": _memory_section(stack),
        }


def _keep_costs(state: State, servers: Servers, *, units: int) -> None:
    _console.print("Costs: processor time and storage of each kind of work, for docs/capacity.md")
    with mock.patch.dict(os.environ, PUBLIC_PER_MINUTE="1000000"), started_stack(state, servers) as stack:
        _console.print(f"{write_costs(stack, units=units)} is written; `make docs` brings it onto the page")


def _submission_sections(stack: Stack, *, seconds: float, rounds: int) -> dict[str, str]:
    _console.print("Submissions: the platform, the peers and the floor take turns")
    figures = measure_submissions(stack, clients=CLIENTS, seconds=seconds, rounds=rounds)
    floors = measure_floors(stack, seconds=seconds, rounds=rounds)
    rows = [(name, count, *figure.row) for name in TARGETS for count, figure in figures[name].items()]
    head = ("target", "clients", "per second", "p50 ms", "p95 ms", "p99 ms", "not 201")
    floor_rows = [(f"floor, {threads} threads", rate) for threads, rate in floors.items()]
    return {
        "Submissions": report.table(head, rows) + "\n\n" + report.table(("target", "per second"), floor_rows),
        "Ratios": report.table(("ratio", "measured", "target", "verdict"), _ratios(figures, floors)),
    }


def _ratios(figures: dict[str, dict[int, Figure]], floors: dict[int, float]) -> list[tuple[str, float, str, str]]:
    usual = ("fastapi", "fastapi, 2 workers", "flask")
    own = figures["platform"]

    def best(count: int) -> Figure:
        return max((figures[name][count] for name in usual), key=lambda figure: figure.rate)

    peak = max(figure.rate for figure in own.values())
    judged = report.judged
    return [
        judged("best usual peer, 32 clients", own[32].rate / best(32).rate, "≥ 1.0", 1.0, at_least=True),
        judged("best usual peer, 128 clients", own[128].rate / best(128).rate, "≥ 1.5", 1.5, at_least=True),
        judged(
            "peer with group commit, 32 clients",
            own[32].rate / figures["fastapi, group commit"][32].rate,
            "≥ 0.8",
            0.8,
            at_least=True,
        ),
        judged(
            "peer with group commit, 128 clients",
            own[128].rate / figures["fastapi, group commit"][128].rate,
            "≥ 0.8",
            0.8,
            at_least=True,
        ),
        judged("stock nameko, 32 clients", own[32].rate / figures["stock nameko"][32].rate, "≥ 3", 3.0, at_least=True),
        judged("floor with 16 threads, at best", peak / floors[16], "≥ 0.8", 0.8, at_least=True),
        judged("p99 to the best usual peer's, 32 clients", own[32].p99 / best(32).p99, "≤ 0.75", 0.75, at_least=False),
    ]


def _event_section(stack: Stack, *, seconds: float) -> str:
    _console.print("Events: from before the write to a listener")
    rows = []
    for rate in (50.0, 300.0):
        measured = measure_event_delay(stack, rate=rate, seconds=seconds)
        rows.append((rate, *(measured[name] for name in ("rate", "accepted", "heard", "p50", "p95", "p99"))))
    head = ("wanted per second", "reached", "accepted", "heard", "p50 ms", "p95 ms", "p99 ms")
    return report.table(head, rows) + "\n\nTarget: p99 ≤ 50 ms at 300 per second."


def _memory_section(stack: Stack) -> str:
    rows = []
    for process in stack.platform.processes:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
        rows += [(process.name, member.pid, member.memory_info().rss / 2**20) for member in family]
    note = "After the load above. Target: ≤ 90 MiB for a service process."
    return report.table(("process", "pid", "resident MiB"), rows) + f"\n\n{note}"


def _directory_section(small: Stack, large: Stack, sizes: tuple[int, ...]) -> str:
    _console.print("Directory: tables of officers, and what a search and one more change cost after each")
    measured = measure_directory(small, large, FEW, sizes)
    imports = [(one.rows, one.officers, one.seconds, one.rows / one.seconds, one.mebibytes) for one in measured]
    head = ("rows", "officers then", "seconds", "rows per second", "service MiB")
    costs = [
        (name, one.officers, took["few"], took["many"], took["many"] / took["few"])
        for one in measured
        for name, took in {"search for a number": one.question_ms, "one more change": one.change_ms}.items()
    ]
    costs_head = ("request", "officers", f"{FEW:,} officers: p50 ms", "so many: p50 ms", "ratio")
    flat = measured[-1].question_ms["many"] / measured[-1].question_ms["few"]
    verdict = report.judged(f"search among {sizes[-1]:,} to {FEW:,}", flat, "≤ 1.5", 1.5, at_least=False)
    verdicts = report.table(("ratio", "measured", "target", "verdict"), [verdict])
    return f"{report.table(head, imports)}\n\n{report.table(costs_head, costs)}\n\n{verdicts}\n\n{TURNS}"


def _scim_section(small: Stack, large: Stack, size: int) -> str:
    _console.print("SCIM: filtered questions, pages and writes with few and many users")
    few, many = measure_scim({FEW: small, size: large})
    rows = [(name, few.took[name], took, took / few.took[name]) for name, took in many.took.items()]
    head = ("request", f"{few.users:,} users: p50 ms", f"{many.users:,}: p50 ms", "ratio")
    worst = max(many.took[name] / few.took[name] for name in FILTERS)
    verdict = report.judged(f"worst filter among {many.users:,} to {few.users:,}", worst, "≤ 1.5", 1.5, at_least=False)
    memory = (
        f"The service holds {few.mebibytes:.0f} MiB with {few.users:,}, {many.mebibytes:.0f} MiB with {many.users:,}."
    )
    verdicts = report.table(("ratio", "measured", "target", "verdict"), [verdict])
    return f"{report.table(head, rows)}\n\n{verdicts}\n\n{memory} {TURNS}"


def _webhook_section(state: State, servers: Servers, *, seconds: float, rounds: int) -> str:
    _console.print("Webhooks: a thousand subscribers, without and with dead, slow and nameless ones, take turns")
    measured = measure_webhooks(state, servers, rate=100.0, seconds=seconds, rounds=rounds)
    rows = [
        (name, one.told, one.wanted, one.p50, one.p95, one.p99) for name, turns in measured.items() for one in turns
    ]
    head = ("subscribers", "told", "wanted", "p50 ms", "p95 ms", "p99 ms")
    verdict = report.judged("p95 of the well ones beside sick ones", ratio(measured), "≤ 1.5", 1.5, at_least=False)
    verdicts = report.table(("ratio", "measured", "target", "verdict"), [verdict])
    note = "1,000 subscribers, 100 notifications a second, only those at subscribers that answer well are counted."
    return f"{report.table(head, rows)}\n\n{verdicts}\n\n{note}"


def _replica_section(state: State, servers: Servers, *, seconds: float, rounds: int) -> str:
    _console.print("Replicas: one and two of every service and of the gateway, behind a balancer, take turns")
    measured = measure_replicas(state, servers, seconds=seconds, rounds=rounds)
    rows = [(count, *one.row) for count, one in measured.items()]
    head = ("of each", "per second", "p50 ms", "p95 ms", "p99 ms", "not 201")
    ratio = measured[2].rate / measured[1].rate
    note = (
        f"Two of each do {ratio:.2f} of what one does, on {os.cpu_count()} cores that also carry the broker, the"
        " database, the balancer and the load. One of each keeps two cores busy: more replicas need more cores."
    )
    return f"{report.table(head, rows)}\n\n{note}"


def _booking_section(stack: Stack, *, seconds: float, rounds: int) -> str:
    _console.print("Bookings: a bare update, claims and the whole path take turns")
    measured = measure_bookings(stack, seconds=seconds, rounds=rounds)
    floor = measured["bare conditional update"].rate
    rows = [
        (name, one.rate, one.rate / floor, one.accepted, one.tried - one.accepted) for name, one in measured.items()
    ]
    head = ("32 clients", "accepted per second", "ratio", "accepted", "refused as taken")
    note = (
        "The bare update holds one endpoint of one day. Claims hold two to 31 endpoints and their ports, over midnight"
        " too, in one transaction with the meeting. The platform does so for two to twelve, asked over HTTP, with its"
        " rules, history and events, and names every clash and the nearest free times when it refuses."
    )
    return f"{report.table(head, rows)}\n\n{note}"


def _queue_section(state: State, servers: Servers, many: int) -> str:
    _console.print(f"Work queues and search with 10,000 and with {many:,} applications stored")
    small, large = (measure_queues(state, servers, count) for count in (10_000, many))
    rows = [
        (name, few.p50, few.rows, large[name].p50, large[name].rows, large[name].p50 / few.p50)
        for name, few in small.items()
    ]
    head = ("question", "10,000: p50 ms", "rows", f"{many:,}: p50 ms", "rows", "ratio (target ≤ 1.5)")
    return (
        report.table(head, rows) + "\n\nA question that answers with more rows has more to carry; compare equal rows."
    )


if __name__ == "__main__":
    main()
