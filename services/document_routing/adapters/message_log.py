"""The chained log of every hop of a document: one row per hop, each with the hash of the one before, and a head."""

from collections.abc import Callable, Mapping
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.database import Database

from services.document_routing.ports_exchange import Row
from shared.as_found import as_found, raw
from shared.persistence import Document, session, unavailable_when_away

Link = Callable[[str, int, str, Mapping[str, Any]], dict[str, Any]]
"""Makes the next row of a chain: document, number, hash before, hop."""

_HEAD = {"seq": int, "hash": str}

MESSAGE_LOG_INDEXES = [
    IndexModel([("document", ASCENDING), ("seq", ASCENDING)], name="in_order", unique=True),
    IndexModel([("entry", ASCENDING)], name="entry", unique=True),
]


class MongoMessageLog:
    """Keeps the logs; declared in `ports_exchange.MessageLog`. Two writers of one log settle by their transactions."""

    def __init__(self, database: Database[Document], link: Link) -> None:
        self._rows = database["message_log"]
        self._heads = database["message_log_heads"]
        self._link = link

    @unavailable_when_away()
    def append(self, document: str, hop: Mapping[str, Any]) -> None:
        """Add a hop, once per event."""
        if self._rows.find_one({"entry": hop["entry"]}, {"_id": 1}, session=session()):
            return
        head = self._heads.find_one({"_id": document}, session=session()) or {"seq": 0, "hash": ""}
        row = self._link(document, head["seq"] + 1, head["hash"], hop)
        ahead = {"seq": row["seq"], "hash": row["hash"]}
        self._heads.update_one({"_id": document}, {"$set": ahead}, upsert=True, session=session())
        self._rows.insert_one({"_id": f"{document}:{row['seq']:06d}", **row}, session=session())

    @unavailable_when_away()
    def rows(self, document: str, *, after: int = 0, limit: int = 0) -> list[Row]:
        """The hops behind number `after`, all without a limit; readable whatever byte was altered."""
        wanted = {"document": document, "seq": {"$gt": after}}
        found = raw(self._rows).find(wanted, {"_id": 0}, session=session()).sort("seq", ASCENDING)
        return [as_found(row) for row in found.limit(limit)]

    @unavailable_when_away()
    def head(self, document: str) -> Row | None:
        """How many hops there must be and the hash of the last; none where what is stored is no head any more."""
        found = raw(self._heads).find_one({"_id": document}, {"_id": 0}, session=session())
        head = as_found(found) if found else {}
        return head if {name: type(value) for name, value in head.items()} == _HEAD else None
