"""Events in: each applied once and in the order of its aggregate, whatever order or number of copies arrive.

Per aggregate a cursor holds the sequence number applied last. An event at the cursor or before it is a copy.
The next one is applied in one transaction with the step of the cursor. A later one, and one whose handler
failed, is kept back in `inbox_waiting`; so a failing aggregate never holds up another.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, MongoClient
from pymongo.database import Database

from shared.contracts.base import Event, ReceivedEvent
from shared.errors import Invalid, Unavailable
from shared.messaging import metrics
from shared.messaging.cursors import Cursors, Moved, cursor_key
from shared.messaging.envelope import Envelope, receive
from shared.observability import logger, tracing
from shared.persistence import Document, after_commit, ensure_indexes, in_transaction, session, unavailable_when_away

log = logger(__name__)

Handler = Callable[[ReceivedEvent], None]
HandlerOfMany = Callable[[Sequence[ReceivedEvent]], None]

# Seconds before each further attempt; after the last one the event is parked. About 31 hours in all.
RETRY_AFTER = (5, 30, 120, 600, 3_600, 21_600, 86_400)
GAP_SECONDS = 30
LEASE_SECONDS = 60
PER_SWEEP = 200

WAITING_INDEXES = [
    IndexModel([("state", ASCENDING), ("next_at", ASCENDING)], name="by_state"),
    IndexModel([("subject", ASCENDING), ("exchange", ASCENDING), ("seq", ASCENDING)], name="by_subject"),
]


@dataclass(frozen=True, slots=True)
class Gap:
    """What a listener lacks: the events of `subject` after one sequence number and before another."""

    exchange: str
    subject: str
    after: int
    before: int

    def to_dict(self) -> dict[str, Any]:
        """The form in which the owner is asked."""
        return asdict(self)


class Inbox:
    """The inbox of one listening service; `ask` asks the owner to publish the events of a gap again."""

    def __init__(self, client: MongoClient[Document], database: Database[Document], ask: Callable[[Gap], None]):
        self._client = client
        self._cursors = Cursors(database["inbox_cursors"])
        self._waiting = database["inbox_waiting"]
        self._handlers: dict[type[Event], list[Handler]] = defaultdict(list)
        self._handlers_of_many: dict[type[Event], list[HandlerOfMany]] = defaultdict(list)
        self._ask = ask

    def listen(self, event: type[Event], handler: Handler) -> None:
        """Have `handler` called for an event."""
        self._handlers[event].append(handler)

    def listen_together(self, event: type[Event], handler: HandlerOfMany) -> None:
        """Have `handler` called once for all events of its kinds that are applied in the same transaction."""
        self._handlers_of_many[event].append(handler)

    def set_up(self) -> None:
        """Create the indexes."""
        ensure_indexes(self._waiting, WAITING_INDEXES)

    @unavailable_when_away()
    def receive(self, envelope: Envelope) -> None:
        """Apply an event, or keep it back; when this returns, the message is no longer needed.

        Raises:
            Unavailable: the database is away, the message must be delivered again.
        """
        cursor = self._cursors.read(envelope)
        if envelope.sequence > cursor["seq"] + 1:
            self._hold(envelope, {}, {"state": "waiting", "attempts": 0, "next_at": _in(GAP_SECONDS)})
            cursor = self._cursors.read(envelope)  # the event before may have been applied meanwhile
        if envelope.sequence != cursor["seq"] + 1:
            return
        if cursor["held"] and self._state(envelope) not in (None, "waiting"):
            return  # a copy of one that failed: it is tried again in its own time
        self._apply_from(envelope)

    def _apply_from(self, envelope: Envelope | None) -> None:
        """Apply an event whose turn it is, and then those that waited for it."""
        while envelope is not None:
            try:
                held = self._apply(envelope)
            except Moved:
                return
            except Exception as error:
                if isinstance(error, Unavailable) and error.code == "database_unavailable":
                    raise
                self._note_failure(envelope, error)
                return
            envelope = self._next_waiting(envelope) if held else None

    def _apply(self, envelope: Envelope) -> bool:
        """Apply one event and move the cursor, both or neither; tells whether others are kept back behind it."""

        def work() -> bool:
            held = self._cursors.advance(envelope)
            if held:
                self._let_go(envelope)
            self._handle([envelope])
            return held

        return in_transaction(self._client, work)

    def _handle(self, envelopes: Sequence[Envelope]) -> None:
        gathered: dict[HandlerOfMany, list[ReceivedEvent]] = defaultdict(list)
        for envelope in envelopes:
            event = envelope.event
            handlers = self._handlers[event] if event else []
            handlers_of_many = self._handlers_of_many[event] if event else []
            if not event or not (handlers or handlers_of_many):
                continue  # of a newer version, or of no interest here
            received = receive(envelope, event)
            for handler in handlers:
                with tracing(envelope.correlation, envelope.traceparent, envelope.type, "consumer"):
                    handler(received)
            for handler_of_many in handlers_of_many:
                gathered[handler_of_many].append(received)
            after_commit(metrics.EVENTS_HANDLED.labels(envelope.type).inc)
        for handler_of_many, events in gathered.items():
            with _tracing_one(events):
                handler_of_many(events)

    def apply_together(self, envelopes: Sequence[Envelope]) -> list[Envelope]:
        """Apply in one transaction all those whose turn it is, and return the others.

        One commit for many events. If anything stands in the way - a handler fails, another replica was
        faster, the database is away - nothing is applied and all come back, to be received one by one.
        """
        due: list[Envelope] = []

        def work() -> None:
            self._cursors.advance_all(runs)
            self._handle(due)

        try:
            runs = self._cursors.runs(envelopes)
            due.extend(envelope for run in runs for envelope in run.envelopes)
            if due:
                in_transaction(self._client, work)
        except Exception as error:
            log.info("events_not_applied_together", events=len(due), reason=repr(error))
            return list(envelopes)
        done = set(map(id, due))
        return [envelope for envelope in envelopes if id(envelope) not in done]

    def _hold(self, envelope: Envelope, always: Document, at_first: Document) -> None:
        """Keep an event back. The count comes first: too high costs a look, too low would forget the event."""
        new = {
            "exchange": envelope.exchange,
            "subject": envelope.subject,
            "seq": envelope.sequence,
            "body": envelope.body,
            "since": datetime.now(UTC),
            **at_first,
        }
        update = {"$setOnInsert": new} | ({"$set": always} if always else {})
        self._cursors.count_held(envelope, +1)
        if self._waiting.update_one({"_id": _waiting_key(envelope)}, update, upsert=True).upserted_id is None:
            self._cursors.count_held(envelope, -1)

    def _let_go(self, envelope: Envelope) -> None:
        if self._waiting.delete_one({"_id": _waiting_key(envelope)}, session=session()).deleted_count:
            self._cursors.count_held(envelope, -1)

    def _state(self, envelope: Envelope) -> str | None:
        kept = self._waiting.find_one({"_id": _waiting_key(envelope)}, {"state": 1})
        return kept["state"] if kept else None

    def _next_waiting(self, envelope: Envelope) -> Envelope | None:
        kept = self._waiting.find_one({"_id": _waiting_key(envelope, 1), "state": "waiting"})
        return envelope_of(kept) if kept else None

    def _note_failure(self, envelope: Envelope, error: Exception) -> None:
        """Keep a failed event with its error, to be tried again; what breaks its contract is parked at once."""
        metrics.EVENTS_FAILED.labels(envelope.type).inc()
        kept = self._waiting.find_one({"_id": _waiting_key(envelope)}, {"attempts": 1})
        attempts = (kept["attempts"] if kept else 0) + 1
        hopeless = isinstance(error, Invalid) and error.code == "event_malformed"
        parked = hopeless or attempts > len(RETRY_AFTER)
        state, pause = ("parked", 0) if parked else ("failing", RETRY_AFTER[attempts - 1])
        with tracing(envelope.correlation, envelope.traceparent):
            log.error("event_failed", event_id=envelope.id, state=state, attempts=attempts, exc_info=error)
        failure = f"{type(error).__name__}: {error}"[:500]
        failed = {"state": state, "attempts": attempts, "next_at": _in(pause), "error": failure}
        self._hold(envelope, failed, {})

    @unavailable_when_away()
    def sweep(self) -> None:
        """Try again what failed and is due, and see to what has waited too long for its predecessors."""
        for _ in range(PER_SWEEP):
            due = self._waiting.find_one_and_update(
                {"state": {"$in": ["failing", "waiting"]}, "next_at": {"$lte": datetime.now(UTC)}},
                {"$set": {"next_at": _in(LEASE_SECONDS)}},
            )
            if due is None:
                break
            self._look_after(envelope_of(due))

    def _look_after(self, envelope: Envelope) -> None:
        cursor = self._cursors.read(envelope)
        if envelope.sequence == cursor["seq"] + 1:
            self._apply_from(envelope)
        elif envelope.sequence <= cursor["seq"]:
            self._let_go(envelope)
        else:
            self._ask_for_gap(envelope, cursor["seq"])

    def _ask_for_gap(self, envelope: Envelope, after: int) -> None:
        """Ask for what is missing before an event, once for all events of the aggregate that wait."""
        same = {"subject": envelope.subject, "exchange": envelope.exchange}
        first = self._waiting.find_one(same, {"seq": 1}, sort=[("seq", ASCENDING)])
        self._waiting.update_many({**same, "state": "waiting"}, {"$set": {"next_at": _in(GAP_SECONDS)}})
        if first is not None and first["seq"] > after + 1:
            metrics.REPLAYS_ASKED.inc()
            self._ask(Gap(envelope.exchange, envelope.subject, after, first["seq"]))

    @unavailable_when_away()
    def show_held(self) -> None:
        """Bring the metrics up to date."""
        now = datetime.now(UTC)
        counted = {
            group["_id"]: group
            for group in self._waiting.aggregate(
                [{"$group": {"_id": "$state", "count": {"$sum": 1}, "since": {"$min": "$since"}}}]
            )
        }
        for state in ("waiting", "failing", "parked"):
            group = counted.get(state, {"count": 0, "since": now})
            metrics.INBOX_HELD.labels(state).set(group["count"])
            metrics.INBOX_AGE.labels(state).set((now - group["since"]).total_seconds())


def _tracing_one(events: Sequence[ReceivedEvent]) -> AbstractContextManager[object]:
    """The trace of an event that is handled alone; what is done for many at once belongs to none of theirs."""
    if len(events) > 1:
        return nullcontext()
    return tracing(events[0].correlation_id, events[0].traceparent, events[0].event.type(), "consumer")


def envelope_of(kept: Document) -> Envelope:
    """The event of a row of `inbox_waiting`."""
    body = kept["body"]
    return Envelope(kept["exchange"], body["id"], body["type"], kept["subject"], kept["seq"], body)


def _in(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def _waiting_key(envelope: Envelope, further: int = 0) -> str:
    return f"{cursor_key(envelope)}/{envelope.sequence + further:010d}"
