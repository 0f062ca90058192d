"""What jobs that run by the clock leave behind: when each last ran, whether it went well, and what it found.

It stands in the database, because a job has ended before anybody could ask it; `python -m ops status` shows it, and
the watch tells it to Prometheus and to operators' pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection

from shared.persistence import Document, connect, database
from shared.settings import Settings

DATABASE = "operations"
EXPECTED_WITHIN = dict.fromkeys(("backup", "chains", "clear_away", "reconcile", "retention"), 26 * 3600)
"""After how many seconds a job is missing: what runs every night, with two hours to spare."""


@dataclass(slots=True)
class Run:
    """What a job says of its run: how much it did, and how many problems it found that a person must see to.

    `found` is what it found in few rows, where that is worth showing.
    """

    done: int = 0
    problems: int = 0
    found: list[dict[str, Any]] = field(default_factory=list)


def runs(client: MongoClient[Document], settings: Settings) -> Collection[Document]:
    """The last run of each job: `_id` is its name."""
    return database(client, settings, DATABASE)["jobs"]


@contextmanager
def noted_run(settings: Settings, job: str) -> Iterator[Run]:
    """Do a job, and note the end of it; one that fails keeps the moment of its last success and what that found."""
    run, began, well = Run(), datetime.now(UTC), False
    try:
        yield run
        well = True
    finally:
        now = datetime.now(UTC)
        noted = {"at": now, "seconds": (now - began).total_seconds(), "well": well}
        found = {"done": run.done, "problems": run.problems, "found": run.found}
        change = {"$set": noted | found | {"succeeded_at": now}} if well else {"$set": noted, "$setOnInsert": found}
        with connect(settings, job) as client:
            runs(client, settings).update_one({"_id": job}, change, upsert=True)
