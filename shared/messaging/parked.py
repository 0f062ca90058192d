"""What an operator can do about events that no retry could apply: see them, try again, or leave one out."""

from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, MongoClient
from pymongo.database import Database

from shared.errors import NotFound
from shared.persistence import Document, in_transaction, session

Waiting = dict[str, Any]


def list_parked(database: Database[Document], limit: int = 100) -> list[Waiting]:
    """The parked events, oldest first, without their data, which may be personal."""
    found = database["inbox_waiting"].find({"state": "parked"}, {"body.data": 0})
    return list(found.sort([("since", ASCENDING)]).limit(limit))


def replay_parked(database: Database[Document], key: str, *, by: str, reason: str) -> None:
    """Have a parked event tried again now, with all attempts anew; for when the cause is repaired.

    Raises:
        NotFound: no such event is parked.
    """
    now = datetime.now(UTC)
    decision = {"by": by, "at": now, "reason": reason, "action": "replayed"}
    changed = database["inbox_waiting"].update_one(
        {"_id": key, "state": "parked"},
        {"$set": {"state": "failing", "attempts": 0, "next_at": now}, "$push": {"decisions": decision}},
    )
    if not changed.matched_count:
        raise NotFound("parked_event_unknown", key=key)


def discard_parked(
    client: MongoClient[Document], database: Database[Document], key: str, *, by: str, reason: str
) -> None:
    """Leave a parked event out for good and let its successors go on; it is kept in `inbox_discarded`.

    Raises:
        NotFound: no such event is parked.
    """

    def work() -> None:
        parked = database["inbox_waiting"].find_one_and_delete({"_id": key, "state": "parked"}, session=session())
        if parked is None:
            raise NotFound("parked_event_unknown", key=key)
        now = datetime.now(UTC)
        decision = {"by": by, "at": now, "reason": reason, "action": "discarded"}
        kept = parked | {"decisions": [*parked.get("decisions", []), decision]}
        database["inbox_discarded"].insert_one(kept, session=session())
        database["inbox_cursors"].update_one(
            {"_id": f"{parked['exchange']}/{parked['subject']}", "seq": parked["seq"] - 1},
            {"$set": {"seq": parked["seq"], "at": now}, "$inc": {"held": -1}},
            session=session(),
        )
        database["inbox_waiting"].update_many(
            {"subject": parked["subject"], "exchange": parked["exchange"], "state": "waiting"},
            {"$set": {"next_at": now}},
            session=session(),
        )

    in_transaction(client, work)
