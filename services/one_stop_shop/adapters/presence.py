"""Who has an application open, in MongoDB, which forgets it by itself."""

from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

INDEXES = [
    IndexModel([("application", ASCENDING), ("since", ASCENDING)], name="there"),
    IndexModel([("until", ASCENDING)], name="expiry", expireAfterSeconds=0),
]


class Presence:
    """Keeps who is at which application; declared in `ports`."""

    def __init__(self, database: Database[Document]) -> None:
        self._presence = database["presence"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._presence, INDEXES)

    @unavailable_when_away()
    def note(self, application: str, officer: str, name: str, *, now: datetime, until: datetime) -> None:
        """Keep that somebody is there; who was there until now has been since the first time."""
        still = {"$cond": [{"$gt": ["$until", now]}, "$since", now]}
        names = {"application": application, "officer": officer, "name": name}
        plain = {key: {"$literal": value} for key, value in names.items()}
        self._presence.update_one(
            {"_id": f"{application}:{officer}"},
            [{"$set": {**plain, "since": still, "until": until}}],
            upsert=True,
            session=session(),
        )

    @unavailable_when_away()
    def others(self, application: str, officer: str, now: datetime) -> list[Document]:
        """Who else is there, the first to come first."""
        wanted = {"application": application, "officer": {"$ne": officer}, "until": {"$gt": now}}
        return list(self._presence.find(wanted, {"_id": 0, "name": 1, "since": 1}, session=session()).sort("since"))
