"""Updates, recalls and statuses of agency systems: each is carried with what it says, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.document_routing.domain.edxml.message import (
    Code,
    DocumentMessage,
    Hop,
    Manifest,
    Organ,
    ReceiverChange,
    Reference,
    ResponseFor,
    StatusHeader,
    StatusMessage,
    UpdateInfo,
)
from shared.contracts.principal import Role
from shared.errors import Conflict, Invalid
from tests.support.document_world import CLERK, person
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD, SECOND_FILE, WARD
from tests.support.exchange_world import ExchangeWorld
from tests.unit.document_routing.exchange.systems import (
    DAY,
    THEIRS,
    document,
    faults,
    headed,
    issue,
    message,
    send,
    told,
)

# --- updates


def test_an_update_carries_everything_that_it_says(world: ExchangeWorld) -> None:
    letter = send(world, message())["document"]
    named = UpdateInfo(True, True, (ReceiverChange(DEPARTMENT, 1),))
    changed = headed(
        message(WARD, DEPARTMENT, business=2, update=named), subject="Mới", content="Tóm tắt", due=date(2026, 10, 20)
    )
    changed = replace(changed, manifest=Manifest((Reference(SECOND_FILE, "application/pdf", "", "moi.pdf"),)))
    receipt = send(world, changed)
    assert receipt["receivers"] == [DEPARTMENT, WARD]
    arrived = world.arrivals.documents[world.arrival_of(letter, DEPARTMENT)]
    arrival = world.arrival_of(letter, WARD)
    world.on_arrival("answer_request", arrival, CLERK, accept=True)
    for one in (arrived, world.arrivals.documents[arrival]):
        assert (one["subject"], one["summary"], one["due_on"]) == ("Mới", "Tóm tắt", "2026-10-20")
        assert [file["name"] for file in one["files"]] == ["moi.pdf"]


def test_an_update_of_receivers_alone_leaves_the_content(world: ExchangeWorld) -> None:
    letter = send(world, message())["document"]
    send(world, headed(message(DEPARTMENT, business=2, update=UpdateInfo(False, True)), subject="Khác"))
    assert document(world, letter)["subject"] == "V/v phối hợp"
    assert world.arrivals.documents[world.arrival_of(letter, DEPARTMENT)]["status"] == "01"
    assert world.arrivals.documents[world.arrival_of(letter, WARD)]["requests"] == []


def test_what_an_update_cannot_do_is_refused_before_its_receipt(world: ExchangeWorld) -> None:
    send(world, message())
    with pytest.raises(Conflict, match="nothing_to_update"):
        send(world, message(business=2, update=UpdateInfo(True)))
    removed = UpdateInfo(False, True, (ReceiverChange(WARD, 0),))
    with pytest.raises(Invalid) as refused:
        send(world, message(business=2, update=removed))
    path = "BussinessDocumentInfo.ReceiverList.Receiver.ReceiverType"
    assert faults(refused.value) == [f"T.TraceHeaderList.Bussiness.{path}"]
    with pytest.raises(Invalid):
        send(world, message("H13.99", business=2, update=UpdateInfo(True)))
    with pytest.raises(Invalid) as refused:
        send(world, message(DEPARTMENT, business=1))
    assert faults(refused.value) == ["not_a_receiver"]


def test_what_was_updated_reaches_a_further_system_as_it_is_now(world: ExchangeWorld) -> None:
    third = person("he-thong-ba", Role.AGENCY_SYSTEM, "H56.17")
    world.connect("H56.17", "system")
    send(world, message())
    send(world, headed(message(WARD, "H56.17", business=2, update=UpdateInfo(True, True)), subject="Mới"))
    (offered,) = world.offered(third)
    carried = world.fetch(third, offered["id"])
    assert isinstance(carried, DocumentMessage)
    assert (carried.trace.business.type, carried.header.subject) == (0, "Mới")


def test_updates_of_one_moment_are_each_carried_with_what_they_say(world: ExchangeWorld) -> None:
    own = issue(world)
    for number in (1, 2):
        world.on_document("update_document", own, CLERK, reason=f"lần {number}", subject=f"nhanh {number}")
    world.settle()
    carried = [world.fetch(THEIRS, one["id"]) for one in world.offered(THEIRS)]
    said = [(one.trace.business.reason, one.header.subject) for one in carried if isinstance(one, DocumentMessage)]
    assert said[-2:] == [("lần 1", "nhanh 1"), ("lần 2", "nhanh 2")]


def test_updates_of_a_system_go_on_each_unchanged(world: ExchangeWorld) -> None:
    third = person("he-thong-ba", Role.AGENCY_SYSTEM, "H56.17")
    world.connect("H56.17", "system")
    first = message("H56.17")
    world.send(first, THEIRS)
    for number in (1, 2):
        update = headed(message("H56.17", business=2, update=UpdateInfo(True)), subject=f"nhanh {number}")
        hops = (Hop(OTHER_WARD, world.now + timedelta(seconds=number)),)
        world.send(replace(update, trace=replace(update.trace, hops=hops)), THEIRS)
    world.settle()
    carried = [world.fetch(third, one["id"]) for one in world.offered(third)]
    assert carried[0] == first
    assert [one.header.subject for one in carried if isinstance(one, DocumentMessage)][1:] == ["nhanh 1", "nhanh 2"]


def test_two_recalls_of_one_second_to_two_receivers_are_two(world: ExchangeWorld) -> None:
    letter = send(world, message(WARD, DEPARTMENT))["document"]
    hops = (Hop(OTHER_WARD, world.now),)
    for receiver in (WARD, DEPARTMENT):
        recall = message(receiver, business=1)
        send(world, replace(recall, trace=replace(recall.trace, hops=hops)))
    assert {one["standing"] for one in document(world, letter)["deliveries"]} == {"13"}


def test_two_updates_and_two_statuses_of_one_second_are_two_and_the_same_one_is_one(world: ExchangeWorld) -> None:
    letter = send(world, message(WARD))["document"]
    hops = (Hop(OTHER_WARD, world.now),)
    updates = [headed(message(WARD, business=2, update=UpdateInfo(True)), subject=f"bản {one}") for one in (1, 2)]
    updates = [replace(one, trace=replace(one.trace, hops=hops)) for one in updates]
    assert len({send(world, one)["id"] for one in updates}) == 2
    assert document(world, letter)["subject"] == "bản 2"
    with pytest.raises(Conflict, match="message_already_sent"):
        send(world, updates[0])
    identifier, at = document(world, issue(world))["exchange_id"], world.now.isoformat()
    told_apart = [world.tell(THEIRS, identifier, "05", at=at, reason=reason)["id"] for reason in ("a", "b", "b")]
    assert len(set(told_apart)) == 2


# --- answers


def test_nobody_agrees_before_being_asked(world: ExchangeWorld) -> None:
    letter = issue(world)
    told(world, letter, "03")
    for status in ("15", "16"):
        with pytest.raises(Conflict, match="no_request_open"):
            told(world, letter, status)
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.settle()
    assert world.delivery(letter, OTHER_WARD)["standing"] == "13"
    earlier = (world.now - timedelta(hours=1)).isoformat()
    with pytest.raises(Conflict, match="no_request_open"):
        told(world, letter, "15", at=earlier)
    told(world, letter, "15")
    with pytest.raises(Conflict, match="no_request_open"):
        told(world, letter, "16")


def test_the_same_answer_twice_has_one_receipt(world: ExchangeWorld) -> None:
    letter = issue(world)
    told(world, letter, "03")
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.settle()
    at = world.now.isoformat()
    identifier = document(world, letter)["exchange_id"]
    first = world.tell(THEIRS, identifier, "15", at=at)
    world.settle()
    assert world.tell(THEIRS, identifier, "15", at=at) == first


def test_no_status_comes_from_the_future(world: ExchangeWorld) -> None:
    letter = issue(world)
    with pytest.raises(Invalid) as refused:
        told(world, letter, "03", at="2039-01-01T00:00:00+07:00")
    assert faults(refused.value) == ["in_future"]
    stored = document(world, letter)
    answers = ResponseFor(WARD, Code(*stored["code"].split("/", 1)), DAY, stored["exchange_id"])
    late = StatusHeader(Organ(OTHER_WARD), answers, None, "03", "", world.now + timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        send(world, StatusMessage(late))
    assert faults(refused.value) == ["M.MessageHeader.Timestamp"]
    told(world, letter, "03", at=(world.now + timedelta(minutes=4)).isoformat())


@pytest.mark.parametrize("status", ["02", "13"])
def test_a_refusal_and_a_recall_say_why(world: ExchangeWorld, status: str) -> None:
    letter = issue(world)
    with pytest.raises(Invalid):
        told(world, letter, status)
