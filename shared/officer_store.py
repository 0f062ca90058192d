"""The copy of the officers in MongoDB, and the question whose account it is, which the directory itself asks too."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from shared.contracts.email_provisioning.events import OfficerAppointed
from shared.indexes import DUE_INDEX
from shared.officer_copies import FILLING, Row
from shared.officers import Officer
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

INDEXES = [
    IndexModel([("account", ASCENDING)], name="account", sparse=True),
    IndexModel([("posts.agency", ASCENDING)], name="posts"),
    DUE_INDEX,
]
_SHOWN = {"name": 1, "account": 1, "posts": 1, "successor": 1}


@unavailable_when_away()
def officer_of(collection: Collection[Document], account: str) -> Officer | None:
    """The officer of an account."""
    found = collection.find_one({"account": account}, _SHOWN, session=session(), hint="account")
    return Officer.from_dict(found) if found else None


class MongoOfficerCopies:
    """Implements `shared.officer_copies.OfficerCopies`."""

    def __init__(self, database: Database[Document]) -> None:
        self._officers = database["officers"]
        self._asked = database["inbox_joined"]

    def ensure_indexes(self) -> None:
        """Create what the questions stand on."""
        ensure_indexes(self._officers, INDEXES)

    @unavailable_when_away()
    def row(self, officer: str) -> Row | None:
        """One officer as kept."""
        return self._officers.find_one({"_id": officer}, session=session())

    @unavailable_when_away()
    def put(self, row: Row) -> None:
        """Keep an officer."""
        self._officers.replace_one({"_id": row["_id"]}, row, upsert=True, session=session())

    @unavailable_when_away()
    def with_posts_at(self, agencies: Iterable[str]) -> list[Officer]:
        """Who has ever had a post at one of these agencies, and an account."""
        wanted = {"posts.agency": {"$in": sorted(agencies)}, "account": {"$type": "string"}}
        return [Officer.from_dict(row) for row in self._officers.find(wanted, _SHOWN, session=session(), hint="posts")]

    @unavailable_when_away()
    def settle(self, officer: str, heard: int, changes: Mapping[str, Any]) -> bool:
        """Note that work was looked at."""
        match = {"_id": officer, "heard": heard}
        return bool(self._officers.update_one(match, {"$set": dict(changes)}, session=session()).matched_count)

    def of_account(self, account: str) -> Officer | None:
        """The officer of an account; of two that an exchange of accounts shows for a moment, any."""
        return officer_of(self._officers, account)

    @unavailable_when_away()
    def is_filling(self, now: datetime) -> bool:
        """Whether nobody has asked the directory for everything yet, or only just."""
        asked = self._asked.find_one({"_id": OfficerAppointed.exchange()}, session=session())
        return asked is None or bool(now - asked["at"] < FILLING)
