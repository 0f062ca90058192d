"""Turns measurements into docs/benchmarks.md: tables, ratios to the targets, and the conditions."""

import os
import platform as machine
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers are rounded as far as they mean something."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def judged(name: str, value: float, wanted: str, limit: float, *, at_least: bool) -> tuple[str, float, str, str]:
    """A ratio beside its target, with a plain verdict."""
    held = value >= limit if at_least else value <= limit
    return name, value, wanted, "held" if held else "**missed**"


def conditions(*, quick: bool) -> str:
    """What the figures depend on, so that nobody compares those of different machines."""
    kind = "Short rounds (`--quick`), to be trusted less" if quick else "Full rounds"
    load = f"{kind}. Other programs' load when it began: {os.getloadavg()[0]:.1f}."
    packages = ("nameko", "eventlet", "kombu", "amqp", "pymongo", "gunicorn", "gevent", "flask", "fastapi", "aio-pika")
    hardware = f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"""\
- {load}
- Taken {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {hardware}, Python {machine.python_version()}, everything including
  the load generator on the same machine, over loopback.
- One RabbitMQ node with quorum queues, a MongoDB replica set of one member with `w: majority, j: true`; a cluster adds
  network round trips to both.
- {versions}.
- Targets take turns in one run, each figure is the median of the rounds; only ratios of one run mean something,
  because the machine's own speed drifts between hours."""


def write(sections: dict[str, str]) -> None:
    """Write the page from the sections in their order."""
    parts = ["# Benchmarks", "Written by `make bench`; do not edit.", *(f"## {k}\n\n{v}" for k, v in sections.items())]
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")
