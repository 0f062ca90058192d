"""Replacements and identifiers of agency systems."""

from dataclasses import replace
from datetime import date

import pytest

from services.document_routing.domain.deliveries import current
from services.document_routing.domain.edxml.message import (
    DocumentMessage,
    Organ,
    Promulgation,
    Replacement,
)
from shared.contracts.principal import Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.document_world import CLERK, SYSTEM, THEIR_CLERK, person
from tests.support.documents_in_memory import DEPARTMENT, OTHER_WARD, WARD
from tests.support.exchange_world import ExchangeWorld
from tests.unit.document_routing.exchange.systems import THEIRS, document, faults, headed, issue, message, send, told


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
