"""Events out: stored in the same write as what they tell, published from memory right after it, and by a sweep
if that was cut short.

An aggregate's document holds `history` (its events) and `outbox` (the sequence numbers not yet published). An
event leaves `outbox` only after the broker has confirmed it: at least once, never lost.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import eventlet
from eventlet.event import Event as Signal
from eventlet.semaphore import Semaphore
from pymongo import UpdateOne, WriteConcern
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from shared.amqp import CONNECTION_ERRORS, ConfirmBatch, Fate, Outgoing
from shared.history import Entry
from shared.indexes import OUTBOX_INDEX
from shared.messaging import metrics
from shared.messaging.envelope import CONTENT_TYPE, seal
from shared.messaging.topology import has_listeners_expected
from shared.observability import logger
from shared.persistence import Document, after_commit

log = logger(__name__)

_PENDING: Document = {"outbox.0": {"$exists": True}, "outbox": {"$gte": 0}}  # the second part makes the index usable

SWEEP_SECONDS = 2.0
FAILURES: tuple[type[Exception], ...] = (*CONNECTION_ERRORS, PyMongoError)
BATCH = 100
MOST_IN_MEMORY = 10_000


@dataclass(frozen=True, slots=True)
class Announcement:
    """One event on its way out."""

    exchange: str
    aggregate_id: Any
    entry: Entry


class Outbox:
    """The relay of one service process; `sources` says in which collection the events of an exchange are kept."""

    def __init__(self, uri: str, service: str) -> None:
        self.sources: dict[str, Collection[Document]] = {}
        self._service = service
        self._publisher = ConfirmBatch(uri, name=f"{service} outbox")
        self._publishing = Semaphore()
        self._fresh: list[Announcement] = []
        self._wake = Signal()
        self._stopping = False

    def announces(self, aggregate: str, collection: Collection[Document]) -> Callable[[str, Sequence[Entry]], None]:
        """Publish the events of one kind of aggregate, and return the function that a repository tells them."""
        exchange = f"{self._service}.{aggregate}"
        self.sources[exchange] = collection

        def announce(aggregate_id: str, entries: Sequence[Entry]) -> None:
            fresh = [Announcement(exchange, aggregate_id, entry) for entry in entries]
            after_commit(partial(self._take, fresh))

        return announce

    def _take(self, fresh: Sequence[Announcement]) -> None:
        if len(self._fresh) < MOST_IN_MEMORY:  # else the sweep finds them
            self._fresh.extend(fresh)
            self._ring()

    def _ring(self) -> None:
        if not self._wake.ready():
            self._wake.send()

    def relay(self) -> None:
        """Publish what was just announced, for ever."""
        while not (self._stopping and not self._fresh):
            self._wake.wait()
            self._wake = Signal()
            while self._fresh:
                batch, self._fresh = self._fresh[:BATCH], self._fresh[BATCH:]
                try:
                    self.publish(batch)
                except FAILURES as error:
                    metrics.PUBLISH_FAILED.labels(type(error).__name__).inc(len(batch))
                    log.warning("outbox_relay_failed", error=repr(error), events=len(batch))
                    self._fresh.clear()  # stored anyway: the sweep publishes them when the broker is back

    def sweep_for_ever(self) -> None:
        """Publish again and again what a crash or an outage left behind."""
        while not self._stopping:
            eventlet.sleep(SWEEP_SECONDS)
            try:
                self.sweep()
            except FAILURES as error:
                metrics.PUBLISH_FAILED.labels(type(error).__name__).inc()
                log.warning("outbox_sweep_failed", error=repr(error))

    def sweep(self, older_than: float = SWEEP_SECONDS) -> int:
        """Publish every pending event that is older than so many seconds; returns how many were confirmed."""
        before = datetime.now(UTC) - timedelta(seconds=older_than)
        metrics.OUTBOX_PENDING.set(sum(map(_count_pending, self.sources.values())))
        metrics.OUTBOX_AGE.set(max(map(self._oldest_age, self.sources), default=0))
        return sum(self._sweep_source(exchange, before) for exchange in self.sources)

    def _oldest_age(self, exchange: str) -> float:
        now = datetime.now(UTC)
        return max(((now - found.entry["at"]).total_seconds() for found in self._pending(exchange, now)), default=0)

    def _sweep_source(self, exchange: str, before: datetime) -> int:
        total = 0
        while pending := self._pending(exchange, before):
            confirmed = self.publish(pending)
            total += confirmed
            if not confirmed:
                break
        return total

    def _pending(self, exchange: str, before: datetime) -> list[Announcement]:
        """A batch of stored events, the first pending one of each aggregate being old enough."""
        first_at = {"$arrayElemAt": ["$history.at", {"$subtract": [{"$min": "$outbox"}, 1]}]}
        cut = {"$filter": {"input": "$history", "cond": {"$in": ["$$this.seq", "$outbox"]}}}
        found = self.sources[exchange].find(
            {**_PENDING, "$expr": {"$lte": [first_at, before]}}, {"history": cut}, hint=OUTBOX_INDEX.document["name"]
        )
        return [
            Announcement(exchange, document["_id"], entry)
            for document in found.limit(BATCH)
            for entry in document["history"]
        ]

    def publish(self, batch: Sequence[Announcement]) -> int:
        """Publish some events and take the confirmed ones out of their outboxes; returns how many these are."""
        messages = [message for announcement in batch if (message := _message(announcement))]
        with self._publishing:
            fates = self._publisher.publish(messages) if messages else {}
        for event_id, fate in fates.items():
            if fate is not Fate.CONFIRMED:
                metrics.PUBLISH_FAILED.labels(fate.value).inc()
                log.warning("event_not_accepted", event_id=event_id, fate=fate.value)
        confirmed = [found for found in batch if fates.get(found.entry["id"]) is Fate.CONFIRMED]
        self._clear(confirmed)
        return len(confirmed)

    def _clear(self, published: Iterable[Announcement]) -> None:
        """Take published events out; `w: 1` is enough, a lost removal is one more duplicate."""
        removals: dict[str, dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
        for found in published:
            removals[found.exchange][found.aggregate_id].append(found.entry["seq"])
        for exchange, by_aggregate in removals.items():
            lazy = self.sources[exchange].with_options(write_concern=WriteConcern(w=1, j=False))
            lazy.bulk_write(
                [UpdateOne({"_id": key}, {"$pull": {"outbox": {"$in": seqs}}}) for key, seqs in by_aggregate.items()],
                ordered=False,
            )
            metrics.PUBLISHED.labels(exchange).inc(sum(map(len, by_aggregate.values())))

    def stop(self) -> None:
        """Publish what is still in memory, then end."""
        self._stopping = True
        self._ring()

    def close(self) -> None:
        """Drop the connection."""
        self._publisher.close()


def _count_pending(collection: Collection[Document]) -> int:
    return collection.count_documents(_PENDING, hint=OUTBOX_INDEX.document["name"])


def _message(announcement: Announcement) -> Outgoing | None:
    """The message; None for an entry that cannot be written as one, so that it holds up no other."""
    exchange, entry = announcement.exchange, announcement.entry
    try:
        body = seal(exchange, announcement.aggregate_id, entry)
    except (TypeError, ValueError, KeyError) as error:
        metrics.PUBLISH_FAILED.labels("defect").inc()
        log.error("event_not_writable", event_id=entry.get("id"), error=repr(error))
        return None
    return Outgoing(
        id=entry["id"],
        exchange=exchange,
        routing_key=entry["type"],
        body=body,
        content_type=CONTENT_TYPE,
        mandatory=has_listeners_expected(exchange),
    )
