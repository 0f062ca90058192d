"""Documents and arrivals in MongoDB: one document each, with its history, and the events not yet announced in it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.commands import Loaded
from shared.history import Entry
from shared.messaging.indexes import DUE_INDEX, OUTBOX_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

Announce = Callable[[str, Sequence[Entry]], None]

_WITHOUT_HISTORY = {"history": 0, "search": 0, "outbox": 0}
_UNSET = ("next_due_at",)
"""Fields that are absent instead of null: an index over them holds only what has them."""


class Aggregates:
    """Writes one kind of aggregate; declared in `ports`."""

    def __init__(self, collection: Collection[Document], announce: Announce) -> None:
        self._collection = collection
        self._announce = announce

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
        kept = {name: value for name, value in document.items() if name not in _UNSET or value}
        try:
            self._collection.insert_one(kept, session=session())
        except DuplicateKeyError:
            if session() is not None:
                raise
            return False
        self._announce(document["_id"], document["history"])
        return True

    @unavailable_when_away()
    def find(self, aggregate: str, command: str = "") -> Loaded | None:
        """One aggregate, with the entry that the command of this key left."""
        history = {"$elemMatch": {"command.key": command}} if command else 0
        document = self._collection.find_one(
            {"_id": aggregate}, {**_WITHOUT_HISTORY, "history": history}, session=session()
        )
        if document is None:
            return None
        entries: list[Entry] = document.pop("history", [])
        return Loaded(document, entries[0] if entries else None)

    @unavailable_when_away()
    def find_all(self, aggregates: Iterable[str]) -> dict[str, Document]:
        """Several aggregates by their ids."""
        wanted = list(aggregates)
        if not wanted:
            return {}
        found = self._collection.find({"_id": {"$in": wanted}}, _WITHOUT_HISTORY, session=session())
        return {document["_id"]: document for document in found}

    @unavailable_when_away()
    def save(self, aggregate: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry in one write, if the aggregate still has this version."""
        update = _update(changes)
        update["$set"] |= {"version": entry["seq"], "head": entry["hash"]}
        update["$push"] = {"history": entry, "outbox": entry["seq"]}
        written = self._collection.update_one({"_id": aggregate, "version": version}, update, session=session())
        if not written.matched_count:
            return False
        self._announce(aggregate, [entry])
        return True

    @unavailable_when_away()
    def derive(self, aggregate: str, version: int, changes: Mapping[str, Any]) -> bool:
        """Set fields that follow from what is stored, if the aggregate still has this version."""
        match = {"_id": aggregate, "version": version}
        return bool(self._collection.update_one(match, _update(changes), session=session()).matched_count)


def _update(changes: Mapping[str, Any]) -> Document:
    gone = {name: "" for name in _UNSET if name in changes and changes[name] is None}
    update: Document = {"$set": {name: value for name, value in changes.items() if name not in gone}}
    if gone:
        update["$unset"] = gone
    return update
