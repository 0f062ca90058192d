"""What is stored and not done: events not yet published, events kept back, work that is due; with its age."""

from collections.abc import Iterator
from datetime import UTC, datetime

from pymongo import ASCENDING, MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

from ops import letters
from ops.databases import having_index, stores
from ops.report import Report, Row
from shared.indexes import DUE_INDEX, OUTBOX_INDEX, due_by
from shared.persistence import Document
from shared.settings import Settings

COLUMNS = ("service", "what", "where", "count", "oldest_seconds", "problem")
LATE_SECONDS = 60.0
"""From which age on something that goes by itself is not well."""

MOST_FAILED = 100

_PENDING: Document = {"outbox.0": {"$exists": True}, "outbox": {"$gte": 0}}


def report(client: MongoClient[Document], settings: Settings) -> Report:
    """Everything that waits, of every service."""
    now = datetime.now(UTC)
    rows = [row for name, store in stores(client, settings) for row in _of(name, store, now)]
    return Report("Việc đang chờ · What waits", COLUMNS, [*rows, *_letters(client, settings, now)])


def _letters(client: MongoClient[Document], settings: Settings, now: datetime) -> Iterator[Row]:
    for one in letters.look(client, settings):
        row = _row(one.source, "letters failed", one.cause, one.count, one.since, now)
        yield row | {"problem": "" if one.well else "see the runbook letters-fail"}


def _of(service: str, store: Database[Document], now: datetime) -> Iterator[Row]:
    for collection in having_index(store, OUTBOX_INDEX.document["name"]):
        count, since = _unpublished(collection)
        yield _row(service, "not published", collection.name, count, since, now)
    for collection in having_index(store, DUE_INDEX.document["name"]):
        count = collection.count_documents(due_by(now), hint=DUE_INDEX.document["name"])
        first = collection.find_one(due_by(now), {"next_due_at": 1}, sort=[("next_due_at", ASCENDING)])
        yield _row(service, "due", collection.name, count, first["next_due_at"] if first else None, now)
    for state, count, since in _kept_back(store["inbox_waiting"]):
        row = _row(service, state, "inbox_waiting", count, since, now)
        yield row | ({"problem": "see `parked`"} if state == "parked" else {})
    if failed := store["due_failures"].estimated_document_count():
        yield {"service": service, "what": "due failed", "where": "due_failures", "count": failed} | {
            "oldest_seconds": None,
            "problem": "see its errors",
        }


def _row(service: str, what: str, where: str, count: int, since: datetime | None, now: datetime) -> Row:
    age = (now - since).total_seconds() if since else 0.0
    problem = f"for more than {LATE_SECONDS:.0f} s" if age > LATE_SECONDS else ""
    return {
        "service": service,
        "what": what,
        "where": where,
        "count": count,
        "oldest_seconds": round(age, 1),
        "problem": problem,
    }


def _unpublished(collection: Collection[Document]) -> tuple[int, datetime | None]:
    first = {"$arrayElemAt": ["$history.at", {"$subtract": [{"$min": "$outbox"}, 1]}]}
    found = collection.aggregate(
        [
            {"$match": _PENDING},
            {"$project": {"events": {"$size": "$outbox"}, "at": first}},
            {"$group": {"_id": None, "events": {"$sum": "$events"}, "at": {"$min": "$at"}}},
        ],
        hint=OUTBOX_INDEX.document["name"],
    )
    group = next(iter(found), None)
    return (group["events"], group["at"]) if group else (0, None)


def _kept_back(collection: Collection[Document]) -> Iterator[tuple[str, int, datetime]]:
    for group in collection.aggregate(
        [
            {"$group": {"_id": "$state", "count": {"$sum": 1}, "since": {"$min": "$since"}}},
            {"$sort": {"_id": ASCENDING}},
        ]
    ):
        yield group["_id"], group["count"], group["since"]


def failed(client: MongoClient[Document], settings: Settings) -> Iterator[Row]:
    """The work that was due and fails, longest since first, at most a hundred of each service."""
    for name, store in stores(client, settings):
        for row in store["due_failures"].find().sort("since", ASCENDING).limit(MOST_FAILED):
            where, _, subject = row["_id"].partition("/")
            told = {field: row.get(field) for field in ("error", "since", "attempts")}
            yield {"service": name, "where": where, "subject": subject, **told}
