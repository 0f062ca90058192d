"""What becomes of a fee when answers and grounds change afterwards."""

from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Invalid
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, RECEPTION, World
from tests.unit.one_stop_shop.application.journeys import act
from tests.unit.one_stop_shop.application.permits import MARITAL, ask, faults, supply

PROOF = {"component": "giay_to_mien_giam", "photocopies": 1, "file": FILE}


class TestFee:
    def exempt(self, world: World) -> str:
        content = MARITAL | {"answers": MARITAL["answers"] | {"exemption": "poor_household"}}
        with pytest.raises(Invalid) as refusal:
            world.submit(**content)
        assert faults(refusal) == {("components", "component_missing")}, "an exemption needs its proof"
        return world.submit(**content | {"components": [*content["components"], PROOF]})

    def test_an_exemption_taken_back_is_owed(self) -> None:
        world = World()
        application = self.exempt(world)
        assert world[application]["payment"]["state"] == "exempt"
        ask(world, application, "exemption", who=RECEPTION)
        supply(world, application, exemption=None)
        payment = world[application]["payment"]
        assert (payment["state"], payment["amount"], payment["ground"]) == ("due", 15000, "")
        act(world, "request_payment", application, RECEPTION)

    def test_an_officer_rejects_an_exemption_with_the_reason(self) -> None:
        world = World()
        application = self.exempt(world)
        act(world, "reject_exemption", application, RECEPTION)
        payment = world[application]["payment"]
        assert (payment["state"], payment["amount"]) == ("due", 15000)
        assert payment["lines"][0]["ground"] is None
        assert payment["relief_rejected"]["reason"]
        assert world[application]["history"][-1]["data"]["amount"] == 15000
        with pytest.raises(Conflict, match="no_exemption"):
            act(world, "reject_exemption", application, RECEPTION)
        act(world, "exempt_payment", application, RECEPTION, ground="Đã nộp giấy chứng nhận hộ nghèo")
        act(world, "reject_exemption", application, HEAD)
        assert world[application]["payment"]["state"] == "due", "what an officer granted can be taken back too"

    def test_an_officers_exemption_outlives_a_correction(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        act(world, "exempt_payment", application, RECEPTION, ground="Theo quyết định")
        ask(world, application, "purpose", who=RECEPTION)
        supply(world, application, purpose="other")
        assert world[application]["payment"]["state"] == "exempt"

    @pytest.mark.parametrize("online", [True, False])
    def test_money_paid_for_other_answers_is_given_back(self, online: bool) -> None:
        world = World()
        application = world.submit(**MARITAL)
        notice: dict[str, Any] = {}
        if online:
            order = start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
            notice = {
                "payment": order["payment"], "result_code": "00", "amount": 15000, "transaction": "T",
                "paid_at": world.now.isoformat(),
            }  # fmt: skip
            record_payment_notice(world.context, notice, None)
        else:
            act(world, "record_payment", application, RECEPTION, amount=15000)
        ask(world, application, "exemption", who=RECEPTION)
        supply(world, application, PROOF, exemption="disabled")
        payment = world[application]["payment"]
        assert (payment["state"], payment["surplus"], payment["relief_claimed"]["amount"]) == ("paid", 0, 0)
        act(world, "accept_exemption", application, RECEPTION)
        with pytest.raises(Conflict, match="no_exemption_claimed"):
            act(world, "accept_exemption", application, RECEPTION)
        payment = world[application]["payment"]
        assert (payment["state"], payment["surplus"], payment["paid_at"]) == ("exempt", 15000, None)
        (held,) = payment["attempts"]
        act(world, "refund_payment", application, HEAD, payment=held["payment"])
        assert world[application]["payment"]["surplus"] == 0
        if online:
            assert record_payment_notice(world.context, notice, None) == {"result_code": "00"}, "the same word again"

    def test_a_claim_to_pay_less_is_answered_before_the_result_leaves(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        act(world, "record_payment", application, RECEPTION, amount=15000)
        ask(world, application, "exemption", who=RECEPTION)
        supply(world, application, PROOF, exemption="disabled")
        for action in ("receive", "hand_over"):
            act(world, action, application, RECEPTION)
        act(world, "finish", application, HEAD)
        with pytest.raises(Conflict, match="exemption_undecided"):
            act(world, "return_result", application, RECEPTION)
        act(world, "reject_exemption", application, RECEPTION)
        payment = world[application]["payment"]
        assert (payment["state"], payment["amount"], payment["surplus"]) == ("paid", 15000, 0)
        act(world, "return_result", application, RECEPTION)

    def test_a_rejected_relief_is_claimed_again_with_a_new_proof(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        act(world, "record_payment", application, RECEPTION, amount=15000)
        ask(world, application, "exemption", who=RECEPTION)
        supply(world, application, PROOF, exemption="disabled")
        act(world, "reject_exemption", application, RECEPTION)
        assert world[application]["payment"]["relief_claimed"] is None
        act(
            world,
            "request_supplement",
            application,
            RECEPTION,
            items=[{"component": PROOF["component"], "requirement": "Giấy còn hạn"}],
            answers=[],
        )
        supply(world, application, PROOF)
        assert world[application]["payment"]["relief_claimed"]["amount"] == 0
        act(world, "accept_exemption", application, RECEPTION)
        assert world[application]["payment"]["state"] == "exempt"

    def test_a_rejection_by_mistake_is_taken_back(self) -> None:
        world = World()
        application = self.exempt(world)
        act(world, "reject_exemption", application, RECEPTION)
        act(world, "record_payment", application, RECEPTION, amount=15000)
        act(world, "accept_exemption", application, RECEPTION)
        payment = world[application]["payment"]
        assert (payment["state"], payment["surplus"], payment["relief_rejected"]) == ("exempt", 15000, None)
        with pytest.raises(Conflict, match="no_exemption_claimed"):
            act(world, "accept_exemption", application, RECEPTION)

    def test_what_owes_nothing_any_more_waits_no_longer(self) -> None:
        world = World()
        application = self.exempt(world)
        act(world, "reject_exemption", application, RECEPTION)
        act(world, "request_payment", application, RECEPTION)
        assert world[application]["status"] == Status.PAYMENT
        act(world, "accept_exemption", application, RECEPTION)
        assert (world[application]["status"], world[application]["payment"]["state"]) == (Status.SUBMITTED, "exempt")
        act(world, "receive", application, RECEPTION)

    def test_money_held_after_a_claim_was_accepted_meets_the_full_fee_again(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        act(world, "record_payment", application, RECEPTION, amount=15000)
        ask(world, application, "exemption", who=RECEPTION)
        supply(world, application, PROOF, exemption="disabled")
        act(world, "accept_exemption", application, RECEPTION)
        assert world[application]["payment"]["surplus"] == 15000
        act(world, "reject_exemption", application, RECEPTION)
        payment = world[application]["payment"]
        assert (payment["state"], payment["amount"], payment["surplus"]) == ("paid", 15000, 0)

    def test_a_rejection_stands_when_something_else_is_supplied(self) -> None:
        world = World()
        application = self.exempt(world)
        act(world, "reject_exemption", application, RECEPTION)
        ask(world, application, "purpose", who=RECEPTION)
        supply(world, application, purpose="other")
        assert world[application]["payment"]["relief_rejected"]["reason"]

    def test_a_claim_taken_back_is_none(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        act(world, "record_payment", application, RECEPTION, amount=15000)
        for exemption in ("disabled", None):
            ask(world, application, "exemption", who=RECEPTION)
            supply(world, application, *[PROOF] if exemption else [], exemption=exemption)
        assert world[application]["payment"]["relief_claimed"] is None
