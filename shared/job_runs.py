"""What jobs that run by the clock leave behind: when each last ran, whether it went well, and what it found.

It stands in the database, because a job has ended before anybody could ask it; `python -m ops status` shows it, and
the watch tells it to Prometheus and to operators' pages.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from pymongo import MongoClient
from pymongo.collection import Collection

from shared.persistence import Document, connect, database
from shared.restore_mark import DATABASE, RestoreUnfinished, refuse_half_restored
from shared.settings import Settings

EXPECTED_WITHIN = dict.fromkeys(("backup", "chains", "clear_away", "migrations", "reconcile", "retention"), 26 * 3600)
"""After how many seconds a job is missing: what runs every night, with two hours to spare."""

MOST_WORDS = 500
"""Letters of a failure that are kept."""


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


class _Ended(SystemExit):
    """SIGTERM came; it passes every handler of ordinary errors, and ends the process."""


@contextmanager
def noted_run(settings: Settings, job: str) -> Iterator[Run]:
    """Do a job, and note the end of it; one that fails keeps the moment of its last success and what that found.

    What SIGTERM ends, as a Job's deadline does, failed too. Only for the main thread of a job of its own.

    Raises:
        SystemExit: a restore has not ended (the words say so), or SIGTERM came.
    """
    run, began, failure = Run(), datetime.now(UTC), ""
    with connect(settings, job) as client:
        try:
            refuse_half_restored(client, settings)
        except RestoreUnfinished as refused:
            raise SystemExit(str(refused)) from None
        before = signal.signal(signal.SIGTERM, _end)
        try:
            yield run
        except BaseException as error:
            failure = str(error)[:MOST_WORDS] or repr(error)
            raise
        finally:
            signal.signal(signal.SIGTERM, before)
            _note(runs(client, settings), job, run, began, failure)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise _Ended("ended by SIGTERM: its deadline is over, or its pod was removed")


def _note(noting: Collection[Document], job: str, run: Run, began: datetime, failure: str) -> None:
    now = datetime.now(UTC)
    noted = {"at": now, "seconds": (now - began).total_seconds(), "well": not failure, "failure": failure}
    found = {"done": run.done, "problems": run.problems, "found": run.found}
    change = {"$set": noted, "$setOnInsert": found} if failure else {"$set": noted | found | {"succeeded_at": now}}
    noting.update_one({"_id": job}, change, upsert=True)
