"""What agencies and officers have in common in MongoDB: one document each, with its history and its outbox."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.email_provisioning.ports import AlreadyThere, Page, Position
from shared.commands import Loaded
from shared.history import Entry
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away
from shared.words import matches

Announce = Callable[[str, Sequence[Entry]], None]

FIRST_CANDIDATES, MOST_CANDIDATES = 200, 1000
"""How many entries of an index a page looks at, when the index cannot bound all conditions."""

WITHOUT_HISTORY = {"history": 0, "search": 0, "outbox": 0}


class MongoAggregates:
    """Writes aggregates of one kind and reads them by their identifier; declared in `ports.Aggregates`."""

    absent: frozenset[str] = frozenset()
    """Fields that are left out instead of null: an index over them holds only what has them."""

    def __init__(self, collection: Collection[Document], announce: Announce, indexes: Sequence[IndexModel]) -> None:
        self._collection = collection
        self._announce = announce
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

    @unavailable_when_away()
    def add_all(self, documents: Sequence[Document]) -> list[AlreadyThere | None]:
        """Store many in one write; for each, None or why it was not stored."""
        outcomes: list[AlreadyThere | None] = [None] * len(documents)
        if documents:
            try:
                self._collection.insert_many([self._present(document) for document in documents], ordered=False)
            except BulkWriteError as error:
                if error.details.get("writeConcernErrors"):
                    raise
                for wrong in error.details["writeErrors"]:
                    outcomes[wrong["index"]] = _already_there(wrong)
        for document, outcome in zip(documents, outcomes, strict=True):
            if outcome is None:
                self._announce(document["_id"], document["history"])
        return outcomes

    @unavailable_when_away()
    def find(self, identifier: str, command: str = "") -> Loaded | None:
        """One of them, with the entry that the command of this key left."""
        history = {"$elemMatch": {"command.key": command}} if command else 0
        document = self._collection.find_one(
            {"_id": identifier}, {**WITHOUT_HISTORY, "history": history}, session=session()
        )
        if document is None:
            return None
        entries: list[Entry] = document.pop("history", [])
        return Loaded(self._whole(document), entries[0] if entries else None)

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        """Apply changes and append the entry in one write, if it still has this version."""
        return self._write(identifier, version, changes, entry)

    @unavailable_when_away()
    def _write(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        update = self._update(changes, {"version": entry["seq"], "head": entry["hash"]})
        update["$push"] = {"history": entry, "outbox": entry["seq"]}
        match = {"_id": identifier, "version": version}
        try:
            written = self._collection.update_one(match, update, session=session())
        except DuplicateKeyError as error:
            raise _already_there(error.details) from error
        if not written.matched_count:
            return False
        self._announce(identifier, [entry])
        return True

    @unavailable_when_away()
    def refresh(self, identifier: str, version: int, derived: Mapping[str, Any]) -> bool:
        """Set fields that follow from others, without a new version; False when it changed meanwhile."""
        match = {"_id": identifier, "version": version}
        written = self._collection.update_one(match, self._update(derived, {}), session=session())
        return bool(written.matched_count)

    @unavailable_when_away()
    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        """The entries behind number `after`."""
        found = self._collection.find_one(
            {"_id": identifier}, {"history": {"$slice": [after, limit]}, "_id": 1}, session=session()
        )
        return list(found["history"]) if found else []

    @unavailable_when_away()
    def whole_history(self, identifier: str) -> Document | None:
        """The whole history with `version` and `head`, to be verified."""
        shown = {"version": 1, "head": 1, "history": 1}
        return self._collection.find_one({"_id": identifier}, shown, session=session())

    def _whole(self, document: Document) -> Document:
        """A document with every field that is left out of the database where it is null."""
        return {**dict.fromkeys(self.absent), **document}

    def _present(self, document: Mapping[str, Any]) -> Document:
        return {name: value for name, value in document.items() if name not in self.absent or value is not None}

    def _update(self, changes: Mapping[str, Any], also: Mapping[str, Any]) -> Document:
        kept = self._present(changes)
        gone = {name: "" for name in changes if name not in kept}
        update: Document = {"$set": {**kept, **also}}
        return update | ({"$unset": gone} if gone else {})

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
