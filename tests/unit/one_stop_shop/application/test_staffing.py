"""Applications are given to officers in post only, under the names of the directory, and handed on when they go."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.one_stop_shop.domain.statuses import Status
from services.one_stop_shop.usecases.staffing import admit, copy_officer, hand_on_applications, list_assignees
from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.events import OfficerAppointed, OfficerChanged, OfficerLeft, OfficerMoved
from shared.contracts.principal import Principal
from shared.errors import Error, Forbidden, Invalid, Stale, Unavailable
from shared.history import verify
from shared.officer_copies import LOOK_AGAIN
from tests.support.officers import MemoryOfficers, announced, post
from tests.support.world import COMMUNE, ELSEWHERE, HEAD, OTHER_SPECIALIST, RECEPTION, SPECIALIST, World
from tests.unit.one_stop_shop.application.journeys import act, finished, in_process, received, submitted

HERE = post(COMMUNE, "specialist")
ENDED = post(COMMUNE, "specialist", ends_on="2026-10-04")


def tell(world: World, event: Any, sequence: int, *posts: Any, officer: Principal = SPECIALIST, **more: Any) -> None:
    """The directory announces something of an officer."""
    said: ReceivedEvent = announced(event, officer.subject, sequence, more.pop("name", officer.name), posts, **more)
    copy_officer(world.context, said)


def gone(world: World, **more: Any) -> None:
    tell(world, OfficerLeft, 2, ENDED, **more)
    hand_on_applications(world.context, SPECIALIST.subject)


def problems(refusal: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields]


def has(world: World, application: str) -> tuple[str | None, str | None]:
    return world[application]["assignee"], world[application]["assignee_name"]


class TestGiving:
    @pytest.mark.parametrize("given", [{}, {"assignee_name": None}, {"assignee_name": "LE VAN  CUONG"}])
    def test_the_name_is_the_directorys(self, given: dict[str, Any]) -> None:
        world = World()
        application = received(world)
        act(world, "hand_over", application, RECEPTION, assignee=SPECIALIST.subject, **given)
        assert has(world, application) == (SPECIALIST.subject, "Lê Văn Cường")
        act(world, "assign", application, HEAD, assignee=OTHER_SPECIALIST.subject, assignee_name=None)
        assert has(world, application) == (OTHER_SPECIALIST.subject, "Ngô Văn Đạt")

    def test_who_claims_is_called_as_the_directory_calls_them(self) -> None:
        world = World()
        application = in_process(world)
        tell(world, OfficerChanged, 2, HERE, name="Lê Văn Cường (B)")
        act(world, "claim", application, replace(SPECIALIST, name="Người ký tên khác"))
        assert has(world, application) == (SPECIALIST.subject, "Lê Văn Cường (B)")

    @pytest.mark.parametrize(
        ("assignee", "name", "wrong"),
        [
            ("nobody", None, ("assignee", "officer_unknown")),
            (ELSEWHERE.subject, None, ("assignee", "officer_elsewhere")),
            (ELSEWHERE.subject, "Bất kỳ ai", ("assignee", "officer_elsewhere")),
            (OTHER_SPECIALIST.subject, None, ("assignee", "officer_not_in_post")),
            (RECEPTION.subject, None, ("assignee", "officer_of_other_role")),
            (SPECIALIST.subject, "Ngô Văn Đạt", ("assignee_name", "officer_name_differs")),
        ],
    )
    @pytest.mark.parametrize("action", ["hand_over", "assign"])
    def test_who_may_not_have_it_is_refused_by_name_and_nothing_happens(
        self, action: str, assignee: str, name: str | None, wrong: tuple[str, str]
    ) -> None:
        world = World()
        application = received(world) if action == "hand_over" else in_process(world)
        tell(world, OfficerLeft, 2, ENDED, officer=OTHER_SPECIALIST)
        before = world[application]["version"]
        actor = RECEPTION if action == "hand_over" else HEAD
        with pytest.raises(Invalid) as refusal:
            act(world, action, application, actor, assignee=assignee, assignee_name=name)
        assert problems(refusal) == [wrong]
        assert world[application]["version"] == before

    def test_the_next_step_is_given_to_somebody_of_its_role(self) -> None:
        world = World()
        application = in_process(world)
        with pytest.raises(Invalid) as refusal:
            act(world, "complete_step", application, SPECIALIST, assignee=OTHER_SPECIALIST.subject)
        assert problems(refusal) == [("assignee", "officer_of_other_role")], "the next step is the head's"
        act(world, "complete_step", application, SPECIALIST, assignee=HEAD.subject)
        assert has(world, application) == (HEAD.subject, HEAD.name)

    def test_the_head_may_have_every_step_and_before_processing_every_officer_anything(self) -> None:
        world = World()
        for application, assignee in ((in_process(world), HEAD), (submitted(world), RECEPTION)):
            act(world, "assign", application, HEAD, assignee=assignee.subject, assignee_name=None)
            assert has(world, application) == (assignee.subject, assignee.name)

    def test_only_who_is_in_the_directory_claims(self) -> None:
        world = World()
        application = in_process(world)
        unheard = Principal("la", "Người lạ", SPECIALIST.roles, agency=COMMUNE)
        with pytest.raises(Forbidden, match="officer_unknown"):
            act(world, "claim", application, unheard)
        tell(world, OfficerLeft, 2, ENDED)
        with pytest.raises(Forbidden, match="officer_not_in_post"):
            act(world, "claim", application, SPECIALIST)

    def test_a_new_copy_that_knows_nobody_yet_asks_for_patience(self) -> None:
        world = World(officers=MemoryOfficers())
        application = in_process(world)
        with pytest.raises(Unavailable, match="officers_awaited"):
            act(world, "claim", application, SPECIALIST)


class TestHandingOn:
    def test_who_leaves_gives_everything_back_to_the_queue_once(self) -> None:
        world = World()
        claimed, given, other = in_process(world), received(world), in_process(world)
        act(world, "claim", claimed, SPECIALIST)
        act(world, "hand_over", given, RECEPTION, assignee=SPECIALIST.subject)
        act(world, "claim", other, OTHER_SPECIALIST)
        for _ in range(2):
            gone(world)
        for application in (claimed, given):
            assert has(world, application) == (None, None)
            entry = world[application]["history"][-1]
            assert (entry["type"], entry["data"]["assignee"]) == ("assignment_changed.v1", None)
            assert (entry["actor"]["role"], entry["reason"][:12]) == ("system", "Lê Văn Cường")
            assert world.events(application).count("assignment_changed") == (2 if application == claimed else 1)
            document = world[application]
            assert verify(application, document["history"], version=document["version"], head=document["head"]) is None
        assert has(world, other)[0] == OTHER_SPECIALIST.subject
        act(world, "claim", claimed, OTHER_SPECIALIST)

    def test_a_name_alone_is_no_account(self) -> None:
        world = World()
        application = received(world)
        with pytest.raises(Invalid, match="assignee: required"):
            act(world, "hand_over", application, RECEPTION, assignee=None, assignee_name="Lê Văn Cường")

    def test_a_named_successor_takes_over_what_they_may_have(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        gone(world, successor=OTHER_SPECIALIST.subject)
        assert has(world, application) == (OTHER_SPECIALIST.subject, "Ngô Văn Đạt")
        act(world, "complete_step", application, OTHER_SPECIALIST)

    @pytest.mark.parametrize("successor", [RECEPTION.subject, ELSEWHERE.subject, "nobody"])
    def test_a_successor_who_may_not_have_it_does_not_get_it(self, successor: str) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        gone(world, successor=successor)
        assert has(world, application) == (None, None)

    def test_a_post_that_ends_ahead_is_handed_on_when_its_day_has_come(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        tell(world, OfficerLeft, 2, post(COMMUNE, "specialist", ends_on="2026-10-09"))
        due = world.officers.rows[SPECIALIST.subject]["next_due_at"]
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, application)[0] == SPECIALIST.subject
        assert due == datetime(2026, 10, 9, 17, 0, tzinfo=UTC)
        world.now = due
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, application) == (None, None)

    def test_a_move_within_the_agency_takes_only_what_the_new_post_cannot_have(self) -> None:
        world = World()
        step, waiting = in_process(world), finished(world)
        act(world, "claim", step, SPECIALIST)
        act(world, "claim", waiting, SPECIALIST)
        tell(world, OfficerMoved, 2, ENDED, post(COMMUNE, "reception_officer", starts_on="2026-10-05"))
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, step) == (None, None)
        assert has(world, waiting)[0] == SPECIALIST.subject

    def test_a_new_account_takes_its_own_work_along(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        tell(world, OfficerChanged, 2, HERE, account="cuong.lv")
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, application) == ("cuong.lv", "Lê Văn Cường")
        act(world, "complete_step", application, replace(SPECIALIST, subject="cuong.lv"))

    def test_a_claim_that_was_under_way_is_found_by_the_second_look(self) -> None:
        world = World()
        application = in_process(world)
        tell(world, OfficerLeft, 2, ENDED)
        hand_on_applications(world.context, SPECIALIST.subject)
        world[application].update(assignee=SPECIALIST.subject, assignee_name=SPECIALIST.name)  # stored after the look
        assert world.officers.rows[SPECIALIST.subject]["next_due_at"] == world.now + LOOK_AGAIN
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, application) == (None, None)

    def test_somebody_elses_change_in_between_is_seen(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        tell(world, OfficerLeft, 2, ENDED)

        def assign_first() -> None:
            world.applications.before_save = lambda: None
            act(world, "assign", application, HEAD, assignee=OTHER_SPECIALIST.subject, assignee_name=None)

        world.applications.before_save = assign_first
        hand_on_applications(world.context, SPECIALIST.subject)
        assert has(world, application)[0] == OTHER_SPECIALIST.subject
        act(world, "assign", application, HEAD, assignee=HEAD.subject, assignee_name=None)

    def test_what_never_comes_to_rest_is_tried_again_later(self) -> None:
        world = World()
        application = in_process(world)
        act(world, "claim", application, SPECIALIST)
        tell(world, OfficerLeft, 2, ENDED)
        world.applications.save = lambda *_: False  # type: ignore[method-assign]  # somebody is always faster
        with pytest.raises(Stale):
            hand_on_applications(world.context, SPECIALIST.subject)
        assert world.officers.rows[SPECIALIST.subject]["looks"] == 2

    def test_what_is_done_is_nobodys_any_more(self) -> None:
        world = World()
        application = finished(world)
        version = world[application]["version"]
        gone(world)
        assert (world[application]["version"], world[application]["status"]) == (version, Status.FINISHED)


class TestTheDoor:
    def test_a_role_ends_before_the_token(self) -> None:
        world = World()
        application = in_process(world)
        assert admit(world.context, SPECIALIST) == SPECIALIST
        tell(world, OfficerLeft, 2, ENDED)
        with pytest.raises(Error, match="post_not_held"):
            admit(world.context, SPECIALIST)
        assert admit(world.context, OTHER_SPECIALIST) == OTHER_SPECIALIST
        assert has(world, application) == (None, None)

    def test_posts_go_on_at_the_agency_that_took_over(self) -> None:
        world = World()
        old = "000.00.30.H13"
        closed = next(one for one in world.context.offices.directory() if one.closed_on and one.successor)
        tell(world, OfficerAppointed, 2, post(str(closed.successor), "specialist"))
        with_old_token = replace(SPECIALIST, agency=closed.code)
        assert admit(world.context, with_old_token) == with_old_token
        with pytest.raises(Error, match="post_not_held"):
            admit(world.context, replace(SPECIALIST, agency=old))


def test_work_is_given_to_those_in_post_at_the_agency_by_name() -> None:
    world = World()
    tell(world, OfficerMoved, 2, post(COMMUNE, "specialist", ends_on="2026-10-04"), officer=OTHER_SPECIALIST)
    tell(world, OfficerMoved, 2, post(COMMUNE, "clerk"), post("H13", "reception_officer"), officer=RECEPTION)
    assert list_assignees(world.context, {}, HEAD) == {
        "officers": [
            {"account": SPECIALIST.subject, "name": SPECIALIST.name, "roles": ["specialist"]},
            {"account": HEAD.subject, "name": HEAD.name, "roles": ["head_of_unit"]},
        ]
    }
