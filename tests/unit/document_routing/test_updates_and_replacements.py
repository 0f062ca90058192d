"""Updates and replacements: what changes for those who have a document, and for those who do not."""

from datetime import UTC, datetime

import pytest

from services.document_routing.domain.books import incoming_line, outgoing_line
from services.document_routing.domain.duties import day_of
from shared.errors import Conflict, Invalid
from tests.support.document_world import CLERK, DRAFT, LEADER, SIGNER, SPECIALIST, THEIR_CLERK, DocumentWorld
from tests.support.documents_in_memory import DEPARTMENT, FILE, SECOND_FILE
from tests.unit.document_routing.requests import ask, at_status


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
