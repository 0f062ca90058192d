"""What agency systems are sent, when both sides differ for a moment."""

from datetime import timedelta

import pytest

from services.document_routing.domain.edxml.message import (
    ReceiverChange,
    UpdateInfo,
)
from shared.errors import Conflict
from tests.support.document_world import CLERK
from tests.support.documents_in_memory import OTHER_WARD, WARD
from tests.support.exchange_world import ExchangeWorld
from tests.unit.document_routing.exchange.systems import THEIRS, document, issue, message, send, told

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
