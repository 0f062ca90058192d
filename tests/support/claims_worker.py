"""A process that books and cancels until it is killed: `python -m tests.support.claims_worker URI NAME SEED`."""

import random
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pymongo import MongoClient
from pymongo.database import Database

from services.conference_booking.adapters.claims import MongoClaims
from services.conference_booking.domain.occupancy import Claim, Want
from services.conference_booking.domain.spans import Span
from shared.persistence import in_transaction, session

NETWORK, CAPACITY, FIRST, DAYS = "thu", {"ports": 40}, date(2026, 12, 1), 3
ENDPOINTS = [f"th-{number:02d}" for number in range(1, 32)]

Document = dict[str, Any]


class _Taken(Exception):
    """Something wanted is not free."""


def book(store: Database[Document], chance: random.Random, far: int = 0) -> bool:
    """Book two to 31 endpoints at random for half an hour to two, over midnight too; a meeting is kept with it."""
    start = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(days=far, minutes=5 * chance.randrange(DAYS * 288))
    span = Span(start, start + timedelta(minutes=chance.choice([30, 45, 60, 90, 120])))
    things = frozenset(chance.sample(ENDPOINTS, chance.randint(2, 12 if chance.random() < 0.9 else 31)))
    want, meeting = Want(span, things, {"ports": len(things)}), f"{chance.getrandbits(64):x}"
    claims = MongoClaims(store)
    claims.prepare(NETWORK, [want], CAPACITY)

    def work() -> None:
        if not claims.take(NETWORK, [Claim(meeting, 1, want)], CAPACITY):
            raise _Taken
        pieces = [[piece.day.isoformat(), piece.start, piece.end] for piece in span.pieces()]
        kept = {"_id": meeting, "things": sorted(things), "ports": len(things), "pieces": pieces}
        kept |= {"start": span.start, "end": span.end}
        store["booked"].insert_one(kept, session=session())

    try:
        in_transaction(store.client, work)
    except _Taken:
        return False
    return True


def release(store: Database[Document], chance: random.Random) -> None:
    """Cancel any meeting."""
    found = store["booked"].find_one({"_id": {"$gte": f"{chance.getrandbits(64):x}"}})
    if found is None:
        return
    want = Want(Span(found["start"], found["end"]), frozenset(found["things"]), {"ports": found["ports"]})

    def work() -> None:
        if store["booked"].delete_one({"_id": found["_id"]}, session=session()).deleted_count:
            MongoClaims(store).give_back(NETWORK, [Claim(found["_id"], 1, want)])

    in_transaction(store.client, work)


if __name__ == "__main__":
    with MongoClient[Document](sys.argv[1], tz_aware=True, w="majority") as client:
        dice = random.Random(int(sys.argv[3]))
        while True:
            book(client[sys.argv[2]], dice)
            if dice.random() < 0.2:
                release(client[sys.argv[2]], dice)
