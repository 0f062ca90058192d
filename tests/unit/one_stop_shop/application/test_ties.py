"""Ties of applications, seen from both ends, and news for a bundle."""

from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.domain.transitions import allowed_actions
from services.one_stop_shop.usecases.context import actor_of
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Invalid
from shared.history import verify
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, OWNER, RECEPTION, World
from tests.unit.one_stop_shop.application.announcing import announce
from tests.unit.one_stop_shop.application.journeys import (
    act,
    in_process,
    received,
    submitted,
)


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


WITH_RESIDENCE = {"procedure": "2.000986", "answers": {**BIRTH["answers"], "new_address": "5 Hai Bà Trưng"}}


class TestBundles:
    def parts(self, world: World, **changed: Any) -> tuple[str, list[dict[str, Any]]]:
        bundle = world.submit(RECEPTION, channel=1, **{**BIRTH, **changed})
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

    @pytest.mark.parametrize(("born", "case", "fee"), [("2026-08-06", "standard", 0), ("2026-08-03", "overdue", 8000)])
    def test_a_part_has_the_case_and_fee_that_it_would_have_alone(self, born: str, case: str, fee: int) -> None:
        birth, card = self.parts(World(), answers={**BIRTH["answers"], "child_birth_date": born})[1]
        assert (birth["procedure"]["case"], birth["payment"]["amount"]) == (case, fee)
        assert card["procedure"]["case"] == "standard"

    def test_a_part_is_in_time_by_the_day_on_which_the_bundle_was_handed_in(self) -> None:
        world = World()
        bundle = world.submit(**{**BIRTH, "answers": {**BIRTH["answers"], "child_birth_date": "2026-08-06"}})
        world.now += timedelta(days=7)
        act(world, "receive", bundle, RECEPTION)
        announce(world, bundle)
        birth = world[world[bundle]["links"][0]["application"]]
        assert (birth["procedure"]["case"], birth["payment"]["amount"]) == ("standard", 0)
        assert birth["submitted_at"] == world[bundle]["submitted_at"]

    def test_a_child_of_a_bundle_is_exempt_from_the_residence_fee_without_a_paper(self) -> None:
        world = World()
        _, (_, residence, _) = self.parts(world, **WITH_RESIDENCE)
        assert residence["answers"] == {
            "new_address": "5 Hai Bà Trưng",
            "dwelling": "relatives",
            "exemption": "child",
        }
        assert residence["payment"]["amount"] == 0
        police = Principal("p", "Công an", frozenset({Role.RECEPTION_OFFICER}), agency=residence["received_agency"])
        world.act("receive", residence["_id"], police)
        assert world[residence["_id"]]["status"] == Status.RECEIVED

    def test_a_ground_of_exemption_is_claimed_in_a_bundle_too(self) -> None:
        late = {**BIRTH["answers"], "child_birth_date": "2026-01-01", "exemption": "poor_household"}
        proof = {"component": "giay_to_mien_giam", "photocopies": 1}
        birth = self.parts(World(), answers=late, components=[*BIRTH["components"], proof])[1][0]
        assert (birth["procedure"]["case"], birth["payment"]["amount"]) == ("overdue", 0)

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
