"""What follows when answers and grounds change afterwards: papers, fee and matter follow anew, or it is refused."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.forms import SupplementRequest
from services.one_stop_shop.domain.read_model import matter_token
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Invalid
from tests.support.world import CITIZEN, FILE, HEAD, RECEPTION, RESULT, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act

PERMIT: dict[str, Any] = {
    "procedure": "1.013225",
    "answers": {"site": "12 Nguyễn Trãi", "storeys": 2},
    "components": [
        {"component": "don_de_nghi", "originals": 1},
        {"component": "giay_to_dat", "photocopies": 1},
        {"component": "ban_ve_thiet_ke", "originals": 2},
    ],
    "quantities": {},
}
DRAWINGS = {"component": "ban_ve_thiet_ke", "originals": 2, "file": FILE}
FIRE = {"component": "tham_duyet_pccc", "certified_copies": 1, "file": FILE}
MARITAL: dict[str, Any] = {
    "procedure": "1.004873",
    "answers": {"purpose": "marriage", "marital_history": "never"},
    "components": [{"component": "to_khai", "originals": 1}],
    "quantities": {},
}
PROOF = {"component": "giay_to_mien_giam", "photocopies": 1, "file": FILE}


def permit(world: World, **answers: Any) -> str:
    content = {**PERMIT, "answers": {**PERMIT["answers"], **answers}}
    application = world.submit(RECEPTION, channel=1, **content)
    act(world, "hand_over", application, RECEPTION)
    return application


def ask(world: World, application: str, *questions: str, items: Any = (), who: Any = SPECIALIST) -> None:
    answers = [{"question": question, "requirement": "Khai lại cho đúng"} for question in questions]
    act(world, "request_supplement", application, who, items=list(items), answers=answers)


def supply(world: World, application: str, *components: Any, **answers: Any) -> None:
    act(world, "supply_supplement", application, CITIZEN, components=list(components), answers=answers)


def faults(refusal: Any) -> set[tuple[str, str]]:
    return {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields}


class TestAnswers:
    def test_only_what_was_asked_for_may_change(self) -> None:
        world = World()
        application = permit(world)
        ask(world, application, items=[{"component": DRAWINGS["component"], "requirement": "Ký tên"}])
        before = {**world[application]}
        with pytest.raises(Invalid) as refusal:
            supply(world, application, DRAWINGS, storeys=12, site="Nơi khác", heritage=True)
        assert {(f"answers.{key}", "answer_not_asked") for key in ("storeys", "site", "heritage")} <= faults(refusal)
        assert world[application] == before
        supply(world, application, DRAWINGS, storeys=2)
        assert world[application]["status"] == Status.IN_PROCESS, "the same answer again is no change"

    def test_papers_that_become_necessary_are_demanded_by_name(self) -> None:
        world = World()
        application = permit(world)
        ask(world, application, "storeys")
        with pytest.raises(Invalid) as refusal:
            supply(world, application, storeys=12)
        assert faults(refusal) == {("components", "component_missing")}
        assert refusal.value.fields[0]["params"]["component"] == FIRE["component"]
        supply(world, application, FIRE, storeys=12)
        assert world[application]["answers"]["storeys"] == 12
        assert world[application]["supplements"][0]["replaced_answers"] == {"storeys": 2}

    def test_what_was_asked_is_answered(self) -> None:
        world = World()
        application = permit(world)
        ask(world, application, "storeys")
        with pytest.raises(Invalid) as refusal:
            supply(world, application, DRAWINGS)
        assert ("answers.storeys", "required") in faults(refusal)

    def test_papers_follow_a_corrected_answer_at_reception_too(self) -> None:
        world = World()
        application = world.submit(**MARITAL)
        ask(world, application, "marital_history", who=RECEPTION)
        supply(world, application, {"component": "ban_an_ly_hon", "file": FILE}, marital_history="divorced")
        act(world, "receive", application, RECEPTION)

    def test_a_paper_that_nobody_asked_for_again_stays(self) -> None:
        world = World()
        application = permit(world)
        ask(world, application, "storeys")
        with pytest.raises(Invalid) as refusal:
            supply(world, application, DRAWINGS, storeys=3)
        assert faults(refusal) == {("components.0.component", "component_not_asked")}

    def test_another_matter_is_found_as_such(self) -> None:
        world = World()
        one, other = permit(world), permit(world, site="X")
        assert world[one]["matter"] != world[other]["matter"]
        ask(world, one, "site")
        supply(world, one, site="X")
        assert world[one]["matter"] == world[other]["matter"]
        assert matter_token(world[one]["matter"]) in world[one]["search"]

    def test_form_02_names_papers_and_answers(self) -> None:
        world = World()
        application = permit(world)
        ask(world, application, "storeys", items=[{"component": "giay_to_dat", "requirement": "Chụp lại"}])
        form = world[application]["forms"][-1]
        slip = restore(FormKind(form["kind"]), form["data"])
        assert isinstance(slip, SupplementRequest)
        assert [line.name for line in slip.missing] == ["Giấy tờ chứng minh quyền sử dụng đất", "Số tầng"]

    @pytest.mark.parametrize(
        ("questions", "fault"),
        [((), ("items", "required")), (("la",), ("answers.0.question", "unknown_answer"))],
    )
    def test_a_supplement_asks_for_something_that_there_is(
        self, questions: tuple[str, ...], fault: tuple[str, str]
    ) -> None:
        world = World()
        application = permit(world)
        with pytest.raises(Invalid) as refusal:
            ask(world, application, *questions)
        assert faults(refusal) == {fault}

    def test_nothing_is_granted_on_an_incomplete_file(self) -> None:
        world = World()
        application = permit(world)
        world[application]["answers"]["heritage"] = True  # as an older version of the platform let it happen
        with pytest.raises(Conflict, match="papers_missing") as refusal:
            act(world, "finish", application, HEAD)
        assert [paper["en"] for paper in refusal.value.params["papers"]] == ["Consent of the heritage authority"]
        act(world, "finish", application, HEAD, result={**RESULT, "kind": "rejected"})


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


class TestTimes:
    @pytest.mark.parametrize("action", ["request_supplement", "request_payment"])
    def test_time_to_supply_and_to_pay_is_bounded(self, action: str) -> None:
        world = World()
        application = world.submit(**MARITAL)
        with pytest.raises(Invalid) as refusal:
            act(world, action, application, RECEPTION, due_at="2099-12-31T00:00:00+07:00")
        assert faults(refusal) == {("due_at", "beyond_procedure")}
        assert refusal.value.fields[0]["params"]["latest"] > world.now.isoformat()
        act(world, action, application, RECEPTION, due_at=(world.now + timedelta(days=5)).isoformat())
        assert world[application]["deadline_at"] == world.now + timedelta(days=5)

    @pytest.mark.parametrize(
        ("paid_at", "code"),
        [("2026-10-04T00:00:00+07:00", "too_long_ago"), ("2099-01-01T00:00:00+07:00", "in_future")],
    )
    def test_a_notice_speaks_of_the_time_since_the_payment_was_begun(self, paid_at: str, code: str) -> None:
        world = World()
        application = world.submit(**MARITAL)
        order = start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
        notice = {"payment": order["payment"], "result_code": "00", "amount": 15000, "transaction": "T"}
        with pytest.raises(Invalid) as refusal:
            record_payment_notice(world.context, {**notice, "paid_at": paid_at}, None)
        assert faults(refusal) == {("paid_at", code)}
        assert world[application]["payment"]["state"] == "started"
