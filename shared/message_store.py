"""What a service asked to be sent, in MongoDB: each an aggregate whose first event asks for it (ADR 19)."""

from pymongo.database import Database

from shared.aggregates import WITHOUT_HISTORY, Announce
from shared.indexes import OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away


class MongoMessageRequests:
    """Keeps the requests of one service."""

    def __init__(self, database: Database[Document], announce: Announce) -> None:
        self._messages = database["messages"]
        self._announce = announce

    def ensure_indexes(self) -> None:
        """Create what the sweep of unpublished events stands on."""
        ensure_indexes(self._messages, [OUTBOX_INDEX])

    @unavailable_when_away()
    def add(self, *requests: Document) -> None:
        """Keep requests; the id of each is that of the event that it follows from."""
        for request in requests:
            new = {"$setOnInsert": request}
            kept = self._messages.update_one({"_id": request["_id"]}, new, upsert=True, session=session())
            if kept.upserted_id is not None:
                self._announce(request["_id"], request["history"])

    @unavailable_when_away()
    def find(self, identifier: str) -> Document | None:
        """One of them."""
        return self._messages.find_one({"_id": identifier}, WITHOUT_HISTORY, session=session())
