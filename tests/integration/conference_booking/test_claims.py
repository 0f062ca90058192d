"""Claims over a real database: many at once, killed in the middle; afterwards no thing is held twice."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.domain.occupancy import STEP, Claim, Want
from services.conference_booking.domain.spans import Span
from shared.persistence import in_transaction
from tests.architecture.sources import REPO
from tests.support.claims_worker import CAPACITY, DAYS, FIRST, NETWORK, book, release

Document = dict[str, Any]
HOUR = timedelta(hours=1)
EIGHT = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


@pytest.fixture
def store(mongo_uri: str, mongo_prefix: str) -> Iterator[Database[Document]]:
    with MongoClient[Document](mongo_uri, tz_aware=True, w="majority") as client:
        name = f"{mongo_prefix}claims{uuid.uuid4().hex[:6]}"
        yield client[name]
        client.drop_database(name)


def want(start: float, hours: float = 1, *things: str, ports: int = 1) -> Want:
    return Want(Span(EIGHT + start * HOUR, EIGHT + (start + hours) * HOUR), frozenset(things), {"ports": ports})


def sweep(store: Database[Document]) -> None:
    """The oracle: from the booked meetings alone, nothing is held twice, and days hold exactly what was booked."""
    booked = list(store["booked"].find())
    held: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    used: dict[str, list[int]] = {}
    for meeting in booked:
        for day, start, end in meeting["pieces"]:
            for thing in meeting["things"]:
                held.setdefault((day, thing), []).append((start, end, meeting["_id"]))
            counted = used.setdefault(day, [0] * (1440 // STEP))
            for step in range(start // STEP, -(-end // STEP)):
                counted[step] += meeting["ports"]
    for spans in held.values():
        ordered = sorted(spans)
        assert all(before[1] <= after[0] for before, after in pairwise(ordered)), "booked twice"
    assert all(step <= CAPACITY["ports"] for steps in used.values() for step in steps), "over capacity"
    for day in store["days"].find():
        name = day["_id"].rpartition(":")[2]
        assert day["used"]["ports"] == used.get(name, [0] * (1440 // STEP)), "counters are those of the bookings"
        kept = {(thing, hold["s"], hold["e"], hold["b"]) for thing, holds in day["holds"].items() for hold in holds}
        assert kept == {(thing, *one) for (on, thing), spans in held.items() if on == name for one in spans}, (
            "holds are those of the bookings"
        )


class TestOneAfterTheOther:
    def claims(self, store: Database[Document], *wants: Want, meeting: str = "m", ports: int = 40) -> bool:
        claims = MongoClaims(store)
        claims.prepare(NETWORK, wants, ["ports"])
        taken = [Claim(meeting, number, one) for number, one in enumerate(wants, start=1)]

        def work() -> bool:
            if not claims.take(NETWORK, taken, {"ports": ports}):
                raise InTheWay
            return True

        try:
            return in_transaction(store.client, work)
        except InTheWay:
            return False

    def test_next_to_each_other_but_not_over(self, store: Database[Document]) -> None:
        assert self.claims(store, want(0, 1, "th-01"))
        assert not self.claims(store, want(0.5, 1, "th-01"), meeting="n")
        assert self.claims(store, want(1, 1, "th-01"), meeting="n")
        assert self.claims(store, want(0, 2, "th-02"), meeting="o")

    def test_all_or_nothing(self, store: Database[Document]) -> None:
        assert self.claims(store, want(48, 1, "th-01"), meeting="giao-ban")
        weekly = [want(24 * day, 1, "th-01", "th-02") for day in range(5)]
        assert not self.claims(store, *weekly)
        seen = MongoClaims(store).occupancy(NETWORK, date(2026, 12, 1), date(2026, 12, 31), {"ports": 40})
        assert {thing: len(holds) for thing, holds in seen.holds.items()} == {"th-01": 1}
        assert [(clash.session, clash.meeting) for clash in seen.clashes(weekly)] == [(3, "giao-ban")]

    def test_ports_are_counted_to_the_last(self, store: Database[Document]) -> None:
        assert self.claims(store, want(0, 2, "th-01", ports=39))
        assert not self.claims(store, want(1, 1, "th-02", ports=2), meeting="n")
        assert self.claims(store, want(1, 1, "th-02", ports=1), meeting="n")
        seen = MongoClaims(store).occupancy(NETWORK, FIRST, date(2026, 12, 31), {"ports": 40})
        assert max(seen.used["ports"].values()) == 40

    def test_over_midnight(self, store: Database[Document]) -> None:
        late = want(15, 3, "th-01")  # 16:00 to 19:00 UTC on two days of Viet Nam, one day of UTC
        over = want(22, 3, "th-01", ports=2)
        assert self.claims(store, late, over)
        assert not self.claims(store, want(23.5, 0.25, "th-01"), meeting="n")
        seen = MongoClaims(store).occupancy(NETWORK, FIRST, date(2026, 12, 31), {"ports": 40})
        assert [hold.span.end - hold.span.start for hold in seen.holds["th-01"]] == [3 * HOUR, HOUR, 2 * HOUR]

    def test_what_is_given_back_is_free_and_the_rest_is_not(self, store: Database[Document]) -> None:
        first, second = want(0, 1, "th-01", ports=5), want(24, 1, "th-01", ports=5)
        assert self.claims(store, first, second)
        claims = MongoClaims(store)
        in_transaction(store.client, lambda: claims.give_back(NETWORK, [Claim("m", 1, first)]))
        assert self.claims(store, want(0, 1, "th-01", ports=40), meeting="n")
        assert not self.claims(store, want(24, 1, "th-01"), meeting="n")


class InTheWay(Exception):
    """Ends the transaction."""


def test_thirty_two_clients_at_once(store: Database[Document]) -> None:
    chances = [random.Random(seed) for seed in range(32)]
    outcomes: list[bool] = []

    def run(chance: random.Random) -> None:
        for _ in range(12):
            outcomes.append(book(store, chance))
            if chance.random() < 0.2:
                release(store, chance)

    threads = [threading.Thread(target=run, args=(chance,)) for chance in chances]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sweep(store)
    assert len(outcomes) == 32 * 12
    assert {True, False} == set(outcomes), "some were booked, some were refused"


def test_workers_killed_in_the_middle(store: Database[Document], mongo_uri: str) -> None:
    patience = store.client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=2)["was"]
    try:
        for round_number in range(4):
            workers = [
                subprocess.Popen(
                    [sys.executable, "-m", "tests.support.claims_worker", mongo_uri, store.name, str(seed)], cwd=REPO
                )
                for seed in range(round_number * 3, round_number * 3 + 3)
            ]
            before = store["booked"].count_documents({})
            while store["booked"].count_documents({}) < before + 10 and any(one.poll() is None for one in workers):
                time.sleep(0.05)
            for worker in workers:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait()
        while not book(store, random.Random(99), far=DAYS * 2):  # until what the dead had begun is given up
            time.sleep(0.2)
        sweep(store)
        assert store["booked"].count_documents({}) > 40
    finally:
        store.client.admin.command("setParameter", 1, transactionLifetimeLimitSeconds=patience)
