"""Whatever is paid, corrected, exempted and given back: an application holds what came in less what went out."""

from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.one_stop_shop.domain.payment import UNMATCHED
from services.one_stop_shop.domain.transitions import allowed_actions
from services.one_stop_shop.usecases.context import actor_of
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Error
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, RECEPTION, SUBMISSION, World
from tests.unit.one_stop_shop.application.journeys import act, in_process

PROOF = {"component": "giay_to_mien_giam", "photocopies": 1, "file": FILE}
COPIES = st.sampled_from([1, 2, 5])
"""Few amounts, so that one is often owed again."""

ONWARD = (
    *("receive", "hand_over", "finish", "recall_result", "request_payment"),
    *("exempt_payment", "accept_exemption", "reject_exemption"),
)
TOWARDS_AN_END = ("refuse", "request_withdrawal", "return_result")


def open_order(world: World, application: str) -> dict[str, Any]:
    return start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)


def pay_online(world: World, application: str, transaction: str) -> dict[str, Any]:
    """Pay what is owed; answer the notice that the payment platform sent."""
    order = open_order(world, application)
    notice = {
        "payment": order["payment"], "result_code": "00", "amount": order["amount"], "transaction": transaction,
        "paid_at": world.now.isoformat(),
    }  # fmt: skip
    record_payment_notice(world.context, notice, None)
    return notice


def correct(world: World, application: str, copies: int) -> None:
    act(world, "correct", application, HEAD, content=None, quantities={"copies": copies})


class MoneyOfAnApplication(RuleBasedStateMachine):
    """People pay, officers decide and give back, in any order; a ledger of receipts says what must be there."""

    @initialize(poor=st.booleans(), copies=COPIES, begun=st.sampled_from(["", "handed over", "resumed"]))
    def hand_in(self, poor: bool, copies: int, begun: str) -> None:
        """Also begin where chance comes seldom: after a fee was paid, given back, and is owed again."""
        self.world = World()
        self.came: dict[str, int] = {}
        self.notices: list[dict[str, Any]] = []
        self.receipts = (f"R-{number}" for number in count(1))
        exemption: dict[str, Any] = {"answers": {"exemption": "poor_household"}} if poor else {}
        papers = [*SUBMISSION["components"], *([PROOF] if poor else [])]
        self.id = self.world.submit(quantities={"copies": copies}, components=papers, **exemption)
        for action in ("receive", "hand_over") if begun else ():
            act(self.world, action, self.id, RECEPTION)
        if begun == "resumed":
            self.the_applicant_pays_online()
            for action in ("stop", "refund_payment", "resume"):
                self._try(action, HEAD)

    @property
    def payment(self) -> dict[str, Any]:
        payment: dict[str, Any] = self.world[self.id]["payment"]
        return payment

    def _try(self, action: str, person: Any, **body: Any) -> bool:
        try:
            act(self.world, action, self.id, person, **body)
        except Error:
            return False
        return True

    def _may(self, action: str, person: Any) -> bool:
        return action in allowed_actions(self.world[self.id], actor_of(person))

    def _somebody_does(self, actions: tuple[str, ...], data: st.DataObject) -> None:
        possible = [(one, who) for one in actions for who in (RECEPTION, HEAD) if self._may(one, who)]
        if possible:
            self._try(*data.draw(st.sampled_from(possible)))

    @rule(data=st.data())
    def the_application_goes_on(self, data: st.DataObject) -> None:
        self._somebody_does(ONWARD, data)

    @rule()
    def it_is_stopped_or_goes_on(self) -> None:
        if not self._try("stop", HEAD):
            self._try("resume", HEAD)

    @rule(data=st.data(), insists=st.sampled_from([False, False, False, True]))
    def somebody_wants_it_to_end(self, data: st.DataObject, insists: bool) -> None:
        """An end is rarer than in a throw of dice, for little happens after it."""
        if not self._try("decide_withdrawal", HEAD, accept=insists) and insists:
            self._somebody_does(TOWARDS_AN_END, data)

    @rule(copies=COPIES)
    def copies_are_corrected(self, copies: int) -> None:
        if self._may("correct", HEAD) and self.world[self.id]["quantities"]["copies"] != copies:
            correct(self.world, self.id, copies)

    @rule(poor=st.booleans())
    def the_applicant_is_poor_after_all_or_not(self, poor: bool) -> None:
        asked = [{"question": "exemption", "requirement": "Khai lại cho đúng"}]
        if self._try("request_supplement", RECEPTION, items=[], answers=asked):
            answers = {"exemption": "poor_household" if poor else None}
            with_proof = poor and self._try("supply_supplement", CITIZEN, components=[PROOF], answers=answers)
            assert with_proof or self._try("supply_supplement", CITIZEN, components=[], answers=answers)

    @rule()
    def the_applicant_pays_online(self) -> None:
        if self._may("start_payment", CITIZEN):
            receipt = next(self.receipts)
            self._notice(pay_online(self.world, self.id, receipt))

    @rule()
    def the_applicant_leaves_the_page_unpaid(self) -> None:
        if self._may("start_payment", CITIZEN):
            order = open_order(self.world, self.id)
            assert open_order(self.world, self.id) == order, "nobody is given two to pay"

    @rule()
    def the_applicant_pays_at_the_counter(self) -> None:
        receipt, amount = next(self.receipts), self.payment["amount"]
        if self._try("record_payment", RECEPTION, amount=amount, receipt_number=receipt):
            self.came[receipt] = amount

    @precondition(lambda self: self.notices)
    @rule(data=st.data(), again=st.booleans(), more=st.sampled_from([0, 0, 8000]))
    def the_payment_platform_reports(self, data: st.DataObject, again: bool, more: int) -> None:
        """The same word again, or another transaction on the same payment."""
        notice = data.draw(st.sampled_from(self.notices))
        if not again:
            notice = {**notice, "transaction": next(self.receipts), "amount": notice["amount"] + more}
            self._notice(notice)
        record_payment_notice(self.world.context, notice, None)

    def _notice(self, notice: dict[str, Any]) -> None:
        self.notices.append(notice)
        self.came[notice["transaction"]] = notice["amount"]

    @rule()
    def the_fee_is_given_back(self) -> None:
        self._try("refund_payment", HEAD)

    @precondition(lambda self: self.payment["attempts"])
    @rule(data=st.data())
    def surplus_is_given_back(self, data: st.DataObject) -> None:
        attempt = data.draw(st.sampled_from(self.payment["attempts"]))
        went = self._try("refund_payment", HEAD, payment=attempt["payment"])
        assert went == (attempt["state"] in UNMATCHED)

    @invariant()
    def money_held_is_what_came_less_what_went(self) -> None:
        payment, history = self.payment, self.world[self.id]["history"]
        went = sum(entry["data"]["amount"] for entry in history if entry["type"] == "payment_refunded.v1")
        meeting = payment["amount"] if payment["state"] == "paid" else 0
        assert went <= sum(self.came.values()), "more was given back than came in"
        assert meeting + payment["surplus"] == sum(self.came.values()) - went

    @invariant()
    def each_receipt_is_of_its_own_money(self) -> None:
        payment = self.payment
        for attempt in payment["attempts"]:
            if "told_amount" in attempt:
                assert self.came[attempt["transaction"]] == attempt["told_amount"]
            if "met_by" in attempt:
                assert attempt["met_by"]["receipt_number"] == attempt["transaction"]
        meets = [attempt["transaction"] for attempt in payment["attempts"] if attempt["state"] == "paid"]
        if payment["state"] == "paid":
            assert self.came[payment["receipt_number"]] == payment["amount"]
            assert meets in ([], [payment["receipt_number"]])
        else:
            assert not meets, "money meets a fee only while that is paid"

    def teardown(self) -> None:
        """Nothing that is held as surplus stays for ever."""
        for attempt in self.payment["attempts"]:
            if attempt["state"] in UNMATCHED:
                act(self.world, "refund_payment", self.id, HEAD, payment=attempt["payment"])
        assert self.payment["surplus"] == 0


TestMoneyOfAnApplication = MoneyOfAnApplication.TestCase
TestMoneyOfAnApplication.settings = settings(max_examples=120, stateful_step_count=30, deadline=None)


def test_a_fee_that_was_given_back_is_not_given_back_again() -> None:
    world = World()
    application = in_process(world)
    pay_online(world, application, "T1")
    act(world, "stop", application, HEAD)
    act(world, "refund_payment", application, HEAD)
    act(world, "resume", application, HEAD)
    pay_online(world, application, "T2")
    correct(world, application, copies=5)
    payment = world[application]["payment"]
    first, second = payment["attempts"]
    assert (payment["state"], payment["surplus"]) == ("due", 16000)
    assert (first["state"], first["transaction"], "met_by" in first) == ("refunded", "T1", False)
    assert (second["state"], second["met_by"]["receipt_number"]) == ("not_owed", "T2")
    with pytest.raises(Conflict, match="nothing_to_refund"):
        act(world, "refund_payment", application, HEAD, payment=first["payment"])
    act(world, "refund_payment", application, HEAD, payment=second["payment"])
    correct(world, application, copies=2)
    assert world[application]["payment"]["state"] == "due", "money that went back meets nothing"


def test_a_second_transaction_never_carries_the_receipt_of_the_first() -> None:
    world = World()
    application = in_process(world)
    notice = pay_online(world, application, "T1")
    correct(world, application, copies=5)
    record_payment_notice(world.context, {**notice, "transaction": "T2"}, None)
    first, second = world[application]["payment"]["attempts"]
    assert (first["met_by"]["receipt_number"], "met_by" in second) == ("T1", False)
    act(world, "refund_payment", application, HEAD, payment=first["payment"])
    correct(world, application, copies=2)
    assert world[application]["payment"]["state"] == "due", "T1 went back, and T2 met nothing yet"
