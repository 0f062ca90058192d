"""Counts promises against facts in the database: nothing lost, nothing doubled, nothing stuck."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from shared.history import verify
from tests.faults.load import Clients
from tests.support.stack import Stack


@dataclass(frozen=True)
class Verdict:
    """The counts after everything has settled; every field but the first two must be zero or empty."""

    accepted: int
    stored: int
    lost: int
    ghosts: int
    answered_differently: int
    codes_twice: int
    broken_chains: int
    without_notice: int
    notices_twice: int
    stuck: dict[str, int]

    @property
    def clean(self) -> bool:
        """Whether every promise was kept exactly once."""
        counts = (
            self.lost,
            self.ghosts,
            self.answered_differently,
            self.codes_twice,
            self.broken_chains,
            self.without_notice,
            self.notices_twice,
        )
        return not any(counts) and not any(self.stuck.values())


@contextmanager
def database_of(stack: Stack) -> Iterator[Database[dict[str, Any]]]:
    """The one-stop shop's database of this platform."""
    client: MongoClient[dict[str, Any]] = MongoClient(stack.mongo_uri, tz_aware=True)
    try:
        yield client[f"{stack.prefix}one_stop_shop"]
    finally:
        client.close()


def settle(stack: Stack, *, seconds: float = 120.0) -> dict[str, int]:
    """Wait until nothing is pending, restarting what died; answer what still is when the time is over."""
    end = time.monotonic() + seconds
    with database_of(stack) as database:
        while any((pending := _pending(database)).values()) and time.monotonic() < end:
            stack.supervisor.tick()
            time.sleep(0.3)
    return pending


def _pending(database: Database[dict[str, Any]]) -> dict[str, int]:
    return {
        "outbox": database["applications"].count_documents({"outbox.0": {"$exists": True}}),
        "waiting": database["inbox_waiting"].count_documents({}),
        "behind": _behind(database),
    }


def _behind(database: Database[dict[str, Any]]) -> int:
    """Applications whose first event has not had its effect yet."""
    stored = database["applications"].count_documents({})
    told = database["notices"].count_documents({"type": "application_submitted.v1"})
    return max(0, stored - told)


def _is_broken(row: dict[str, Any]) -> bool:
    return verify(row["_id"], row["history"], version=row["version"], head=row["head"]) is not None


def known_applications(stack: Stack) -> set[str]:
    """Those that were there before the clients began."""
    with database_of(stack) as database:
        return set(database["applications"].distinct("_id"))


def judge(stack: Stack, clients: Clients, before: set[str], stuck: dict[str, int]) -> Verdict:
    """Hold the clients' ledger against the database."""
    promised = {receipts[0]["id"]: receipts for receipts in clients.ledger.receipts.values()}
    with database_of(stack) as database:
        everything = list(database["applications"].find({}))
        told = database["notices"].find({"type": "application_submitted.v1"})
        notices = Counter(row["application"] for row in told)
    stored = {row["_id"]: row for row in everything if row["_id"] not in before}
    codes = Counter(row["code"] for row in everything)
    return Verdict(
        accepted=len(promised),
        stored=len(stored),
        lost=len(promised.keys() - stored.keys()),
        ghosts=len(stored.keys() - promised.keys()) - len(clients.given_up),
        answered_differently=sum(any(other != rows[0] for other in rows) for rows in promised.values()),
        codes_twice=sum(count > 1 for count in codes.values()),
        broken_chains=sum(_is_broken(row) for row in stored.values()),
        without_notice=len(stored.keys() - notices.keys()),
        notices_twice=sum(count > 1 for count in notices.values()),
        stuck=stuck,
    )
