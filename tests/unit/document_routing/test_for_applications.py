"""What the one-stop shop's applications make document routing do."""

from datetime import date
from typing import Any

import pytest

from services.document_routing.adapters.offices import read_document_types
from services.document_routing.domain.books import outgoing_line
from services.document_routing.usecases.applications import draft_opinion, number_result
from services.document_routing.usecases.context import actor_of
from services.document_routing.usecases.views import document_view
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.one_stop_shop.events import ApplicationFinished, OpinionRequested
from tests.support.document_world import CLERK, DRAFT, LEADER, SIGNER, SPECIALIST, DocumentWorld
from tests.support.documents_in_memory import DEPARTMENT, WARD
from tests.unit.document_routing.test_incoming import THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST

APPLICATION = "a" * 32
COMMON = {"code": "H13.30.01-261005-0001", "procedure": "1.001612", "agency": WARD, "status": 4}


@pytest.fixture
def world() -> DocumentWorld:
    return DocumentWorld()


def heard(world: DocumentWorld, event: type[Event], sequence: int = 5, **data: Any) -> ReceivedEvent:
    loaded = event.load(event.dump(**COMMON, **data))
    return ReceivedEvent(event, f"{APPLICATION}:{sequence}", APPLICATION, sequence, world.now, loaded)


def asked(world: DocumentWorld) -> ReceivedEvent:
    subject = "Sự phù hợp với quy hoạch"
    data = {
        "opinion": f"{APPLICATION}:1",
        "by": WARD,
        "to": DEPARTMENT,
        "subject": subject,
        "due_on": date(2026, 10, 9),
    }
    return heard(world, OpinionRequested, **data)


def test_a_request_for_an_opinion_becomes_one_draft_of_its_agency(world: DocumentWorld) -> None:
    for _ in range(2):
        draft_opinion(world.context, asked(world))
    (draft,) = world.documents.documents.values()
    assert (draft["agency"], draft["status"], draft["application"]) == (WARD, "draft", APPLICATION)
    assert draft["subject"] == "V/v lấy ý kiến về hồ sơ H13.30.01-261005-0001: Sự phù hợp với quy hoạch"
    assert draft["receivers"] == [{"agency": DEPARTMENT, "purpose": "action"}]
    assert draft["due_on"] == "2026-10-09"


def test_an_applications_documents_are_found_by_it(world: DocumentWorld) -> None:
    draft_opinion(world.context, asked(world))
    world.draft()
    (letter,) = (one for one in world.documents.documents.values() if one.get("application"))
    assert f"%{APPLICATION}" in letter["search"]
    assert [one["_id"] for one in world.documents.documents.values() if f"%{APPLICATION}" in one["search"]] == [
        letter["_id"]
    ]


def test_its_reply_carries_the_request_back(world: DocumentWorld) -> None:
    draft_opinion(world.context, asked(world))
    (letter,) = world.documents.documents
    world.on_document("revise_document", letter, SPECIALIST, **DRAFT)
    world.on_document("submit_document", letter, SPECIALIST)
    world.on_document("sign_document", letter, LEADER, signer=SIGNER)
    world.on_document("issue_document", letter, CLERK)
    world.settle()
    issued = world.documents.documents[letter]["history"][-2]["data"]
    assert (issued["application"], issued["opinion"]) == (APPLICATION, f"{APPLICATION}:1")
    arrival = world.arrival_of(letter)
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    reply = world.issued(
        clerk=THEIR_CLERK,
        leader=THEIR_LEADER,
        drafter=THEIR_SPECIALIST,
        receivers=[{"agency": WARD}],
        responds_to=[arrival],
    )
    back = world.arrival_of(reply, WARD)
    world.on_arrival("register_arrival", back, CLERK)
    said = world.arrivals.documents[back]["history"][-1]["data"]
    assert (said["application"], said["opinion"]) == (APPLICATION, f"{APPLICATION}:1")


def test_a_result_takes_the_next_number_of_its_agency_once(world: DocumentWorld) -> None:
    world.issued()
    data = {"result_kind": "granted", "result_number": "92A8001234", "outcome": "on_time", "competent": WARD}
    for _ in range(2):
        number_result(world.context, heard(world, ApplicationFinished, signer="Phạm Thị Dung", **data))
    world.settle()
    (entry,) = [one for one in world.documents.documents.values() if one["source"] == "one_stop_shop"]
    assert (entry["code"], entry["status"], entry["signer"]["name"]) == ("02/KQ-UBND", "issued", "Phạm Thị Dung")
    assert entry["deliveries"] == []
    shown = document_view(entry, read_document_types(), actor_of(CLERK))
    assert shown["kind_name"] == "Kết quả thủ tục hành chính"
    line = outgoing_line(entry, shown["kind_name"])["kind_and_subject"]
    assert line == "Kết quả thủ tục hành chính 92A8001234 của hồ sơ H13.30.01-261005-0001"
    assert shown["kind_name_en"] == "Result of an administrative procedure"
    number_result(world.context, heard(world, ApplicationFinished, 9, signer="Phạm Thị Dung", **data))
    assert world.documents.documents[world.issued()]["number"] == 4, "finished again after a recall: a new number"


def test_what_was_finished_before_there_were_registers_takes_no_number(world: DocumentWorld) -> None:
    data = {"result_kind": "granted", "result_number": "1", "outcome": "on_time"}
    number_result(world.context, heard(world, ApplicationFinished, **data))
    assert world.documents.documents == {}
