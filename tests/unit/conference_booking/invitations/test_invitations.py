"""Invitations: who is told what after each change, every message judged by libical."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.invitations.invited import (
    DELEGATE,
    POST,
    SERIES,
    Said,
    address,
    answers,
    bring,
    change,
    post,
    reply,
)


def told(letters: list[Said]) -> dict[str, tuple[str, int]]:
    return {one["to"]: (one["calendar"]["method"], int(one["event"]["SEQUENCE"])) for one in letters}


def test_whoever_connects_is_told_how_and_nobody_else(world: ConferenceWorld) -> None:
    small = {"model": "Mẫu 720p", "resolution": "720p"}
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-06", codec=small)
    away = {"name": "Lê Văn Chín", "address": "chin@thanhhoa.gov.vn", "endpoint": None}
    meeting = world.approved(delegates=[DELEGATE, away], note="Có trình chiếu")
    given = world.meeting(meeting)["dial_in"]
    letters = {one["to"]: one for one in post(world)}
    everyone = f"{given['number']}##{given['pin']}@10.38.0.10, https://hop.thanhhoa.example.vn/{given['number']}"
    for key, ways in (
        (address("th-05"), everyone),
        (address("th-06"), f"sip:{given['number']}@mcu.thanhhoa.example.vn"),
        (away["address"], everyone),
    ):
        assert f" Kết nối: {ways}; phòng {given['number']}, mã PIN {given['pin']}." in letters[key]["vi"]["text"]
        assert f"room {given['number']}, PIN {given['pin']}." in letters[key]["en"]["text"]
        assert str(letters[key]["event"]["DESCRIPTION"]).splitlines()[-1].startswith(f"Kết nối: {ways}")
    assert given["pin"] not in str(letters[DELEGATE["address"]]), "sits at an endpoint"
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    assert all(given["pin"] not in str(one) for one in post(world))


def everybody(method: str, sequence: int, *keys: str) -> dict[str, tuple[str, int]]:
    return {address(key): (method, sequence) for key in keys}


def test_nobody_is_told_before_it_is_approved_then_all_are_once(world: ConferenceWorld) -> None:
    meeting = world.request(delegates=[DELEGATE])
    assert post(world) == []
    world.ask("approve_meeting", APPROVER, meeting=meeting)
    letters = post(world)
    expected = everybody("REQUEST", 0, "th-01", "th-05", "th-06") | {DELEGATE["address"]: ("REQUEST", 0)}
    assert told(letters) == expected
    assert post(world) == []
    assert world.events(meeting)[-1] == "invitations_sent"
    chair = next(one["event"] for one in letters if one["to"] == address("th-01"))
    rooms = {str(one): one.params for one in chair["ATTENDEE"]}
    assert set(rooms) == {f"mailto:{address(key)}" for key in ("th-01", "th-05", "th-06")}, "no delegate is shown"
    assert rooms[f"mailto:{address('th-01')}"]["ROLE"] == "CHAIR"
    assert {one["CUTYPE"] for one in rooms.values()} == {"ROOM"}
    delegate = next(one["event"] for one in letters if one["to"] == DELEGATE["address"])
    assert {one.params["CUTYPE"] for one in delegate["ATTENDEE"]} == {"ROOM", "INDIVIDUAL"}
    assert str(chair["ORGANIZER"]) == "mailto:hop-truc-tuyen@truc-chung.localhost"
    shown = world.ask("read_invitations", CLERK, meeting=meeting)
    assert shown["without_mailbox"] == ["th-07"]
    assert [guest["address"] for guest in shown["guests"]][-1] == DELEGATE["address"]
    world.ask("read_invitations", NEIGHBOUR, meeting=meeting)


def test_another_time_raises_the_sequence_and_other_words_do_not(world: ConferenceWorld) -> None:
    meeting = world.approved()
    [first] = {str(one["event"]["UID"]) for one in post(world)}
    change(world, meeting, starts="2026-12-07T14:00")
    moved = post(world)
    assert told(moved) == everybody("REQUEST", 1, "th-01", "th-05", "th-06")
    assert moved[0]["event"]["DTSTART"].to_ical() == b"20261207T140000"
    change(world, meeting, note="Có trình chiếu; gửi tài liệu, trước ngày 05/12 \n\t qua hệ thống")
    worded = post(world)
    assert told(worded) == everybody("REQUEST", 1, "th-01", "th-05", "th-06")
    assert {str(one["event"]["UID"]) for one in [*moved, *worded]} == {first}


def test_of_quick_changes_only_the_last_is_told(world: ConferenceWorld) -> None:
    meeting = world.approved()
    for hour in (10, 12, 14):
        change(world, meeting, starts=f"2026-12-07T{hour}:00")
    assert told(post(world)) == everybody("REQUEST", 3, "th-01", "th-05", "th-06")


def test_a_removed_endpoint_is_told_that_it_is_off_and_a_new_one_is_invited(world: ConferenceWorld) -> None:
    meeting = world.approved(delegates=[DELEGATE])
    post(world)
    change(world, meeting, endpoints=["th-05", "th-07", "th-08"])
    expected = everybody("REQUEST", 1, "th-01", "th-05", "th-08") | everybody("CANCEL", 1, "th-06")
    assert told(post(world)) == expected | {DELEGATE["address"]: ("REQUEST", 1)}
    change(world, meeting, delegates=[])
    assert told(post(world)) == {DELEGATE["address"]: ("CANCEL", 2)}
    change(world, meeting, delegates=[DELEGATE])
    assert told(post(world)) == {DELEGATE["address"]: ("REQUEST", 3)}


def test_who_was_invited_is_told_that_it_is_off(world: ConferenceWorld) -> None:
    meeting = world.approved()
    post(world)
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    letters = post(world) + post(world)
    assert {one["calendar"]["method"] for one in letters} == {"CANCEL"}
    assert sorted(one["to"] for one in letters) == [address(key) for key in ("th-01", "th-05", "th-06")]
    assert all(one["event"]["STATUS"] == "CANCELLED" and int(one["event"]["SEQUENCE"]) > 0 for one in letters)
    assert post(world) == []


@pytest.mark.parametrize("end", ["rejected", "expired", "approved"])
def test_of_a_change_that_waits_nobody_is_told(world: ConferenceWorld, end: str) -> None:
    meeting = world.approved()
    post(world)
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-08T08:00")
    assert post(world) == []
    if end == "rejected":
        world.ask("reject_change", APPROVER, meeting=meeting, reason="Trùng lịch")
    elif end == "expired":
        world.at("2026-12-03T08:00")
    else:
        world.ask("approve_change", APPROVER, meeting=meeting)
    expected = everybody("REQUEST", 1, "th-01", "th-05", "th-06") if end == "approved" else {}
    assert told(post(world)) == expected


def test_one_session_of_a_series_is_cancelled_by_its_beginning(world: ConferenceWorld) -> None:
    meeting = world.approved(**SERIES)
    [event, *_] = [one["event"] for one in post(world)]
    assert event["RRULE"].to_ical() == b"FREQ=WEEKLY;UNTIL=20270118T165959Z"
    assert event["EXDATE"].to_ical() == b"20261228T080000"
    world.ask("cancel_session", CLERK, meeting=meeting, session="2", reason="Bận")
    letters = post(world)
    assert told(letters) == everybody("CANCEL", 1, "th-01", "th-05", "th-06")
    assert letters[0]["event"]["RECURRENCE-ID"].to_ical() == b"20261214T080000"
    change(world, meeting, title="Giao ban")
    later = post(world)
    assert told(later) == everybody("REQUEST", 1, "th-01", "th-05", "th-06")
    assert later[0]["event"]["EXDATE"].to_ical() == b"20261214T080000,20261228T080000"


def live(world: ConferenceWorld, meeting: str, wall: str) -> None:
    world.at(wall)
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")


def length(event: Any) -> timedelta:
    told: timedelta = event.decoded("DURATION")
    return told


def test_who_sits_in_a_meeting_that_is_extended_is_told_and_not_asked_again(world: ConferenceWorld) -> None:
    meeting = world.approved(delegates=[DELEGATE])
    chair = next(one for one in post(world) if one["to"] == address("th-01"))
    assert bring(world, reply(chair, "ACCEPTED", world.now), address("th-01")) == 1
    live(world, meeting, "2026-12-07T08:00")
    assert post(world) == [], "that it begins is no news"
    for more, sequence in ((15, 1), (20, 2)):
        world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=more)
        letters = post(world)
        invited = everybody("REQUEST", sequence, "th-01", "th-05", "th-06")
        assert told(letters) == invited | {DELEGATE["address"]: ("REQUEST", sequence)}
    assert {length(one["event"]) for one in letters} == {timedelta(minutes=120 + 35)}
    assert {one["vi"]["subject"].partition(":")[0] for one in letters} == {"Kéo dài buổi họp"}
    assert all("kéo dài đến 10:35" in one["vi"]["text"] for one in letters)
    assert all("RECURRENCE-ID" not in one["event"] for one in letters)
    assert answers(world, meeting)["th-01"] == "accepted"
    assert bring(world, reply(chair, "DECLINED", world.now + timedelta(seconds=1)), address("th-01")) == 1
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    assert post(world) == [], "nor that it ends, early or not"


def test_of_a_series_the_extended_session_alone_is_told(world: ConferenceWorld) -> None:
    meeting = world.approved(**SERIES)
    post(world)
    live(world, meeting, "2026-12-07T08:00")
    world.ask("extend_session", TECHNICIAN, meeting=meeting, session="1", minutes=30)
    world.ask("cancel_session", CLERK, meeting=meeting, session="2", reason="Bận")
    letters = post(world)
    by_method = {one["calendar"]["method"]: one["event"] for one in letters}
    assert len(letters) == 6, "to each mailbox one of what is longer and one of what is off"
    assert {int(event["SEQUENCE"]) for event in by_method.values()} == {2}
    assert by_method["REQUEST"]["RECURRENCE-ID"].to_ical() == b"20261207T080000"
    assert by_method["CANCEL"]["RECURRENCE-ID"].to_ical() == b"20261214T080000"
    assert length(by_method["REQUEST"]) == timedelta(minutes=150)
    assert "RRULE" not in by_method["REQUEST"]
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    change(world, meeting, note="Có tài liệu")
    whole = Calendar.from_ical(post(world)[0]["calendar"]["text"]).walk("VEVENT")
    assert [("RECURRENCE-ID" in one, length(one)) for one in whole] == [
        (False, timedelta(hours=2)),
        (True, timedelta(minutes=150)),
    ], "whoever is told of the whole series anew does not lose the exception"


def test_an_invitation_that_was_not_sent_in_time_says_what_is_true_when_it_is(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.fire()
    waiting = list(world.messages.documents)
    change(world, meeting, endpoints=["th-05"])
    world.fire()
    read = [world.ask("read_message", POST, message=key) for key in waiting]
    assert {one["to"] for one in read} == {address("th-01"), address("th-05"), None}
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    world.fire()
    assert [world.ask("read_message", POST, message=key)["to"] for key in waiting] == [None, None, None]


def test_zones_with_two_clocks_are_described(world: ConferenceWorld) -> None:
    world.approved(starts="2027-03-27T08:00", rule="FREQ=WEEKLY;COUNT=4", zone="America/Santiago")
    text = post(world)[0]["calendar"]["text"]
    assert "DTSTART;TZID=America/Santiago:20270327T080000" in text
    assert text.count("BEGIN:DAYLIGHT") >= 1
    assert text.count("BEGIN:STANDARD") >= 1


def test_one_session_of_a_series_is_moved(world: ConferenceWorld) -> None:
    meeting = world.approved(**SERIES)
    letter = next(one for one in post(world) if one["to"] == address("th-06"))
    assert bring(world, reply(letter, "ACCEPTED", world.now), address("th-06")) == 1
    world.now += timedelta(minutes=1)
    world.ask("move_session", APPROVER, meeting=meeting, session="2", starts="2026-12-15T14:00", minutes=90)
    letters = post(world)
    assert told(letters) == everybody("REQUEST", 1, "th-01", "th-05", "th-06")
    event = next(one["event"] for one in letters if one["to"] == address("th-06"))
    assert event["RECURRENCE-ID"].to_ical() == b"20261214T080000"
    assert (event["DTSTART"].to_ical(), length(event)) == (b"20261215T140000", timedelta(minutes=90))
    parts = {str(one): one.params["PARTSTAT"] for one in event["ATTENDEE"]}
    assert parts[f"mailto:{address('th-06')}"] == "NEEDS-ACTION", "another time is answered anew"
    assert "chuyển sang 14:00 ngày 15/12/2026" in letters[0]["vi"]["text"]
    old = datetime(2026, 12, 14, 1, tzinfo=UTC)
    stale = reply(letter, "DECLINED", world.now, session=old)
    assert bring(world, stale, address("th-06")) == 0, "to the time that is not true any more"
    assert bring(world, reply(letter, "DECLINED", world.now, session=old, sequence=1), address("th-06")) == 1
    change(world, meeting, note="Có tài liệu")
    whole = Calendar.from_ical(post(world)[0]["calendar"]["text"]).walk("VEVENT")
    assert [("RRULE" in one, one["DTSTART"].to_ical()) for one in whole] == [
        (True, b"20261207T080000"),
        (False, b"20261215T140000"),
    ]


def test_the_sequence_never_falls(world: ConferenceWorld) -> None:
    meeting = world.approved()
    post(world)
    seen = []
    for mailbox in (None, address("th-05"), None, address("th-05")):
        world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", mailbox=mailbox)
        seen.append(told(post(world)))
        world.now += timedelta(seconds=61)
    assert seen == [{address("th-05"): (method, n)} for n, method in enumerate(("CANCEL", "REQUEST") * 2, start=1)]
    change(world, meeting, starts="2026-12-07T14:00")
    assert told(post(world))[address("th-05")] == ("REQUEST", 5), "higher than every one before"


def test_another_mailbox_of_an_endpoint_is_invited_and_the_former_told(world: ConferenceWorld) -> None:
    world.approved()
    post(world)
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", mailbox="moi@hop.thanhhoa.gov.vn")
    expected = {"moi@hop.thanhhoa.gov.vn": ("REQUEST", 0), address("th-05"): ("CANCEL", 1)}
    assert told(post(world)) == expected
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-07", mailbox=address("th-07"))
    assert told(post(world)) == everybody("REQUEST", 0, "th-07"), "one that had none"
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-07", seats=12)
    assert post(world) == []


def test_an_invitation_is_sent_although_a_change_waits(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.fire()
    waiting = list(world.messages.documents)
    world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-08T08:00", rank="party")
    read = [world.ask("read_message", POST, message=key) for key in waiting]
    assert sorted(one["to"] for one in read) == [address(key) for key in ("th-01", "th-05", "th-06")]
    assert all("DTSTART;TZID=Asia/Ho_Chi_Minh:20261207T080000" in one["calendar"]["text"] for one in read)
