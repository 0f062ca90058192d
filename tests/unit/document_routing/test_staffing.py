"""Incoming documents are assigned to officers in post only, under the directory's names, and handed on when they go."""

from typing import Any

import pytest

from services.document_routing.usecases.staffing import admit, copy_officer, hand_on_arrivals, list_handlers
from shared.contracts.base import ReceivedEvent
from shared.contracts.email_provisioning.events import OfficerAppointed, OfficerChanged, OfficerLeft
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, Stale
from shared.history import verify
from tests.support.document_world import CLERK, THEIR_CLERK, THEIR_LEADER, THEIR_SPECIALIST, DocumentWorld
from tests.support.documents_in_memory import DEPARTMENT, DISTRICT, WARD
from tests.support.officers import announced, post
from tests.unit.document_routing.test_incoming import ASSIGNMENT, LEAD

SECOND = Principal("chuyen-vien-so-2", "Hồ Minh Tâm", THEIR_SPECIALIST.roles, agency=DEPARTMENT)
HERE = post(DEPARTMENT, "specialist")
ENDED = post(DEPARTMENT, "specialist", ends_on="2026-10-04")
BY_NAME = {"unit": "Thanh tra Sở", "officer": SECOND.subject, "officer_name": None}


@pytest.fixture
def world() -> DocumentWorld:
    world = DocumentWorld()
    tell(world, OfficerAppointed, 1, HERE, officer=SECOND)
    return world


def tell(
    world: DocumentWorld, event: Any, sequence: int, *posts: Any, officer: Principal = THEIR_SPECIALIST, **more: Any
) -> None:
    """The directory announces something of an officer."""
    said: ReceivedEvent = announced(event, officer.subject, sequence, officer.name, posts, **more)
    copy_officer(world.context, said)


def gone(world: DocumentWorld, officer: Principal = THEIR_SPECIALIST, **more: Any) -> None:
    tell(world, OfficerLeft, 2, ENDED, officer=officer, **more)
    hand_on_arrivals(world.context, officer.subject)


def assigned(world: DocumentWorld, **more: Any) -> str:
    arrival = world.arrival_of(world.issued())
    world.on_arrival("register_arrival", arrival, THEIR_CLERK)
    world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT | more)
    return arrival


def stands(world: DocumentWorld, arrival: str) -> tuple[str, str | None, list[str]]:
    found = world.arrivals.documents[arrival]
    return found["status"], found["assignments"][-1]["lead"]["officer"], found["handlers"]


class TestAssigning:
    def test_the_names_are_the_directorys(self, world: DocumentWorld) -> None:
        spelt = {**LEAD, "officer_name": "truong van  nam"}
        arrival = assigned(world, lead=spelt, co_operating=[BY_NAME, {"unit": "Văn phòng", "officer_name": "Ai đó"}])
        row = world.arrivals.documents[arrival]["assignments"][-1]
        names = [one["officer_name"] for one in (row["lead"], *row["co_operating"])]
        assert names == ["Trương Văn Nam", "Hồ Minh Tâm", None]

    def test_everybody_who_may_not_have_it_is_named(self, world: DocumentWorld) -> None:
        arrival = world.arrival_of(world.issued())
        world.on_arrival("register_arrival", arrival, THEIR_CLERK)
        tell(world, OfficerLeft, 2, ENDED, officer=SECOND)
        others = ("nobody", CLERK.subject, THEIR_CLERK.subject)
        unit = [{"unit": "Phòng", "officer": officer, "officer_name": "Tên khác"} for officer in others]
        with pytest.raises(Invalid) as refusal:
            world.on_arrival(
                "assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT | {"lead": BY_NAME, "co_operating": unit}
            )
        assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [
            ("lead.officer", "officer_not_in_post"),
            ("co_operating.0.officer", "officer_unknown"),
            ("co_operating.1.officer", "officer_elsewhere"),
            ("co_operating.2.officer_name", "officer_name_differs"),
        ]
        assert world.arrivals.documents[arrival]["status"] == "03"

    def test_who_does_not_work_with_documents_gets_none(self, world: DocumentWorld) -> None:
        tell(world, OfficerChanged, 2, post(DEPARTMENT, "reception_officer"))
        with pytest.raises(Invalid) as refusal:
            assigned(world)
        assert [wrong["code"] for wrong in refusal.value.fields] == ["officer_of_other_role"]


class TestHandingOn:
    def test_without_its_lead_a_document_waits_to_be_assigned_again(self, world: DocumentWorld) -> None:
        arrival = assigned(world)
        world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST)
        for _ in range(2):
            gone(world)
        assert stands(world, arrival) == ("03", None, [])
        found = world.arrivals.documents[arrival]
        assert world.events(arrival).count("document_handed_on") == 1
        entry, slip = found["history"][-1], found["assignments"][-1]
        assert (entry["data"]["officer"], entry["data"]["successor"]) == (THEIR_SPECIALIST.subject, None)
        assert entry["reason"] == slip["opinion"]
        assert entry["reason"].startswith("Trương Văn Nam không còn giữ chức vụ")
        assert (slip["number"], slip["by"], slip["lead"]["unit"]) == (2, "Hệ thống", "Phòng Quy hoạch")
        assert slip["due_at"] == found["assignments"][0]["due_at"]
        assert verify(arrival, found["history"], version=found["version"], head=found["head"]) is None
        world.settle()
        world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT | {"lead": BY_NAME})
        assert stands(world, arrival) == ("04", SECOND.subject, [SECOND.subject])

    def test_the_sender_learns_nothing_of_it(self, world: DocumentWorld) -> None:
        document = world.issued()
        arrival = world.arrival_of(document)
        world.on_arrival("register_arrival", arrival, THEIR_CLERK)
        world.on_arrival("assign_arrival", arrival, THEIR_LEADER, **ASSIGNMENT)
        world.settle()
        before = world.delivery(document)["rows"]
        gone(world)
        world.settle()
        assert world.delivery(document)["rows"] == before

    def test_a_named_successor_goes_on_where_the_work_stands(self, world: DocumentWorld) -> None:
        arrival = assigned(world)
        world.on_arrival("work_on_arrival", arrival, THEIR_SPECIALIST)
        gone(world, successor=SECOND.subject)
        assert stands(world, arrival) == ("05", SECOND.subject, [SECOND.subject])
        assert world.on_arrival("complete_arrival", arrival, SECOND)["status"] == "06"

    def test_who_only_co_operated_leaves_the_lead_at_work(self, world: DocumentWorld) -> None:
        arrival = assigned(world, co_operating=[BY_NAME])
        gone(world, SECOND)
        assert stands(world, arrival) == ("04", THEIR_SPECIALIST.subject, [THEIR_SPECIALIST.subject])
        left = world.arrivals.documents[arrival]["assignments"][-1]["co_operating"]
        assert left == [{"unit": "Thanh tra Sở", "officer": None, "officer_name": None}]

    def test_a_new_account_takes_its_own_work_along(self, world: DocumentWorld) -> None:
        arrival = assigned(world)
        tell(world, OfficerChanged, 2, HERE, account="nam.tv")
        hand_on_arrivals(world.context, THEIR_SPECIALIST.subject)
        assert stands(world, arrival) == ("04", "nam.tv", ["nam.tv"])

    def test_what_is_done_stays_as_it_was_done(self, world: DocumentWorld) -> None:
        arrival = assigned(world)
        world.on_arrival("complete_arrival", arrival, THEIR_SPECIALIST)
        gone(world)
        assert stands(world, arrival) == ("06", THEIR_SPECIALIST.subject, [THEIR_SPECIALIST.subject])

    def test_what_never_comes_to_rest_is_tried_again_later(self, world: DocumentWorld) -> None:
        assigned(world)
        world.arrivals.save = lambda *_: False  # type: ignore[method-assign]  # somebody is always faster
        with pytest.raises(Stale):
            gone(world)
        assert world.officers.rows[THEIR_SPECIALIST.subject]["looks"] == 2


def test_a_role_ends_before_the_token(world: DocumentWorld) -> None:
    assert admit(world.context, THEIR_SPECIALIST) == THEIR_SPECIALIST
    tell(world, OfficerLeft, 2, ENDED)
    with pytest.raises(Forbidden, match="post_not_held"):
        admit(world.context, THEIR_SPECIALIST)


def test_posts_go_on_at_the_agency_that_took_over(world: DocumentWorld) -> None:
    old = Principal("cu", "Cũ", THEIR_SPECIALIST.roles, agency=DISTRICT)
    tell(world, OfficerAppointed, 1, post(WARD, "specialist"), officer=old)
    assert admit(world.context, old) == old


def test_documents_are_given_to_those_in_post_at_the_agency(world: DocumentWorld) -> None:
    tell(world, OfficerChanged, 2, ENDED)
    listed = list_handlers(world.context, {}, THEIR_LEADER)["officers"]
    assert {one["account"] for one in listed} == {SECOND.subject, THEIR_CLERK.subject, THEIR_LEADER.subject}
    assert {"account": SECOND.subject, "name": SECOND.name, "roles": ["specialist"]} in listed
