"""Sessions are started, extended, ended and cancelled, one by one."""

import pytest

from shared.errors import Conflict, Forbidden, NotFound
from tests.support.conference_world import CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.held import busy


def test_a_running_session_is_started_extended_and_ended(world: ConferenceWorld) -> None:
    meeting = world.approved()
    with pytest.raises(Conflict, match="session_not_now"):
        world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    world.at("2026-12-07T07:30")
    with pytest.raises(Forbidden):
        world.ask("start_session", CLERK, meeting=meeting, session="1")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=45)
    assert busy(world) == [("07:00", "10:15"), ("10:15", "11:00")]
    with pytest.raises(Conflict, match="session_live"):
        world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Thôi")
    world.at("2026-12-07T09:31")
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    assert busy(world) == [("07:00", "09:50")], "to the end of the step, and the tear-down"
    world.at("2026-12-07T09:50")
    world.fire()
    assert world.meeting(meeting)["state"] == "ended"
    assert world.events(meeting)[2:] == ["session_started", "session_extended", "session_ended", "conference_ended"]
    assert all(count == 0 for step, count in world.claims.held["thanh-hoa"].used["ports"].items() if step >= world.now)


def test_only_the_added_time_has_to_be_free(world: ConferenceWorld) -> None:
    meeting = world.approved(set_up=0, tear_down=0)
    world.approved(NEIGHBOUR, chair="th-06", endpoints=[], starts="2026-12-07T11:30")
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=30)
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=5)
    assert refusal.value.params["alternatives"] == []


def test_a_session_does_not_last_for_ever(world: ConferenceWorld) -> None:
    meeting = world.approved(minutes=1000)
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    with pytest.raises(Conflict, match="session_too_long"):
        world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=445)
    world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=440)


def test_a_meeting_that_nobody_started_ends_by_the_clock(world: ConferenceWorld) -> None:
    meeting = world.approved(rule="FREQ=DAILY;COUNT=2")
    world.at("2026-12-07T23:00")
    world.fire()
    assert world.meeting(meeting)["state"] == "approved"
    world.at("2026-12-08T10:15")
    world.fire()
    assert world.meeting(meeting)["state"] == "ended"


def test_one_session_of_a_series_is_cancelled_and_with_the_last_the_meeting(world: ConferenceWorld) -> None:
    meeting = world.approved(rule="FREQ=DAILY;COUNT=2")
    world.ask("cancel_session", CLERK, meeting=meeting, session="1", reason="Nghỉ")
    assert (busy(world), len(busy(world, day="2026-12-08"))) == ([], 1)
    with pytest.raises(NotFound, match="session_unknown"):
        world.ask("cancel_session", CLERK, meeting=meeting, session="3", reason="Nghỉ")
    with pytest.raises(Conflict, match="session_action_not_allowed"):
        world.ask("cancel_session", CLERK, meeting=meeting, session="1", reason="Nghỉ")
    world.ask("cancel_session", CLERK, meeting=meeting, session="2", reason="Nghỉ")
    assert (world.meeting(meeting)["state"], busy(world, day="2026-12-08")) == ("cancelled", [])


def test_other_endpoints_hold_for_the_sessions_ahead_only(world: ConferenceWorld) -> None:
    meeting = world.approved(rule="FREQ=DAILY;COUNT=2")
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    with pytest.raises(Conflict, match="session_live"):
        world.ask("change_meeting", TECHNICIAN, meeting=meeting, endpoints=["th-09"])
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    with pytest.raises(Conflict, match="meeting_begun"):
        world.ask("change_meeting", TECHNICIAN, meeting=meeting, starts="2026-12-09T08:00")
    world.ask("change_meeting", TECHNICIAN, meeting=meeting, endpoints=["th-09"])
    assert len(busy(world)) == 1
    assert busy(world, day="2026-12-08") == []
    assert len(busy(world, "th-09", "2026-12-08")) == 1
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


def test_over_a_change_of_clocks_the_wall_time_stays(world: ConferenceWorld) -> None:
    meeting = world.request(starts="2027-03-29T09:00", zone="America/Santiago", rule="FREQ=WEEKLY;COUNT=2")
    assert [f"{one['start']:%H:%M}" for one in world.meeting(meeting)["sessions"]] == ["12:00", "13:00"]
