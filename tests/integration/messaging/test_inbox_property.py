"""However events are delivered - out of order, several times, with failing handlers, lost on the way, to several
replicas at once - each takes effect exactly once and in the order of its aggregate.
"""

import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient
from pymongo.database import Database

from shared.contracts.base import ReceivedEvent
from shared.messaging.cursors import Cursors, Run
from shared.messaging.envelope import Envelope, unseal
from shared.messaging.inbox import Gap, Inbox
from shared.persistence import connect, session
from shared.settings import load
from tests.support.services.stories import StoryTold

Document = dict[str, Any]
Delivery = tuple[str, int]

SUBJECTS = ("a", "b")
LENGTH = 3
ALL: list[Delivery] = [(subject, seq) for subject in SUBJECTS for seq in range(1, LENGTH + 1)]


@pytest.fixture(scope="module")
def client(mongo_uri: str) -> Iterator[MongoClient[Document]]:
    """A client as services have it."""
    with connect(load({"AMQP_URI": "pyamqp://", "MONGO_URI": mongo_uri}), "test") as opened:
        yield opened


@pytest.fixture(scope="module")
def database(client: MongoClient[Document], mongo_prefix: str) -> Iterator[Database[Document]]:
    """The listener's database."""
    yield client[f"{mongo_prefix}listener"]
    client.drop_database(f"{mongo_prefix}listener")


class World:
    """A listener with its inbox, in which the events in `failing` fail once and those in `lost` must be asked for."""

    def __init__(self, client: MongoClient[Document], database: Database[Document], failing: set[Delivery]) -> None:
        self.run = uuid.uuid4().hex
        self.failing = set(failing)
        self._effects = database["effects"]
        self._waiting = database["inbox_waiting"]
        self.inbox = Inbox(client, database, self._replay)
        self.inbox.listen(StoryTold, self._apply)
        self.inbox.listen_together(StoryTold, self._apply_together)

    def deliver_together(self, arriving: list[Delivery]) -> None:
        """Several messages arrive before the first is looked at."""
        for envelope in self.inbox.apply_together([self._envelope(*delivery) for delivery in arriving]):
            self.inbox.receive(envelope)

    def effects(self, subject: str) -> list[int]:
        """What took effect, in order."""
        found = self._effects.find_one({"_id": self.run + subject}) or {"seqs": [], "together": []}
        assert found["seqs"] == found["together"]
        return found["seqs"]

    def settle(self) -> None:
        """Let time pass until nothing is kept back."""
        mine = {"subject": {"$in": [self.run + subject for subject in SUBJECTS]}}
        for _ in range(4 * len(ALL)):
            if not self._waiting.count_documents(mine):
                return
            self._waiting.update_many(mine, {"$set": {"next_at": datetime.now(UTC)}})
            self.inbox.sweep()
        raise AssertionError(f"still kept back: {list(self._waiting.find(mine))}")

    def _envelope(self, subject: str, seq: int) -> Envelope:
        return unseal(
            StoryTold.exchange(),
            {
                "specversion": "1.0",
                "id": f"{subject}:{seq}",
                "source": "/teller/story",
                "type": StoryTold.type(),
                "subject": self.run + subject,
                "time": "2026-01-01T00:00:00+00:00",
                "sequence": f"{seq:010d}",
                "data": {"text": "x"},
            },
        )

    def _apply(self, event: ReceivedEvent) -> None:
        self._effects.update_one(
            {"_id": event.subject}, {"$push": {"seqs": event.sequence}}, upsert=True, session=session()
        )
        delivery = (event.subject.removeprefix(self.run), event.sequence)
        if delivery in self.failing:
            self.failing.discard(delivery)
            raise ValueError("fails once")

    def _apply_together(self, events: Sequence[ReceivedEvent]) -> None:
        for event in events:
            self._effects.update_one({"_id": event.subject}, {"$push": {"together": event.sequence}}, session=session())

    def _replay(self, gap: Gap) -> None:
        for seq in range(gap.after + 1, gap.before):
            self.inbox.receive(self._envelope(gap.subject.removeprefix(self.run), seq))


deliveries = st.sampled_from(ALL)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(ALL),
    copies=st.lists(st.tuples(st.integers(0, len(ALL)), deliveries), max_size=5),
    failing=st.sets(deliveries, max_size=3),
    lost=st.sets(st.sampled_from([each for each in ALL if each[1] < LENGTH]), max_size=3),
    together=st.integers(1, 6),
)
def test_effects_are_exactly_once_and_in_order(
    client: MongoClient[Document],
    database: Database[Document],
    order: list[Delivery],
    copies: list[tuple[int, Delivery]],
    failing: set[Delivery],
    lost: set[Delivery],
    together: int,
) -> None:
    arriving = [each for each in order if each not in lost]
    for place, copy in copies:
        if copy not in lost:
            arriving.insert(place, copy)
    world = World(client, database, failing)
    for start in range(0, len(arriving), together):
        world.deliver_together(arriving[start : start + together])
        for subject in SUBJECTS:
            seen = world.effects(subject)
            assert seen == list(range(1, len(seen) + 1))
    world.settle()
    assert [world.effects(subject) for subject in SUBJECTS] == [list(range(1, LENGTH + 1))] * len(SUBJECTS)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(ALL * 2), failing=st.sets(deliveries, max_size=2), together=st.integers(1, 4))
def test_replicas_that_work_at_the_same_time_do_no_harm(
    client: MongoClient[Document],
    database: Database[Document],
    order: list[Delivery],
    failing: set[Delivery],
    together: int,
) -> None:
    world = World(client, database, failing)
    batches = [order[start : start + together] for start in range(0, len(order), together)]
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(world.deliver_together, batches))
    world.settle()
    assert [world.effects(subject) for subject in SUBJECTS] == [list(range(1, LENGTH + 1))] * len(SUBJECTS)


def test_a_replica_that_is_faster_between_look_and_step_is_noticed(
    client: MongoClient[Document], database: Database[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(client, database, set())
    world.deliver_together([("a", 1)])
    look = Cursors.runs

    def look_and_be_overtaken(cursors: Cursors, envelopes: Sequence[Envelope]) -> list[Run]:
        runs = look(cursors, envelopes)
        monkeypatch.setattr(Cursors, "runs", look)
        world.deliver_together([("a", 2)])
        return runs

    monkeypatch.setattr(Cursors, "runs", look_and_be_overtaken)
    world.deliver_together([("a", 2), ("a", 3)])
    assert world.effects("a") == [1, 2, 3]
