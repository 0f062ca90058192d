"""How long a subscriber waits for its webhook among a thousand, and how much longer when some are dead or slow."""

import asyncio
import multiprocessing
import random
import statistics
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from typing import Any
from uuid import uuid4

from pymongo import MongoClient
from pymongo.database import Database

from local.processes import Process
from local.servers import Servers
from local.starting import wait_ready
from local.state import ROOT, State
from services.document_routing.adapters.exchange_store import ensure_exchange_indexes
from services.document_routing.adapters.webhook_store import MongoWebhooks
from services.document_routing.domain.subscription import healthy
from services.document_routing.ports_exchange import Notification
from tests.benchmarks.webhook_names import HANGING, RESOLVED

SUBSCRIBERS = 1000
DEAD = SLOW = NAMELESS = 10
"""How many never answer, how many answer late, and of how many the name is never resolved."""
SLOW_SECONDS = 4.0
TICK_SECONDS = 0.1
SETTLE_SECONDS = 30.0
"""How long what was brought last may take; what has not come by then is lost."""

SICK = "10 dead, 10 slow, 10 nameless"

Document = dict[str, Any]


class Lost(Exception):
    """A notification never came."""


@dataclass(frozen=True)
class Delays:
    """Milliseconds from the moment that something was due to its arrival, at the subscribers that answer well."""

    told: int
    wanted: int
    p50: float
    p95: float
    p99: float


def measure_webhooks(
    state: State, servers: Servers, *, rate: float, seconds: float, rounds: int
) -> dict[str, list[Delays]]:
    """Runs without and with sick subscribers, taking turns; each on a database of its own."""
    measured: dict[str, list[Delays]] = {"all well": [], SICK: []}
    with receiving() as (ports, arrivals):
        for _ in range(rounds):
            measured["all well"].append(_run(state, servers, ports, arrivals, rate, seconds, sick=False))
            measured[SICK].append(_run(state, servers, ports, arrivals, rate, seconds, sick=True))
    return measured


def ratio(measured: dict[str, list[Delays]]) -> float:
    """The p95 of the well ones beside sick ones, to that without any; the median of the rounds."""
    well, sick = (statistics.median(one.p95 for one in rounds) for rounds in measured.values())
    return sick / well


def _run(
    state: State, servers: Servers, ports: tuple[int, int], arrivals: Any, rate: float, seconds: float, *, sick: bool
) -> Delays:
    prefix = f"bench_{uuid4().hex[:8]}_"
    client: MongoClient[Document] = MongoClient(servers.mongo_uri, tz_aware=True, w="majority")
    database = client[f"{prefix}document_routing"]
    ensure_exchange_indexes(database)
    kinds = _subscribe(database, ports, sick=sick)
    sender = _sender(state, servers, prefix)
    sender.start()
    try:
        wait_ready([sender], 30)
        arrivals.send("clear")
        wanted = _notify(MongoWebhooks(database), kinds, rate, seconds)
        came = _all_came(arrivals, wanted)
    finally:
        sender.stop()
        client.drop_database(database.name)
        client.close()
    delays = sorted(1000 * (came[key] - at) for key, at in wanted.items() if key in came)
    shares = (delays[min(len(delays) - 1, int(share / 100 * len(delays)))] for share in (50, 95, 99))
    return Delays(len(delays), len(wanted), *shares)


def _all_came(arrivals: Any, wanted: dict[str, float]) -> dict[str, float]:
    """When each notification came.

    Raises:
        Lost: some did not come to those that answer well.
    """
    end = time.monotonic() + SETTLE_SECONDS
    came: dict[str, float] = {}
    while missing := wanted.keys() - came.keys():
        if time.monotonic() > end:
            raise Lost(f"{len(missing)} of {len(wanted)} notifications")
        time.sleep(0.5)
        arrivals.send("tell")
        came = arrivals.recv()
    return came


def _subscribe(database: Database[Document], ports: tuple[int, int], *, sick: bool) -> dict[str, bool]:
    """Store a thousand subscriptions; which of them answer well."""
    alive, dead = ports
    kinds: dict[str, bool] = {}
    rows = []
    for number in range(SUBSCRIBERS):
        identifier = uuid4().hex
        is_dead, is_slow = sick and number < DEAD, sick and DEAD <= number < DEAD + SLOW
        is_nameless = sick and DEAD + SLOW <= number < DEAD + SLOW + NAMELESS
        port, path = (dead if is_dead else alive), ("slow" if is_slow else "well")
        kinds[identifier] = not (is_dead or is_slow or is_nameless)
        name = f"{number}.{HANGING if is_nameless else RESOLVED}"
        rows.append(
            {
                "_id": identifier,
                "version": 1,
                "head": "",
                "agency": f"H{number:04d}",
                "url": f"http://{name}:{port}/{path}/{identifier}",
                "kinds": ["document"],
                "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "status": "active",
                "paused_reason": None,
                **healthy(),
            }
        )
    database["subscriptions"].insert_many(rows)
    return kinds


def _notify(hooks: MongoWebhooks, kinds: dict[str, bool], rate: float, seconds: float) -> dict[str, float]:
    """Bring notifications at a steady rate to subscribers chosen by chance; when each of the well ones was due."""
    choose = random.Random(7)
    names = list(kinds)
    wanted: dict[str, float] = {}
    began = time.monotonic()
    for tick in range(int(seconds / TICK_SECONDS)):
        time.sleep(max(0.0, began + tick * TICK_SECONDS - time.monotonic()))
        now = time.time()
        chosen = choose.sample(names, int(rate * TICK_SECONDS))
        notifications = [
            Notification(uuid4().hex, one, "", "package_ready.v1", "", '{"data":{}}', datetime.fromtimestamp(now, UTC))
            for one in chosen
        ]
        hooks.notify(notifications)
        wanted |= {one.id: now for one in notifications if kinds[one.subscription]}
    return wanted


def _sender(state: State, servers: Servers, prefix: str) -> Process:
    port = state.port("bench-webhooks-health")
    environment = {
        "PYTHONPATH": str(ROOT),
        "AMQP_URI": servers.amqp_uri,
        "MONGO_URI": servers.mongo_uri,
        "MONGO_DATABASE_PREFIX": prefix,
        "HEALTH_ADDRESS": "127.0.0.1",
        "HEALTH_PORT": str(port),
        "WEBHOOK_TARGETS": "any",
    }
    return Process(
        f"webhooks-{prefix}",
        [sys.executable, "-m", "tests.benchmarks.webhook_names"],
        folder=state.folder,
        env=environment,
        is_ready=lambda: _answers(f"http://127.0.0.1:{port}/ready"),
        cwd=ROOT,
    )


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@contextmanager
def receiving() -> Iterator[tuple[tuple[int, int], Any]]:
    """All subscribers in one process of their own: the ports of the living and of the dead, and what came when."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    stop = context.Event()
    process = context.Process(target=_receive, args=(there, stop), daemon=True)
    process.start()
    ports: tuple[int, int] = here.recv()
    try:
        yield ports, here
    finally:
        stop.set()
        process.join(10)


def _receive(pipe: Any, stop: Event) -> None:
    asyncio.run(_Subscribers(pipe).serve(stop))


class _Subscribers:
    """Answers at once, late, or never, and notes by their ids when notifications came."""

    def __init__(self, pipe: Any) -> None:
        self._pipe = pipe
        self._came: dict[str, float] = {}

    async def serve(self, stop: Event) -> None:
        """Listen until told to stop."""
        alive = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=2048)
        dead = await asyncio.start_server(self._never, "127.0.0.1", 0, backlog=2048)
        self._pipe.send(tuple(server.sockets[0].getsockname()[1] for server in (alive, dead)))
        while not stop.is_set():
            await asyncio.sleep(0.02)
            if self._pipe.poll():
                if self._pipe.recv() == "tell":
                    self._pipe.send(self._came)
                else:
                    self._came = {}

    async def _never(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.CancelledError):  # at the end of the run
            await asyncio.sleep(3600)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                came = time.time()
                fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
                await reader.readexactly(int(fields["content-length"]))
                self._came.setdefault(fields["webhook-id"], came)
                if head.startswith("POST /slow/"):
                    await asyncio.sleep(SLOW_SECONDS)
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()
