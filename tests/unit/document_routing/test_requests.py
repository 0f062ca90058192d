"""Recalls and other wishes of the sender, from every status of the receiver (D 3.3)."""

from datetime import timedelta

import pytest

from services.document_routing.domain.agencies import Connection
from services.document_routing.domain.books import outgoing_line
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.context import actor_of
from services.document_routing.usecases.reactions import react
from services.document_routing.usecases.views import document_row, document_view
from shared.errors import Conflict, Invalid
from tests.support.document_world import (
    CLERK,
    DRAFT,
    LEADER,
    THEIR_CLERK,
    THEIR_LEADER,
    THEIR_SPECIALIST,
    DocumentWorld,
)
from tests.support.documents_in_memory import DEPARTMENT
from tests.unit.document_routing.requests import WAY, ask, at_status


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
    closed = accept and kind != "update"
    assert delivery["standing"] == kept["status"] == ("15" if closed else status)
    replaced_by = world.documents.documents[document]["replaced_by"]
    assert kept["replaced_by"] == (replaced_by if accept else None)
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
    assert delivery["cancelled"]["at"] == world.now
    assert (delivery["rows"], delivery["requests"], delivery["standing"]) == ([], [], None)


def test_a_replaced_document_is_asked_for_no_more() -> None:
    world, document, arrival = at_status("03")
    ask(world, document, "update")
    ask(world, document, "replace")
    ask(world, document, "recall")
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=False)
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.settle()
    kept = world.arrivals.documents[arrival]
    assert [(one["kind"], one["answer"]) for one in kept["requests"]] == [
        ("update", "16"),
        ("replace", "15"),
        ("recall", "15"),
    ]
    view = document_view(world.documents.documents[document], world.offices.types(), actor_of(CLERK))
    assert [one["answer"] for one in view["deliveries"][0]["requests"]] == ["16", "15", "15"]
    assert world.delivery(document)["standing"] == kept["status"] == "15"
    with pytest.raises(Conflict, match="nobody_to_ask"):
        world.on_document("recall_document", document, CLERK, reason="x")


def test_who_refuses_while_it_is_asked_back_has_refused() -> None:
    world, document, arrival = at_status("01")
    world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    world.on_arrival("refuse_arrival", arrival, THEIR_CLERK, reason="Gửi nhầm")
    world.settle()
    assert world.delivery(document)["standing"] == world.arrivals.documents[arrival]["status"] == "02"
    assert not world.arrivals.documents[arrival]["asked"]


def test_a_recall_that_comes_just_after_the_arrival_is_asked_like_any_other() -> None:
    world = DocumentWorld()
    document = world.signed()
    world.on_document("issue_document", document, CLERK)
    react(world.context, world.pending.pop(-1))
    world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    assert world.delivery(document)["cancelled"], "as far as the sender knows nothing has left"
    world.settle()
    arrival = world.arrival_of(document)
    delivery = world.delivery(document)
    assert (delivery["cancelled"], delivery["standing"]) == (None, "13")
    (asked,) = world.arrivals.documents[arrival]["requests"]
    assert (asked["kind"], asked["reason"], asked["answer"]) == ("recall", "Ban hành nhầm", None)
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.settle()
    assert world.delivery(document)["standing"] == "15"


def test_who_refused_it_or_gave_it_back_gets_it_again_when_it_is_named() -> None:
    world, document, arrival = at_status("01")
    world.on_arrival("refuse_arrival", arrival, THEIR_CLERK, reason="Thiếu phụ lục")
    world.settle()
    again = {"reason": "Gửi lại", "add_receivers": [{"agency": DEPARTMENT}]}
    world.now += timedelta(minutes=1)
    world.on_document("update_document", document, CLERK, attachments=[], **again)
    world.settle()
    second = world.arrivals.documents[arrival_id(document, DEPARTMENT, 2)]
    assert (second["status"], [file["role"] for file in second["files"]]) == ("01", ["main"])
    first, last = world.documents.documents[document]["deliveries"]
    assert [(one["sending"], one["standing"]) for one in (first, last)] == [(1, "02"), (2, "01")]
    with pytest.raises(Conflict, match="nothing_to_update"):
        world.on_document("update_document", document, CLERK, **again)

    world.now += timedelta(minutes=1)
    world.on_document("recall_document", document, CLERK, reason="Ban hành nhầm")
    world.settle()
    world.on_arrival("answer_request", second["_id"], THEIR_CLERK, accept=True)
    world.settle()
    world.now += timedelta(minutes=1)
    world.on_document("update_document", document, CLERK, **again)
    world.settle()
    assert world.delivery(document)["standing"] == "01"
    assert document_row(world.documents.documents[document], world.offices.types())["receivers"] == [DEPARTMENT]


def test_a_delivery_of_before_returns_were_noted_is_read_by_its_rows() -> None:
    world, document, arrival = at_status("03")
    ask(world, document, "recall")
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.settle()
    kept = world.documents.documents[document]
    kept["deliveries"] = [{name: value for name, value in kept["deliveries"][0].items() if name != "returned"}]
    assert outgoing_line(kept, "Công văn")["note"] == "Thu hồi"
