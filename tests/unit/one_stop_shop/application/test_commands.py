"""Commands beyond the table: repetition, versions, claims, waiting and going on, money, delivery."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.clock import Clock
from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.forms import ControlSheet, StopNotice
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.commands import carry_out
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.payments import record_payment_notice, start_payment
from shared.errors import Conflict, Error, Forbidden, Invalid, Stale
from tests.support.world import (
    CITIZEN,
    FILE,
    HEAD,
    MONDAY,
    OTHER_SPECIALIST,
    RECEPTION,
    SPECIALIST,
    STRANGER,
    SUBMISSION,
    SYSTEM,
    EverybodysFiles,
    World,
    catalogue,
)
from tests.unit.one_stop_shop.application.journeys import (
    act,
    finished,
    finished_and_paid,
    in_process,
    payment,
    received,
    returned,
    submitted,
    supplement,
    supplement_expired,
    with_post,
    withdrawal_asked,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class TestRepetition:
    def test_a_repeated_command_gets_the_first_answer_whatever_happened_since(self) -> None:
        world = World()
        application = submitted(world)
        request = {"application": application, "_version": 1, "_command": world.command("once"), "note": ""}
        first = carry_out(world.context, "receive", request, RECEPTION)
        act(world, "hand_over", application, RECEPTION)
        assert carry_out(world.context, "receive", request, RECEPTION) == first
        assert world.events(application).count("application_received") == 1

    def test_a_key_that_was_used_for_something_else_is_refused(self) -> None:
        world = World()
        application = submitted(world)
        command: dict[str, Any] = {"application": application, "_command": world.command("once")}
        carry_out(world.context, "receive", command, RECEPTION)
        with pytest.raises(Invalid, match="idempotency_key_reused"):
            carry_out(world.context, "hand_over", {**command, "_command": world.command("once", "b")}, RECEPTION)

    def test_an_old_version_is_refused(self) -> None:
        world = World()
        application = received(world)
        with pytest.raises(Stale, match="version_stale"):
            carry_out(
                world.context, "hand_over",
                {"application": application, "_version": 1, "_command": world.command()}, RECEPTION,
            )  # fmt: skip
        assert world[application]["status"] == Status.RECEIVED

    def test_without_a_version_a_command_survives_others_in_between(self) -> None:
        world = World()
        application = received(world)
        disturbances = iter([True, True, False])

        def disturb() -> None:
            if next(disturbances, False):
                world.applications.documents[application]["version"] += 1

        world.applications.before_save = disturb
        request = {"application": application, "_command": world.command()}
        assert carry_out(world.context, "hand_over", request, RECEPTION)["status"] == Status.IN_PROCESS


class TestAttachments:
    def test_a_file_keeps_its_number_also_when_paper_took_its_place(self) -> None:
        world = World()
        application = supplement(world)
        asked = world[application]["supplements"][-1]["items"][0]["component"]

        def supply(who: Any, **given: Any) -> Any:
            act(world, "supply_supplement", application, who, components=[{"component": asked, **given}])
            return next(one for one in world[application]["components"] if one["component"] == asked)

        first = supply(CITIZEN, file=FILE)
        for who, given in ((RECEPTION, {"originals": 1}), (CITIZEN, {"file": FILE})):
            act(world, "request_supplement", application, SPECIALIST)
            latest = supply(who, **given)
        assert int(latest["attachment"]) > int(first["attachment"])


class TestHanding:
    def test_a_new_day_that_is_over_already_is_no_apology(self) -> None:
        world = World()
        application = in_process(world)
        world.now += timedelta(days=60)
        with pytest.raises(Invalid, match="new_due_not_later"):
            act(world, "extend", application, HEAD, working_days=1)


class TestFinishing:
    def test_a_specialist_finishes_with_the_last_step_and_the_head_at_any(self) -> None:
        world = World()
        application = in_process(world)
        with pytest.raises(Conflict, match="steps_open") as refusal:
            act(world, "finish", application, SPECIALIST)
        assert refusal.value.params["steps"]
        other = in_process(world)
        act(world, "finish", other, HEAD)
        assert world[other]["status"] == Status.FINISHED
        while any(not step["started_at"] for step in world[application]["steps"]):
            act(world, "complete_step", application, HEAD)
        act(world, "finish", application, SPECIALIST)
        assert world[application]["status"] == Status.FINISHED


class TestClaim:
    def test_only_one_of_two_officers_gets_it(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        for action in ("claim", "complete_step", "request_supplement", "finish", "release"):
            with pytest.raises(Conflict, match="claimed_by_other"):
                act(world, action, application, OTHER_SPECIALIST)
        act(world, "release", application, SPECIALIST)
        act(world, "claim", application, OTHER_SPECIALIST)
        assert world[application]["assignee"] == OTHER_SPECIALIST.subject

    def test_a_second_claim_of_ones_own_is_refused(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        with pytest.raises(Conflict, match="already_claimed"):
            act(world, "claim", application, SPECIALIST)

    def test_the_head_of_unit_gives_it_to_another(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, OTHER_SPECIALIST)
        act(world, "assign", application, HEAD)
        act(world, "complete_step", application, SPECIALIST)
        assert world[application]["assignee"] is None, "the next step is for somebody else"

    def test_a_step_belongs_to_its_role(self) -> None:
        world = World()
        application = in_process(world)
        with pytest.raises(Forbidden, match="step_of_other_role"):
            act(world, "claim", application, RECEPTION)


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
        application = self.started(world)
        start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
        record_payment_notice(world.context, self.notice(world, application), None)
        record_payment_notice(world.context, self.notice(world, application, payment=f"{application}-2"), None)
        assert [attempt["state"] for attempt in world[application]["payment"]["attempts"]] == ["paid", "not_owed"]
        assert world[application]["payment"]["receipt_number"] == "VNP1"
        assert world[application]["payment"]["surplus"] == 16000
        assert world.events(application)[-1] == "payment_unmatched"

    def test_money_that_came_twice_goes_back_once_and_the_fee_stays_paid(self) -> None:
        world = World()
        application = self.started(world)
        start_payment(world.context, {"application": application, "_command": world.command()}, CITIZEN)
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


class TestResult:
    def test_the_control_slip_grows_with_every_hand(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "complete_step", application, SPECIALIST, outcome="Đủ điều kiện")
        slips = [form for form in world[application]["forms"] if form["form"] == 6]
        assert len(slips) == 1
        sheet = restore(FormKind(slips[0]["kind"]), slips[0]["data"])
        assert isinstance(sheet, ControlSheet)
        assert [row.deliverer for row in sheet.hand_overs] == ["Trần Thị Bình", "Lê Văn Cường"]

    def test_late_is_said_by_the_event(self) -> None:
        world = World()
        application = in_process(world)
        world.now += 3 * DAY
        act(world, "finish", application, HEAD)
        assert world[application]["history"][-1]["data"]["outcome"] == "late"
        assert world[application]["outcome"] == "late"

    def test_a_result_on_its_way_is_neither_here_nor_there(self) -> None:
        world = World()
        application = with_post(world)
        for action, who in (("return_result", RECEPTION), ("recall_result", HEAD), ("send_by_post", RECEPTION)):
            with pytest.raises(Conflict, match="result_with_post"):
                act(world, action, application, who)
        with pytest.raises(Conflict, match="waybill_unknown"):
            act(world, "record_post_event", application, SYSTEM, waybill="KHAC")

    def test_after_a_failed_delivery_it_goes_out_again(self) -> None:
        world = World()
        application = with_post(world)
        act(world, "record_post_event", application, SYSTEM, state="failed")
        for used in ("EH1VN", " eh1vn ", "EH-1-VN"):
            with pytest.raises(Conflict, match="waybill_used"):
                act(world, "send_by_post", application, RECEPTION, waybill=used)
        with pytest.raises(Invalid, match="waybill"):
            act(world, "send_by_post", application, RECEPTION, waybill="EH٣VN")
        act(world, "send_by_post", application, RECEPTION, waybill="EH2VN")
        act(world, "record_post_event", application, SYSTEM, waybill="EH2VN", state="delivered", receiver_name="An")
        states = [event["state"] for event in world[application]["delivery"]["events"]]
        assert states == ["handed_to_post", "failed", "handed_to_post", "delivered"]
        assert world[application]["status"] == Status.RETURNED

    def test_a_waybill_is_of_one_application(self) -> None:
        world = World()
        first, second = with_post(world), finished_and_paid(world)
        with pytest.raises(Conflict, match="waybill_taken"):
            act(world, "send_by_post", second, RECEPTION)
        act(world, "record_post_event", first, SYSTEM, state="failed")
        act(world, "send_by_post", first, RECEPTION, waybill="EH2VN")
        with pytest.raises(Conflict, match="waybill_taken"):
            act(world, "send_by_post", second, RECEPTION, waybill="eh-1-vn")
        act(world, "send_by_post", second, RECEPTION, waybill="EH3VN")
        act(world, "record_post_event", second, SYSTEM, waybill="EH-3VN", state="delivered", receiver_name="An")

    def test_what_came_back_from_the_post_and_is_recalled_waits_for_the_post_anew(self) -> None:
        world = World()
        application = with_post(world)
        with pytest.raises(Invalid, match="only_when_delivered"):
            act(world, "record_post_event", application, SYSTEM, state="failed", slip_number="BP-1")
        act(world, "record_post_event", application, SYSTEM, state="failed")
        act(world, "recall_result", application, HEAD)
        assert world[application]["delivery"]["state"] == "requested"

    def test_nothing_is_signed_or_delivered_tomorrow(self) -> None:
        world = World()
        application = in_process(world)
        later = (world.now + DAY).isoformat()
        result = {"kind": "granted", "number": "1", "issued_by": "UBND", "signer": "A", "signed_at": later}
        with pytest.raises(Invalid, match="signed_at: in_future"):
            act(world, "finish", application, HEAD, result=result)
        sent = with_post(world)
        with pytest.raises(Invalid, match="at: in_future"):
            act(world, "record_post_event", sent, SYSTEM, state="failed", at=later)

    def test_a_recalled_result_gives_the_agency_no_more_time(self) -> None:
        world = World()
        application = in_process(world)
        due_at = world[application]["due_at"]
        act(world, "finish", application, HEAD)
        world.now += DAY
        act(world, "recall_result", application, HEAD)
        assert world[application]["due_at"] == due_at
        assert world[application]["result"] is None
        assert world[application]["recalled"][0]["number"] == "15/TLHT"

    def test_online_needs_a_file(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "record_payment", application, RECEPTION)
        result = {"kind": "granted", "number": "1", "issued_by": "UBND", "signer": "A", "signed_at": MONDAY.isoformat()}
        act(world, "finish", application, HEAD, result=result)
        with pytest.raises(Conflict, match="no_electronic_result"):
            act(world, "return_result", application, RECEPTION, method="online")

    def test_each_person_rates_once(self) -> None:
        world = World()
        application = returned(world)
        act(world, "rate", application, CITIZEN)
        with pytest.raises(Conflict, match="already_rated"):
            act(world, "rate", application, CITIZEN)
        with pytest.raises(Error):
            act(world, "rate", application, STRANGER)

    def test_what_changed_after_the_synchronised_version_waits_still(self) -> None:
        world = World()
        application = finished_and_paid(world)
        version = world[application]["version"]
        act(world, "record_synchronisation", application, SYSTEM, version=version, outcome="done")
        assert world[application]["synchronisation"]["state"] == "done"
        act(world, "record_synchronisation", application, SYSTEM, version=version, outcome="done")
        assert world[application]["synchronisation"]["state"] == "pending"
        with pytest.raises(Invalid, match="version_unknown"):
            act(world, "record_synchronisation", application, SYSTEM, version=99, outcome="done")
