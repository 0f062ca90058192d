"""What a convener wants otherwise of an approved meeting: it waits, and the meeting stays as it was approved."""

from typing import Any

import pytest

from services.conference_booking.domain.appointments import booked
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from shared.working_time import VIETNAM
from tests.support.conference_world import APPROVER, CLERK, NEIGHBOUR, OPERATOR, TECHNICIAN, ConferenceWorld

DAY = "2026-12-07"


@pytest.fixture
def world() -> ConferenceWorld:
    return ConferenceWorld()


@pytest.fixture
def meeting(world: ConferenceWorld) -> str:
    return world.approved()


def busy(world: ConferenceWorld, endpoint: str = "th-05", day: str = DAY) -> list[tuple[str, str]]:
    """From when to when an endpoint is held, on the clock of Viet Nam."""
    grid = world.ask("read_network_day", OPERATOR, network="thanh-hoa", day=day)
    (row,) = [row for row in grid["endpoints"] if row["endpoint"] == endpoint]
    spans = [(one["held_from"], one["held_until"]) for one in row["busy"]]
    return [(f"{first.astimezone(VIETNAM):%H:%M}", f"{last.astimezone(VIETNAM):%H:%M}") for first, last in spans]


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


def series(world: ConferenceWorld) -> str:
    return world.approved(rule="FREQ=WEEKLY;COUNT=3")


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
