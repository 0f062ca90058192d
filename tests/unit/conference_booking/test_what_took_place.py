"""Of a series, what took place stays: over by the clock, counted, and as it was whatever becomes of the rest."""

from datetime import date
from typing import Any

import pytest

from services.conference_booking.domain.occupancy import Counts, Occupancy
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, OPERATOR, TECHNICIAN, ConferenceWorld

WEEKLY = {"rule": "FREQ=WEEKLY;COUNT=3"}
"""On 7, 14 and 21 December, held from 7:00 to 10:15."""


def states(world: ConferenceWorld, meeting: str) -> list[str]:
    return [session["state"] for session in world.meeting(meeting)["sessions"]]


def pass_to(world: ConferenceWorld, wall: str) -> None:
    world.at(wall)
    for _ in range(3):
        world.fire()


@pytest.mark.parametrize("started", [True, False])
def test_a_session_is_over_when_its_time_is(world: ConferenceWorld, started: bool) -> None:
    meeting = world.approved(**WEEKLY)
    world.at("2026-12-07T07:30")
    if started:
        world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    pass_to(world, "2026-12-07T10:14")
    assert states(world, meeting)[0] == ("live" if started else "planned")
    pass_to(world, "2026-12-07T10:15")
    assert states(world, meeting) == ["ended", "planned", "planned"]
    assert world.events(meeting).count("session_ended") == 1
    if started:
        assert world.rooms.documents[f"{meeting}-1"]["wanted"] == "closed"
    world.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-08"])
    for day in (14, 21):
        pass_to(world, f"2026-12-{day}T10:15")
    assert (world.meeting(meeting)["state"], states(world, meeting)) == ("ended", ["ended"] * 3)
    assert world.events(meeting).count("session_ended") == 2, "the last one ends with the meeting"


def test_many_that_are_over_at_once_are_ended_one_after_the_other(world: ConferenceWorld) -> None:
    meeting = world.approved(rule="FREQ=DAILY;COUNT=4")
    pass_to(world, "2026-12-09T12:00")
    assert states(world, meeting) == ["ended"] * 3 + ["planned"]
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


def test_what_took_place_is_kept_when_the_rest_is_called_off(world: ConferenceWorld) -> None:
    meeting = world.approved(**WEEKLY)
    pass_to(world, "2026-12-08T08:00")
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hết đợt")
    assert states(world, meeting) == ["ended", "cancelled", "cancelled"]
    assert len(held(world).holds["th-05"]) == 1, "and what it held then"
    found = figures(world)
    assert (found["meetings"], found["sessions"], found["cancelled"], found["peak_ports"]) == (1, 1, 2, 8)


def test_other_endpoints_are_not_wanted_for_what_took_place(world: ConferenceWorld) -> None:
    meeting = world.approved(**WEEKLY)
    world.approved(NEIGHBOUR, chair="th-20", endpoints=["th-21"])
    pass_to(world, "2026-12-08T08:00")
    world.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-20"])
    seen = held(world).holds
    assert len(seen["th-20"]) == 1 + 2, "it was another's in the first week"
    assert len(seen["th-06"]) == 1


def test_a_change_that_waits_holds_on_when_a_session_is_over(world: ConferenceWorld) -> None:
    meeting = world.approved(**WEEKLY)
    world.at("2026-12-07T09:00")  # nobody said that the first has begun
    world.ask("change_meeting", CLERK, meeting=meeting, endpoints=["th-05", "th-06", "th-07", "th-20"])
    pass_to(world, "2026-12-07T10:00")
    assert world.meeting(meeting)["proposed"], "it is decided on until the next one begins"
    pass_to(world, "2026-12-07T10:15")
    assert states(world, meeting)[0] == "ended"
    assert len(held(world).holds["th-20"]) == 2, "for the two that are ahead"
    assert world.ask("approve_change", APPROVER, meeting=meeting)["state"] == "approved"
    assert len(held(world).holds["th-20"]) == 2


def test_a_bridge_is_compared_with_what_is_ahead_only(world: ConferenceWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world.approved(**WEEKLY)
    pass_to(world, "2026-12-08T08:00")
    looked: list[date] = []
    read = world.claims.occupancy

    def spy(network: str, first: date, last: date, capacity: Counts) -> Occupancy:
        looked.append(first)
        return read(network, first, last, capacity)

    monkeypatch.setattr(world.claims, "occupancy", spy)
    world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", ports=60, reason="Hỏng thẻ")
    world.fire()
    assert set(looked) == {date(2026, 12, 14)}


def test_what_nobody_agreed_to_was_not_called_off(world: ConferenceWorld) -> None:
    meeting = world.request(**WEEKLY)
    world.ask("reject_meeting", APPROVER, meeting=meeting, reason="Trùng nội dung")
    assert (figures(world)["sessions"], figures(world)["cancelled"]) == (0, 0)


def held(world: ConferenceWorld) -> Occupancy:
    return world.claims.occupancy("thanh-hoa", date(2026, 12, 1), date(2026, 12, 31), {})


def figures(world: ConferenceWorld) -> dict[str, Any]:
    period = {"first_day": "2026-12-01", "last_day": "2026-12-31"}
    found: dict[str, Any] = world.ask("read_conference_figures", OPERATOR, network="thanh-hoa", **period)
    return found
