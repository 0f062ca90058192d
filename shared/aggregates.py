"""Aggregates in MongoDB: one document each, with its history, and the events not yet announced in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.as_found import as_found, raw
from shared.commands import Loaded
from shared.history import Entry
from shared.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

Announce = Callable[[str, Sequence[Entry]], None]
"""Is told of new entries of an aggregate after they are stored."""

WITHOUT_HISTORY = {"history": 0, "search": 0, "outbox": 0}


class Histories:
    """Reads the histories of one kind of aggregate."""

    def __init__(self, collection: Collection[Document]) -> None:
        self._collection = collection

    @unavailable_when_away()
    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        """The entries behind number `after`."""
        shown = {"history": {"$slice": [after, limit]}, "version": 1}
        found = self._collection.find_one({"_id": identifier}, shown, session=session())
        return list(found["history"]) if found else []

    @unavailable_when_away()
    def whole(self, identifier: str) -> Document | None:
        """All that is stored, with the history, to be verified: readable whatever byte was altered."""
        found = raw(self._collection).find_one({"_id": identifier}, {"outbox": 0, "search": 0}, session=session())
        return as_found(found) if found else None


class StoredAggregates(Histories):
    """Writes aggregates of one kind and reads them by their identifiers; what else a service asks it adds itself."""

    absent: frozenset[str] = frozenset({"next_due_at"})
    """Fields that are left out instead of null: an index over them holds only what has them."""

    def __init__(self, collection: Collection[Document], announce: Announce) -> None:
        super().__init__(collection)
        self._announce = announce

    @unavailable_when_away()
    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One of them, with the entry that the command of this key left."""
        history = {"$elemMatch": {"command.key": command}} if command else 0
        shown = {**WITHOUT_HISTORY, "history": history}
        document = self._collection.find_one({"_id": identifier}, shown, session=session())
        if document is None:
            return None
        entries: list[Entry] = document.pop("history", [])
        return Loaded(document, entries[0] if entries else None)

    @unavailable_when_away()
    def find_all(self, identifiers: Iterable[str], *, only: Iterable[str] = ()) -> dict[str, Document]:
        """Several by their identifiers, if wished with certain fields only; those not there are missing."""
        wanted = list(identifiers)
        if not wanted:
            return {}
        shown = dict.fromkeys(only, 1) or WITHOUT_HISTORY
        found = self._collection.find({"_id": {"$in": wanted}}, shown, session=session())
        return {document["_id"]: document for document in found}

    @unavailable_when_away()
    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry in one write, if it still has this version; False when it has not."""
        update = self._update(changes)
        update["$set"] |= {"version": entry["seq"], "head": entry["hash"]}
        update["$push"] = {"history": entry, "outbox": entry["seq"]}
        if not self._write(identifier, version, update):
            return False
        self._announce(identifier, [entry])
        return True

    @unavailable_when_away()
    def derive(self, identifier: str, version: int, changes: Mapping[str, Any]) -> bool:
        """Set fields that follow from what is stored; no event, no new version; False when it has changed."""
        return self._write(identifier, version, self._update(changes))

    @unavailable_when_away()
    def _insert_many(self, documents: Sequence[Document]) -> dict[int, Mapping[str, Any]]:
        """Store new ones in one write; what the database says of each that was not stored, by its place."""
        try:
            if documents:
                self._collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            if error.details.get("writeConcernErrors"):
                raise
            return {wrong["index"]: wrong for wrong in error.details["writeErrors"]}
        return {}

    def _present(self, document: Mapping[str, Any]) -> Document:
        """What of a document is stored."""
        return {name: value for name, value in document.items() if name not in self.absent or value is not None}

    def _update(self, changes: Mapping[str, Any]) -> Document:
        kept = self._present(changes)
        gone = {name: "" for name in changes if name not in kept}
        return {"$set": kept} | ({"$unset": gone} if gone else {})

    def _write(self, identifier: str, version: int, update: Document) -> bool:
        match = {"_id": identifier, "version": version}
        return bool(self._collection.update_one(match, update, session=session()).matched_count)


class Aggregates(StoredAggregates):
    """Also keeps new ones, whose ids follow from what was asked, so that asking again makes no second one."""

    def ensure_indexes(self, *further: IndexModel) -> None:
        """Create the indexes for writing, and further ones for reading."""
        ensure_indexes(self._collection, [OUTBOX_INDEX, DUE_INDEX, *further])

    @unavailable_when_away()
    def add(self, document: Document) -> bool:
        """Keep a new one; False when one with this id is there already.

        Inside a transaction a collision would end it, so there the id is looked up first.
        """
        if session() is not None and self._collection.find_one({"_id": document["_id"]}, {"_id": 1}, session=session()):
            return False
        try:
            self._collection.insert_one(self._present(document), session=session())
        except DuplicateKeyError as error:
            if session() is not None:
                raise self._taken(error) from error
            return False
        self._announce(document["_id"], document["history"])
        return True

    def _taken(self, error: DuplicateKeyError) -> Exception:
        """What to tell of a collision with another one."""
        return error
