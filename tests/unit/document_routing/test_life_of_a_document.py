"""Whatever people on both sides do, in whatever order: numbers have no holes, chains hold, both sides agree.

Walks are drawn from seeds instead of by Hypothesis, which ends most of them long before a recall was answered.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from random import Random
from typing import Any

import pytest

from services.document_routing.domain.statuses import AGREED, DECLINED, RECALL_ASKED
from services.document_routing.domain.transitions import INCOMING, OUTGOING, allowed_actions
from services.document_routing.usecases.context import actor_of
from shared.errors import Error
from shared.history import verify
from tests.support.document_world import (
    CLERK,
    DRAFT,
    LEADER,
    SIGNER,
    SPECIALIST,
    STRANGER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    DocumentWorld,
)
from tests.unit.document_routing.test_incoming import ASSIGNMENT

STEPS = 100
BODIES: dict[str, dict[str, Any]] = {
    "revise_document": DRAFT,
    "return_document": {"reason": "Sửa lại"},
    "sign_document": {"signer": SIGNER},
    "recall_document": {"reason": "Ban hành nhầm"},
    "update_document": {"reason": "Đính chính", "subject": "Bản đính chính"},
    "refuse_arrival": {"reason": "Gửi nhầm"},
    "assign_arrival": ASSIGNMENT | {"due_on": None},
}
OURS, THEIRS = (CLERK, LEADER, SPECIALIST), (THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST)


class Walk:
    """Some documents of a ward, each on its way to a department; people act as chance will have it."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.world = DocumentWorld()

    def go(self) -> None:
        steps: list[Callable[[], None]] = [self.act_on_document, *[self.act_on_arrival] * 4]
        for _ in range(STEPS):
            if len(self.world.documents.documents) < 8 and self.chance.random() < 0.2:
                self.begin()
            self.chance.choice(steps)()
            if self.chance.random() < 0.7:
                self.world.settle()
            self.check()
        self.world.settle()
        self.check()
        for collection in (self.world.documents, self.world.arrivals):
            for key, one in collection.documents.items():
                assert verify(key, one["history"], version=one["version"], head=one["head"]) is None

    def begin(self) -> None:
        """Some begin where they are ready to be issued, or few would come far."""
        document = self.chance.choice((self.world.draft, *[self.world.signed] * 3))()
        if self.chance.random() < 0.9 and self.world.documents.documents[document]["status"] == "signed":
            self.world.on_document("issue_document", document, CLERK)

    def act_on_document(self) -> None:
        known = self.world.documents.documents
        if known:
            self._act(known, OUTGOING, OURS, self.world.on_document)

    def act_on_arrival(self) -> None:
        known = self.world.arrivals.documents
        if known:
            self._act(known, INCOMING, THEIRS, self.world.on_arrival)

    def _act(self, known: Any, table: Any, side: Any, do: Any) -> None:
        """Mostly one of the right side does what they may; sometimes anybody tries anything, without a trace."""
        key = self.chance.choice(sorted(known))
        principal = self.chance.choice([*side * 4, STRANGER, *OURS, *THEIRS])
        allowed = allowed_actions(table, known[key], actor_of(principal))
        action = self.chance.choice([*allowed[:-1] * 5, *allowed * 3, *(row.action for row in table)])
        body = {"accept": self.chance.random() < 0.5} if action == "answer_request" else BODIES.get(action, {})
        before = {**known[key], "history": list(known[key]["history"])}
        self.world.now += timedelta(minutes=self.chance.choice((1, 1, 60, 600)))
        if self.chance.random() < 0.1:
            self.world.fire()
            return
        try:
            do(action, key, principal, **body)
        except Error:
            assert {**known[key], "history": list(known[key]["history"])} == before

    def check(self) -> None:
        for collection, name in ((self.world.documents, "number"), (self.world.arrivals, "arrival_number")):
            numbers = sorted(one[name] for one in collection.documents.values() if one[name] is not None)
            assert numbers == list(range(1, len(numbers) + 1))
        if not self.world.pending:
            for arrival in self.world.arrivals.documents.values():
                self._check_sides(arrival)

    def _check_sides(self, arrival: dict[str, Any]) -> None:
        """The sender's view of the receiver is what the receiver knows of itself."""
        delivery = self.world.delivery(arrival["document"])
        recalls = [one["answer"] for one in arrival["requests"] if one["kind"] == "recall"]
        expected = AGREED if AGREED in recalls else RECALL_ASKED if None in recalls else arrival["status"]
        assert delivery["standing"] == expected
        told = [row["code"] for row in delivery["rows"] if row["code"] in (AGREED, DECLINED)]
        assert len(told) == sum(one["answer"] is not None for one in arrival["requests"])

    def happened(self) -> Counter[str]:
        aggregates = [*self.world.documents.documents, *self.world.arrivals.documents]
        return Counter(event for key in aggregates for event in self.world.events(key))


@cache
def walked(seed: int) -> Counter[str]:
    """What happened on one walk."""
    walk = Walk(seed)
    walk.go()
    return walk.happened()


@pytest.mark.parametrize("seed", range(8))
def test_a_random_walk_keeps_every_promise(seed: int) -> None:
    assert walked(seed)


def test_the_walks_reach_everything() -> None:
    happened = sum((walked(seed) for seed in range(8)), Counter[str]())
    wanted = {row.event for row in (*OUTGOING, *INCOMING)} | {"sender_request_received", "delivery_progressed"}
    assert wanted <= set(happened)
    assert happened["sender_request_answered"] > 5
