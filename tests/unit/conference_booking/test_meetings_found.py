"""Wishes are tried, and meetings found by those who may know of them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Forbidden, NotFound
from tests.support.conference_world import APPROVER, CITIZEN, CLERK, NEIGHBOUR, STRANGER, ConferenceWorld


def test_a_wish_is_tried_without_holding_anything(world: ConferenceWorld) -> None:
    meeting = world.request()
    wish = {"network": "thanh-hoa", "chair": "th-05", "starts": "2026-12-07T09:00", "minutes": 60}
    found = world.ask("find_free_times", NEIGHBOUR, **wish)
    assert (found["free"], len(found["clashes"]), len(found["alternatives"])) == (False, 1, 3)
    assert world.ask("find_free_times", CLERK, **wish, meeting=meeting)["free"]
    assert world.ask("find_free_times", NEIGHBOUR, **{**wish, "starts": "2026-12-07T12:00"})["free"]
    with pytest.raises(NotFound):
        world.ask("find_free_times", STRANGER, **wish, meeting=meeting)
    assert len(world.meetings.documents) == 1


def test_an_urgent_wish_is_shown_nearer_times(world: ConferenceWorld) -> None:
    world.approved(APPROVER, starts="2026-12-01T09:00")
    wish = {"network": "thanh-hoa", "chair": "th-05", "starts": "2026-12-01T09:00", "minutes": 60}
    days = {
        urgent: {
            one["starts"][:10] for one in world.ask("find_free_times", CLERK, **wish, urgent=urgent)["alternatives"]
        }
        for urgent in (False, True)
    }
    assert days == {False: {"2026-12-02"}, True: {"2026-12-01"}}, "two working days, or four working hours"
    tried = [world.ask("find_free_times", who, **wish) for who in (CLERK, APPROVER)]
    assert [one["earliest"] for one in tried] == [world.now + timedelta(days=2), world.now], "who approves is not bound"


def test_nobody_else_knows_of_a_meeting(world: ConferenceWorld) -> None:
    meeting = world.request()
    for operation in ("read_meeting", "read_meeting_history", "verify_meeting_history"):
        with pytest.raises(NotFound, match="meeting_unknown"):
            world.ask(operation, STRANGER, meeting=meeting)
        world.ask(operation, NEIGHBOUR, meeting=meeting)
    with pytest.raises(NotFound, match="meeting_unknown"):
        world.ask("cancel_meeting", STRANGER, meeting=meeting, reason="Phá")


def test_lists(world: ConferenceWorld) -> None:
    first, second = world.request(), world.approved(STRANGER, chair="th-09", endpoints=[], starts="2026-12-08T08:00")

    def ids(who: Any, **query: Any) -> list[str]:
        return [row["id"] for row in world.ask("list_meetings", who, **query)["items"]]

    assert ids(CLERK) == ids(NEIGHBOUR) == [first]
    assert ids(APPROVER, network="thanh-hoa") == [first, second]
    assert ids(APPROVER, network="thanh-hoa", state="approved") == [second]
    assert ids(APPROVER, network="thanh-hoa", until="2026-12-07") == [first]
    assert ids(APPROVER, network="thanh-hoa", since="2026-12-08") == [second]
    assert ids(APPROVER, network="thanh-hoa", agency="H13.30.01") == [second]
    assert ids(APPROVER) == [first], "the office's own endpoint is in the chair"
    with pytest.raises(Forbidden):
        ids(CLERK, agency="H13.30.01")
    with pytest.raises(Forbidden):
        ids(CITIZEN)
