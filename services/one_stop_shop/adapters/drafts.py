"""Drafts in MongoDB, which forgets them by itself once they have expired."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from services.one_stop_shop.domain.read_model import milliseconds
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

INDEXES = [
    IndexModel([("owner", ASCENDING), ("saved_at", DESCENDING), ("_id", DESCENDING)], name="own"),
    IndexModel([("expires_at", ASCENDING)], name="expiry", expireAfterSeconds=0),
]


class Drafts:
    """Keeps drafts; declared in `ports`."""

    def __init__(self, database: Database[Document]) -> None:
        self._drafts = database["drafts"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._drafts, INDEXES)

    @unavailable_when_away()
    def add(self, draft: Document) -> Document:
        """Store a new draft, or answer with the one that is there under its id."""
        try:
            self._drafts.insert_one(draft, session=session())
        except DuplicateKeyError:
            return self._drafts.find_one({"_id": draft["_id"]}, session=session()) or draft
        return draft

    @unavailable_when_away()
    def find(self, draft: str, owner: str) -> Document | None:
        """A person's own draft."""
        return self._drafts.find_one({"_id": draft, "owner": owner}, session=session())

    @unavailable_when_away()
    def save(self, draft: str, owner: str, version: int, changes: Mapping[str, Any]) -> Document | None:
        """Change a draft that still has this version."""
        return self._drafts.find_one_and_update(
            {"_id": draft, "owner": owner, "version": version},
            {"$set": dict(changes), "$inc": {"version": 1}},
            return_document=ReturnDocument.AFTER,
            session=session(),
        )

    @unavailable_when_away()
    def delete(self, draft: str, owner: str) -> bool:
        """Forget a draft."""
        return bool(self._drafts.delete_one({"_id": draft, "owner": owner}, session=session()).deleted_count)

    @unavailable_when_away()
    def page(self, owner: str, *, after: Any, limit: int) -> tuple[list[Document], Any]:
        """A person's drafts, last saved first; the position is the last row's moment in milliseconds and id."""
        wanted: Document = {"owner": owner, "submitted_as": None}
        if after is not None:
            saved_at = datetime.fromtimestamp(after[0] / 1000, UTC)
            wanted["$or"] = [{"saved_at": {"$lt": saved_at}}, {"saved_at": saved_at, "_id": {"$lt": after[1]}}]
        found = list(self._drafts.find(wanted).sort([("saved_at", -1), ("_id", -1)]).limit(limit + 1))
        rows = found[:limit]
        following = [milliseconds(rows[-1]["saved_at"]), rows[-1]["_id"]] if len(found) > limit else None
        return rows, following
