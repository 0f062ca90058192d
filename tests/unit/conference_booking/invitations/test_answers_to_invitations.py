"""Answers of invited mailboxes are kept in their order, and only by whom they are."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import Forbidden, Invalid, NotFound
from tests.support.calendar_judge import complaints
from tests.support.conference_world import CLERK, NEIGHBOUR, ConferenceWorld
from tests.unit.conference_booking.invitations.invited import (
    DELEGATE,
    POST,
    SERIES,
    address,
    answers,
    bring,
    change,
    post,
    reply,
)


def test_answers_are_kept_whatever_order_they_come_in(world: ConferenceWorld) -> None:
    meeting = world.approved()
    letter = next(one for one in post(world) if one["to"] == address("th-05"))
    first, later = world.now + timedelta(minutes=1), world.now + timedelta(minutes=2)
    world.now += timedelta(minutes=5)
    assert bring(world, reply(letter, "DECLINED", later), address("th-05")) == 1
    assert bring(world, reply(letter, "ACCEPTED", first), address("th-05")) == 0, "an older one that came later"
    assert bring(world, reply(letter, "DECLINED", later), address("th-05")) == 0, "the same again"
    assert answers(world, meeting)["th-05"] == "declined"
    assert world.events(meeting)[-1] == "invitation_answered"
    change(world, meeting, note="Mang theo tài liệu")
    post(world)
    assert answers(world, meeting)["th-05"] == "declined", "other words ask nobody again"
    change(world, meeting, starts="2026-12-07T14:00")
    [moved] = [one for one in post(world) if one["to"] == address("th-05")]
    assert answers(world, meeting)["th-05"] == "needs_action"
    stale = reply(letter, "ACCEPTED", world.now)
    assert bring(world, stale, address("th-05")) == 0, "to an invitation that is not true any more"
    assert bring(world, reply(moved, "TENTATIVE", world.now), address("th-05").upper()) == 1
    assert answers(world, meeting) == {"th-01": "needs_action", "th-05": "tentative", "th-06": "needs_action"}


def test_only_for_oneself_and_only_to_what_is_known(world: ConferenceWorld) -> None:
    meeting = world.approved()
    letter = post(world)[0]
    assert bring(world, reply(letter, "DECLINED", world.now), address("th-06")) == 0
    other = reply(letter, "DECLINED", world.now, uid=f"{meeting}@elsewhere.vn")
    assert bring(world, other, letter["to"]) == 0
    assert bring(world, reply(letter, "DECLINED", world.now, uid="0@truc-chung.localhost"), letter["to"]) == 0
    assert set(answers(world, meeting).values()) == {"needs_action"}
    for text in ("", "BEGIN:VCALENDAR", reply(letter, "DECLINED", world.now, method="COUNTER")):
        with pytest.raises(Invalid):
            bring(world, text, letter["to"])
    with pytest.raises(Invalid):
        bring(world, reply(letter, "DELEGATED", world.now), letter["to"])


def test_an_answer_about_one_session_leaves_the_others(world: ConferenceWorld) -> None:
    meeting = world.approved(**SERIES)
    letter = next(one for one in post(world) if one["to"] == address("th-06"))
    stamp = world.now
    assert bring(world, reply(letter, "ACCEPTED", stamp), address("th-06")) == 1
    second = datetime(2026, 12, 14, 1, tzinfo=UTC)
    one = reply(letter, "DECLINED", stamp + timedelta(seconds=1), session=second)
    world.now += timedelta(minutes=1)
    assert bring(world, one, address("th-06")) == 1
    none = reply(letter, "DECLINED", stamp + timedelta(seconds=2), session=second + timedelta(hours=1))
    assert bring(world, none, address("th-06")) == 0
    [guest] = [
        guest
        for guest in world.ask("read_invitations", CLERK, meeting=meeting)["guests"]
        if guest["endpoint"] == "th-06"
    ]
    assert (guest["answer"], guest["sessions"]) == ("accepted", [{"session": 2, "answer": "declined"}])
    assert guest["comment"] == "Có 30 đại biểu"


def test_only_the_sender_of_mail_reads_and_brings(world: ConferenceWorld) -> None:
    meeting = world.approved(delegates=[DELEGATE])
    post(world)
    for operation, body in (("read_message", {"message": "x"}), ("take_calendar_reply", {"sender": "a", "text": "b"})):
        with pytest.raises(Forbidden):
            world.ask(operation, CLERK, **body)
    with pytest.raises(NotFound):
        world.ask("read_message", POST, message="x")
    shown = world.ask("read_invitations", NEIGHBOUR, meeting=meeting)["guests"]
    assert [guest["address"] for guest in shown if guest["delegate"]] == [None]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("SEQUENCE:1\r\n", ""),
        ("ORGANIZER;", "X-ORGANIZER;"),
        ("TZID:Asia/Ho_Chi_Minh", "TZID:Somewhere"),
        ("SUMMARY:", "SUMMARY:" + "dài" * 30),
        ("DURATION:PT2H", "DURATION:-PT2H"),
    ],
)
def test_the_judge_sees_what_is_wrong(world: ConferenceWorld, before: str, after: str) -> None:
    meeting = world.approved()
    post(world)
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    text = post(world)[0]["calendar"]["text"]
    assert before in text
    assert complaints(text.replace(before, after)) != []


def test_of_two_answers_in_one_second_the_later_to_come_counts(world: ConferenceWorld) -> None:
    meeting = world.approved()
    letter = next(one for one in post(world) if one["to"] == address("th-05"))
    for answer, kept in (("ACCEPTED", 1), ("DECLINED", 1), ("DECLINED", 0)):
        assert bring(world, reply(letter, answer, world.now), address("th-05")) == kept
    assert answers(world, meeting)["th-05"] == "declined"
