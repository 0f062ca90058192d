"""Processes that tell webhooks: killed, beside one another, kept from inner addresses."""

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient, MongoClient

from local.state import ROOT
from services.document_routing.adapters.targets import PublicTargets
from services.document_routing.adapters.webhook_lanes import Lanes
from services.document_routing.adapters.webhook_sender import WebhookSender
from services.document_routing.usecases.exchange_pause import pause_by_itself
from tests.integration.document_routing.exchange.exchanging import issue
from tests.integration.document_routing.exchange.webhooks.telling import (
    PATIENCE_SECONDS,
    process_environment,
    state,
    subscribe,
    tell,
)
from tests.support.documents_in_memory import DEPARTMENT
from tests.support.exchange_house import THEIR_SYSTEM, ExchangeHouse
from tests.support.receiver import HANG, OK, Receiver


def test_names_that_nobody_answers_for_delay_only_themselves(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, over, resolve = [], threading.Event(), socket.getaddrinfo

    def hanging(host: str, *rest: Any, **more: Any) -> Any:
        if host.startswith("hangs"):
            asked.append(host)
            over.wait(20)
            raise socket.gaierror("nobody answered")
        return resolve("127.0.0.1" if host == "well.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", hanging)
    many = 40
    for number in range(many):
        url = f"http://hangs{number}.example:{receiver.port}/dead"
        house.ask("create_subscription", THEIR_SYSTEM, url=url)
    issue(house)
    began: list[float] = []

    def they_hang() -> bool:
        if len(asked) < 6:
            return False
        if not began:
            began.append(time.monotonic())
            url = f"http://well.example:{receiver.port}/well"
            house.ask("create_subscription", THEIR_SYSTEM, url=url)
            issue(house)
        if "/well" in receiver.paths():
            began.append(time.monotonic())
        return "/well" in receiver.paths()

    try:
        tell(house, mongo_uri, they_hang, seconds=10.0)
        assert began[1] - began[0] < 4.5, "before the first of them has run into its time limit"
    finally:
        over.set()


def test_sixty_are_told_though_the_sender_is_killed_twice(
    client: MongoClient[dict[str, Any]], mongo_uri: str, receiver: Receiver, tmp_path: Path
) -> None:
    prefix = f"killed_{id(tmp_path):x}_"
    house = ExchangeHouse(database=client[f"{prefix}document_routing"], client=client, folder=tmp_path)
    house.connect(DEPARTMENT, "system")
    receiver.answer = lambda path: time.sleep(0.02) or OK  # type: ignore[func-returns-value]
    subscriptions = [subscribe(house, receiver, f"/{number}") for number in range(6)]
    for _ in range(10):
        issue(house)
    assert house.database is not None
    told = house.database["webhook_deliveries"]
    wanted = {row["_id"] for row in told.find({}, {"_id": 1})}
    assert len(wanted) == 60
    environment = process_environment(mongo_uri, prefix)
    try:
        for kill_after in (15, 35, None):
            command = [sys.executable, "-m", "services.document_routing.webhooks"]
            process = subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
            try:
                enough = kill_after or len(wanted)
                end = time.monotonic() + PATIENCE_SECONDS
                while told.count_documents({"state": "delivered"}) < enough and time.monotonic() < end:
                    time.sleep(0.005)
            finally:
                process.send_signal(signal.SIGKILL if kill_after else signal.SIGTERM)
                process.wait(PATIENCE_SECONDS)
            over = datetime.now(UTC) - timedelta(seconds=1)  # as if the leases had run out
            leases = {"leased_until": over, "next_at": over}
            house.database["subscriptions"].update_many({"leased_until": {"$gt": over}}, {"$set": leases})
        assert told.count_documents({"state": "delivered"}) == 60
        came = Counter(one.headers["webhook-id"] for one in receiver.received)
        assert set(came) == wanted, "all were told, under the ids that they were given"
        doubled = sum(times - 1 for times in came.values())
        assert doubled <= 2 * len(subscriptions), "at most what was in flight on each lane when the sender was killed"
    finally:
        for name in (f"{prefix}document_routing", f"{prefix}document_routing_files"):
            client.drop_database(name)


def test_a_dead_and_a_slow_subscriber_delay_nobody(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    receiver.answer = lambda path: OK if path.startswith("/well") else HANG
    for number in range(5):
        subscribe(house, receiver, f"/dead/{number}")
        subscribe(house, receiver, f"/well/{number}")
    for _ in range(3):
        issue(house)

    def all_well_are_told() -> bool:
        return sum(path.startswith("/well") for path in receiver.paths()) == 15

    began = time.monotonic()
    tell(house, mongo_uri, all_well_are_told, seconds=20.0)
    answered = [one for one in receiver.received if one.path.startswith("/dead")]
    assert len(answered) <= 5, "a dead one is asked once, not once per notification"
    assert time.monotonic() - began < PATIENCE_SECONDS + 25


def test_what_a_crashed_sender_held_is_told_by_another(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    assert house.database is not None
    name = house.database.name

    async def claim_and_die() -> int:
        async with AsyncMongoClient[dict[str, Any]](mongo_uri, tz_aware=True) as client:
            lanes = Lanes(client[name])
            held = await lanes.claim(patient=False, limit=10, token="died")
            return len(held) - len(await lanes.claim(patient=False, limit=10, token="second"))

    assert asyncio.run(claim_and_die()) == 1, "nobody else gets it while the lease lasts"
    over = datetime.now(UTC) - timedelta(seconds=1)
    house.alter("subscriptions", {"_id": subscription["id"]}, leased_until=over, next_at=over)
    tell(house, mongo_uri, lambda: receiver.paths() == ["/hook"])


def test_two_senders_tell_nothing_twice(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    for number in range(10):
        subscribe(house, receiver, f"/{number}")
    issue(house)
    assert house.database is not None
    name = house.database.name

    async def work() -> None:
        async with AsyncMongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority") as client:
            senders = [
                WebhookSender(Lanes(client[name]), PublicTargets(anything=True), pause_by_itself, 5.0) for _ in "ab"
            ]
            running = [asyncio.create_task(sender.run()) for sender in senders]
            end = time.monotonic() + PATIENCE_SECONDS
            while len(receiver.received) < 10 and time.monotonic() < end:
                await asyncio.sleep(0.02)
            await asyncio.sleep(0.5)
            for sender in senders:
                sender.stop()
            await asyncio.gather(*running)

    asyncio.run(work())
    assert sorted(receiver.paths()) == sorted(f"/{number}" for number in range(10))


def test_inner_addresses_are_called_only_where_a_setting_allows_it(
    house: ExchangeHouse, receiver: Receiver, mongo_uri: str
) -> None:
    subscription = subscribe(house, receiver)
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1, targets=PublicTargets())
    assert receiver.received == []
    assert "UnsafeTarget" in state(house, subscription)["last_error"]


def test_a_name_that_means_this_machine_is_not_called(house: ExchangeHouse, receiver: Receiver, mongo_uri: str) -> None:
    class BelievesNames(PublicTargets):
        """Judges only addresses, as if the name had looked harmless."""

        def check(self, url: str) -> None:
            """Everything looks harmless."""

    subscription: dict[str, Any] = house.ask(
        "create_subscription", THEIR_SYSTEM, url=f"http://localhost:{receiver.port}/hook"
    )
    issue(house)
    tell(house, mongo_uri, lambda: state(house, subscription)["failures"] == 1, targets=BelievesNames())
    assert receiver.received == []
