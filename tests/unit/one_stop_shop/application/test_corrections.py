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
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, RECEPTION, RESULT, World
from tests.unit.one_stop_shop.application.journeys import act
from tests.unit.one_stop_shop.application.permits import MARITAL, ask, faults, supply

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


def permit(world: World, **answers: Any) -> str:
    content = {**PERMIT, "answers": {**PERMIT["answers"], **answers}}
    application = world.submit(RECEPTION, channel=1, **content)
    act(world, "hand_over", application, RECEPTION)
    return application


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
        [((), ("items", "supplement_empty")), (("la",), ("answers.0.question", "unknown_answer"))],
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
