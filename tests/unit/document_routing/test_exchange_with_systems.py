"""What agency systems send and are sent, and when both sides differ for a moment."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.document_routing.domain.deliveries import current
from services.document_routing.domain.edxml.message import (
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Header,
    Hop,
    Manifest,
    Organ,
    Promulgation,
    ReceiverChange,
    Reference,
    Replacement,
    ResponseFor,
    StatusHeader,
    StatusMessage,
    Trace,
    UpdateInfo,
)
from shared.contracts.principal import Role
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound
from tests.support.document_world import (
    CLERK,
    DEPARTMENT,
    FILE,
    OTHER_WARD,
    SECOND_FILE,
    SYSTEM,
    THEIR_CLERK,
    WARD,
    person,
)
from tests.support.exchange_world import ExchangeWorld

THEIRS = person("he-thong-la", Role.AGENCY_SYSTEM, OTHER_WARD)
DAY = date(2026, 10, 5)


@pytest.fixture
def world() -> ExchangeWorld:
    """The other ward has a system, ours and the department work at desks."""
    made = ExchangeWorld()
    made.connect(OTHER_WARD, "system")
    return made


def message(*receivers: str, number: str = "7", business: int = 0, **rest: Any) -> DocumentMessage:
    """A document of the other ward."""
    identifier = f"{OTHER_WARD},2026/10/05,{number}/UBND-HT"
    header = Header(
        sender=Organ(OTHER_WARD, "", "UBND phường Hạc Thành"),
        receivers=tuple(map(Organ, receivers or (WARD,))),
        document=identifier,
        code=Code(number, "UBND-HT"),
        promulgation=Promulgation("", DAY),
        type=DocumentType(name="Công văn"),
        subject="V/v phối hợp",
    )
    about = identifier if business in (1, 2) else ""
    manifest = Manifest(() if business == 1 else (Reference(FILE, "application/pdf", "", "cong-van.pdf"),))
    return DocumentMessage(header, Trace((), Business(business, "lý do", about, **rest)), manifest)


def headed(original: DocumentMessage, **changes: Any) -> DocumentMessage:
    return replace(original, header=replace(original.header, **changes))


def send(world: ExchangeWorld, sent: Any, principal: Any = THEIRS) -> dict[str, Any]:
    receipt = world.send(sent, principal)
    world.settle()
    return receipt


def issue(world: ExchangeWorld) -> str:
    return world.issued(receivers=[{"agency": OTHER_WARD}])


def document(world: ExchangeWorld, identifier: str) -> dict[str, Any]:
    return world.documents.documents[identifier]


def told(world: ExchangeWorld, letter: str, status: str, **rest: Any) -> None:
    world.tell(THEIRS, document(world, letter)["exchange_id"], status, **rest)
    world.settle()


def faults(refused: Error) -> list[str]:
    return [one["params"].get("exchange_code") or one["code"] for one in refused.fields]


# --- a recall and a fetch that cross


def test_what_was_fetched_while_it_was_held_back_is_asked_for_after_all(world: ExchangeWorld) -> None:
    letter = issue(world)
    (offered,) = world.offered(THEIRS)
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.fetch(THEIRS, offered["id"])
    world.settle()
    delivery = world.delivery(letter, OTHER_WARD)
    assert (delivery["cancelled"], delivery["standing"], delivery["transport"]) == (None, "13", "processing")
    assert [one["business"] for one in world.offered(THEIRS)] == [0, 1]
    told(world, letter, "15")
    assert world.delivery(letter, OTHER_WARD)["standing"] == "15"


def test_what_failed_and_was_recalled_cannot_be_fetched_any_more(world: ExchangeWorld) -> None:
    letter = issue(world)
    (offered,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, offered["id"], "fail")
    world.settle()
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.settle()
    assert world.delivery(letter, OTHER_WARD)["cancelled"]
    for act in (
        lambda: world.fetch(THEIRS, offered["id"]),
        lambda: world.acknowledge(THEIRS, offered["id"], "done"),
    ):
        with pytest.raises(Conflict, match="package_not_offered"):
            act()
    assert world.offered(THEIRS) == []


def test_what_is_fetched_again_after_it_failed_has_left(world: ExchangeWorld) -> None:
    letter = issue(world)
    (offered,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, offered["id"], "fail")
    world.fetch(THEIRS, offered["id"])
    world.settle()
    assert world.delivery(letter, OTHER_WARD)["transport"] == "processing"
    assert [one["state"] for one in world.offered(THEIRS)] == ["processing"]
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.settle()
    assert world.delivery(letter, OTHER_WARD)["standing"] == "13"


def test_a_recall_that_could_not_be_stored_is_offered_again(world: ExchangeWorld) -> None:
    letter = issue(world)
    (offered,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, offered["id"], "done")
    world.settle()
    world.on_document("recall_document", letter, CLERK, reason="Ban hành nhầm")
    world.settle()
    (recall,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, recall["id"], "fail")
    assert [one["id"] for one in world.offered(THEIRS)] == [recall["id"]]
    world.acknowledge(THEIRS, recall["id"], "done")
    assert world.offered(THEIRS) == []


# --- sent again


def test_a_system_that_refused_or_failed_is_sent_it_again_when_it_is_named(world: ExchangeWorld) -> None:
    letter = issue(world)
    again = {"reason": "Gửi lại", "add_receivers": [{"agency": OTHER_WARD}]}
    (first,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, first["id"], "fail")
    world.settle()
    world.on_document("update_document", letter, CLERK, **again)
    world.settle()
    (second,) = world.offered(THEIRS)
    assert second["id"] != first["id"]
    with pytest.raises(Conflict, match="package_not_offered"):
        world.acknowledge(THEIRS, first["id"], "done")
    world.acknowledge(THEIRS, second["id"], "done")
    told(world, letter, "02", reason="Thiếu phụ lục")
    world.now += timedelta(minutes=1)
    world.on_document("update_document", letter, CLERK, **again)
    world.settle()
    (third,) = world.offered(THEIRS)
    assert third["business"] == 0
    world.acknowledge(THEIRS, third["id"], "done")
    told(world, letter, "03")
    sendings = document(world, letter)["deliveries"]
    assert [(one["transport"], one["standing"]) for one in sendings] == [("fail", None), ("done", "02"), ("done", "03")]


def test_a_system_sends_again_to_a_desk_that_refused(world: ExchangeWorld) -> None:
    letter = send(world, message())["document"]
    world.on_arrival("refuse_arrival", world.arrival_of(letter, WARD), CLERK, reason="Thiếu phụ lục")
    world.settle()
    world.now += timedelta(minutes=1)
    named = UpdateInfo(False, True, (ReceiverChange(WARD, 1),))
    send(world, message(business=2, update=named))
    assert world.delivery(letter, WARD)["standing"] == "01"
    assert [one["sending"] for one in document(world, letter)["deliveries"]] == [1, 2]


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


def test_a_replacement_is_answered_under_either_identifier(world: ExchangeWorld) -> None:
    for under in range(2):
        old = issue(world)
        told(world, old, "03")
        new = world.issued(receivers=[{"agency": OTHER_WARD}], replaces=old)
        told(world, (old, new)[under], "15")
        assert world.delivery(old, OTHER_WARD)["standing"] == "15"
        assert "15" not in [row["code"] for row in world.delivery(new, OTHER_WARD)["rows"]]


def test_who_never_got_the_replacement_is_asked_to_give_up_the_old_one(world: ExchangeWorld) -> None:
    old = issue(world)
    (offered,) = world.offered(THEIRS)
    world.acknowledge(THEIRS, offered["id"], "done")
    world.settle()
    new = world.issued(receivers=[{"agency": OTHER_WARD}], replaces=old)
    world.on_document("recall_document", new, CLERK, reason="Ban hành nhầm")
    world.settle()
    (asked,) = world.offered(THEIRS)
    assert (asked["business"], asked["exchange_id"]) == (1, document(world, old)["exchange_id"])


def test_the_recall_of_a_replacement_does_not_go_on_as_that_of_what_it_replaced(world: ExchangeWorld) -> None:
    third = person("he-thong-ba", Role.AGENCY_SYSTEM, "H56.17")
    world.connect("H56.17", "system")
    old = send(world, message("H56.17"))["document"]
    (offered,) = world.offered(third)
    world.acknowledge(third, offered["id"], "done")
    world.settle()
    named = Replacement(document(world, old)["exchange_id"])
    new = message("H56.17", number="8", business=3, replaces=(named,))
    send(world, new)
    send(world, message("H56.17", number="8", business=1))
    (asked,) = world.offered(third)
    carried = world.fetch(third, asked["id"])
    assert isinstance(carried, DocumentMessage)
    assert (carried.trace.business.type, carried.header.document) == (1, document(world, old)["exchange_id"])


def test_a_document_is_replaced_once_and_then_updated_no_more(world: ExchangeWorld) -> None:
    old = issue(world)
    new = world.issued(receivers=[{"agency": OTHER_WARD}], replaces=old)
    with pytest.raises(Conflict, match="document_replaced"):
        world.issued(receivers=[{"agency": OTHER_WARD}], replaces=old)
    with pytest.raises(Conflict, match="document_replaced"):
        world.on_document("update_document", old, CLERK, reason="x", subject="Khác")
    assert world.issued(receivers=[{"agency": OTHER_WARD}], replaces=new)


# --- who may send what


@pytest.mark.parametrize(
    "identifier",
    [
        f"{WARD},2026/10/05,7/UBND-HT",
        f"{OTHER_WARD},2026/10/04,7/UBND-HT",
        f"{OTHER_WARD},2026/10/05,8/UBND-HT",
        f"{OTHER_WARD},2026/10/05,7/UBND-KT",
        "abc",
    ],
    ids=["another agency's", "another day", "another number", "another symbol", "no identifier"],
)
def test_nobody_takes_an_identifier_that_is_not_the_documents_own(world: ExchangeWorld, identifier: str) -> None:
    with pytest.raises(Invalid) as refused:
        send(world, headed(message(), document=identifier))
    assert faults(refused.value) == ["M.MessageHeader.DocumentId"]


def test_an_identifier_may_name_the_agency_as_it_was_called(world: ExchangeWorld) -> None:
    theirs = person("he-thong-so", Role.AGENCY_SYSTEM, DEPARTMENT)
    world.connect(DEPARTMENT, "system")
    legacy = "000.00.17.H13"
    receipt = send(
        world, headed(message(), sender=Organ(legacy, "", "Sở"), document=f"{legacy},2026/10/05,7/UBND-HT"), theirs
    )
    world.on_arrival("register_arrival", world.arrival_of(receipt["document"], WARD), CLERK)
    world.settle()
    assert receipt["exchange_id"].startswith(legacy)
    assert [one["status_code"] for one in world.offered(theirs, "status")] == ["01", "03"]
    recall = headed(
        message(business=1), sender=Organ(DEPARTMENT, "", "Sở"), document=f"{DEPARTMENT},2026/10/05,7/UBND-HT"
    )
    said = replace(recall.trace.business, document=f"{DEPARTMENT},2026/10/05,7/UBND-HT")
    send(world, replace(recall, trace=replace(recall.trace, business=said)), theirs)
    assert world.delivery(receipt["document"], WARD)["standing"] == "13"


def test_a_system_beside_a_desk_sends_nothing(world: ExchangeWorld) -> None:
    own = headed(message(DEPARTMENT), sender=Organ(WARD, "", "x"), document=f"{WARD},2026/10/05,7/UBND-HT")
    with pytest.raises(Forbidden, match="agency_works_at_desk"):
        send(world, own, SYSTEM)
    with pytest.raises(Forbidden, match="agency_works_at_desk"):
        world.tell(SYSTEM, f"{OTHER_WARD},2026/10/05,7/UBND-HT", "03")


def test_nothing_is_issued_in_the_future_and_nothing_unknown_is_replaced(world: ExchangeWorld) -> None:
    late = headed(message(), promulgation=Promulgation("", date(2030, 1, 1)))
    late = headed(late, document=f"{OTHER_WARD},2030/01/01,7/UBND-HT")
    with pytest.raises(Invalid) as refused:
        send(world, late)
    assert faults(refused.value) == ["M.MessageHeader.PromulgationInfo.PromulgationDate"]
    assert [one["code"] for one in refused.value.fields] == ["in_future"]
    with pytest.raises(Invalid) as refused:
        send(world, headed(message(), document=f"{DEPARTMENT},2026/10/05,7/UBND-HT"))
    assert [one["code"] for one in refused.value.fields] == ["message_identifier_not_own"]
    unknown = Replacement(f"{OTHER_WARD},2026/10/05,99/UBND-HT")
    with pytest.raises(NotFound, match="exchange_document_unknown"):
        send(world, message(business=3, replaces=(unknown,)))
    ours = issue(world)
    with pytest.raises(NotFound, match="exchange_document_unknown"):
        send(world, message(business=3, replaces=(Replacement(document(world, ours)["exchange_id"]),)))
    with pytest.raises(Invalid) as refused:
        send(world, message(business=3, replaces=(unknown, unknown)))
    assert faults(refused.value) == ["M.TraceHeaderList.Bussiness.ReplacementInfoList.ReplacementInfo"]


def test_the_sides_of_a_document_of_a_system_agree_after_a_replacement(world: ExchangeWorld) -> None:
    old = send(world, message(WARD, DEPARTMENT))["document"]
    replacing = message(WARD, number="8", business=3, replaces=(Replacement(document(world, old)["exchange_id"]),))
    send(world, replacing)
    for receiver, clerk in ((WARD, CLERK), (DEPARTMENT, THEIR_CLERK)):
        world.on_arrival("answer_request", world.arrival_of(old, receiver), clerk, accept=True)
    world.settle()
    assert [one["standing"] for one in current(document(world, old)["deliveries"])] == ["15", "15"]
    codes = [(one["status_code"], one["exchange_id"]) for one in world.offered(THEIRS, "status")]
    assert codes.count(("15", document(world, old)["exchange_id"])) == 2
