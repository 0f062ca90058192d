"""One session of an approved series at another time."""

import pytest

from services.conference_booking.domain.appointments import booked
from shared.errors import Conflict, Invalid, NotFound
from shared.working_time import VIETNAM
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.changing import DAY, busy, series


@pytest.fixture
def meeting(world: ConferenceWorld) -> str:
    return world.approved()


def test_one_session_is_moved_and_the_others_stay(world: ConferenceWorld) -> None:
    one = series(world)
    receipt = world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-12-15T14:00", minutes=90)
    assert (receipt["state"], receipt["sequence"]) == ("approved", 1)
    assert [busy(world, day=f"2026-12-{day:02d}") for day in (7, 14, 15, 21)] == [
        [("07:00", "10:15")],
        [],
        [("13:00", "15:45")],
        [("07:00", "10:15")],
    ]
    assert [said["n"] for said in world.meeting(one)["history"][-1]["data"]["sessions"]] == [2]
    with pytest.raises(Conflict, match="meeting_unchanged"):
        world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-12-15T14:00", minutes=90)
    world.at("2026-12-15T14:00")
    world.ask("start_session", TECHNICIAN, meeting=one, session="2")


def test_a_moved_session_waits_for_approval_too(world: ConferenceWorld) -> None:
    one = series(world)
    world.ask("move_session", CLERK, meeting=one, session="2", starts="2026-12-14T09:00")
    assert busy(world, day="2026-12-14") == [("07:00", "10:15"), ("10:15", "11:15")]
    assert world.ask("read_meeting", CLERK, meeting=one)["proposal"]["session"] == 2
    world.ask("approve_change", APPROVER, meeting=one)
    assert busy(world, day="2026-12-14") == [("08:00", "11:15")]
    world.ask("move_session", CLERK, meeting=one, session="3", starts="2026-12-22T09:00")
    world.ask("reject_change", APPROVER, meeting=one, reason="Bận")
    assert (busy(world, day="2026-12-21"), busy(world, day="2026-12-22")) == ([("07:00", "10:15")], [])


def test_a_session_is_not_moved_to_where_it_cannot_be(world: ConferenceWorld) -> None:
    one = series(world)
    world.approved(NEIGHBOUR, chair="th-05", endpoints=[], starts="2026-12-15T14:00")
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.ask("move_session", CLERK, meeting=one, session="2", starts="2026-12-15T14:00")
    assert [clash["session"] for clash in refusal.value.params["clashes"]] == [2]
    assert [found["starts"] for found in refusal.value.params["alternatives"]][:1] == ["2026-12-15T10:45"]
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-12-21T08:30")
    with pytest.raises(Conflict, match="meeting_in_past"):
        world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-11-20T08:00")
    with pytest.raises(Conflict, match="lead_too_short"):
        world.ask("move_session", CLERK, meeting=one, session="2", starts="2026-12-01T08:00")
    with pytest.raises(NotFound, match="session_unknown"):
        world.ask("move_session", CLERK, meeting=one, session="9", starts="2026-12-15T08:00")
    with pytest.raises(Invalid):
        world.ask("move_session", CLERK, meeting=one, session="2", starts="hôm nay")
    world.ask("cancel_session", CLERK, meeting=one, session="2", reason="Bận")
    with pytest.raises(Conflict, match="session_action_not_allowed"):
        world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-12-16T08:00")
    assert busy(world, day="2026-12-14") == []


def test_the_only_session_is_moved_as_the_meeting(world: ConferenceWorld, meeting: str) -> None:
    world.ask("move_session", APPROVER, meeting=meeting, session="1", starts=f"{DAY}T14:00")
    assert (world.meeting(meeting)["starts"], busy(world)) == (f"{DAY}T14:00", [("13:00", "16:15")])


def test_a_session_that_gave_way_takes_place_at_another_time(world: ConferenceWorld) -> None:
    one = series(world)
    world.request(APPROVER, chair="th-05", endpoints=[], rank="government", preempt=True, starts="2026-12-14T08:00")
    assert world.meeting(one)["sessions"][1]["state"] == "preempted"
    world.ask("move_session", APPROVER, meeting=one, session="2", starts="2026-12-14T14:00")
    assert world.meeting(one)["sessions"][1]["state"] == "planned"
    assert busy(world, day="2026-12-14") == [("07:00", "10:15"), ("13:00", "16:15")]


def test_a_cancelled_session_forbids_no_other_times_and_stays_off(world: ConferenceWorld) -> None:
    one = series(world)
    world.ask("cancel_session", CLERK, meeting=one, session="2", reason="Bận")
    world.ask("change_meeting", APPROVER, meeting=one, starts=f"{DAY}T14:00")
    assert [session["state"] for session in world.meeting(one)["sessions"]] == ["planned", "cancelled", "planned"]
    assert (busy(world), busy(world, day="2026-12-14")) == ([("13:00", "16:15")], [])


def test_a_moved_session_is_known_by_when_it_was_to_begin(world: ConferenceWorld) -> None:
    one = series(world)
    for starts in ("2026-12-15T14:00", "2026-12-16T09:00"):
        world.ask("move_session", APPROVER, meeting=one, session="2", starts=starts)
    stored = world.meeting(one)
    [_, moved, _] = booked(stored, "", "hop@truc-chung.localhost", world.now, full=True)
    assert moved.known_by is not None
    assert [f"{moment.astimezone(VIETNAM):%d %H:%M}" for moment in (moved.known_by, moved.span.start)] == [
        "14 08:00",
        "16 09:00",
    ]
