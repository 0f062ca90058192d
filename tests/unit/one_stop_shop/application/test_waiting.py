"""Applications that wait and go on: supplements, stops, extensions, withdrawals."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.clock import Clock
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.forms import StopNotice
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Forbidden, Invalid
from tests.support.shop_in_memory import FILE, EverybodysFiles, catalogue
from tests.support.world import CITIZEN, HEAD, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import (
    act,
    in_process,
    payment,
    received,
    submitted,
    supplement,
    supplement_expired,
    withdrawal_asked,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestWaiting:
    def test_a_supplement_keeps_number_status_and_unused_time(self) -> None:
        world = World()
        form = {"component": "don_de_nghi", "originals": 1}
        application = world.submit(RECEPTION, channel=1, procedure="1.001699", components=[form], quantities={})
        world.now += DAY
        code = world[application]["code"]
        items = [{"component": "don_de_nghi", "requirement": "Ký tên"}]
        for waited in (2, 7):  # Tuesday to Thursday, Thursday to the next Thursday
            act(world, "request_supplement", application, RECEPTION, items=items)
            assert world[application]["status"] == Status.SUPPLEMENT
            assert not world[application]["open"]
            world.now += waited * DAY
            act(world, "supply_supplement", application, RECEPTION, components=[form])
            assert world[application]["status"] == Status.RECEIVED
            clock, working_time = (
                Clock.from_dict(world[application]["clock"]), catalogue().working_time("H13.30.01")
            )  # fmt: skip
            assert clock.remaining_minutes(working_time, world.now) == 24 * 8 * 60, "of 25 days one was used"
        assert world[application]["code"] == code
        assert [asked["times"] for asked in world[application]["supplements"]] == [1, 2]

    def test_at_reception_the_eight_hours_stand(self) -> None:
        world = World()
        application = submitted(world)
        world.now += 3 * HOUR
        act(world, "request_supplement", application, RECEPTION)
        assert world[application]["due_at"] is None
        assert world[application]["forms"][-1]["data"]["stage"] == "Khi tiếp nhận hồ sơ"
        world.now += 7 * DAY
        act(world, "supply_supplement", application, CITIZEN)
        assert world[application]["status"] == Status.SUBMITTED
        assert world[application]["reception_due_at"] == world.now + DAY - 3 * HOUR

    def test_what_was_replaced_stays_on_file_and_keeps_its_number(self) -> None:
        world = World()
        application = world.submit(components=[{"component": "to_khai", "file": FILE}])
        act(world, "request_supplement", application, RECEPTION)
        act(world, "supply_supplement", application, CITIZEN)
        assert world[application]["components"][0]["attachment"] == "2"
        assert world[application]["supplements"][0]["replaced"][0]["attachment"] == "1"

    def test_who_lets_the_time_pass_may_be_refused_only_then(self) -> None:
        world = World()
        application = supplement(world)
        with pytest.raises(Conflict, match="supplement_not_expired"):
            act(world, "refuse", application, RECEPTION)
        world = World()
        application = supplement_expired(world)
        act(world, "refuse", application, RECEPTION)
        assert world[application]["status"] == Status.REFUSED
        assert world.events(application)[-2:] == ["supplement_expired", "application_refused"]

    def test_who_is_late_may_still_supply_until_refused(self) -> None:
        world = World()
        application = supplement_expired(world)
        act(world, "supply_supplement", application, CITIZEN)
        assert world[application]["status"] == Status.IN_PROCESS

    @pytest.mark.parametrize(
        ("body", "path", "code"),
        [
            ({"components": [{"component": "la", "originals": 1}]}, "components.0.component", "component_unknown"),
            ({"components": [{"component": "to_khai"}]}, "components.0", "component_empty"),
            ({"components": [{"component": "van_ban_uy_quyen", "originals": 1}]}, "components", "component_missing"),
            ({"answers": {"la": "x"}}, "answers.la", "unknown_answer"),
            ({"components": [{"component": "to_khai", "file": "00" * 32}]}, "components.0.file", "file_unknown"),
        ],
    )
    def test_a_supplement_holds_what_was_asked(self, body: dict[str, Any], path: str, code: str) -> None:
        world = World()
        application = supplement(world)
        before = {**world[application]}
        with pytest.raises(Invalid) as refusal:
            act(world, "supply_supplement", application, CITIZEN, **body)
        assert (path, code) in {(wrong["path"], wrong["code"]) for wrong in refusal.value.fields}
        assert world[application] == before

    def test_what_is_refused_claims_no_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        world = World()
        application = supplement(world)
        claimed: list[str] = []
        monkeypatch.setattr(EverybodysFiles, "claim", lambda _, file, owner: claimed.append(file))
        with pytest.raises(Invalid):
            act(
                world, "supply_supplement", application, CITIZEN,
                components=[{"component": "to_khai", "file": FILE}, {"component": "la", "file": FILE}],
            )  # fmt: skip
        assert not claimed

    @pytest.mark.parametrize("item", ["la", "khong_co"])
    def test_only_the_procedures_own_components_are_asked_for(self, item: str) -> None:
        world = World()
        application = submitted(world)
        with pytest.raises(Invalid) as refusal:
            act(world, "request_supplement", application, RECEPTION, items=[{"component": item, "requirement": "x"}])
        assert refusal.value.fields[0]["code"] == "component_unknown"

    @pytest.mark.parametrize(("action", "who"), [("request_supplement", SPECIALIST), ("request_payment", SPECIALIST)])
    def test_a_limit_in_the_past_is_refused(self, action: str, who: Any) -> None:
        world = World()
        application = in_process(world)
        with pytest.raises(Invalid) as refusal:
            act(world, action, application, who, due_at="2020-01-01T00:00:00+07:00")
        assert refusal.value.fields[0]["code"] == "not_in_future"

    def test_stop_and_resume_keep_the_unused_time_and_ask_for_money_anew(self) -> None:
        world = World()
        application = payment(world)
        act(world, "stop", application, HEAD)
        assert world[application]["payment"]["state"] == "due"
        world.now += 9 * DAY
        act(world, "resume", application, HEAD)
        assert world[application]["status"] == Status.IN_PROCESS
        assert world[application]["due_at"] > world.now

    def test_only_one_extension_with_form_04(self) -> None:
        world = World()
        application = in_process(world)
        former = world[application]["due_at"]
        act(world, "extend", application, HEAD)
        assert world[application]["due_at"] == former + 3 * DAY
        assert [form["form"] for form in world[application]["forms"]] == [1, 6, 4]
        with pytest.raises(Invalid) as refusal:
            act(world, "extend", application, HEAD, agency_at_fault="H99.01")
        assert refusal.value.fields[0]["code"] == "agency_unknown"
        with pytest.raises(Conflict, match="extension_limit_reached"):
            act(world, "extend", application, HEAD)


class TestWithdrawal:
    def test_before_reception_it_simply_goes_back(self) -> None:
        world = World()
        application = submitted(world)
        act(world, "request_withdrawal", application, CITIZEN)
        assert world[application]["withdrawal"]["state"] == "accepted"
        assert world[application]["closed_at"] == world.now
        assert not world[application]["forms"]

    def test_accepted_afterwards_leaves_form_05(self) -> None:
        world = World()
        application = withdrawal_asked(world)
        with pytest.raises(Forbidden, match="role_not_allowed"):
            act(world, "decide_withdrawal", application, RECEPTION, accept=True)
        act(world, "decide_withdrawal", application, HEAD, accept=True)
        assert world[application]["forms"][-1]["data"]["signer"]["title"] == "Thủ trưởng đơn vị"
        form = world[application]["forms"][-1]
        assert form["form"] == 5
        notice = restore(FormKind(form["kind"]), form["data"])
        assert isinstance(notice, StopNotice)
        assert notice.stage_reached == "Thẩm định hồ sơ"
        with pytest.raises(Conflict, match="withdrawal_already_decided"):
            act(world, "decide_withdrawal", application, HEAD)

    @pytest.mark.parametrize("journey", [received, in_process, supplement, payment])
    def test_refused_goes_back_to_where_it_was(self, journey: Any) -> None:
        world = World()
        application = journey(world)
        before = world[application]["status"]
        limit = _limit(world[application])
        act(world, "request_withdrawal", application, CITIZEN)
        world.now += 2 * DAY
        act(world, "decide_withdrawal", application, HEAD, accept=False)
        assert world[application]["status"] == before
        if limit:
            assert _limit(world[application]) == limit + 2 * DAY, "the time to supply or pay stood too"

    def test_a_withdrawal_during_a_supplement_goes_on_with_the_supplement(self) -> None:
        world = World()
        application = supplement(world)
        act(world, "request_withdrawal", application, CITIZEN)
        act(world, "decide_withdrawal", application, HEAD, accept=False)
        act(world, "supply_supplement", application, CITIZEN)
        assert world[application]["status"] == Status.IN_PROCESS


def _limit(application: dict[str, Any]) -> Any:
    if application["status"] == Status.SUPPLEMENT:
        return application["supplements"][-1]["supply_by"]
    return application["payment"]["expires_at"] if application["status"] == Status.PAYMENT else None
