"""What applicants should know, kept for them to read."""

from datetime import datetime
from typing import Any

from pymongo import DESCENDING, IndexModel
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
    def add(self, notice: Document) -> None:
        """Keep a notice; its id is that of the event that it tells of, so the same one again changes nothing."""
        self._notices.update_one({"_id": notice["_id"]}, {"$setOnInsert": notice}, upsert=True, session=session())

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
