"""Documents, arrivals and what the exchange keeps as aggregates, in MongoDB."""

from collections.abc import Mapping
from typing import Any

from pymongo import IndexModel
from pymongo.errors import DuplicateKeyError

from shared.aggregates import StoredAggregates
from shared.errors import Conflict
from shared.history import Entry
from shared.messaging.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away


class Aggregates(StoredAggregates):
    """Writes one kind of aggregate; declared in `ports`."""

    def ensure_indexes(self, *further: IndexModel) -> None:
        """Create the indexes for writing, and further ones for reading."""
        ensure_indexes(self._collection, [OUTBOX_INDEX, DUE_INDEX, *further])

    @unavailable_when_away()
    def add(self, document: Document) -> bool:
        """Keep a new aggregate; False when one with this id is there already.

        Inside a transaction a collision would end it, so there the id is looked up first.
        """
        if session() is not None and self._collection.find_one({"_id": document["_id"]}, {"_id": 1}, session=session()):
            return False
        try:
            self._collection.insert_one(self._present(document), session=session())
        except DuplicateKeyError as error:
            if session() is not None:
                raise _taken(error) from error
            return False
        self._announce(document["_id"], document["history"])
        return True

    @unavailable_when_away()
    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry, if it still has this version.

        Raises:
            Conflict: its agency has issued another document of this number, symbol and day.
        """
        try:
            return super().save(identifier, version, changes, entry)
        except DuplicateKeyError as error:
            raise _taken(error) from error


def _taken(error: DuplicateKeyError) -> Exception:
    """What a collision in the index `identity` means; any other is a mistake of ours."""
    key = (error.details or {}).get("keyValue", {})
    return Conflict("document_code_taken", document=key["code"]) if "code" in key else error
