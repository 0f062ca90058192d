"""What applicants should know, kept for them to read."""

from datetime import datetime
from typing import Any

from pymongo import DESCENDING, IndexModel, UpdateOne
from pymongo.database import Database

from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

INDEXES = [IndexModel([("parties", 1), ("at", DESCENDING), ("_id", DESCENDING)], name="parties")]


class Notices:
    """Keeps notices; declared in `ports`."""

    def __init__(self, database: Database[Document]) -> None:
        self._notices = database["notices"]

    def ensure_indexes(self) -> None:
        """Create what a person's list stands on."""
        ensure_indexes(self._notices, INDEXES)

    @unavailable_when_away()
    def add(self, *notices: Document) -> None:
        """Keep notices; the id of each is that of its event, so the same one again changes nothing."""
        upserts = [UpdateOne({"_id": notice["_id"]}, {"$setOnInsert": notice}, upsert=True) for notice in notices]
        if upserts:
            self._notices.bulk_write(upserts, ordered=False, session=session())

    @unavailable_when_away()
    def page(self, parties: list[str], *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """The newest notices of a person, and the position behind them."""
        match: Document = {"parties": {"$in": parties}}
        if after:
            at = datetime.fromisoformat(after[0])
            match |= {"at": {"$lte": at}, "$or": [{"at": {"$lt": at}}, {"_id": {"$lt": after[1]}}]}
        found = self._notices.find(match, {"parties": 0}, session=session())
        rows = list(found.sort([("at", DESCENDING), ("_id", DESCENDING)]).limit(limit + 1).hint("parties"))
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], [last["at"].isoformat(), last["_id"]] if last else None
