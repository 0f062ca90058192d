"""Who goes to pay twice gets the same order, so that nobody pays two."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.payment import TIME_AT_THE_PAGE, TIME_TO_PAY
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Stale
from tests.support.world import CITIZEN, HEAD, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act, in_process, payment

SECOND = timedelta(seconds=1)


def go_to_pay(world: World, application: str, **more: Any) -> dict[str, Any]:
    return start_payment(world.context, {"application": application, "_command": world.command(), **more}, CITIZEN)


def tell(world: World, order: dict[str, Any], code: str = "00") -> None:
    """What the payment platform sends about an order."""
    notice = {
        "payment": order["payment"], "result_code": code, "amount": order["amount"], "transaction": "VNP1",
        "paid_at": world.now.isoformat(),
    }  # fmt: skip
    record_payment_notice(world.context, notice, None)


@pytest.mark.parametrize("begin", [in_process, payment])
def test_the_open_order_is_offered_again_and_nothing_is_written(begin: Any) -> None:
    world = World()
    application = begin(world)
    first = go_to_pay(world, application)
    before = world[application]["version"]
    world.now += timedelta(days=2)
    assert go_to_pay(world, application) == first
    assert world[application]["version"] == before
    assert world.events(application).count("payment_started") == 1
    tell(world, first)
    assert world[application]["payment"]["state"] == "paid"
    with pytest.raises(Conflict, match="nothing_to_pay"):
        go_to_pay(world, application)


def test_an_order_that_failed_or_has_no_time_left_gives_way_to_another() -> None:
    world = World()
    application = in_process(world)
    tell(world, go_to_pay(world, application), "24")
    second = go_to_pay(world, application)
    world.now += TIME_TO_PAY - TIME_AT_THE_PAGE
    assert go_to_pay(world, application) == second
    world.now += SECOND
    assert go_to_pay(world, application)["payment"] == f"{application}-3"


def test_where_the_time_to_pay_ends_for_all_another_order_would_give_no_more() -> None:
    world = World()
    application = payment(world)
    first = go_to_pay(world, application)
    world.now = world[application]["payment"]["expires_at"] - SECOND
    assert go_to_pay(world, application) == first
    world.now += SECOND
    assert go_to_pay(world, application)["payment"] == f"{application}-2"


def test_another_amount_is_another_order_and_the_first_again_when_it_is_owed_again() -> None:
    world = World()
    application = in_process(world)
    first = go_to_pay(world, application)
    act(world, "correct", application, HEAD, content=None, quantities={"copies": 5})
    second = go_to_pay(world, application)
    assert second["payment"] == f"{application}-2"
    assert (second["amount"] > first["amount"], go_to_pay(world, application)) == (True, second)
    act(world, "correct", application, HEAD, content=None, quantities={"copies": 2})
    assert go_to_pay(world, application) == first


def test_the_open_order_survives_a_request_to_pay() -> None:
    world = World()
    application = in_process(world)
    first = go_to_pay(world, application)
    act(world, "request_payment", application, SPECIALIST)
    assert go_to_pay(world, application) == first
    tell(world, first)
    assert (world[application]["status"], world[application]["payment"]["state"]) == (4, "paid")


def test_whoever_saw_an_older_version_is_told_so_before_being_sent_to_pay() -> None:
    world = World()
    application = in_process(world)
    seen = world[application]["version"]
    go_to_pay(world, application, _version=seen)
    with pytest.raises(Stale):
        go_to_pay(world, application, _version=seen)
