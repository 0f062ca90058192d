"""Whatever people on both sides do, in whatever order: numbers have no holes, chains hold, both sides agree."""

from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.document_routing.domain.statuses import AGREED, DECLINED, RECALL_ASKED
from services.document_routing.domain.transitions import INCOMING, OUTGOING
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

BODIES: dict[str, dict[str, Any]] = {
    "revise_document": DRAFT,
    "return_document": {"reason": "Sửa lại"},
    "sign_document": {"signer": SIGNER},
    "recall_document": {"reason": "Ban hành nhầm"},
    "update_document": {"reason": "Đính chính", "subject": "Bản đính chính"},
    "refuse_arrival": {"reason": "Gửi nhầm"},
    "assign_arrival": ASSIGNMENT | {"due_on": None},
}
ANYBODY = (CLERK, LEADER, SPECIALIST, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST, STRANGER)
RIGHT = {
    row.action: [one for one in side if one.roles & set(row.roles)]
    for table, side in ((OUTGOING, ANYBODY[:3]), (INCOMING, ANYBODY[3:6]))
    for row in table
}
"""Who may do what; mostly they do it, but sometimes anybody tries."""


class LifeOfADocument(RuleBasedStateMachine):
    """Some documents of a ward, each on its way to a department."""

    def __init__(self) -> None:
        super().__init__()
        self.world = DocumentWorld()

    @rule()
    def somebody_drafts(self) -> None:
        if len(self.world.documents.documents) < 4:
            self.world.draft()

    @rule()
    def a_document_is_issued(self) -> None:
        if len(self.world.documents.documents) < 8:
            self.world.on_document("issue_document", self.world.signed(), CLERK)

    @precondition(lambda self: self.world.documents.documents)
    @rule(data=st.data(), action=st.sampled_from([row.action for row in OUTGOING]))
    def somebody_acts_on_a_document(self, data: st.DataObject, action: str) -> None:
        actor = data.draw(st.sampled_from([*RIGHT[action] * 4, *ANYBODY]))
        document = data.draw(st.sampled_from(sorted(self.world.documents.documents)))
        self._try(lambda: self.world.on_document(action, document, actor, **BODIES.get(action, {})), document)

    @precondition(lambda self: self.world.arrivals.documents)
    @rule(
        data=st.data(),
        action=st.sampled_from([row.action for row in INCOMING]),
        accept=st.booleans(),
    )
    def somebody_acts_on_an_arrival(self, data: st.DataObject, action: str, accept: bool) -> None:
        actor = data.draw(st.sampled_from([*RIGHT[action] * 4, *ANYBODY]))
        arrival = data.draw(st.sampled_from(sorted(self.world.arrivals.documents)))
        body = {"accept": accept} if action == "answer_request" else BODIES.get(action, {})
        self._try(lambda: self.world.on_arrival(action, arrival, actor, **body), arrival)

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes: int) -> None:
        self.world.now += timedelta(minutes=minutes)
        self.world.fire()

    @rule()
    def events_are_applied(self) -> None:
        self.world.settle()

    def _try(self, act: Any, subject: str) -> None:
        """What is refused leaves no trace."""
        kept = self.world.documents.documents.get(subject) or self.world.arrivals.documents[subject]
        before = {**kept, "history": list(kept["history"])}
        self.world.now += timedelta(minutes=1)
        try:
            act()
        except Error:
            assert {**kept, "history": list(kept["history"])} == before

    @invariant()
    def numbers_have_no_holes(self) -> None:
        for collection, name in ((self.world.documents, "number"), (self.world.arrivals, "arrival_number")):
            numbers = sorted(one[name] for one in collection.documents.values() if one[name] is not None)
            assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def chains_hold(self) -> None:
        for collection in (self.world.documents, self.world.arrivals):
            for key, one in collection.documents.items():
                assert verify(key, one["history"], version=one["version"], head=one["head"]) is None

    @invariant()
    def both_sides_agree_once_all_is_applied(self) -> None:
        if self.world.pending:
            return
        for key, arrival in self.world.arrivals.documents.items():
            document = self.world.documents.documents[arrival["document"]]
            delivery = document["deliveries"][0]
            assert self.world.arrival_of(document["_id"]) == key
            recalls = [one["answer"] for one in arrival["requests"] if one["kind"] == "recall"]
            expected = AGREED if AGREED in recalls else RECALL_ASKED if None in recalls else arrival["status"]
            assert delivery["standing"] == expected
            told = [row["code"] for row in delivery["rows"] if row["code"] in (AGREED, DECLINED)]
            assert len(told) == sum(one["answer"] is not None for one in arrival["requests"])


LifeOfADocument.TestCase.settings = settings(max_examples=30, stateful_step_count=40, deadline=None)
TestLifeOfADocument = LifeOfADocument.TestCase
