"""Results: given, taken back, posted, returned, rated."""

from datetime import timedelta

import pytest

from services.one_stop_shop.domain.form_sets import FormKind
from services.one_stop_shop.domain.form_snapshot import restore
from services.one_stop_shop.domain.forms import ControlSheet
from services.one_stop_shop.domain.statuses import Status
from shared.errors import Conflict, Error, Invalid
from tests.support.world import CITIZEN, HEAD, MONDAY, RECEPTION, SPECIALIST, STRANGER, SYSTEM, World
from tests.unit.one_stop_shop.application.journeys import (
    act,
    finished_and_paid,
    in_process,
    returned,
    with_post,
)

DAY = timedelta(days=1)


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
