"""Recall, update and replace, from every status of the receiver (D 3.3)."""

from datetime import timedelta
from typing import Any

import pytest

from services.document_routing.domain.agencies import Connection
from shared.errors import Conflict, Invalid
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    DRAFT,
    LEADER,
    SECOND_FILE,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    DocumentWorld,
)
from tests.unit.document_routing.test_incoming import ASSIGNMENT

WAY = ("01", "03", "04", "05", "06")


def at_status(status: str, **draft: Any) -> tuple[DocumentWorld, str, str]:
    """A world with one document that stands so at its receiver."""
    world = DocumentWorld()
    document = world.issued(**draft)
    arrival = world.arrival_of(document)
    acts: tuple[tuple[str, Any, dict[str, Any]], ...] = (
        ("register_arrival", THEIR_CLERK, {}),
        ("assign_arrival", THEIR_LEADER, ASSIGNMENT),
        ("work_on_arrival", THEIR_SPECIALIST, {}),
        ("complete_arrival", THEIR_SPECIALIST, {}),
    )
    for action, actor, body in acts[: WAY.index(status)]:
        world.now += timedelta(minutes=1)
        world.on_arrival(action, arrival, actor, **body)
    world.settle()
    assert world.delivery(document)["standing"] == status
    world.now += timedelta(minutes=1)
    return world, document, arrival


def ask(world: DocumentWorld, document: str, kind: str) -> None:
    """Make one of the three requests."""
    if kind == "recall":
        world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    elif kind == "update":
        world.on_document("update_document", document, CLERK, reason="Đính chính", subject="Bản đính chính")
    else:
        world.issued(replaces=document, subject="Bản thay thế")
    world.settle()
    world.now += timedelta(minutes=1)


@pytest.mark.parametrize("status", WAY)
@pytest.mark.parametrize("kind", ["recall", "update", "replace"])
@pytest.mark.parametrize("accept", [True, False])
def test_every_request_is_answered_from_every_status(status: str, kind: str, accept: bool) -> None:
    world, document, arrival = at_status(status)
    ask(world, document, kind)
    kept = world.arrivals.documents[arrival]
    assert [(one["kind"], one["answer"]) for one in kept["requests"]] == [(kind, None)]
    assert kept["status"] == status
    assert world.delivery(document)["standing"] == ("13" if kind == "recall" else status)

    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=accept, note="Đã rõ")
    world.settle()
    kept, delivery = world.arrivals.documents[arrival], world.delivery(document)
    code = "15" if accept else "16"
    assert [row["code"] for row in delivery["rows"]][-1] == code
    assert delivery["rows"][-1]["reason"] == "Đã rõ"
    withdrawn = accept and kind == "recall"
    assert delivery["standing"] == ("15" if withdrawn else status)
    closed = accept and kind != "update"
    assert kept["status"] == ("15" if closed else status)
    changed = accept and kind == "update"
    assert kept["subject"] == ("Bản đính chính" if changed else DRAFT["subject"])


def test_what_was_refused_or_given_back_is_asked_for_no_more() -> None:
    world, document, arrival = at_status("01")
    world.on_arrival("refuse_arrival", arrival, THEIR_CLERK, reason="Gửi nhầm")
    world.settle()
    with pytest.raises(Conflict, match="nobody_to_ask"):
        world.on_document("recall_document", document, CLERK, reason="x")

    world, document, arrival = at_status("03")
    ask(world, document, "recall")
    world.on_arrival("answer_request", arrival, THEIR_LEADER, accept=True)
    world.settle()
    with pytest.raises(Conflict, match="nobody_to_ask"):
        world.on_document("recall_document", document, CLERK, reason="x")
    with pytest.raises(Conflict, match="document_action_not_allowed"):
        world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST)


def test_a_refused_recall_can_be_repeated() -> None:
    world, document, arrival = at_status("05")
    for accept, standing in ((False, "05"), (True, "15")):
        ask(world, document, "recall")
        world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=accept)
        world.settle()
        world.now += timedelta(minutes=1)
        assert world.delivery(document)["standing"] == standing


def test_a_recall_from_one_receiver_leaves_the_others_alone() -> None:
    world, document, _ = at_status("01", receivers=[{"agency": DEPARTMENT}, {"agency": "H13"}])
    world.on_document(
        "recall_document", document, LEADER, reason="Gửi nhầm", receivers=["000.00.17.H13", DEPARTMENT][1:]
    )
    world.settle()
    assert world.delivery(document)["standing"] == "13"
    assert world.delivery(document, "H13")["standing"] == "01"
    with pytest.raises(Invalid):
        world.on_document("recall_document", document, LEADER, reason="x", receivers=["H13.99"])


def test_what_has_not_left_yet_is_cancelled_and_sends_nothing() -> None:
    world = DocumentWorld()
    world.offices.connect(Connection(DEPARTMENT, mode="system"))
    document = world.issued()
    assert world.arrivals.documents == {}
    world.on_document("recall_document", document, CLERK, reason="Chưa cần gửi")
    world.settle()
    delivery = world.delivery(document)
    assert delivery["cancelled_at"] == world.now
    assert (delivery["rows"], delivery["requests"], delivery["standing"]) == ([], [], None)


def test_a_recall_that_overtakes_the_arrival_gives_it_back_without_a_question() -> None:
    world = DocumentWorld()
    document = world.signed()
    world.on_document("issue_document", document, CLERK)
    world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    world.settle()  # in order: the arrival is made of a delivery that was cancelled meanwhile, so it is not made
    assert world.arrivals.documents == {}
    assert world.events(document)[-1] == "document_recalled"


def test_an_update_reaches_new_receivers_and_asks_the_old_ones_only_about_content() -> None:
    world, document, arrival = at_status("03")
    world.on_document("update_document", document, CLERK, reason="Thêm nơi nhận", add_receivers=[{"agency": "H13"}])
    world.settle()
    assert world.arrivals.documents[arrival]["requests"] == []
    assert world.delivery(document, "H13")["standing"] == "01"
    world.on_document("update_document", document, CLERK, reason="Thay phụ lục", attachments=[])
    world.settle()
    assert world.delivery(document)["requests"][0]["kind"] == "update"
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    assert [file["role"] for file in world.arrivals.documents[arrival]["files"]] == ["main"]
    assert SECOND_FILE in str(world.documents.documents[document]["versions"][0]["files"])
    with pytest.raises(Invalid):
        world.on_document("update_document", document, CLERK, reason="Không có gì")


def test_a_replacement_is_a_document_of_its_own_and_names_the_old_one() -> None:
    world, document, arrival = at_status("03")
    replacement = world.issued(replaces=document)
    kept = world.documents.documents[replacement]
    assert (kept["business"], kept["code"]) == (3, "02/UBND-VP")
    assert world.documents.documents[document]["replaced_by"] == replacement
    assert world.arrivals.documents[world.arrival_of(replacement)]["replaces"] == document
    assert world.arrivals.documents[arrival]["requests"][0]["reason"] == "Thay thế bằng văn bản 02/UBND-VP"
