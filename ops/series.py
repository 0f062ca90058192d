"""The numbers that agencies give out: how far each series is, and moving it on past what a restore has forgotten.

Yearly numbers of documents and the mailboxes' cursors stand in `number_series`, dossier codes of a day in `counters`.
A number that is left out on purpose is recorded in its series, so that a register without it is not taken for altered.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from pymongo import ASCENDING, MongoClient
from pymongo.collection import Collection

from services.document_routing.domain.numbering import INCOMING, OUTGOING, Series
from services.document_routing.usecases.exchange_due import ENDLESS, MAILBOX
from shared.persistence import Document, database
from shared.restore_mark import DATABASE
from shared.settings import Settings
from shared.working_time import VIETNAM

COLUMNS = ("kind", "agency", "period", "last", "moved_to")
DOSSIERS = "dossiers"
KINDS = (OUTGOING, INCOMING, MAILBOX, DOSSIERS)
_YEARLY = (OUTGOING, INCOMING)


@dataclass(frozen=True, slots=True)
class Given:
    """How far a series is that gives numbers today: 0 before its first."""

    kind: str
    agency: str
    period: str
    last: int

    @property
    def key(self) -> str:
        """Its identity in the store."""
        return (
            f"{self.agency}-{self.period}"
            if self.kind == DOSSIERS
            else Series(self.agency, self.kind, int(self.period)).key
        )


def look(client: MongoClient[Document], settings: Settings, today: date | None = None) -> Iterator[Given]:
    """Every series that gives numbers today, those too whose first number may be one that a restore has forgotten.

    Dossier codes: of all agencies. Documents: of agencies that had a series this year or the year before.
    """
    today = today or datetime.now(VIETNAM).date()
    counters = _counters(client, settings)
    for agency in database(client, settings, "one_stop_shop")["agencies"].find({}, {"_id": 1}).sort("_id", ASCENDING):
        one = Given(DOSSIERS, str(agency["_id"]), today.isoformat(), 0)
        yield replace(one, last=_last(counters, one.key))
    series = _series(client, settings)
    years = [today.year - 1, today.year, ENDLESS]
    found = series.aggregate(
        [
            {"$match": {"year": {"$in": years}}},
            {"$group": {"_id": {"agency": "$agency", "kind": "$kind"}}},
            {"$sort": {"_id": 1}},
        ]
    )
    for row in found:
        kind = row["_id"]["kind"]
        one = Given(kind, row["_id"]["agency"], str(today.year if kind in _YEARLY else ENDLESS), 0)
        yield replace(one, last=_last(series, one.key))


def raise_to(client: MongoClient[Document], settings: Settings, wanted: Iterable[Given], by: str, reason: str) -> int:
    """Let each series go on after the number in `last`, if it is not further already; answers how many were moved."""
    moved = sum(_raise(client, settings, one, by, reason) for one in wanted)
    if not moved:
        return 0
    record = {"series": moved, "by": by, "reason": reason, "at": datetime.now(UTC)}
    database(client, settings, DATABASE)["series_moved"].insert_one(record)
    return moved


def _raise(client: MongoClient[Document], settings: Settings, one: Given, by: str, reason: str) -> bool:
    """Whoever moves it at the same moment is not undone: the gap begins behind what stands there then."""
    if one.kind == DOSSIERS:
        counter = _counters(client, settings).update_one({"_id": one.key}, {"$max": {"last": one.last}}, upsert=True)
        return bool(counter.modified_count or counter.upserted_id)
    before = {"$ifNull": ["$last", 0]}
    gap = {"first": {"$add": [before, 1]}, "last": one.last, "by": {"$literal": by}, "reason": {"$literal": reason}}
    skipped = {"$concatArrays": [{"$ifNull": ["$skipped", []]}, [gap | {"at": "$$NOW"}]]}
    named = {"agency": one.agency, "kind": one.kind, "year": int(one.period)}
    series, behind = _series(client, settings), {"_id": one.key, "last": {"$lt": one.last}}
    change: list[Document] = [{"$set": named | {"last": one.last, "skipped": skipped}}]
    if series.update_one(behind, change).modified_count:
        return True
    if one.last == 0 or series.find_one({"_id": one.key}, {"_id": 1}):
        return False
    return bool(series.update_one({"_id": one.key}, change, upsert=True).upserted_id)


def _counters(client: MongoClient[Document], settings: Settings) -> Collection[Document]:
    return database(client, settings, "one_stop_shop")["counters"]


def _series(client: MongoClient[Document], settings: Settings) -> Collection[Document]:
    return database(client, settings, "document_routing")["number_series"]


def _last(collection: Collection[Document], key: str) -> int:
    found = collection.find_one({"_id": key}, {"last": 1})
    return int(found["last"]) if found else 0
