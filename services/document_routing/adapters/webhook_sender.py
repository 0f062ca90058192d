"""Tells subscribers by webhook (Standard Webhooks 1.0, CloudEvents in the body): each on a lane of its own.

A subscriber that is dead or slow holds its own lane, and after the first bad answer it is served from a pool apart, so
that it takes nothing from those that answer. What could not be told waits in MongoDB.
"""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from prometheus_client import Counter, Gauge, Histogram
from pymongo.errors import PyMongoError
from standardwebhooks import Webhook

from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.webhook_lanes import Lanes, now, text_of
from services.document_routing.domain import subscription as s
from services.document_routing.ports_exchange import UnsafeTarget
from shared.history import Entry
from shared.observability import logger
from shared.persistence import Document

log = logger(__name__)

QUICK, PATIENT = 128, 64
"""How many lanes are served at a time: of those that answer well, and of those that did not."""

PER_TURN = 20
POLL_SECONDS = 0.1
LONGEST_POLL_SECONDS = 1.0
GONE = 410

TOLD = Counter("webhooks_told", "Notifications that subscribers took", ["outcome"])
DELAY = Histogram(
    "webhook_delay_seconds",
    "From the moment that something was to be told to the subscriber's answer",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600, 86400),
)
PAUSED = Gauge("webhook_subscriptions_paused", "Subscriptions that stand still")

Pause = Callable[[Document, str, datetime], tuple[dict[str, Any], Entry] | None]
"""What pausing a subscription by itself changes, and the entry of its history; None when it is paused already."""


class CheckedResolver(AbstractResolver):
    """Resolves names to addresses that may be called; the address that was checked is the one that is called.

    A look-up cannot be called off, so each pool of lanes has threads of its own, one for every lane: a name of which
    nobody knows anything holds the thread of its own lane only.
    """

    def __init__(self, targets: PublicTargets, threads: int) -> None:
        self._targets = targets
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="resolver")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name.

        Raises:
            UnsafeTarget: one of them is not public.
        """
        found = await asyncio.get_running_loop().run_in_executor(
            self._threads, socket.getaddrinfo, host, port, family, socket.SOCK_STREAM
        )
        for *_, address in found:
            self._targets.check_address(str(address[0]))
        return [_resolved(host, kind, protocol, address) for kind, _, protocol, _, address in found]

    async def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _resolved(host: str, family: int, protocol: int, address: tuple[Any, ...]) -> ResolveResult:
    numeric = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return {
        "hostname": host,
        "host": address[0],
        "port": address[1],
        "family": family,
        "proto": protocol,
        "flags": numeric,
    }


class WebhookSender:
    """Tells what is due, until it is stopped; several may work on the same rows."""

    def __init__(self, lanes: Lanes, targets: PublicTargets, pause: Pause, seconds: float) -> None:
        self._lanes = lanes
        self._targets = targets
        self._pause = pause
        self._seconds = seconds
        self._stopping = asyncio.Event()
        self._token = uuid4().hex
        self.turned_at = asyncio.get_running_loop().time()

    def stop(self) -> None:
        """Begin nothing new; what runs is finished."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped."""
        async with AsyncExitStack() as opened:
            pools = ((False, QUICK), (True, PATIENT))
            self._sessions = {patient: await self._open_session(opened, width) for patient, width in pools}
            await asyncio.gather(*(self._serve(patient, width) for patient, width in pools), self._show())

    async def _open_session(self, opened: AsyncExitStack, width: int) -> aiohttp.ClientSession:
        """What the lanes of one pool call with; a pool that waits for names takes nothing from the other."""
        resolver = CheckedResolver(self._targets, width)
        opened.push_async_callback(resolver.close)
        connector = aiohttp.TCPConnector(limit=0, resolver=resolver, ttl_dns_cache=30)
        timeout = aiohttp.ClientTimeout(total=self._seconds, connect=min(self._seconds, 5.0))
        session = aiohttp.ClientSession(connector=connector, timeout=timeout, trust_env=False)
        return await opened.enter_async_context(session)

    async def _serve(self, patient: bool, width: int) -> None:
        """Keep up to `width` lanes of one pool in work."""
        running: set[asyncio.Task[None]] = set()
        pause = POLL_SECONDS
        while not self._stopping.is_set():
            self.turned_at = asyncio.get_running_loop().time()
            lanes = await self._claim(patient, width - len(running))
            for lane in lanes:
                task = asyncio.create_task(self._turn(lane))
                running.add(task)
                task.add_done_callback(running.discard)
            pause = POLL_SECONDS if lanes or running else min(pause * 1.5, LONGEST_POLL_SECONDS)
            await self._rest(pause if not lanes else 0.005)
        if running:
            await asyncio.wait(running, timeout=self._seconds + 5)

    async def _claim(self, patient: bool, limit: int) -> list[Document]:
        if limit <= 0:
            return []
        try:
            return await self._lanes.claim(patient=patient, limit=limit, token=self._token)
        except PyMongoError as error:
            log.warning("webhook_claim_failed", error=repr(error))
            await self._rest(LONGEST_POLL_SECONDS)
            return []

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _show(self) -> None:
        """Bring the gauge up to date now and then."""
        while not self._stopping.is_set():
            try:
                PAUSED.set(await self._lanes.count_paused())
            except PyMongoError as error:
                log.warning("webhook_count_failed", error=repr(error))
            await self._rest(15.0)

    async def _turn(self, lane: Document) -> None:
        """Tell a subscriber what is due, until it fails or is slow."""
        try:
            health: dict[str, Any] = {}
            for delivery in await self._lanes.due(lane["_id"], PER_TURN):
                health = await self._tell({**lane, **health}, delivery)
                if health["patient"] or self._stopping.is_set():
                    break
            await self._lanes.give_back(lane, health)
            await self._pause_when_hopeless({**lane, **health})
        except PyMongoError as error:  # the lease ends by itself; the notification is told again
            log.warning("webhook_turn_failed", subscription=lane["_id"], error=repr(error))

    async def _tell(self, lane: Document, delivery: Document) -> dict[str, Any]:
        """Tell one notification; the health of the subscription afterwards."""
        began = now()
        status, error = await self._post(lane, delivery)
        moment = now()
        if error is None:
            TOLD.labels("delivered").inc()
            DELAY.observe((moment - delivery["next_at"]).total_seconds())
            outcome = {"state": "delivered", "delivered_at": moment, "last_status": status, "last_error": None}
            await self._lanes.note(delivery["_id"], {**outcome, "next_at": None})
            return s.after_success(moment, moment - began)
        TOLD.labels("failed").inc()
        again = s.next_attempt(delivery["attempts"] + 1, moment)
        failed = {"next_at": again, "last_status": status, "last_error": error[:300]}
        await self._lanes.note(delivery["_id"], failed)
        health = s.after_failure(lane, moment, error)
        return health | ({"failing_since": moment - s.GIVE_UP_AFTER} if status == GONE else {})

    async def _post(self, lane: Document, delivery: Document) -> tuple[int | None, str | None]:
        """The status of the answer, and what went wrong: everything but 2xx is, and nobody is followed elsewhere."""
        moment = now()
        headers = {
            "Content-Type": "application/cloudevents+json",
            "User-Agent": "truc-chung-webhooks/1",
            "webhook-id": delivery["_id"],
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": Webhook(lane["secret"]).sign(delivery["_id"], moment, delivery["body"]),
        }
        try:
            self._targets.check(lane["url"])
            request = self._sessions[lane["patient"]].post(
                lane["url"], data=delivery["body"].encode(), headers=headers, allow_redirects=False
            )
            async with request as answer:
                good = 200 <= answer.status < 300
                return answer.status, None if good else f"HTTP {answer.status}"
        except TimeoutError:
            return None, f"no answer within {self._seconds:g} s"
        except (aiohttp.ClientError, OSError, UnsafeTarget, ValueError) as error:
            return None, text_of(error)

    async def _pause_when_hopeless(self, lane: Document) -> None:
        if not s.is_hopeless(lane, now()):
            return
        decided = self._pause(lane, f"Không có phản hồi: {lane['last_error']}", now())
        if decided is not None and await self._lanes.change(lane, *decided):
            log.error("webhook_subscription_paused", subscription=lane["_id"], agency=lane["agency"])
