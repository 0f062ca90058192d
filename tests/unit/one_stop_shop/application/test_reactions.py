"""What follows from events: notices to applicants, ties seen from both ends, news for a bundle; and due work."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.transitions import allowed_actions
from services.one_stop_shop.usecases.context import actor_of
from services.one_stop_shop.usecases.fall_due import fire_due_work
from services.one_stop_shop.usecases.reactions import react_to_applications
from shared.contracts.base import Event, ReceivedEvent
from shared.errors import Conflict, Invalid
from shared.history import verify
from tests.support.world import CITIZEN, FILE, HEAD, OWNER, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import (
    act,
    in_process,
    payment,
    received,
    refused,
    returned,
    stopped,
    submitted,
    supplement,
    supplement_expired,
    withdrawal_asked,
)

DAY = timedelta(days=1)


def announce(world: World, application: str, since: int = 0) -> None:
    """Hand every event after entry `since` to the listener, as the bus would."""
    for entry in list(world[application]["history"])[since:]:
        event = Event.registry[f"one_stop_shop.{entry['type']}"]
        data = event.load(entry["data"])
        react_to_applications(
            world.context, [ReceivedEvent(event, entry["id"], application, entry["seq"], entry["at"], data)]
        )


@pytest.mark.parametrize("journey", [returned, refused, supplement_expired, payment])
def test_the_applicant_is_told_in_words_what_concerns_them(journey: Any) -> None:
    world = World()
    application = journey(world)
    announce(world, application)
    announce(world, application)  # twice is once
    notices = list(world.notices.documents.values())
    told = [entry["id"] for entry in world[application]["history"]]
    assert {notice["_id"] for notice in notices} <= set(told)
    assert len(notices) >= 2
    for notice in notices:
        assert notice["code"] in notice["text"]
        assert notice["text"].endswith((".", "đáng"))
        assert notice["code"] in notice["text_en"]
        assert notice["title_en"]
        assert notice["parties"] == world[application]["parties"]


def test_a_notice_says_when_and_how_much_in_vietnamese() -> None:
    world = World()
    application = payment(world)
    announce(world, application)
    texts = [notice["text"] for notice in world.notices.documents.values()]
    assert any("hẹn trả kết quả 17:00 ngày 05/10/2026" in text for text in texts)
    assert any("16.000 đồng" in text for text in texts)


def told(world: World, application: str, kind: str) -> dict[str, Any]:
    announce(world, application)
    (notice,) = [one for one in world.notices.documents.values() if one["type"] == f"{kind}.v1"]
    return notice


def test_a_notice_lists_what_to_add_and_why() -> None:
    world = World()
    notice = told(world, supplement(world), "supplement_requested")
    assert "Tờ khai" in notice["text"]
    assert "Ký tên vào tờ khai" in notice["text"]
    assert notice["text"].endswith("Lý do: Có lý do chính đáng")
    assert "Application for" in notice["text_en"]


@pytest.mark.parametrize(
    ("accept", "words"), [(True, "được chấp nhận cho rút"), (False, "không được chấp nhận cho rút")]
)
def test_the_answer_to_a_withdrawal_is_vietnamese_and_gives_the_reason(accept: bool, words: str) -> None:
    world = World()
    application = withdrawal_asked(world)
    act(world, "decide_withdrawal", application, HEAD, accept=accept)
    notice = told(world, application, "withdrawal_decided")
    assert notice["text"] == f"Hồ sơ {world[application]['code']} {words}. Lý do: Có lý do chính đáng"
    assert notice["text_en"].endswith("be withdrawn. Reason: Có lý do chính đáng")


def test_a_stop_says_why_as_long_as_it_holds() -> None:
    world = World()
    assert told(world, stopped(world), "application_stopped")["text"].endswith("Lý do: Có lý do chính đáng")
    other = stopped(world)
    act(world, "resume", other, HEAD)
    announce(world, other)  # the notice is late, the reason gone
    assert len([one for one in world.notices.documents.values() if one["application"] == other]) > 2


def test_who_claims_it_is_not_the_applicants_business() -> None:
    world = World()
    application = in_process(world)
    act(world, "claim", application, SPECIALIST)
    announce(world, application, since=3)
    assert not world.notices.documents


class TestTies:
    def bundle(self, world: World) -> tuple[str, str]:
        bundle, part = received(world), in_process(world)
        act(world, "link", bundle, RECEPTION, other=part, kind="part")
        announce(world, bundle)
        return bundle, part

    def test_a_part_counts_with_its_bundle(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        assert world[bundle]["counted"]
        assert not world[part]["counted"]
        assert [tie["kind"] for tie in world[part]["links"]] == ["bundle"]
        announce(world, bundle)
        announce(world, part)
        assert world.events(part).count("application_linked") == 1, "a tie is not mirrored back and forth"

    def test_both_ends_are_tied_at_once_so_that_nobody_is_part_of_its_own_part(self) -> None:
        world = World()
        one, other = received(world), received(world)
        act(world, "link", one, RECEPTION, other=other, kind="part")
        assert (world[one]["counted"], world[other]["counted"]) == (True, False)
        with pytest.raises(Conflict, match="already_linked"):
            act(world, "link", other, RECEPTION, other=one, kind="part")

    def test_a_tie_by_mistake_is_undone_at_both_ends_with_a_reason(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        act(world, "unlink", part, RECEPTION, other=bundle)
        for application in (bundle, part):
            assert (world[application]["links"], world[application]["counted"]) == ([], True)
            entry = world[application]["history"][-1]
            assert (entry["type"], bool(entry["reason"])) == ("application_unlinked.v1", True)
        act(world, "finish", bundle, HEAD)
        with pytest.raises(Conflict, match="not_linked"):
            act(world, "unlink", part, RECEPTION, other=bundle)

    def test_the_bundle_hears_of_its_part(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        seen = world[part]["version"]
        act(world, "finish", part, HEAD)
        announce(world, part, since=seen)
        assert world[bundle]["links"][0]["status"] == Status.FINISHED
        last = world[bundle]["history"][-1]
        assert (last["type"], last["data"]["part"]) == ("part_progressed.v1", part)
        assert last["actor"]["role"] == "system"

    def test_a_bundle_is_finished_after_its_parts(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        with pytest.raises(Conflict, match="parts_open") as refusal:
            act(world, "finish", bundle, HEAD)
        assert refusal.value.params["applications"] == [world[part]["code"]]
        seen = world[part]["version"]
        act(world, "finish", part, HEAD)
        announce(world, part, since=seen)
        act(world, "finish", bundle, HEAD)
        assert world[bundle]["status"] == Status.FINISHED

    @pytest.mark.parametrize("action", ["stop", "request_withdrawal"])
    def test_a_bundle_does_not_wait_for_a_part_that_gave_up(self, action: str) -> None:
        world = World()
        bundle, part = received(world), submitted(world) if action == "request_withdrawal" else in_process(world)
        act(world, "link", bundle, RECEPTION, other=part, kind="part")
        announce(world, bundle)
        seen = world[part]["version"]
        act(world, action, part, CITIZEN if action == "request_withdrawal" else HEAD)
        announce(world, part, since=seen)
        act(world, "finish", bundle, HEAD)
        assert world[bundle]["status"] == Status.FINISHED

    def test_a_bundle_waits_again_for_a_part_whose_result_was_recalled(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        seen = world[part]["version"]
        act(world, "finish", part, HEAD)
        act(world, "recall_result", part, HEAD)
        announce(world, part, since=seen)
        with pytest.raises(Conflict, match="parts_open"):
            act(world, "finish", bundle, HEAD)

    def test_related_applications_know_each_other_and_both_count(self) -> None:
        world = World()
        first, second = received(world), received(world)
        act(world, "link", first, RECEPTION, other=second, kind="related")
        announce(world, first)
        assert [tie["kind"] for tie in world[second]["links"]] == ["related"]
        assert world[first]["counted"]
        assert world[second]["counted"]

    def test_impossible_ties_are_refused(self) -> None:
        world = World()
        bundle, part = self.bundle(world)
        other = received(world)
        with pytest.raises(Invalid, match="linked_to_itself"):
            act(world, "link", bundle, RECEPTION, other=bundle, kind="related")
        with pytest.raises(Conflict, match="already_linked"):
            act(world, "link", bundle, RECEPTION, other=part, kind="related")
        with pytest.raises(Conflict, match="already_a_part"):
            act(world, "link", other, RECEPTION, other=part, kind="part")
        with pytest.raises(Conflict, match="already_a_part"):
            act(world, "link", part, RECEPTION, other=other, kind="part")
        with pytest.raises(Conflict, match="has_parts_itself"):
            act(world, "link", other, RECEPTION, other=bundle, kind="part")


BIRTH: dict[str, Any] = {
    "procedure": "2.001023",
    "quantities": {},
    "answers": {"child_name": "Nguyễn Minh Khôi", "child_birth_date": "2026-10-01", "child_sex": "male"},
    "components": [
        {"component": "to_khai", "originals": 1},
        {"component": "giay_chung_sinh", "file": FILE, "originals": 1},
    ],
}


class TestBundles:
    def parts(self, world: World) -> tuple[str, list[dict[str, Any]]]:
        bundle = world.submit(RECEPTION, channel=1, **BIRTH)
        announce(world, bundle)
        return bundle, [world[tie["application"]] for tie in world[bundle]["links"]]

    def test_one_form_becomes_the_work_of_several_agencies_and_is_counted_once(self) -> None:
        world = World()
        bundle, parts = self.parts(world)
        assert [part["procedure"]["code"] for part in parts] == ["1.001193", "1.002759"]
        assert len({part["competent_agency"] for part in parts}) == 2
        assert [world[bundle]["counted"], *(part["counted"] for part in parts)] == [True, False, False]
        for part in parts:
            assert part["status"] == Status.SUBMITTED
            assert part["parties"] == world[bundle]["parties"]
            assert part["links"][0]["application"] == bundle
            assert verify(part["_id"], part["history"], version=1, head=part["head"]) is None

    def test_a_part_holds_the_answers_and_papers_that_its_procedure_knows(self) -> None:
        birth = self.parts(World())[1][0]
        assert birth["answers"]["child_name"] == "Nguyễn Minh Khôi"
        paper = next(record for record in birth["components"] if record["component"] == "giay_chung_sinh")
        assert (paper["file"]["id"], paper["reused_from"]) == (FILE, "component")

    def test_parts_are_opened_once(self) -> None:
        world = World()
        bundle, _ = self.parts(world)
        announce(world, bundle)
        assert len(world.applications.documents) == 3
        assert world.events(bundle) == ["application_received", "application_linked", "application_linked"]

    def test_a_part_that_the_platform_opened_stays_tied(self) -> None:
        world = World()
        bundle, parts = self.parts(world)
        for one, other in ((bundle, parts[0]["_id"]), (parts[0]["_id"], bundle)):
            with pytest.raises(Conflict, match="part_of_the_procedure"):
                act(world, "unlink", one, RECEPTION, other=other)
            assert "unlink" not in allowed_actions(world[one], actor_of(RECEPTION))
        act(world, "hand_over", bundle, RECEPTION)
        with pytest.raises(Conflict, match="parts_open"):
            act(world, "finish", bundle, HEAD)

    def test_a_bundle_that_is_given_back_takes_its_parts_along(self) -> None:
        world = World()
        bundle, (waiting, received_part) = self.parts(world)
        world.act("receive", received_part["_id"], RECEPTION)
        act(world, "request_withdrawal", bundle, CITIZEN)
        since = len(world[bundle]["history"])
        act(world, "decide_withdrawal", bundle, HEAD, accept=True)
        announce(world, bundle, since)
        for part, state in ((waiting["_id"], "accepted"), (received_part["_id"], "requested")):
            assert (world[part]["status"], world[part]["withdrawal"]["state"]) == (Status.WITHDRAWN, state)
            assert world[bundle]["code"] in world[part]["withdrawal"]["reason"]

    def test_a_part_that_is_stopped_is_taken_along_too(self) -> None:
        world = World()
        bundle, (part, _) = self.parts(world)
        for action, who in (("receive", RECEPTION), ("hand_over", RECEPTION), ("stop", HEAD)):
            act(world, action, part["_id"], who)
        act(world, "request_withdrawal", bundle, CITIZEN)
        since = len(world[bundle]["history"])
        act(world, "decide_withdrawal", bundle, HEAD, accept=True)
        announce(world, bundle, since)
        asked = world[part["_id"]]
        assert (asked["status"], asked["withdrawal"]["state"]) == (Status.WITHDRAWN, "requested")
        act(world, "decide_withdrawal", part["_id"], HEAD, accept=False)
        assert world[part["_id"]]["status"] == Status.STOPPED
        act(world, "resume", part["_id"], HEAD)
        assert world[part["_id"]]["clock"]["intervals"][-1]["paused_to"] == world.now

    def test_parts_follow_a_bundle_whose_people_are_put_right(self) -> None:
        world = World()
        bundle, parts = self.parts(world)
        since = len(world[bundle]["history"])
        right = {**OWNER, "name": "Trần Văn Ân", "identity_number": "092090000321"}
        act(world, "correct", bundle, RECEPTION, owner=right, content=None)
        announce(world, bundle, since)
        for part in parts:
            assert world[part["_id"]]["owner"] == world[bundle]["owner"]
            assert world[part["_id"]]["parties"] == world[bundle]["parties"]
        announce(world, bundle, since)
        assert len(world[parts[0]["_id"]]["corrections"]) == 1

    def test_a_part_whose_bundle_has_no_result_any_more_can_be_untied(self) -> None:
        world = World()
        bundle, parts = self.parts(world)
        act(world, "hand_over", bundle, RECEPTION)
        for action in ("stop", "resume"):
            act(world, action, bundle, HEAD)
            assert "unlink" not in allowed_actions(world[bundle], actor_of(RECEPTION))
        act(world, "request_withdrawal", bundle, CITIZEN)
        assert "unlink" not in allowed_actions(world[bundle], actor_of(RECEPTION))
        act(world, "decide_withdrawal", bundle, HEAD, accept=True)
        assert "unlink" in allowed_actions(world[bundle], actor_of(RECEPTION))
        act(world, "unlink", bundle, RECEPTION, other=parts[0]["_id"])
        assert world[parts[0]["_id"]]["counted"]

    def test_a_note_that_was_lost_is_made_up_for(self) -> None:
        world = World()
        bundle, _ = self.parts(world)
        world[bundle].update(links=[])
        announce(world, bundle, since=0)
        assert len(world.applications.documents) == 3
        assert len(world[bundle]["links"]) == 2

    def test_a_part_that_nobody_can_decide_on_holds_nothing_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Directory, "competent_for", _nobody_for("1.002759", Directory.competent_for))
        world = World()
        _, parts = self.parts(world)
        assert [part["procedure"]["code"] for part in parts] == ["1.001193"]
        assert world.notices.documents

    def test_the_bundle_hears_how_its_parts_end(self) -> None:
        world = World()
        bundle, parts = self.parts(world)
        part = parts[0]["_id"]
        act(world, "refuse", part, RECEPTION)
        announce(world, part, since=1)
        assert [tie["status"] for tie in world[bundle]["links"]] == [Status.REFUSED, Status.SUBMITTED]


def _nobody_for(code: str, otherwise: Any) -> Any:
    return lambda self, version, *rest: None if version.code == code else otherwise(self, version, *rest)


class TestDueWork:
    def test_reception_is_late_once(self) -> None:
        world = World()
        application = submitted(world)
        fire_due_work(world.context, application)
        assert world.events(application) == ["application_submitted"], "not before its time"
        world.now += 30 * DAY
        fire_due_work(world.context, application)
        fire_due_work(world.context, application)
        assert world.events(application) == ["application_submitted", "reception_late"]
        assert world[application]["next_due_at"] is None

    def test_near_and_missed_are_told_in_order_after_a_long_sleep(self) -> None:
        world = World()
        application = received(world)
        world.now += 30 * DAY
        fire_due_work(world.context, application)
        assert world.events(application)[-2:] == ["deadline_near", "deadline_missed"]

    def test_a_deadline_that_was_missed_unseen_is_still_told_after_the_finish(self) -> None:
        world = World()
        application = in_process(world)
        world.now += 3 * DAY
        act(world, "finish", application, HEAD)
        fire_due_work(world.context, application)
        assert world.events(application)[-2:] == ["application_finished", "deadline_missed"]

    def test_a_missed_deadline_is_not_told_again_after_a_supplement(self) -> None:
        world = World()
        application = received(world)
        world.now += 3 * DAY
        fire_due_work(world.context, application)
        act(world, "request_supplement", application, RECEPTION)
        world.now += DAY
        act(world, "supply_supplement", application, CITIZEN)
        world.now += 3 * DAY
        fire_due_work(world.context, application)
        assert world.events(application).count("deadline_missed") == 1

    def test_what_is_supplied_in_time_never_expires(self) -> None:
        world = World()
        application = supplement(world)
        act(world, "supply_supplement", application, CITIZEN)
        world.now += 90 * DAY
        fire_due_work(world.context, application)
        assert "supplement_expired" not in world.events(application)

    def test_an_application_that_is_gone_stops_nobody(self) -> None:
        fire_due_work(World().context, "0" * 32)
