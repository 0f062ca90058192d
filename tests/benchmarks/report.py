"""Turns measurements into docs/benchmarks.md: tables, ratios to the targets, and the conditions."""

import os
import platform as machine
from collections.abc import Iterable, Mapping, Sequence
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


def conditions() -> str:
    """What the figures depend on, so that nobody compares those of different machines."""
    packages = ("nameko", "eventlet", "kombu", "amqp", "pymongo", "gunicorn", "gevent", "flask", "fastapi", "aio-pika")
    hardware = f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB"
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return f"""\
- Taken on {hardware}, Python {machine.python_version()}, everything including the load generator on the same machine,
  over loopback; when, is said beside each part.
- One RabbitMQ node with quorum queues, a MongoDB replica set of one member with `w: majority, j: true`; a cluster adds
  network round trips to both.
- {versions}.
- Targets take turns in one run, each figure is the median of the rounds; only ratios of one run mean something,
  because the machine's own speed drifts between hours."""


def moment(*, quick: bool) -> str:
    """When a part was taken, and how much it can be trusted."""
    kind = "in short rounds (`--quick`), to be trusted less" if quick else "in full rounds"
    return f"Taken {datetime.now(UTC):%Y-%m-%d %H:%M} UTC {kind}; other programs' load then: {os.getloadavg()[0]:.1f}."


def write(sections: Mapping[str, str]) -> None:
    """Put sections into the page, in the place of those of the same names; the others stay as they were measured."""
    known = read()
    known.pop("Conditions", None)
    parts = {"Conditions": conditions(), **known, **sections}
    written = ["# Benchmarks", "Written by `make bench`; do not edit.", *(f"## {k}\n\n{v}" for k, v in parts.items())]
    PAGE.write_text("\n\n".join(written) + "\n", "utf-8")


def read() -> dict[str, str]:
    """The sections of the page as it is."""
    if not PAGE.exists():
        return {}
    _, *found = PAGE.read_text("utf-8").split("\n## ")
    return {name: text.strip() for name, _, text in (section.partition("\n") for section in found)}
