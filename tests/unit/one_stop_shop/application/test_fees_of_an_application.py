"""Fees: asked for, paid, exempted, given back."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Invalid
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, RECEPTION, SPECIALIST, SUBMISSION, World
from tests.unit.one_stop_shop.application.journeys import (
    act,
    finished,
    payment,
    submitted,
)

DAY = timedelta(days=1)


class TestMoney:
    def notice(self, world: World, application: str, **changes: Any) -> dict[str, Any]:
        return {
            "payment": f"{application}-1", "result_code": "00", "amount": 16000, "transaction": "VNP1",
            "paid_at": world.now.isoformat(), "_command": world.command(), **changes,
        }  # fmt: skip

    def started(self, world: World) -> str:
        application = payment(world)
        answer = start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
        assert answer["payment"] == f"{application}-1"
        assert answer["amount"] == 16000
        return application

    def started_twice(self, world: World) -> str:
        """The first order failed, yet may still be paid."""
        application = self.started(world)
        record_payment_notice(world.context, self.notice(world, application, result_code="24", transaction="0"), None)
        start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
        return application

    def test_the_gateways_word_lets_the_application_go_on_once(self) -> None:
        world = World()
        application = self.started(world)
        for _ in range(3):
            answer = record_payment_notice(world.context, self.notice(world, application), None)
            assert answer == {"result_code": "00"}
        assert world[application]["status"] == Status.IN_PROCESS
        assert world[application]["payment"]["state"] == "paid"
        assert world.events(application).count("payment_received") == 1

    @pytest.mark.parametrize(
        ("changes", "state", "code", "surplus"),
        [({"amount": 15000}, "wrong_amount", "04", 15000), ({"result_code": "24"}, "declined", "00", 0)],
    )
    def test_another_amount_or_a_failure_is_written_down_and_meets_nothing(
        self, changes: dict[str, Any], state: str, code: str, surplus: int
    ) -> None:
        world = World()
        application = self.started(world)
        answer = record_payment_notice(world.context, self.notice(world, application, **changes), None)
        assert answer == {"result_code": code}
        assert record_payment_notice(world.context, self.notice(world, application, **changes), None) == answer
        assert world[application]["status"] == Status.PAYMENT
        assert world[application]["payment"]["state"] == "requested"
        assert world[application]["payment"]["attempts"][0]["state"] == state
        assert world[application]["payment"]["surplus"] == surplus
        assert world.events(application)[-1] == ("payment_unmatched" if surplus else "payment_failed")

    @pytest.mark.parametrize("payment_id", ["pay-0001", "0" * 32 + "-1", "", "0"])
    def test_a_payment_that_is_not_ours_gets_an_answer_but_no_reason(self, payment_id: str) -> None:
        world = World()
        if not payment_id.strip():
            with pytest.raises(Invalid):
                record_payment_notice(world.context, self.notice(world, "x", payment=payment_id), None)
            return
        assert record_payment_notice(world.context, self.notice(world, "x", payment=payment_id), None) == {
            "result_code": "01"
        }

    def test_money_that_came_twice_is_written_down_but_not_counted_twice(self) -> None:
        world = World()
        application = self.started_twice(world)
        record_payment_notice(world.context, self.notice(world, application), None)
        record_payment_notice(world.context, self.notice(world, application, payment=f"{application}-2"), None)
        assert [attempt["state"] for attempt in world[application]["payment"]["attempts"]] == ["paid", "not_owed"]
        assert world[application]["payment"]["receipt_number"] == "VNP1"
        assert world[application]["payment"]["surplus"] == 16000
        assert world.events(application)[-1] == "payment_unmatched"

    def test_money_that_came_twice_goes_back_once_and_the_fee_stays_paid(self) -> None:
        world = World()
        application = self.started_twice(world)
        for number in (1, 2):
            record_payment_notice(
                world.context, self.notice(world, application, payment=f"{application}-{number}"), None
            )
        for other in ("1", "3"):
            with pytest.raises(Conflict, match="nothing_to_refund"):
                act(world, "refund_payment", application, HEAD, payment=f"{application}-{other}")
        act(world, "refund_payment", application, HEAD, payment=f"{application}-2")
        payment = world[application]["payment"]
        assert (payment["state"], payment["surplus"]) == ("paid", 0)
        assert [attempt["state"] for attempt in payment["attempts"]] == ["paid", "refunded"]
        with pytest.raises(Conflict, match="refund_too_early"):
            act(world, "refund_payment", application, HEAD)
        act(world, "stop", application, HEAD)
        with pytest.raises(Conflict, match="nothing_to_refund"):
            act(world, "refund_payment", application, HEAD, payment=f"{application}-2")
        act(world, "refund_payment", application, HEAD)
        assert world[application]["payment"]["state"] == "refunded"

    def test_a_later_word_on_the_same_payment_is_written_down_too(self) -> None:
        world = World()
        application = self.started(world)
        declined = self.notice(world, application, result_code="24", transaction="VNP0")
        assert record_payment_notice(world.context, declined, None) == {"result_code": "00"}
        for transaction in ("VNP1", "VNP1", "VNP2", "VNP2"):
            again = self.notice(world, application, transaction=transaction)
            assert record_payment_notice(world.context, again, None) == {"result_code": "00"}
        payment = world[application]["payment"]
        assert (payment["state"], payment["receipt_number"], payment["surplus"]) == ("paid", "VNP1", 16000)
        assert [attempt["transaction"] for attempt in payment["attempts"]] == ["VNP1", "VNP2"]
        act(world, "refund_payment", application, HEAD, payment=payment["attempts"][1]["payment"])
        assert world[application]["payment"]["surplus"] == 0

    def test_what_was_paid_while_a_withdrawal_was_decided_is_not_asked_again(self) -> None:
        world = World()
        application = self.started(world)
        act(world, "request_withdrawal", application, CITIZEN)
        record_payment_notice(world.context, self.notice(world, application), None)
        with pytest.raises(Conflict, match="refund_too_early"):
            act(world, "refund_payment", application, HEAD)
        act(world, "decide_withdrawal", application, HEAD, accept=False)
        assert world[application]["status"] == Status.IN_PROCESS
        assert world[application]["payment"]["state"] == "paid"

    def test_a_failure_while_a_withdrawal_is_decided_leaves_the_request_as_it_was(self) -> None:
        world = World()
        application = self.started(world)
        until = world[application]["payment"]["expires_at"]
        act(world, "request_withdrawal", application, CITIZEN)
        record_payment_notice(world.context, self.notice(world, application, result_code="24"), None)
        world.now += timedelta(days=2)
        act(world, "decide_withdrawal", application, HEAD, accept=False)
        assert world[application]["payment"]["state"] == "requested"
        assert world[application]["payment"]["expires_at"] == until + timedelta(days=2)

    def test_an_attempt_after_the_time_to_pay_leaves_renewal_and_refusal_to_the_officers(self) -> None:
        world = World()
        application = payment(world)
        world.now += timedelta(days=11)
        fire_due_work(world.context, application)
        order = start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
        assert datetime.fromisoformat(order["expires_at"]) > world.now
        assert world[application]["payment"]["state"] == "expired"
        act(world, "request_payment", application, SPECIALIST)
        record_payment_notice(world.context, self.notice(world, application), None)
        assert world[application]["payment"]["state"] == "paid"

    def test_cash_is_all_or_nothing(self) -> None:
        world = World()
        application = payment(world)
        with pytest.raises(Conflict, match="wrong_amount"):
            act(world, "record_payment", application, RECEPTION, amount=15999)
        act(world, "record_payment", application, RECEPTION)
        with pytest.raises(Conflict, match="nothing_to_pay"):
            act(world, "record_payment", application, RECEPTION)
        act(world, "stop", application, HEAD)
        act(world, "refund_payment", application, HEAD)
        assert world[application]["payment"]["state"] == "refunded"
        act(world, "resume", application, HEAD)
        assert world[application]["payment"]["state"] == "due", "what goes on is owed for"

    def test_an_exemption_is_printed_with_the_amount(self) -> None:
        world = World()
        application = world.submit(
            answers={"exemption": "poor_household"},
            components=[*SUBMISSION["components"], {"component": "giay_to_mien_giam", "photocopies": 1, "file": FILE}],
        )
        assert world[application]["payment"]["state"] == "exempt"
        act(world, "receive", application, RECEPTION)
        (fee,) = world[application]["forms"][0]["data"]["fees"]
        assert (fee["amount"], fee["payable"]) == (16000, 0)
        assert "hộ nghèo" in fee["ground"]

    def test_no_result_leaves_before_the_obligation_is_met(self) -> None:
        world = World()
        application = finished(world)
        for action in ("return_result", "send_by_post"):
            with pytest.raises(Conflict, match="payment_outstanding"):
                act(world, action, application, RECEPTION)

    def test_an_expired_request_may_be_renewed_or_end_what_was_never_received(self) -> None:
        world = World()
        application = submitted(world)
        act(world, "request_payment", application, RECEPTION)
        with pytest.raises(Conflict, match="payment_not_expired"):
            act(world, "refuse", application, RECEPTION)
        world.now += 11 * DAY
        fire_due_work(world.context, application)
        assert world[application]["payment"]["state"] == "expired"
        act(world, "request_payment", application, RECEPTION)
        act(world, "record_payment", application, RECEPTION)
        assert world[application]["status"] == Status.SUBMITTED
