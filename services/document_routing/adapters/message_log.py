"""The chained log of every hop of a document: one row per hop, each with the hash of the one before, and a head."""

from collections.abc import Callable, Mapping
from typing import Any

from bson.codec_options import DatetimeConversion
from pymongo import ASCENDING, IndexModel
from pymongo.collection import Collection
from pymongo.database import Database

from services.document_routing.ports_exchange import Row
from shared.persistence import Document, session, unavailable_when_away

Link = Callable[[str, int, str, Mapping[str, Any]], dict[str, Any]]
"""Makes the next row of a chain: document, number, hash before, hop."""

MESSAGE_LOG_INDEXES = [
    IndexModel([("document", ASCENDING), ("seq", ASCENDING)], name="in_order", unique=True),
    IndexModel([("entry", ASCENDING)], name="entry", unique=True),
]


def as_evidence(collection: Collection[Document]) -> Collection[Document]:
    """A collection of which everything can be read, whatever byte was altered; no hash fits what is put in its place.

    Letters that are none become U+FFFD, moments beyond the calendar its first or last one.
    """
    tolerant = collection.codec_options.with_options(
        unicode_decode_error_handler="replace", datetime_conversion=DatetimeConversion.DATETIME_CLAMP
    )
    return collection.with_options(codec_options=tolerant)


class MongoMessageLog:
    """Keeps the logs; declared in `ports_exchange.MessageLog`. Two writers of one log settle by their transactions."""

    def __init__(self, database: Database[Document], link: Link) -> None:
        self._rows = as_evidence(database["message_log"])
        self._heads = as_evidence(database["message_log_heads"])
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
        """The hops behind number `after`, all without a limit."""
        wanted = {"document": document, "seq": {"$gt": after}}
        found = self._rows.find(wanted, {"_id": 0}, session=session()).sort("seq", ASCENDING)
        return list(found.limit(limit))

    @unavailable_when_away()
    def head(self, document: str) -> Row | None:
        """How many hops there must be and the hash of the last."""
        return self._heads.find_one({"_id": document}, session=session())
