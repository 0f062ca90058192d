"""What agencies and officers have in common in MongoDB: one document each, with its history and its outbox."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.email_provisioning.ports import AlreadyThere, Page, Position
from shared.aggregates import WITHOUT_HISTORY, Announce, StoredAggregates
from shared.commands import Loaded
from shared.history import Entry
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away
from shared.words import matches

FIRST_CANDIDATES, MOST_CANDIDATES = 200, 1000
"""How many entries of an index a page looks at, when the index cannot bound all conditions."""


class MongoAggregates(StoredAggregates):
    """Writes aggregates of one kind and reads them by their identifier; declared in `ports.Aggregates`."""

    absent = frozenset()

    def __init__(self, collection: Collection[Document], announce: Announce, indexes: Sequence[IndexModel]) -> None:
        super().__init__(collection, announce)
        self._indexes = indexes

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._collection, self._indexes)

    @unavailable_when_away()
    def add(self, document: Document) -> None:
        """Store a new one with its first history."""
        try:
            self._collection.insert_one(self._present(document), session=session())
        except DuplicateKeyError as error:
            raise _already_there(error.details) from error
        self._announce(document["_id"], document["history"])

    def add_all(self, documents: Sequence[Document]) -> list[AlreadyThere | None]:
        """Store many in one write; for each, None or why it was not stored."""
        refused = self._insert_many([self._present(document) for document in documents])
        for place, document in enumerate(documents):
            if place not in refused:
                self._announce(document["_id"], document["history"])
        return [_already_there(refused[place]) if place in refused else None for place in range(len(documents))]

    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One of them, with the entry that the command of this key left."""
        loaded = super().find(identifier, command)
        return Loaded(self._whole(loaded.document), loaded.repeated) if loaded else None

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry in one write, if it still has this version."""
        try:
            return super().save(identifier, version, changes, entry)
        except DuplicateKeyError as error:
            raise _already_there(error.details) from error

    def _whole(self, document: Document) -> Document:
        """A document with every field that is left out of the database where it is null."""
        return {**dict.fromkeys(self.absent), **document}

    def _following(self, match: Document, index: str, after: str, limit: int) -> list[Document]:
        """The next documents behind an id, in order of their ids."""
        found = self._collection.find({**match, "_id": {"$gt": after}}, WITHOUT_HISTORY, session=session())
        return list(map(self._whole, found.sort("_id", ASCENDING).hint(index).limit(limit)))

    def _sift(
        self,
        match: Document,
        words: Sequence[str],
        *,
        order: str,
        index: str,
        after: Position | None,
        limit: int,
        keep: Callable[[Document], bool],
        sifting: bool,
    ) -> Page:
        """The next documents that fit: the index bounds `match`, the rest is tried on a limited number of them."""
        rows: list[Document] = []
        position, looked_at, batch = after, 0, FIRST_CANDIDATES if sifting or words else limit
        while looked_at < MOST_CANDIDATES:
            candidates = self._candidates(match, order, index, position, batch)
            for document in candidates:
                looked_at, position = looked_at + 1, document[order]
                if matches(document["words"].split(), words) and keep(document):
                    rows.append(self._whole(document))
                    if len(rows) == limit:
                        return Page(rows, position)
            if len(candidates) < batch:
                return Page(rows, None)
            batch = MOST_CANDIDATES - looked_at
        return Page(rows, position)

    def _candidates(
        self, match: Document, order: str, index: str, position: Position | None, limit: int
    ) -> list[Document]:
        beyond = {order: {"$gt": position}} if position is not None else {}
        found = self._collection.find({**match, **beyond}, WITHOUT_HISTORY, session=session())
        return list(found.sort(order, ASCENDING).hint(index).limit(limit))


def _already_there(details: Mapping[str, Any] | None) -> AlreadyThere:
    return AlreadyThere(next(iter((details or {}).get("keyPattern", {})), "_id"))
