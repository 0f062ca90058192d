"""A tile of the documents' desk says as many as stand in the list that it opens, whatever became of them."""

from datetime import timedelta
from typing import Any

import pytest

from gateway.portal.document_sides import ARRIVALS, DEPARTURES, Side
from shared.contracts.principal import Principal
from tests.integration.document_routing.exchanged import ask, subjects
from tests.support.document_house import DocumentHouse
from tests.support.document_world import (
    CLERK,
    LEADER,
    SPECIALIST,
    STRANGER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
)

HIS = {"lead": {"unit": "Phòng Quy hoạch", "officer": THEIR_SPECIALIST.subject}, "opinion": "Tham mưu"}
HERS = {"lead": {"unit": "Ban Giám đốc", "officer": THEIR_LEADER.subject}, "opinion": "Tôi trực tiếp xem"}
BOTH = {**HERS, "co_operating": [HIS["lead"]]}
STEPS: dict[str, tuple[tuple[str, Principal, dict[str, Any]], ...]] = {
    "only arrived": (),
    "refused": (("refuse_arrival", THEIR_CLERK, {"reason": "Gửi nhầm cơ quan"}),),
    "registered": (("register_arrival", THEIR_CLERK, {}),),
    "his": (("assign_arrival", THEIR_LEADER, HIS),),
    "his, late": (("assign_arrival", THEIR_LEADER, HIS | {"due_on": "2026-10-06"}),),
    "his with another": (("assign_arrival", THEIR_LEADER, BOTH),),
    "no longer his": (("assign_arrival", THEIR_LEADER, HIS), ("assign_arrival", THEIR_LEADER, HERS)),
    "his at last": (("assign_arrival", THEIR_LEADER, HERS), ("assign_arrival", THEIR_LEADER, HIS)),
    "worked on": (("assign_arrival", THEIR_LEADER, HIS), ("work_on_arrival", THEIR_SPECIALIST, {"note": "Đang làm"})),
    "closed": (
        ("assign_arrival", THEIR_LEADER, HIS | {"due_on": "2026-10-06"}),
        ("work_on_arrival", THEIR_SPECIALIST, {"note": "Đang làm"}),
        ("complete_arrival", THEIR_SPECIALIST, {"note": "Lưu hồ sơ"}),
    ),
    "given back": (("assign_arrival", THEIR_LEADER, HIS), ("recall", THEIR_CLERK, {})),
}
"""What was done to each letter at its receiver; every one of them is registered first unless it was refused."""


@pytest.fixture(scope="module")
def letters(house: DocumentHouse) -> DocumentHouse:
    """Letters in every state, at their sender and at their receiver, two days after they were sent."""
    for subject, steps in STEPS.items():
        document = house.issued(subject=subject)
        arrival = house.arrival_of(document)
        if steps and steps[0][0] == "assign_arrival":
            house.on_arrival("register_arrival", arrival, THEIR_CLERK)
        for action, actor, body in steps:
            if action == "recall":
                house.on_document("recall_document", document, CLERK, receivers=[], reason="Gửi nhầm")
                house.settle()
                action, body = "answer_request", {"accept": True, "note": ""}
            house.on_arrival(action, arrival, actor, **body)
    house.settle()
    house.draft()
    house.on_document("submit_document", house.draft(), SPECIALIST)
    house.signed()
    house.now += timedelta(days=2)
    return house


@pytest.mark.parametrize(
    ("side", "principal"),
    [
        *((ARRIVALS, one) for one in (THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST, STRANGER)),
        *((DEPARTURES, one) for one in (CLERK, LEADER, SPECIALIST, STRANGER)),
    ],
)
def test_every_tile_says_how_long_the_list_is_that_it_opens(
    letters: DocumentHouse, side: Side, principal: Principal
) -> None:
    counts = ask(letters, side.counts, principal)
    said = {name: counts[key] for key, name, _ in side.queues}
    assert said == {name: len(subjects(letters, side.list, principal, **filters)) for _, name, filters in side.queues}


def test_no_tile_is_compared_over_nothing(letters: DocumentHouse) -> None:
    arrivals, documents = ask(letters, "count_arrivals", THEIR_SPECIALIST), ask(letters, "count_documents", CLERK)
    assert {key: arrivals[key] for key, _, _ in ARRIVALS.queues} == {
        "unconfirmed": 1, "to_assign": 1, "mine": 5, "overdue": 1,
    }  # fmt: skip
    assert {key: documents[key] for key, _, _ in DEPARTURES.queues} == dict.fromkeys(
        ("draft", "in_review", "signed", "troubled"), 1
    )


def test_letters_that_an_officer_closed_are_found_without_the_tile(letters: DocumentHouse) -> None:
    mine = subjects(letters, "list_arrivals", THEIR_SPECIALIST, assignee="me")
    still = subjects(letters, "list_arrivals", THEIR_SPECIALIST, assignee="me", status="open")
    assert set(mine) - set(still) == {"closed", "given back"}
    for status, q, found in (("06", None, ["closed"]), ("open", "worked", ["worked on"]), ("open", "closed", [])):
        assert subjects(letters, "list_arrivals", THEIR_SPECIALIST, assignee="me", status=status, q=q) == found
    assert set(subjects(letters, "list_arrivals", THEIR_SPECIALIST, status="open")) == set(STEPS) - {
        "only arrived", "refused", "closed", "given back",
    }  # fmt: skip
