"""Rooms follow live sessions onto the bridge, however often it fails; who is inside is seen and put out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.conference_booking.domain.networks import BridgeAccess, Dial, Networks
from services.conference_booking.domain.rooms import Present, ways_for, ways_in
from shared.contracts.conference_booking.meeting_operations import MEETING_EXAMPLE
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, NotFound
from tests.support.conference_world import (
    APPROVER,
    CLERK,
    FILE,
    NEIGHBOUR,
    STRANGER,
    TECHNICIAN,
    ConferenceWorld,
    person,
)

MAIL = Principal(MAILER, "email_provisioning", frozenset())
PLACES = ("th-01", "th-05", "th-06", "th-08")
COMMANDED = BridgeAccess("janus", "http://127.0.0.1:7088/admin", (Dial("url", "https://hop.example.vn/{number}"),))


@pytest.fixture
def world() -> ConferenceWorld:
    """Both networks' bridges take commands."""
    world = ConferenceWorld()
    networks = Networks((replace(one, bridge=COMMANDED) for one in FILE.networks), FILE.networks.ranks.values())
    world.context = replace(world.context, networks=networks)
    return world


def live(world: ConferenceWorld) -> str:
    """A meeting of four endpoints whose session began, as the loop has not seen it yet."""
    meeting = world.approved()
    world.at("2026-12-07T08:00")
    world.fire()
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    return meeting


def act(world: ConferenceWorld, action: str, meeting: str, **body: Any) -> Any:
    return world.ask(action, TECHNICIAN, meeting=meeting, session="1", **body)


def room(world: ConferenceWorld, meeting: str) -> dict[str, Any]:
    found: dict[str, Any] = world.ask("read_room", TECHNICIAN, meeting=meeting, session="1")
    return found


def events(world: ConferenceWorld, meeting: str) -> list[str]:
    """What was announced of the room; readiness has the same id."""
    return [name for name in world.events(f"{meeting}-1") if name.startswith(("room", "participant"))]


def later(world: ConferenceWorld, seconds: int) -> None:
    world.now += timedelta(seconds=seconds)
    world.fire()


def test_a_session_opens_its_room_and_closes_it(world: ConferenceWorld) -> None:
    meeting = live(world)
    assert room(world, meeting)["state"] == "none"
    world.fire()
    (plan,) = world.bridge.rooms.values()
    shown = room(world, meeting)
    assert (shown["state"], shown["capacity"], plan.capacity) == ("open", 4, 4)
    assert shown["dial_in"]["pin"] == plan.pin
    assert shown["dial_in"]["ways"][0]["address"] == f"https://hop.example.vn/{plan.number}"
    act(world, "extend_session", meeting, minutes=30)
    later(world, 3600)
    assert list(world.bridge.rooms) == [plan.key]
    act(world, "end_session", meeting)
    world.fire()
    assert (world.bridge.rooms, room(world, meeting)["state"]) == ({}, "closed")
    assert events(world, meeting) == ["room_asked", "room_opened", "room_asked", "room_closed"]
    history = world.ask("read_room_history", CLERK, meeting=meeting, session="1", limit=50)["items"]
    assert len(history) == 4


def test_a_meeting_that_nobody_ended_closes_its_room_by_itself(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    later(world, 6 * 3600)
    assert (world.bridge.rooms, room(world, meeting)["state"]) == ({}, "closed")


def test_a_bridge_that_is_away_holds_up_no_meeting_and_is_tried_again(world: ConferenceWorld) -> None:
    world.bridge.away = "Janus cannot be reached: ConnectError"
    meeting = live(world)
    began = world.now
    world.fire()
    assert world.meeting(meeting)["sessions"][0]["state"] == "live"
    shown = room(world, meeting)
    assert (shown["state"], shown["trouble"]) == ("opening", {"since": began, "said": world.bridge.away})
    for seconds in (2, 5, 15, 30, 60, 60):
        later(world, seconds - 1)
        tries = world.rooms.documents[f"{meeting}-1"]["tries"]
        later(world, 1)
        assert world.rooms.documents[f"{meeting}-1"]["tries"] == tries + 1, seconds
    assert events(world, meeting) == ["room_asked", "room_in_trouble"], "said once"
    (incident,) = world.incidents.documents.values()
    facts = ("symptom", "origin", "meeting", "session", "endpoint", "what", "began_at")
    assert [incident[name] for name in facts] == ["bridge", "bridge", meeting, 1, None, world.bridge.away, began]
    world.bridge.away = ""
    later(world, 60)
    shown = room(world, meeting)
    assert (shown["state"], shown["trouble"], len(world.bridge.rooms)) == ("open", None, 1)


def test_a_room_is_closed_when_the_bridge_is_back(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    world.bridge.away = "Janus does not answer in time"
    act(world, "end_session", meeting)
    world.fire()
    assert (room(world, meeting)["state"], len(world.bridge.rooms)) == ("closing", 1)
    world.bridge.away = ""
    later(world, 2)
    assert (room(world, meeting)["state"], world.bridge.rooms) == ("closed", {})


def test_a_bridge_that_lost_the_room_gets_it_again(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    ((key, plan),) = world.bridge.rooms.items()
    world.bridge.lose(key)
    world.bridge.away = "Janus cannot be reached: ConnectError"
    later(world, 10)
    world.bridge.away = ""
    later(world, 2)
    assert world.incidents.documents == {}, "it was only started anew"
    assert world.bridge.rooms == {key: plan}
    assert room(world, meeting)["state"] == "open"


def test_an_endpoint_more_is_a_place_more(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    document = world.meetings.documents[meeting]
    document |= {"endpoints": [*document["endpoints"], "th-08"], "next_due_at": world.now}
    world.fire()
    assert [plan.capacity for plan in world.bridge.rooms.values()] == [5]


def test_who_is_inside_is_seen_from_when_to_when(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    world.bridge.inside[f"{meeting}-1"] = [Present("11", "Hạc Thành", False), Present("12", "Khách", False)]
    came = world.now + timedelta(seconds=10)
    later(world, 10)
    world.bridge.inside[f"{meeting}-1"] = [Present("11", "Hạc Thành", True)]
    later(world, 10)
    shown = room(world, meeting)
    assert shown["present"] == [{"id": "11", "name": "Hạc Thành", "sends": True}]
    assert [(stay["name"], stay["since"], stay["until"], stay["sends"]) for stay in shown["stays"]] == [
        ("Hạc Thành", came, None, True),
        ("Khách", came, world.now, False),
    ]
    act(world, "end_session", meeting)
    world.fire()
    assert all(stay["until"] for stay in room(world, meeting)["stays"])


def test_somebody_is_put_out(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    world.bridge.inside[f"{meeting}-1"] = [Present("11", "Hạc Thành", True), Present("12", "Khách", False)]
    later(world, 10)
    with pytest.raises(NotFound, match="participant_unknown"):
        act(world, "kick_participant", meeting, participant="13", reason="Lạ")
    with pytest.raises(Forbidden):
        world.ask("kick_participant", CLERK, meeting=meeting, session="1", participant="12", reason="Lạ")
    world.bridge.away = "Janus does not answer in time"
    act(world, "kick_participant", meeting, participant="12", reason="Lạ")
    world.fire()
    (asked,) = room(world, meeting)["kicks"]
    assert (asked["display"], asked["done_at"]) == ("Khách", None)
    world.bridge.away = ""
    later(world, 2)
    shown = room(world, meeting)
    assert ([one["id"] for one in shown["present"]], shown["trouble"]) == (["11"], None)
    assert shown["kicks"][0]["done_at"] == world.now


def test_who_was_put_out_does_not_know_the_new_pin_and_who_is_invited_is_told_it(world: ConferenceWorld) -> None:
    post = Post(world)
    meeting = live(world)
    world.fire()
    post.letters()
    key = f"{meeting}-1"
    world.bridge.inside[key] = [Present("11", "Hạc Thành", True), Present("12", "Khách", False)]
    later(world, 10)
    former = world.bridge.rooms[key]
    act(world, "kick_participant", meeting, participant="12", reason="Lạ")
    later(world, 1)
    assert [one.id for one in world.bridge.inside[key]] == ["11"]
    renewed = world.bridge.rooms[key]
    assert (renewed.number, renewed.pin != former.pin) == (former.number, True)
    assert room(world, meeting)["dial_in"]["pin"] == renewed.pin
    later(world, 1)
    letters = post.letters()
    assert {one["to"] for one in letters} == {f"{place}@hop.thanhhoa.gov.vn" for place in ("th-01", "th-05", "th-06")}
    assert all(f"PIN {renewed.pin}" in one["en"]["text"] for one in letters)
    later(world, 60)
    assert (post.letters(), world.bridge.rooms[key]) == ([], renewed), "once"
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


@pytest.mark.parametrize("rest", [{"endpoints": ["th-05", "th-06"]}, {"delegates": []}])
def test_who_is_not_invited_any_more_does_not_know_the_new_pin(world: ConferenceWorld, rest: dict[str, Any]) -> None:
    delegate = {"name": "Trần Văn Bình", "address": "tvbinh@thanhhoa.gov.vn", "endpoint": None}
    post = Post(world)
    meeting = world.approved(endpoints=["th-05", "th-06", "th-08"], delegates=[delegate])
    world.fire()
    post.letters()
    given = world.meeting(meeting)["dial_in"]
    world.ask("change_meeting", APPROVER, meeting=meeting, title="Giao ban tháng")
    world.ask("change_meeting", APPROVER, meeting=meeting, delegates=[delegate, {**delegate, "address": "x@y.gov.vn"}])
    assert world.meeting(meeting)["dial_in"] == given, "nobody is less"
    world.fire()
    post.letters()
    world.ask("change_meeting", APPROVER, meeting=meeting, **rest)
    after = world.meeting(meeting)["dial_in"]
    assert (after["number"], after["pin"] != given["pin"]) == (given["number"], True)
    world.fire()
    letters = post.letters()
    assert all((after["pin"] in one["en"]["text"]) == (one["calendar"]["method"] == "REQUEST") for one in letters)
    assert {one["calendar"]["method"] for one in letters} == {"REQUEST", "CANCEL"}


class Post:
    """Reads the invitations that were asked for since it looked last."""

    def __init__(self, world: ConferenceWorld) -> None:
        self._world, self._read = world, set[str]()
        for key in PLACES:
            world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=f"{key}@hop.thanhhoa.gov.vn")

    def letters(self) -> list[dict[str, Any]]:
        fresh = world_messages(self._world).keys() - self._read
        self._read |= fresh
        return [self._world.ask("read_message", MAIL, message=key) for key in sorted(fresh)]


def world_messages(world: ConferenceWorld) -> dict[str, Any]:
    """Those about invitations, not about readiness."""
    return {key: one for key, one in world.messages.documents.items() if "method" in one}


def test_nobody_is_put_out_of_what_is_not_open_or_not_commanded(world: ConferenceWorld) -> None:
    meeting = world.approved()
    with pytest.raises(Conflict, match="room_not_open"):
        act(world, "kick_participant", meeting, participant="12", reason="Lạ")
    plain = ConferenceWorld()
    with pytest.raises(Conflict, match="bridge_not_commanded"):
        act(plain, "kick_participant", live(plain), participant="12", reason="Lạ")


def test_the_pin_is_for_those_who_look_after_the_meeting_or_an_endpoint(world: ConferenceWorld) -> None:
    meeting = world.request()
    assert world.ask("read_meeting", CLERK, meeting=meeting)["dial_in"] is None
    world.ask("approve_meeting", APPROVER, meeting=meeting)
    given = world.ask("read_meeting", CLERK, meeting=meeting)["dial_in"]
    assert (len(given["number"]), len(given["pin"])) == (9, 8)
    assert world.ask("read_meeting", TECHNICIAN, meeting=meeting)["dial_in"] == given
    of_neighbour = {key for key, one in world.endpoints.documents.items() if one["agency"] == NEIGHBOUR.agency}
    assert of_neighbour & {*MEETING_EXAMPLE["endpoints"]}, "takes part, as a clerk"
    assert world.ask("read_meeting", NEIGHBOUR, meeting=meeting)["dial_in"] is None
    host = person("ky-thuat-sam-son", Role.SPECIALIST, NEIGHBOUR.agency)
    assert world.ask("read_meeting", host, meeting=meeting)["dial_in"] == given
    with pytest.raises(NotFound):
        world.ask("read_room", STRANGER, meeting=meeting, session="1")


def test_who_only_takes_part_sees_nobody_inside(world: ConferenceWorld) -> None:
    meeting = live(world)
    world.fire()
    world.bridge.inside[f"{meeting}-1"] = [Present("11", "Hạc Thành", True)]
    later(world, 10)
    seen = [world.ask("read_room", who, meeting=meeting, session="1")["present"] for who in (CLERK, NEIGHBOUR)]
    assert [len(present) for present in seen] == [1, 0]


def test_a_codec_gets_the_ways_that_are_for_it() -> None:
    access = BridgeAccess(
        dials=(Dial("h323", "{number}##{pin}@10.0.0.1"), Dial("sip", "sip:{number}@mcu", ("Mẫu 720p",)))
    )
    ways = ways_in({"dial_in": {"number": "123456789", "pin": "01234567"}}, access)
    assert [way["address"] for way in ways_for(ways, "Mẫu 720p")] == ["sip:123456789@mcu"]
    assert [way["address"] for way in ways_for(ways, "Mẫu 1080p")] == ["123456789##01234567@10.0.0.1"]
    assert [way["address"] for way in ways_for(ways, None)] == ["123456789##01234567@10.0.0.1"]
    assert ways_in({}, access) == []
