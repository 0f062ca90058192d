"""The screen of a room: what is on today at a secret address, no more than its agency may know, until it is closed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import Forbidden, Invalid, NotFound
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.test_scripts import go, live, released


def opened(world: ConferenceWorld, who: Any = CLERK, **body: Any) -> str:
    """The secret part of a screen's address."""
    receipt = world.ask("open_feed", who, network="thanh-hoa", endpoint="th-05", detail="screen", **body)
    assert receipt["screen"].startswith("/phong/")
    assert (receipt["calendar"], receipt["free_busy"], receipt["caldav"]) == (None, None, None)
    return str(receipt["screen"]).rpartition("/")[2]


def shown(world: ConferenceWorld, token: str) -> dict[str, Any]:
    found: dict[str, Any] = world.ask("read_screen", None, screen=token)
    return found


def test_it_shows_today_in_order_and_nothing_of_other_days(world: ConferenceWorld) -> None:
    token = opened(world)
    world.approved(starts="2026-12-07T14:00", title="Buổi chiều")
    world.approved(rule="FREQ=WEEKLY;COUNT=2")
    world.approved(starts="2026-12-08T08:00", title="Ngày mai")
    world.approved(endpoints=["th-06"], starts="2026-12-07T11:15", minutes=60, title="Không có th-05")
    plan = {"starts": "2026-12-07T18:00", "minutes": 60, "reason": "Thay thiết bị"}
    world.ask("plan_maintenance", TECHNICIAN, endpoint="th-05", **plan)
    world.at("2026-12-07T06:00")
    found = shown(world, token)
    assert (found["endpoint"], found["at"]) == ("th-05", datetime(2026, 12, 6, 23, tzinfo=UTC))
    assert [(str(one["title"])[:8], one["held_by"]) for one in found["held"]] == [
        ("Giao ban", "meeting"), ("Buổi chi", "meeting"), ("None", "maintenance"),
    ]  # fmt: skip
    assert found["held"][0]["convener_name"]["vi"]
    assert (found["current"], found["next"]) == (None, None)
    assert found["phone"] == world.ask("read_endpoint", CLERK, endpoint="th-05")["contact"]["phone"]


def test_it_follows_the_run_of_show_without_the_notes_of_those_who_run_it(world: ConferenceWorld) -> None:
    token, meeting = opened(world), live(world)
    assert (shown(world, token)["current"], shown(world, token)["next"]["what"]) == (None, "Khai mạc")
    go(world, meeting, "start")
    found = shown(world, token)
    assert found["current"] == {"number": 1, "what": "Khai mạc", "speaker": "Chánh Văn phòng"}
    assert found["next"]["what"] == "Báo cáo"
    world.at("2026-12-07T12:00")
    assert shown(world, token)["current"] is None, "the room is held no more"


def test_a_change_that_waits_holds_the_room_and_has_no_run_of_show_there(world: ConferenceWorld) -> None:
    token, meeting = opened(world), released(world)
    assert shown(world, token)["next"] is None, "nothing is on today"
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-07T14:00", reason="Trùng họp")
    world.at("2026-12-07T07:30")
    assert shown(world, token)["next"]["what"] == "Khai mạc"
    world.at("2026-12-07T13:30")
    found = shown(world, token)
    assert [one["title"] for one in found["held"]] == [world.meeting(meeting)["title"]] * 2
    assert (found["current"], found["next"]) == (None, None)


def test_a_room_that_went_to_another_agency_shows_that_it_is_held(world: ConferenceWorld) -> None:
    token = opened(world)
    go(world, live(world), "start")
    assert shown(world, token)["held"][0]["title"]
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", agency="H56.31.01")
    found = shown(world, token)
    [held] = found["held"]
    assert (held["held_by"], held["title"], held["convener_name"]) == ("meeting", None, None)
    assert (found["current"], found["next"]) == (None, None)


def test_screens_are_opened_by_those_who_may_see_all_of_a_room(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden, match="other_agency"):
        opened(world, NEIGHBOUR)
    assert opened(world, APPROVER)
    with pytest.raises(Invalid, match="endpoint: required"):
        world.ask("open_feed", CLERK, network="thanh-hoa", detail="screen")


def test_it_lasts_until_it_is_closed_and_is_no_calendar(world: ConferenceWorld) -> None:
    asked: dict[str, Any] = {"network": "thanh-hoa", "endpoint": "th-05", "detail": "screen", "key_": "k"}
    receipt = world.ask("open_feed", CLERK, **asked)
    token = receipt["screen"].rpartition("/")[2]
    world.at("2031-12-07T08:00")
    assert shown(world, token)["held"] == []
    [row] = world.ask("list_feeds", CLERK)["items"]
    assert (row["detail"], row["opened_at"] < world.now) == ("screen", True)
    assert world.ask("open_feed", CLERK, **asked)["screen"] is None, "it is shown once"
    for question in ("read_calendar", "read_free_busy"):
        with pytest.raises(NotFound, match="feed_unknown"):
            world.ask(question, None, calendar=token)
    world.ask("close_feed", CLERK, feed=receipt["id"])
    calendar = world.ask("open_feed", CLERK, network="thanh-hoa", endpoint="th-05")["calendar"]
    for useless in (token, f"{receipt['id']}.guessed", calendar.rpartition("/")[2], "."):
        with pytest.raises(NotFound, match="feed_unknown"):
            shown(world, useless)
