"""What a convener wants otherwise of an approved meeting: it waits, and the meeting stays as it was approved."""

from typing import Any

import pytest

from shared.errors import Conflict, Forbidden
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.changing import DAY, busy


@pytest.fixture
def meeting(world: ConferenceWorld) -> str:
    return world.approved()


def ports(world: ConferenceWorld) -> list[int]:
    """How many ports are taken in each step that any are, of all days."""
    return sorted({count for count in world.claims.held["thanh-hoa"].used["ports"].values() if count})


def ask(world: ConferenceWorld, meeting: str, **wish: Any) -> Any:
    return world.ask("change_meeting", CLERK, meeting=meeting, **wish)


def test_words_of_an_approved_series_are_changed_at_once(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=DAILY;COUNT=3")
    receipt = ask(world, series, title="Giao ban quý IV", note="Có tài liệu")
    assert (receipt["state"], receipt["hold_until"]) == ("approved", None)
    assert world.meeting(series)["title"] == "Giao ban quý IV"


def test_other_times_wait_and_hold_what_they_need_beyond(world: ConferenceWorld, meeting: str) -> None:
    receipt = ask(world, meeting, starts=f"{DAY}T09:00", reason="Lãnh đạo bận")
    assert (receipt["state"], receipt["sequence"]) == ("approved", 0)
    assert receipt["hold_until"] > "2026-12-01"
    assert busy(world) == [("07:00", "10:15"), ("10:15", "11:15")]
    assert ports(world) == [8], "in no moment is it counted twice"
    view = world.ask("read_meeting", CLERK, meeting=meeting)
    assert (view["starts"], view["proposal"]["changes"]) == (f"{DAY}T08:00", {"starts": f"{DAY}T09:00"})
    assert view["proposal"]["reason"] == "Lãnh đạo bận"
    waiting = world.ask("list_meetings", APPROVER, state="submitted")["items"]
    assert [(one["id"], one["change_waits"]) for one in waiting] == [(meeting, True)]
    assert "approve_change" in world.ask("read_meeting", APPROVER, meeting=meeting)["actions"]
    assert world.events(meeting)[-1] == "conference_change_proposed"


def test_a_change_that_is_approved_becomes_true(world: ConferenceWorld, meeting: str) -> None:
    ask(world, meeting, starts=f"{DAY}T09:00")
    ask(world, meeting, endpoints=["th-09"])
    with pytest.raises(Forbidden):
        world.ask("approve_change", CLERK, meeting=meeting)
    receipt = world.ask("approve_change", APPROVER, meeting=meeting, note="Đồng ý")
    assert (receipt["state"], receipt["sequence"], receipt["hold_until"]) == ("approved", 1, None)
    assert (busy(world), busy(world, "th-09"), ports(world)) == ([], [("08:00", "11:15")], [4])
    with pytest.raises(Conflict, match="no_change_waits"):
        world.ask("approve_change", APPROVER, meeting=meeting)
    view = world.ask("read_meeting", CLERK, meeting=meeting)
    assert (view["starts"], view["proposal"], view["decision"]["said"]) == (f"{DAY}T09:00", None, "Đồng ý")
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


@pytest.mark.parametrize("end", ["rejected", "expired", "withdrawn"])
def test_a_change_that_is_not_made_leaves_what_was_approved(world: ConferenceWorld, meeting: str, end: str) -> None:
    ask(world, meeting, starts=f"{DAY}T09:00", endpoints=["th-05", "th-09"])
    if end == "rejected":
        world.ask("reject_change", APPROVER, meeting=meeting, reason="Trùng")
    elif end == "withdrawn":
        ask(world, meeting, starts=f"{DAY}T08:00", endpoints=["th-05", "th-06", "th-07"])
    else:
        world.at("2026-12-02T08:00")
        world.fire()
    stored = world.meeting(meeting)
    assert (stored["state"], stored["proposed"], stored["starts"]) == ("approved", None, f"{DAY}T08:00")
    assert (busy(world), busy(world, "th-09"), ports(world)) == ([("07:00", "10:15")], [], [8])
    assert world.events(meeting)[-1] == f"conference_change_{end}"


def test_a_question_about_a_change_is_asked_and_answered_before_it_is_decided_on(
    world: ConferenceWorld, meeting: str
) -> None:
    with pytest.raises(Conflict, match="no_change_waits"):
        world.ask("ask_change_information", APPROVER, meeting=meeting, reason="Vì sao?")
    held = ask(world, meeting, starts=f"{DAY}T09:00")["hold_until"]
    with pytest.raises(Conflict, match="no_question_about_change"):
        world.ask("answer_change_question", CLERK, meeting=meeting, answer="Bận")
    with pytest.raises(Forbidden):
        world.ask("ask_change_information", CLERK, meeting=meeting, reason="Vì sao?")
    receipt = world.ask("ask_change_information", APPROVER, meeting=meeting, reason="Vì sao?")
    assert (receipt["state"], receipt["hold_until"]) == ("approved", held), "it holds what it held"
    assert busy(world) == [("07:00", "10:15"), ("10:15", "11:15")]
    for again, body in (("approve_change", {}), ("ask_change_information", {"reason": "Vì sao?"})):
        with pytest.raises(Conflict, match="change_lacks_answer"):
            world.ask(again, APPROVER, meeting=meeting, **body)
    view = world.ask("read_meeting", CLERK, meeting=meeting)
    assert (view["proposal"]["questioned"], view["decision"]["said"], view["answer"]) == (True, "Vì sao?", "")
    assert "answer_change_question" in view["actions"]
    assert [one["id"] for one in world.ask("list_meetings", CLERK, state="needs_info")["items"]] == [meeting]
    assert world.ask("list_meetings", APPROVER, state="submitted")["items"] == []
    world.at("2026-12-01T10:00")
    receipt = world.ask("answer_change_question", CLERK, meeting=meeting, answer="Lãnh đạo bận")
    assert receipt["hold_until"] > held, "the time to decide begins anew"
    view = world.ask("read_meeting", APPROVER, meeting=meeting)
    assert (view["proposal"]["questioned"], view["answer"]) == (False, "Lãnh đạo bận")
    assert [one["id"] for one in world.ask("list_meetings", APPROVER, state="submitted")["items"]] == [meeting]
    world.ask("approve_change", APPROVER, meeting=meeting)
    assert world.meeting(meeting)["starts"] == f"{DAY}T09:00"
    assert world.events(meeting)[-3:] == [
        "conference_change_questioned", "conference_change_answered", "conference_changed",
    ]  # fmt: skip
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


def test_a_change_is_refused_withdrawn_or_wanted_otherwise_while_a_question_waits(world: ConferenceWorld) -> None:
    for end in ("refused", "otherwise", "expired"):
        meeting = world.approved(endpoints=[])
        ask(world, meeting, starts="2026-12-11T09:00")
        world.ask("ask_change_information", APPROVER, meeting=meeting, reason="Vì sao?")
        if end == "refused":
            world.ask("reject_change", APPROVER, meeting=meeting, reason="Trùng")
        elif end == "otherwise":
            ask(world, meeting, starts="2026-12-11T10:00")
            world.ask("approve_change", APPROVER, meeting=meeting)
        else:
            world.at("2026-12-03T08:00")
            world.fire()
        assert world.meeting(meeting)["proposed"] is None
        world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Thôi")


def test_a_series_that_is_under_way_is_answered_for_in_time(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=DAILY;COUNT=3")
    ask(world, series, rank="government")
    world.at(f"{DAY}T07:50")
    ask(world, series, endpoints=["th-05", "th-09"])
    world.ask("ask_change_information", APPROVER, meeting=series, reason="Vì sao?")
    world.ask("start_session", TECHNICIAN, meeting=series, session="1")
    world.at(f"{DAY}T08:30")
    world.ask("answer_change_question", CLERK, meeting=series, answer="Thêm xã")
    world.fire()
    assert world.meeting(series)["proposed"], "the session that is live does not end the time to decide"


def test_meanwhile_the_meeting_is_run_as_approved(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=DAILY;COUNT=3")
    world.at(f"{DAY}T07:30")
    ask(world, series, endpoints=["th-05", "th-06", "th-07", "th-09"])
    assert busy(world, "th-09") == [("07:00", "10:15")]
    world.ask("start_session", TECHNICIAN, meeting=series, session="1")
    assert (busy(world, "th-09"), busy(world, "th-09", "2026-12-08")) == ([], [("07:00", "10:15")])
    with pytest.raises(Conflict, match="session_live"):
        world.ask("approve_change", APPROVER, meeting=series)
    world.ask("extend_session", TECHNICIAN, meeting=series, session="1", minutes=30)
    world.ask("end_session", TECHNICIAN, meeting=series, session="1")
    world.ask("approve_change", APPROVER, meeting=series)
    assert busy(world, "th-09", "2026-12-08") == [("07:00", "10:15")]
    assert busy(world, "th-09") == []


def test_other_times_are_void_once_a_session_begins_or_is_off(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=DAILY;COUNT=3", urgent=True, urgent_reason="Bão số 9")
    ask(world, series, minutes=150)
    world.ask("cancel_session", CLERK, meeting=series, session="2", reason="Bận")
    assert world.meeting(series)["proposed"] is None
    world.at("2026-12-04T08:00")
    ask(world, series, minutes=150)
    world.at(f"{DAY}T07:10")
    world.fire()
    assert world.meeting(series)["proposed"]
    world.ask("start_session", TECHNICIAN, meeting=series, session="1")
    assert world.meeting(series)["proposed"] is None
    assert busy(world) == [("07:00", "10:15")]


def test_a_change_gives_way_to_a_higher_rank(world: ConferenceWorld, meeting: str) -> None:
    ask(world, meeting, starts="2026-12-08T08:00")
    wish = {"chair": "th-05", "endpoints": [], "rank": "government", "preempt": True, "starts": "2026-12-08T09:00"}
    world.request(APPROVER, **wish)
    stored = world.meeting(meeting)
    assert (stored["state"], stored["proposed"]) == ("approved", None)
    assert (busy(world), busy(world, day="2026-12-08")) == ([("07:00", "10:15")], [("08:00", "11:15")])
    ask(world, meeting, starts="2026-12-09T08:00")
    world.request(APPROVER, **{**wish, "starts": f"{DAY}T09:00"})
    assert (world.meeting(meeting)["state"], busy(world, day="2026-12-09")) == ("preempted", [])


def test_what_is_taken_is_refused_with_other_times(world: ConferenceWorld, meeting: str) -> None:
    world.approved(NEIGHBOUR, chair="th-05", endpoints=[], starts=f"{DAY}T14:00")
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        ask(world, meeting, starts=f"{DAY}T13:00")
    assert [clash["session"] for clash in refusal.value.params["clashes"]] == [1]
    assert refusal.value.params["alternatives"]
    assert not world.meeting(meeting).get("proposed")


def test_a_smaller_bridge_holds_what_it_held(world: ConferenceWorld, meeting: str) -> None:
    ask(world, meeting, starts=f"{DAY}T09:00")
    world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", ports=4, reason="Hỏng thẻ")
    assert world.ask("approve_change", APPROVER, meeting=meeting)["state"] == "approved"
    assert busy(world) == [("08:00", "11:15")]
