"""Imports and what became of their rows in MongoDB; the rows are the progress, so that a crash loses none."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel, InsertOne, UpdateOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.email_provisioning.ports import Page, Position
from shared.indexes import DUE_INDEX
from shared.persistence import Document, ensure_indexes, session, unavailable_when_away

INDEXES = [IndexModel([("owner", ASCENDING), ("position", DESCENDING)], name="owner"), DUE_INDEX]
ROW_INDEXES = [
    IndexModel([("import", ASCENDING), ("outcome", ASCENDING), ("_id", ASCENDING)], name="outcome"),
    IndexModel([("import", ASCENDING), ("_id", ASCENDING)], name="order"),
]
_BATCH = 1000
_DUPLICATE = 11000


class MongoImports:
    """Implements `ports.Imports`."""

    def __init__(self, database: Database[Document]) -> None:
        self._imports = database["imports"]
        self._rows = database["import_rows"]

    def ensure_indexes(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._imports, INDEXES)
        ensure_indexes(self._rows, ROW_INDEXES)

    @unavailable_when_away()
    def add(self, document: Document) -> Document:
        """Store a new one; one that is there already under the same id is answered instead."""
        try:
            self._imports.insert_one(document, session=session())
        except DuplicateKeyError:
            return self.find(document["_id"]) or document
        return document

    @unavailable_when_away()
    def find(self, identifier: str) -> Document | None:
        """One import."""
        return self._imports.find_one({"_id": identifier}, session=session())

    @unavailable_when_away()
    def page(self, owner: str, *, after: Position | None, limit: int) -> Page:
        """A person's imports, newest first."""
        match: Document = {"owner": owner} | ({"position": {"$lt": after}} if after else {})
        found = self._imports.find(match, session=session()).sort("position", DESCENDING).hint("owner")
        rows = list(found.limit(limit))
        return Page(rows, rows[-1]["position"] if len(rows) == limit else None)

    @unavailable_when_away()
    def keep_rows(self, identifier: str, rows: Sequence[Document]) -> None:
        """Keep the rows of the table; those that are kept already stay as they are."""
        for start in range(0, len(rows), _BATCH):
            writes = [InsertOne({**row, "import": identifier}) for row in rows[start : start + _BATCH]]
            try:
                self._rows.bulk_write(writes, ordered=False)
            except BulkWriteError as error:
                if any(wrong["code"] != _DUPLICATE for wrong in error.details["writeErrors"]):
                    raise

    @unavailable_when_away()
    def open_rows(self, identifier: str, limit: int) -> list[Document]:
        """The next rows that were not worked on, in order."""
        found = self._rows.find({"import": identifier, "outcome": None}, session=session())
        return list(found.sort("_id", ASCENDING).hint("outcome").limit(limit))

    @unavailable_when_away()
    def rows_before(self, identifier: str, row: str) -> list[Document]:
        """The rows before one that were not refused, in order."""
        found = self._rows.find({"import": identifier, "_id": {"$lt": row}, "outcome": {"$ne": "refused"}})
        return list(found.sort("_id", ASCENDING).hint("order"))

    @unavailable_when_away()
    def settle_rows(self, rows: Sequence[Document]) -> None:
        """Keep what became of some rows."""
        kept = ("outcome", "subject", "problems", "changes", "warnings")
        writes = [UpdateOne({"_id": row["_id"]}, {"$set": {name: row[name] for name in kept}}) for row in rows]
        if writes:
            self._rows.bulk_write(writes, ordered=False)

    @unavailable_when_away()
    def count(self, identifier: str) -> dict[str, int]:
        """How many rows came out in which way; `all` counts them all."""
        pipeline: list[Document] = [
            {"$match": {"import": identifier}},
            {"$group": {"_id": "$outcome", "count": {"$sum": 1}}},
        ]
        counted = {group["_id"]: group["count"] for group in self._rows.aggregate(pipeline, hint="outcome")}
        return {str(outcome): count for outcome, count in counted.items() if outcome} | {"all": sum(counted.values())}

    @unavailable_when_away()
    def update(self, identifier: str, changes: Mapping[str, Any]) -> None:
        """Note how far the import has come."""
        gone = {name: "" for name, value in changes.items() if name == "next_due_at" and value is None}
        kept = {name: value for name, value in changes.items() if name not in gone}
        update = ({"$set": kept} if kept else {}) | ({"$unset": gone} if gone else {})
        self._imports.update_one({"_id": identifier}, update)

    @unavailable_when_away()
    def rows_page(self, identifier: str, outcome: str | None, *, after: Position | None, limit: int) -> Page:
        """What became of the rows, in order."""
        match: Document = {"import": identifier} | ({"outcome": outcome} if outcome else {})
        beyond: Document = {"_id": {"$gt": after}} if after else {}
        found = self._rows.find({**match, **beyond}, {"cells": 0}, session=session()).sort("_id", ASCENDING)
        rows = list(found.hint("outcome" if outcome else "order").limit(limit))
        return Page(rows, rows[-1]["_id"] if len(rows) == limit else None)
