"""Sessions of the pages that ended before their time, kept until they would have ended by themselves.

Who signed in stands in a sealed cookie that every worker can read; only what takes a session's worth away is kept.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from shared.persistence import Document, connect, database, ensure_indexes, unavailable_when_away
from shared.settings import Settings

INDEXES = [IndexModel([("until", ASCENDING)], name="expiry", expireAfterSeconds=0)]


def open_ended_sessions(settings: Settings, name: str) -> "MongoEndedSessions":
    """The platform's list of ended sessions for the process called `name`."""
    return MongoEndedSessions(database(connect(settings, name), settings, "pages"))


class MongoEndedSessions:
    """A list of names under which sessions ended: their own, or that of the person or of the session at an issuer."""

    def __init__(self, store: Database[Document]) -> None:
        self._ended = store["ended_sessions"]
        self._indexed = False

    @unavailable_when_away()
    def add(self, name: str, until: datetime) -> None:
        """What began under this name until now has ended; nobody needs to know after `until`."""
        if not self._indexed:
            ensure_indexes(self._ended, INDEXES)
            self._indexed = True
        changes = {"$max": {"at": datetime.now(UTC), "until": until}}
        self._ended.update_one({"_id": name}, changes, upsert=True)

    @unavailable_when_away()
    def has_ended(self, names: Collection[str], began: datetime) -> bool:
        """Whether what began at this moment under one of these names has ended since."""
        wanted = {"_id": {"$in": list(names)}, "at": {"$gte": began}}
        return self._ended.find_one(wanted, {"_id": 1}) is not None
