"""Recall, update and replace, from every status of the receiver (D 3.3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.document_routing.domain.agencies import Connection
from services.document_routing.domain.books import incoming_line, outgoing_line, slip_rows
from services.document_routing.domain.duties import day_of
from services.document_routing.usecases.arrivals import arrival_id
from services.document_routing.usecases.context import actor_of
from services.document_routing.usecases.reactions import react
from services.document_routing.usecases.views import document_row, document_view
from shared.errors import Conflict, Invalid
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    DRAFT,
    FILE,
    LEADER,
    SECOND_FILE,
    SIGNER,
    SPECIALIST,
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


def test_an_update_that_changes_nothing_is_refused() -> None:
    world, document, _ = at_status("01")
    for same in ({"subject": DRAFT["subject"]}, {"add_receivers": [{"agency": DEPARTMENT}]}, {"main": FILE}):
        with pytest.raises(Conflict, match="nothing_to_update"):
            world.on_document("update_document", document, CLERK, reason="x", **same)


def test_a_deadline_of_the_senders_moves_with_it() -> None:
    world, document, arrival = at_status("03", due_on="2026-10-09")
    world.on_document("update_document", document, CLERK, reason="Gia hạn", due_on="2026-10-12", summary="Thêm")
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    kept = world.arrivals.documents[arrival]
    assert (kept["due_on"], kept["summary"]) == ("2026-10-12", "Thêm")
    assert kept["due_at"] == datetime(2026, 10, 12, 10, tzinfo=UTC)


def test_a_recall_that_overtakes_the_arrival_sends_nothing() -> None:
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


def test_a_document_is_replaced_once_however_late_its_events_are() -> None:
    world, old, arrival = at_status("03")
    first, second = (world.signed(replaces=old) for _ in range(2))
    world.on_document("issue_document", first, CLERK)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("issue_document", second, CLERK)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("update_document", old, CLERK, reason="x", subject="Sau khi thay thế")
    with pytest.raises(Conflict, match="document_replaced"):
        world.draft(replaces=old)
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    assert world.documents.documents[old]["replaced_by"] == first
    assert world.arrivals.documents[arrival]["replaced_by"] == first
    line = incoming_line(world.arrivals.documents[arrival], "Công văn", day_of)
    assert line["note"] == f"Đã được thay thế bằng {world.documents.documents[first]['code']}"


def test_updates_say_what_they_said_when_they_were_made_however_late_they_are_heard() -> None:
    world = DocumentWorld()
    document = world.signed(subject="Đầu tiên", due_on="2026-10-20")
    world.on_document("issue_document", document, CLERK)
    for number in (1, 2):
        world.on_document("update_document", document, CLERK, reason=f"lần {number}", subject=f"lần {number}")
    arrival = world.arrival_of(document)
    world.settle()
    assert world.arrivals.documents[arrival]["subject"] == "Đầu tiên"
    for accept in (True, False):
        world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=accept)
        assert world.arrivals.documents[arrival]["subject"] == "lần 1"
    assert world.documents.documents[document]["subject"] == "lần 2"


def test_a_signed_file_is_what_arrives() -> None:
    world = DocumentWorld()
    document = world.draft()
    world.on_document("submit_document", document, SPECIALIST)
    world.on_document("sign_document", document, LEADER, signer=SIGNER, signed_file=SECOND_FILE)
    world.on_document("issue_document", document, CLERK)
    world.settle()
    arrived = world.arrivals.documents[world.arrival_of(document)]
    assert arrived["files"][0]["id"] == SECOND_FILE
    assert [one["files"][0]["id"] for one in world.documents.documents[document]["versions"]] == [FILE, SECOND_FILE]


def test_an_agreed_deadline_is_the_one_that_is_printed() -> None:
    world, document, arrival = at_status("03", due_on="2026-10-20")
    world.on_document("update_document", document, CLERK, reason="Gia hạn", due_on="2026-11-10")
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": None})
    kept = world.arrivals.documents[arrival]
    assert incoming_line(kept, "Công văn", day_of)["due_on"] == date(2026, 11, 10)
    assert slip_rows(kept, day_of)[0]["due_on"] == date(2026, 11, 10)


def test_a_refused_recall_stays_refused_when_the_document_is_replaced_then() -> None:
    world, document, arrival = at_status("03")
    ask(world, document, "recall")
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=False)
    world.settle()
    ask(world, document, "replace")
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.settle()
    kept = world.documents.documents[document]
    assert world.delivery(document)["standing"] == "15"
    assert outgoing_line(kept, "Công văn")["note"] == "Bị từ chối thu hồi; Đã được thay thế"
    assert not world.delivery(document)["returned"], "what counts as recalled"


def agreed_deadline(due_on: str) -> tuple[DocumentWorld, str]:
    """A world with one arrival, assigned by the sender's deadline before another one was agreed."""
    world, document, arrival = at_status("03", due_on="2026-10-20")
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": None})
    world.on_document("update_document", document, CLERK, reason="Đổi hạn", due_on=due_on)
    world.settle()
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    return world, arrival


def test_a_slip_written_before_a_deadline_was_agreed_tells_the_agreed_one() -> None:
    world, arrival = agreed_deadline("2026-11-10")
    kept = world.arrivals.documents[arrival]
    assert [row["due_on"] for row in slip_rows(kept, day_of)] == [date(2026, 11, 10)]


def test_nobody_is_given_longer_than_was_agreed_with_the_sender() -> None:
    world, arrival = agreed_deadline("2026-10-30")
    with pytest.raises(Invalid) as refused:
        world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-10-31"})
    (wrong,) = refused.value.fields
    assert wrong == {"path": "due_on", "code": "after_agreed_deadline", "params": {"agreed": "2026-10-30"}}
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-10-30"})
    world.now += timedelta(days=40)  # when it is over, somebody still has to do it
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **{**ASSIGNMENT, "due_on": "2026-11-20"})


def test_what_was_overtaken_is_neither_submitted_nor_signed() -> None:
    world, old, _ = at_status("03")
    first, second, third = (world.draft(replaces=old) for _ in range(3))
    for one in (first, second):
        world.on_document("submit_document", one, SPECIALIST)
    world.on_document("sign_document", first, LEADER, signer=SIGNER)
    world.on_document("issue_document", first, CLERK)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("sign_document", second, LEADER, signer=SIGNER)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("submit_document", third, SPECIALIST)


def test_nobody_is_given_a_deadline_that_is_over() -> None:
    world, document, _ = at_status("03", due_on="2026-10-20")
    yesterday, today = "2026-10-04", "2026-10-05"

    def refused(act: Any) -> None:
        with pytest.raises(Invalid) as error:
            act()
        assert [(one["path"], one["code"]) for one in error.value.fields] == [("due_on", "in_past")]

    refused(lambda: world.draft(due_on=yesterday))
    refused(lambda: world.on_document("update_document", document, CLERK, reason="Đổi hạn", due_on=yesterday))
    draft = world.draft(due_on=today)
    refused(lambda: world.on_document("revise_document", draft, SPECIALIST, **{**DRAFT, "due_on": yesterday}))
    world.on_document("submit_document", draft, SPECIALIST)
    world.now += timedelta(days=1)
    refused(lambda: world.on_document("sign_document", draft, LEADER, signer=SIGNER))


def test_a_delivery_of_before_returns_were_noted_is_read_by_its_rows() -> None:
    world, document, arrival = at_status("03")
    ask(world, document, "recall")
    world.on_arrival("answer_request", arrival, THEIR_CLERK, accept=True)
    world.settle()
    kept = world.documents.documents[document]
    kept["deliveries"] = [{name: value for name, value in kept["deliveries"][0].items() if name != "returned"}]
    assert outgoing_line(kept, "Công văn")["note"] == "Thu hồi"
