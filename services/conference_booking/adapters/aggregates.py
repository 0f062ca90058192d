"""Meetings, endpoints and bridges in MongoDB: one document each, with its history and its outbox."""

from collections.abc import Sequence
from datetime import datetime

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.conference_booking.ports import Page
from shared.aggregates import WITHOUT_HISTORY, Announce, StoredAggregates
from shared.messaging.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

CANDIDATES = 1000
"""How many meetings a page looks at, when the index cannot bound all conditions."""

MEETING_INDEXES = (IndexModel([("search", ASCENDING), ("position", ASCENDING)], name="search"),)
ENDPOINT_INDEXES = (IndexModel([("network", ASCENDING), ("_id", ASCENDING)], name="network"),)


class Aggregates(StoredAggregates):
    """Implements `ports.Aggregates`; enough for bridges."""

    def __init__(
        self, collection: Collection[Document], announce: Announce, indexes: Sequence[IndexModel] = ()
    ) -> None:
        super().__init__(collection, announce)
        self._indexes = indexes

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._collection, [OUTBOX_INDEX, DUE_INDEX, *self._indexes])

    @unavailable_when_away()
    def add(self, document: Document) -> bool:
        """Keep a new one; False when one with this id is there already.

        Inside a transaction a collision would end it, so there the id is looked up first.
        """
        if session() is not None and self._collection.find_one({"_id": document["_id"]}, {"_id": 1}, session=session()):
            return False
        try:
            self._collection.insert_one(self._present(document), session=session())
        except DuplicateKeyError:
            if session() is not None:
                raise
            return False
        self._announce(document["_id"], document["history"])
        return True


class MongoMeetings(Aggregates):
    """Implements `ports.Meetings`."""

    def __init__(self, collection: Collection[Document], announce: Announce) -> None:
        super().__init__(collection, announce, MEETING_INDEXES)

    @unavailable_when_away()
    def page(self, key: str, *, since: str, before: datetime | None, after: str | None, limit: int) -> Page:
        """The next meetings under a key; what begins too late is left out of a limited number of them."""
        beyond = {"$gt": after} if after else {"$gte": since}
        found = self._collection.find({"search": key, "position": beyond}, WITHOUT_HISTORY, session=session())
        rows: list[Document] = []
        looked_at, position = 0, None
        for meeting in found.sort("position", ASCENDING).hint("search").limit(CANDIDATES).batch_size(limit + 1):
            if len(rows) == limit:
                return Page(rows, position)
            looked_at, position = looked_at + 1, meeting["position"]
            if before is None or meeting["begins"] < before:
                rows.append(meeting)
        return Page(rows, position if looked_at == CANDIDATES else None)


class MongoEndpoints(Aggregates):
    """Implements `ports.Endpoints`."""

    def __init__(self, collection: Collection[Document], announce: Announce) -> None:
        super().__init__(collection, announce, ENDPOINT_INDEXES)

    @unavailable_when_away()
    def of_network(self, network: str | None) -> dict[str, Document]:
        """All endpoints of a network, or of all, in order of their keys."""
        match, index = ({"network": network}, "network") if network else ({}, "_id_")
        found = self._collection.find(match, WITHOUT_HISTORY, session=session())
        return {endpoint["_id"]: endpoint for endpoint in found.sort("_id", ASCENDING).hint(index)}
