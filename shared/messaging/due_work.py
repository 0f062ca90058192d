"""Work that becomes due at a time: rows in MongoDB, done by whichever replica looks first, also after downtime.

An aggregate holds `due_work: [{kind, at}]` and `next_due_at`, the earliest of them. The loop leases a due row
by moving `next_due_at` ahead, then calls `fire`, whose one write removes the entry, appends the event and sets
`next_due_at` anew: that write, not the lease, makes the effect happen once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import eventlet
from pymongo import ASCENDING
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from shared.errors import Conflict, Error, Stale
from shared.indexes import due_by
from shared.messaging import metrics
from shared.observability import describe_work, logger, tracing
from shared.persistence import Document

log = logger(__name__)

POLL_SECONDS = 1.0
LEASE_SECONDS = 30
POSTPONE_SECONDS = (5, 30, 120, 600, 3_600)

Fire = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """A collection with due work and what does it, given the aggregate's id."""

    collection: Collection[Document]
    fire: Fire


class DueLoop:
    """Looks for due work once a second and does it, one row after the other; a failing row stops no other."""

    def __init__(self) -> None:
        self._watches: list[Watch] = []
        self._stopping = False

    def watch(self, collection: Collection[Document], fire: Fire) -> None:
        """Do the due work of a collection."""
        self._watches.append(Watch(collection, fire))

    def run(self) -> None:
        """Work until stopped."""
        while not self._stopping:
            for watch in self._watches:
                try:
                    self.work_off(watch)
                except (PyMongoError, Error) as error:
                    log.warning("due_work_interrupted", collection=watch.collection.name, error=repr(error))
            eventlet.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Start no further row."""
        self._stopping = True

    def work_off(self, watch: Watch, now: datetime | None = None) -> int:
        """Do all that is due in one collection; returns how many rows were looked at."""
        looked_at = 0
        started = now or datetime.now(UTC)
        while not self._stopping:
            row = watch.collection.find_one_and_update(
                due_by(started),
                {"$set": {"next_due_at": datetime.now(UTC) + timedelta(seconds=LEASE_SECONDS)}},
                projection={"next_due_at": 1},
                sort=[("next_due_at", ASCENDING)],
            )
            lag = (started - row["next_due_at"]).total_seconds() if row else 0.0
            if row is None or not looked_at:
                metrics.DUE_LAG.labels(watch.collection.name).set(lag)
            if row is None:
                break
            looked_at += 1
            self._fire(watch, row["_id"])
        return looked_at

    def _fire(self, watch: Watch, key: str) -> None:
        name = watch.collection.name
        with tracing(name=f"due {name}"):
            try:
                watch.fire(key)
            except (Stale, Conflict) as error:
                log.info("due_work_overtaken", collection=name, id=key, error=str(error))  # the lease looks again
            except Exception as error:
                log.exception("due_work_failed", collection=name, id=key)
                describe_work(failed=True)
                metrics.DUE_FAILED.labels(name).inc()
                self._postpone(watch, key, error)
            else:
                metrics.DUE_FIRED.labels(name).inc()
                self._failures(watch).delete_one({"_id": f"{name}/{key}"})

    def _postpone(self, watch: Watch, key: str, error: Exception) -> None:
        """Note the failure where operators look, and try again later and later."""
        now = datetime.now(UTC)
        noted = self._failures(watch).find_one_and_update(
            {"_id": f"{watch.collection.name}/{key}"},
            {
                "$inc": {"attempts": 1},
                "$set": {"error": f"{type(error).__name__}: {error}"[:500], "at": now},
                "$setOnInsert": {"since": now},
            },
            upsert=True,
        )
        attempts = noted["attempts"] if noted else 0
        pause = POSTPONE_SECONDS[min(attempts, len(POSTPONE_SECONDS) - 1)]
        watch.collection.update_one({"_id": key}, {"$set": {"next_due_at": now + timedelta(seconds=pause)}})

    @staticmethod
    def _failures(watch: Watch) -> Collection[Document]:
        return watch.collection.database["due_failures"]
