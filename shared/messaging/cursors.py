"""How far a listener has come with each aggregate: the sequence number applied last, and how many are kept back."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pymongo import InsertOne, ReturnDocument, UpdateOne
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from shared.messaging.envelope import Envelope
from shared.persistence import Document, session


class Moved(Exception):
    """The cursor does not stand where it was thought to: another replica has applied the event meanwhile."""


@dataclass(frozen=True, slots=True)
class Run:
    """Events of one aggregate that follow its cursor without a hole; `new` when there is no cursor yet."""

    key: str
    new: bool
    after: int
    envelopes: list[Envelope]

    @property
    def last(self) -> int:
        """Where the cursor stands in the end."""
        return self.after + len(self.envelopes)


class Cursors:
    """The cursors of one listener; `held` counts its rows in `inbox_waiting` and is never too low."""

    def __init__(self, collection: Collection[Document]) -> None:
        self._cursors = collection

    def read(self, envelope: Envelope) -> Document:
        """The cursor of the event's aggregate; a new one stands before the first event."""
        key = cursor_key(envelope)
        cursor = self._cursors.find_one({"_id": key})
        if cursor is None:
            cursor = {"_id": key, "seq": 0, "held": 0, "at": datetime.now(UTC)}
            try:
                self._cursors.insert_one(cursor)
            except DuplicateKeyError:
                return self.read(envelope)
        return cursor

    def advance(self, envelope: Envelope) -> bool:
        """Move the cursor to the event; tells whether some of the aggregate's are kept back.

        Raises:
            Moved: it does not stand right before the event.
        """
        moved = self._cursors.find_one_and_update(
            {"_id": cursor_key(envelope), "seq": envelope.sequence - 1},
            {"$set": {"seq": envelope.sequence, "at": datetime.now(UTC)}},
            session=session(),
            return_document=ReturnDocument.AFTER,
        )
        if moved is None:
            raise Moved
        held: int = moved["held"]
        return held != 0

    def count_held(self, envelope: Envelope, change: int) -> None:
        """Count a row more or less."""
        self._cursors.update_one({"_id": cursor_key(envelope)}, {"$inc": {"held": change}}, session=session())

    def runs(self, envelopes: Sequence[Envelope]) -> list[Run]:
        """The events whose turn it is, of aggregates of which nothing is kept back."""
        arrived: dict[str, dict[int, Envelope]] = defaultdict(dict)
        for envelope in envelopes:
            arrived[cursor_key(envelope)][envelope.sequence] = envelope
        known = {cursor["_id"]: cursor for cursor in self._cursors.find({"_id": {"$in": list(arrived)}})}
        runs = [_run(key, known.get(key), events) for key, events in arrived.items()]
        return [run for run in runs if run.envelopes]

    def advance_all(self, runs: Sequence[Run]) -> None:
        """Move the cursors of many aggregates, in a transaction.

        Raises:
            Moved: one of them does not stand where its run begins, or something is kept back now.
        """
        now = datetime.now(UTC)
        moves: list[InsertOne[Document] | UpdateOne] = [
            InsertOne({"_id": run.key, "seq": run.last, "held": 0, "at": now})
            if run.new
            else UpdateOne({"_id": run.key, "seq": run.after, "held": 0}, {"$set": {"seq": run.last, "at": now}})
            for run in runs
        ]
        moved = self._cursors.bulk_write(moves, ordered=False, session=session())
        if moved.inserted_count + moved.matched_count != len(runs):
            raise Moved


def cursor_key(envelope: Envelope) -> str:
    """The key of the aggregate's cursor."""
    return f"{envelope.exchange}/{envelope.subject}"


def _run(key: str, cursor: Document | None, events: dict[int, Envelope]) -> Run:
    after = cursor["seq"] if cursor else 0
    following: list[Envelope] = []
    if not (cursor and cursor["held"]):
        while (envelope := events.get(after + len(following) + 1)) is not None:
            following.append(envelope)
    return Run(key, cursor is None, after, following)
