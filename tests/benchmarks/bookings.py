"""Accepted bookings per second: a bare conditional update, claims kept with a meeting, and the whole path over HTTP."""

import random
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
from pymongo import MongoClient, WriteConcern
from pymongo.database import Database

from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.working_time import VIETNAM
from tests.benchmarks import load
from tests.support.claims_worker import book
from tests.support.stack import Stack

CLIENTS = 32
ENDPOINTS = [f"th-{number:02d}" for number in range(1, 32)]
CLERK = "clerk-hac-thanh"
PATH = "/api/v1/conferences/meetings"
DAYS = 365

Document = dict[str, Any]


@dataclass
class Bookings:
    """Accepted per second in each round, and of all that were tried how many were accepted."""

    rates: list[float] = field(default_factory=list)
    accepted: int = 0
    tried: int = 0

    @property
    def rate(self) -> float:
        """The round in the middle."""
        return statistics.median(self.rates)

    def add(self, accepted: int, tried: int, seconds: float) -> None:
        """One more round."""
        self.rates.append(accepted / seconds)
        self.accepted += accepted
        self.tried += tried


def measure_bookings(stack: Stack, *, seconds: float, rounds: int) -> dict[str, Bookings]:
    """They take turns, each with as many clients, who want some of 31 endpoints at any time of a year."""
    name = f"{stack.prefix}bookings"
    measured = {kind: Bookings() for kind in ("bare conditional update", "claims with the meeting", "platform")}
    with MongoClient[Document](stack.mongo_uri, tz_aware=True, w="majority", maxPoolSize=CLIENTS + 1) as client:
        store = client[name]
        store["bare"].insert_many([{"_id": day, "holds": {}} for day in range(DAYS)])
        for turn in range(rounds):
            _race(measured["bare conditional update"], lambda dice: _update(store, dice), turn, seconds)
            _race(
                measured["claims with the meeting"], lambda dice: book(store, dice, dice.randrange(DAYS)), turn, seconds
            )
            _ask(measured["platform"], stack, turn, seconds)
        client.drop_database(name)
    return measured


def _race(bookings: Bookings, act: Callable[[random.Random], bool], turn: int, seconds: float) -> None:
    outcomes: list[list[bool]] = [[] for _ in range(CLIENTS)]
    end = time.perf_counter() + seconds

    def run(index: int) -> None:
        dice = random.Random(turn * CLIENTS + index)
        while time.perf_counter() < end:
            outcomes[index].append(act(dice))

    threads = [threading.Thread(target=run, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    together = [one for of_one in outcomes for one in of_one]
    bookings.add(sum(together), len(together), seconds)


def _update(store: Database[Document], dice: random.Random) -> bool:
    """One thing of one day, if nobody has it at that time: what every booking has to do at least."""
    day, thing, start = dice.randrange(DAYS), dice.choice(ENDPOINTS), 5 * dice.randrange(264)
    field_name, end = f"holds.{thing}", start + 120
    free = {field_name: {"$not": {"$elemMatch": {"s": {"$lt": end}, "e": {"$gt": start}}}}}
    held = {"s": start, "e": end, "b": f"{dice.getrandbits(64):x}"}
    days = store.get_collection("bare", write_concern=WriteConcern(w="majority", j=True))
    return bool(days.update_one({"_id": day, **free}, {"$push": {field_name: held}}).matched_count)


def _ask(bookings: Bookings, stack: Stack, turn: int, seconds: float) -> None:
    outcome = load.drive(
        stack.platform.port, _wishes(stack.token(CLERK), turn), clients=CLIENTS, seconds=seconds, want=201
    )
    unexpected = set(outcome.statuses) - {201, 409}
    if unexpected:
        raise RuntimeError(f"answers {unexpected}: {outcome.bodies}")
    bookings.add(outcome.statuses[201], sum(outcome.statuses.values()), outcome.seconds)


def _wishes(token: str, turn: int) -> load.MakeRequest:
    dice, first = random.Random(turn), datetime.now(VIETNAM).replace(hour=0, minute=0) + timedelta(days=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def make(_: int) -> bytes:
        starts = first + timedelta(days=dice.randrange(DAYS), minutes=5 * dice.randrange(288))
        chair, *others = dice.sample(ENDPOINTS, dice.randint(2, 12))
        wish: Mapping[str, Any] = {
            **MEETING_EXAMPLE,
            "chair": chair,
            "endpoints": others,
            "starts": f"{starts:%Y-%m-%dT%H:%M}",
            "minutes": dice.choice([30, 45, 60, 90, 120]),
        }
        return load.request("POST", PATH, headers | {"Idempotency-Key": uuid.uuid4().hex}, orjson.dumps(wish))

    return make
