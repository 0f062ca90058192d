"""Outgoing messages in MongoDB."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.collection import ReturnDocument
from pymongo.database import Database

from services.email_provisioning.adapters.aggregates import MongoAggregates
from shared.aggregates import WITHOUT_HISTORY, Announce
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, session, unavailable_when_away

INDEXES = [
    IndexModel([("state", ASCENDING), ("requested_at", DESCENDING), ("_id", DESCENDING)], name="state"),
    OUTBOX_INDEX,
    DUE_INDEX,
]


class MongoMessages(MongoAggregates):
    """Implements `ports_mail.Messages`."""

    absent = frozenset({"next_due_at"})

    def __init__(self, database: Database[Document], announce: Announce) -> None:
        super().__init__(database["messages"], announce, INDEXES)

    @unavailable_when_away()
    def request(self, message: Document) -> None:
        """Keep a new one; the same again changes nothing."""
        new = {**message, "history": [], "outbox": []}
        self._collection.update_one({"_id": message["_id"]}, {"$setOnInsert": new}, upsert=True, session=session())

    @unavailable_when_away()
    def begin(self, identifier: str, now: datetime, until: datetime) -> Document | None:
        """One more attempt, which nobody else makes before `until`."""
        found = self._collection.find_one_and_update(
            {"_id": identifier, "state": "queued", "busy_until": {"$lte": now}},
            {"$inc": {"attempts": 1}, "$set": {"busy_until": until, "next_due_at": until}},
            projection=WITHOUT_HISTORY,
            return_document=ReturnDocument.AFTER,
        )
        return self._whole(found) if found else None

    @unavailable_when_away()
    def undelivered(self, since: datetime, most: int) -> list[Document]:
        """Who asked for what failed or came back, when, and its last words; asked for since then, so many at most."""
        match = {"state": {"$in": ["failed", "returned"]}, "requested_at": {"$gte": since}}
        shown = {"source": 1, "requested_at": 1, "last_error": 1}
        newest = [("requested_at", DESCENDING), ("_id", DESCENDING)]
        return list(self._collection.find(match, shown).sort(newest).limit(most).hint("state"))

    @unavailable_when_away()
    def newest(self, state: str, *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """The newest ones in a state, and the position behind them."""
        match: Document = {"state": state}
        if after:
            at = datetime.fromisoformat(after[0])
            match |= {"requested_at": {"$lte": at}, "$or": [{"requested_at": {"$lt": at}}, {"_id": {"$lt": after[1]}}]}
        found = self._collection.find(match, WITHOUT_HISTORY).sort([("requested_at", DESCENDING), ("_id", DESCENDING)])
        rows = [self._whole(row) for row in found.limit(limit + 1).hint("state")]
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], [last["requested_at"].isoformat(), last["_id"]] if last else None
