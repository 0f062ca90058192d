"""What one unit of work costs each part in processor time, with all that follows from it, and what it leaves stored."""

import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import yaml
from pymongo import MongoClient

from local.demo.caller import Caller
from local.demo.documents import LETTER, PEOPLE, Correspondence
from local.demo.papers import make_paper
from local.processes import Process
from tests.benchmarks import work
from tests.support.stack import Stack, secret_of

CITIZEN, RECEPTION = "citizen-an", "reception-ninh-kieu"
AT_ONCE = 16
"""Enough that groups form as they do in a busy minute."""
IDLE_SECONDS = 20.0
SETTLE_SECONDS = 4.0
"""After which the last event has had its effect."""

PAGE = Path("local/capacity/costs.yaml")

Milliseconds = dict[str, float]


def write_costs(stack: Stack, *, units: int) -> Path:
    """Measure, and keep the figures for the model."""
    load = psutil.getloadavg()[0]
    measured = measure_costs(stack, units=units)
    taken = (
        f"Taken {datetime.now(UTC):%Y-%m-%d %H:%M} UTC on {psutil.cpu_count()} cores, {units:,} of each;"
        f" other programs' load then: {load:.1f}."
    )
    content = {
        "taken": taken,
        "milliseconds": {kind: _rounded(by_part) for kind, by_part in measured.milliseconds.items()},
        "unsure": _rounded(measured.unsure),
        "bytes": measured.bytes,
    }
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    PAGE.write_text(f"# Written by `make bench ARGS=costs`; read by local/capacity.\n{text}", "utf-8")
    return PAGE


def _rounded(values: Milliseconds) -> Milliseconds:
    return {name: round(value, 3) for name, value in values.items()}


class Meter:
    """Reads the processor time of every part, and takes off what it uses while nobody asks for anything."""

    def __init__(self, stack: Stack) -> None:
        self._processes = stack.processes
        time.sleep(SETTLE_SECONDS)
        first, second = self._idle_for(IDLE_SECONDS), self._idle_for(IDLE_SECONDS)
        self._idle = {part: (first[part] + second[part]) / 2 for part in first}
        self._drift = max(abs(first[part] - second[part]) / 2 for part in first)

    def measure(self, work_off: Callable[[], int]) -> tuple[Milliseconds, float]:
        """Milliseconds of each part for one of as many units as `work_off` says that it did, and how sure they are.

        What a part seems to need may lie below zero by as much as the figures are unsure.
        """
        spent, began = self._spent(), time.monotonic()
        done = work_off()
        time.sleep(SETTLE_SECONDS)
        seconds = time.monotonic() - began
        used = self._since(spent, 1.0)
        costs = {part: 1000 * (used[part] - self._idle[part] * seconds) / done for part in used}
        return costs, 1000 * self._drift * seconds / done

    def _idle_for(self, seconds: float) -> Milliseconds:
        spent, began = self._spent(), time.monotonic()
        time.sleep(seconds)
        return self._since(spent, time.monotonic() - began)

    def _since(self, before: Mapping[str, float], seconds: float) -> Milliseconds:
        return {part: (now - before[part]) / seconds for part, now in self._spent().items()}

    def _spent(self) -> Milliseconds:
        return {
            name: _processor_time(process)
            for name, process in self._processes.items()
            if name not in ("epmd", "outside")
        }


def _processor_time(process: Process) -> float:
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(sum(member.cpu_times()[:2]) for member in family)


@dataclass
class Measured:
    """By kind of work: milliseconds by part, how unsure these are, and bytes where some are left."""

    milliseconds: dict[str, Milliseconds] = field(default_factory=dict)
    unsure: Milliseconds = field(default_factory=dict)
    bytes: dict[str, int] = field(default_factory=dict)


def measure_costs(stack: Stack, *, units: int) -> Measured:
    """What so many units of each kind cost; letters are a tenth as many."""
    with _Callers(stack) as callers, ThreadPoolExecutor(AT_ONCE) as pool:

        def each(act: Callable[[Any], Any], over: list[Any]) -> Callable[[], int]:
            return lambda: len(list(pool.map(act, over)))

        handed_in: list[dict[str, Any]] = []
        kinds: dict[str, Callable[[], int]] = {
            "submission": each(lambda key: handed_in.append(callers.submit(key)), _keys(units)),
            "step": lambda: len(list(pool.map(callers.receive, handed_in))),
            "desk": each(lambda _: callers.get(RECEPTION, "/applications"), _keys(units)),
            "reading": lambda: len(list(pool.map(callers.read, handed_in))),
            "page": each(lambda _: callers.page(), _keys(units)),
            "letter": each(callers.send_letter, _keys(units // 10)),
        }
        _warm(callers)
        meter, measured = Meter(stack), Measured()
        for kind, work_off in kinds.items():
            before = _stored(stack)
            measured.milliseconds[kind], measured.unsure[kind] = meter.measure(work_off)
            count = units // 10 if kind == "letter" else units
            if kind in ("submission", "step", "letter"):
                measured.bytes[kind] = (_stored(stack) - before) // count
        return measured


def _keys(count: int) -> list[str]:
    return [uuid.uuid4().hex for _ in range(count)]


def _warm(callers: "_Callers") -> None:
    for key in _keys(20):
        callers.receive(callers.submit(key))
        callers.page()
    for key in _keys(3):
        callers.send_letter(key)


def _stored(stack: Stack) -> int:
    """Bytes of data and indexes in all databases of the platform, before compression."""
    with MongoClient[dict[str, Any]](stack.mongo_uri) as client:
        names = [name for name in client.list_database_names() if name.startswith(stack.prefix)]
        sizes = [client[name].command("dbStats") for name in names]
    return int(sum(size["dataSize"] + size["indexSize"] for size in sizes))


class _Callers:
    """Everybody who works, each with a kept connection."""

    def __init__(self, stack: Stack) -> None:
        self._stack, self._callers = ExitStack(), {}
        for login in {CITIZEN, RECEPTION, *PEOPLE.values()}:
            caller = Caller(stack.base_url, login, secret_of(login))
            self._callers[login] = self._stack.enter_context(caller)
        self._nobody = self._stack.enter_context(stack.client())

    def __enter__(self) -> "_Callers":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def get(self, login: str, path: str) -> Any:
        return self._callers[login].get(path)

    def submit(self, key: str) -> dict[str, Any]:
        receipt: dict[str, Any] = self._callers[CITIZEN].post("/applications", work.BODY, key=key)
        return receipt

    def receive(self, application: dict[str, Any]) -> Any:
        return self._callers[RECEPTION].act(application, "receive")

    def read(self, application: dict[str, Any]) -> Any:
        return self.get(RECEPTION, f"/applications/{application['id']}")

    def page(self) -> None:
        self._nobody.get("/").raise_for_status()

    def send_letter(self, key: str) -> None:
        """From draft over issue to the number in the register of the department."""
        people = {part: self._callers[login] for part, login in PEOPLE.items()}
        letters = Correspondence(people)
        document = letters.write("ward", LETTER, make_paper("Công văn", "Về việc lấy ý kiến", key))
        arrival = letters.incoming("department_clerk", document["code"])
        letters.act("department_clerk", "arrivals", arrival, "register")
