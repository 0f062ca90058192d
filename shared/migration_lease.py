"""Who of several jobs migrates a database, for how long after its last sign of life."""

import uuid
from datetime import UTC, datetime

from pymongo.database import Database

from shared.persistence import Document

LEASES = "migration_lease"
LEASE_SECONDS = 60.0
"""How long a killed job keeps the others waiting; a batch has to be much shorter."""

_FREE = datetime.fromtimestamp(0, UTC)


class LeaseLost(Exception):
    """Somebody else went on, because a batch took longer than the lease."""


class Lease:
    """Who holds it is the only one that migrates, as long as it renews in time; the database's clock counts."""

    def __init__(self, store: Database[Document], seconds: float) -> None:
        self._leases, self._holder = store[LEASES], uuid.uuid4().hex
        until = {"$add": ["$$NOW", int(seconds * 1000)]}
        self._mine: list[Document] = [{"$set": {"holder": self._holder, "until": until}}]

    def taken(self) -> bool:
        """Whether it is ours now."""
        self._leases.update_one({"_id": "migrate"}, {"$setOnInsert": {"holder": "", "until": _FREE}}, upsert=True)
        free = {"_id": "migrate", "$expr": {"$lte": ["$until", "$$NOW"]}}
        return self._leases.update_one(free, self._mine).matched_count == 1

    def renew(self) -> None:
        """Keep it for another while.

        Raises:
            LeaseLost: somebody else has it.
        """
        if not self._leases.update_one({"_id": "migrate", "holder": self._holder}, self._mine).matched_count:
            raise LeaseLost

    def give_back(self) -> None:
        """Let the next one begin at once."""
        self._leases.update_one({"_id": "migrate", "holder": self._holder}, {"$set": {"holder": "", "until": _FREE}})
