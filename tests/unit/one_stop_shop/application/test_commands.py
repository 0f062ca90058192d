"""Commands beyond the table: repetition, versions, attachments, handing over, claims."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.commands import carry_out
from shared.errors import Conflict, Forbidden, Invalid, Stale
from tests.support.shop_in_memory import FILE
from tests.support.world import CITIZEN, HEAD, OTHER_SPECIALIST, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import (
    act,
    in_process,
    received,
    submitted,
    supplement,
)


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

    @pytest.mark.parametrize("before", [submitted, received])
    def test_what_is_not_handed_over_is_held_by_those_who_receive(self, before: Callable[[World], str]) -> None:
        world = World()
        application = before(world)
        for other in (SPECIALIST, HEAD):
            with pytest.raises(Forbidden, match="step_of_other_role"):
                act(world, "claim", application, other)
        act(world, "claim", application, RECEPTION)
        assert world[application]["assignee"] == RECEPTION.subject

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
