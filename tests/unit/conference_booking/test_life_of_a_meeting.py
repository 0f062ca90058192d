"""What people do with meetings, step by step: who may, what is held, what is announced."""

from typing import Any

import pytest

from services.conference_booking.domain.transitions import TRANSITIONS
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.conference_world import (
    APPROVER,
    CITIZEN,
    CLERK,
    NEIGHBOUR,
    OPERATOR,
    STRANGER,
    TECHNICIAN,
    ConferenceWorld,
)
from tests.unit.conference_booking.held import busy


def test_a_request_holds_everything_at_once(world: ConferenceWorld) -> None:
    meeting = world.request(recording=True, standby=["th-04"])
    stored = world.meeting(meeting)
    assert (stored["state"], stored["counts"]) == ("submitted", {"ports": 10, "recorders": 1})
    assert busy(world) == [("07:00", "10:15")], "an hour of set-up, a quarter of tear-down"
    assert world.events(meeting) == ["conference_requested"]


def test_the_same_key_books_once(world: ConferenceWorld) -> None:
    assert world.request(key_="k1") == world.request(key_="k1")
    assert len(world.meetings.documents) == 1


def test_a_key_is_not_used_for_something_else(world: ConferenceWorld) -> None:
    meeting = world.request(key_="k1")
    with pytest.raises(Conflict):
        world.request(key_="k2")
    world.meeting(meeting)["history"][0]["command"]["digest"] = "other"
    with pytest.raises(Invalid, match="idempotency_key_reused"):
        world.request(key_="k1")


def test_what_is_held_is_refused_with_every_clash_and_the_nearest_free_times(world: ConferenceWorld) -> None:
    world.request()
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.request(STRANGER, chair="th-05", endpoints=["th-09", "th-06"])
    (clash,) = refusal.value.params["clashes"]
    assert (clash["endpoints"], clash["convener"], clash["title"]) == (["th-05", "th-06"], "H56.30.01", None)
    starts = [one["starts"] for one in refusal.value.params["alternatives"]]
    assert starts == ["2026-12-07T11:15", "2026-12-07T11:30", "2026-12-07T11:45"]
    world.request(STRANGER, chair="th-05", endpoints=["th-09", "th-06"], starts=starts[0])


def test_the_title_is_told_to_those_who_take_part(world: ConferenceWorld) -> None:
    world.request()
    for who, knows in ((NEIGHBOUR, True), (APPROVER, True), (OPERATOR, True), (STRANGER, False)):
        with pytest.raises(Conflict) as refusal:
            world.request(who, chair="th-06", endpoints=[])
        (clash,) = refusal.value.params["clashes"]
        assert bool(clash["title"]) == bool(clash["meeting"]) == knows


def test_a_series_is_booked_whole_or_not_at_all(world: ConferenceWorld) -> None:
    world.request(starts="2026-12-14T08:00", chair="th-06", endpoints=[])
    before = busy(world)
    with pytest.raises(Conflict) as refusal:
        world.request(NEIGHBOUR, rule="FREQ=WEEKLY;COUNT=3")
    assert [clash["session"] for clash in refusal.value.params["clashes"]] == [2]
    assert busy(world) == before
    (first, *_) = refusal.value.params["alternatives"]
    meeting = world.request(NEIGHBOUR, rule="FREQ=WEEKLY;COUNT=3", starts=first["starts"])
    assert len(world.meeting(meeting)["sessions"]) == 3


def test_ports_lacking_are_told_with_what_is_left(world: ConferenceWorld) -> None:
    everything = [f"th-{number:02d}" for number in range(2, 32)]
    world.request(endpoints=everything[:27], resolution="1080p")  # 112 of 144
    world.ask("change_bridge", TECHNICIAN, network="thanh-hoa", reserve=25, reason="Hội nghị Trung ương")  # 120
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.request(NEIGHBOUR, chair="th-29", endpoints=["th-30", "th-31"], resolution="1080p", recording=True)
    (clash,) = refusal.value.params["clashes"]
    assert (clash["kind"], clash["wanted"], clash["left"], clash["endpoints"]) == ("ports", 12, 8, [])
    world.request(NEIGHBOUR, chair="th-29", endpoints=["th-30", "th-31"], resolution="720p")


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"starts": "2026-12-01T08:00"}, "lead_too_short"),
        ({"starts": "2026-11-30T10:00", "urgent": True, "urgent_reason": "Bão số 9"}, "urgent_lead_too_short"),
        ({"starts": "2026-11-27T08:00"}, "meeting_in_past"),
    ],
)
def test_what_is_asked_for_too_late(world: ConferenceWorld, wish: dict[str, Any], code: str) -> None:
    with pytest.raises(Conflict, match=code):
        world.request(**wish)


def test_urgent_meetings_and_those_entered_by_the_house_come_in_later(world: ConferenceWorld) -> None:
    world.request(starts="2026-12-01T08:00", urgent=True, urgent_reason="Bão số 9", endpoints=["th-05"])
    world.request(APPROVER, starts="2026-11-30T09:00", endpoints=["th-05"])


def test_what_is_entered_while_its_set_up_runs_is_held_until_it_would_begin(world: ConferenceWorld) -> None:
    meeting = world.request(APPROVER, starts="2026-11-30T08:30")
    world.fire()
    assert world.meeting(meeting)["state"] == "submitted"
    world.at("2026-11-30T08:30")
    world.fire()
    assert world.meeting(meeting)["state"] == "expired"


@pytest.mark.parametrize(
    ("wish", "path", "code"),
    [
        ({"chair": "ct-01"}, "chair", "endpoint_not_here"),
        ({"endpoints": ["th-05", "th-99"]}, "endpoints.1", "endpoint_not_here"),
        ({"endpoints": ["th-05", "th-05"]}, "endpoints", "repeated"),
        ({"rank": "emperor"}, "rank", "rank_unknown"),
        ({"starts": "2026-12-07T08:02"}, "starts", "not_on_a_step"),
        ({"starts": "2026-02-30T08:00"}, "starts", "not_a_moment"),
        ({"starts": "1900-01-00T08:00"}, "starts", "not_a_moment"),
        ({"starts": "2100-12-31T08:00"}, "starts", "year_out_of_range"),
        ({"starts": "8 giờ"}, "starts", "wrong_shape"),
        ({"minutes": 61}, "minutes", "not_on_a_step"),
        ({"rule": "FREQ=WEEKLY"}, "rule", "recurrence_endless"),
        ({"zone": "Sao/Hoa"}, "zone", "zone_unknown"),
        ({"urgent": True}, "urgent_reason", "urgent_needs_reason"),
    ],
)
def test_what_cannot_be_meant(world: ConferenceWorld, wish: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        world.request(**wish)
    assert (path, code) in [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields]
    assert world.meetings.documents == {}


def test_who_may_not_ask(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden):
        world.request(CITIZEN)
    with pytest.raises(NotFound, match="network_unknown"):
        world.request(network="ha-noi")


def test_only_the_approver_approves(world: ConferenceWorld) -> None:
    meeting = world.request()
    for nobody in (CLERK, NEIGHBOUR, TECHNICIAN):
        with pytest.raises((Forbidden, NotFound)):
            world.ask("approve_meeting", nobody, meeting=meeting)
    world.ask("approve_meeting", APPROVER, meeting=meeting, rank="leadership", note="Đồng ý")
    view = world.ask("read_meeting", CLERK, meeting=meeting)
    assert (view["state"], view["rank"], view["hold_until"]) == ("approved", "leadership", None)
    assert view["decision"]["said"] == "Đồng ý"


def test_an_operator_of_the_platform_approves_too(world: ConferenceWorld) -> None:
    meeting = world.request()
    assert world.ask("approve_meeting", OPERATOR, meeting=meeting)["state"] == "approved"


@pytest.mark.parametrize(
    ("operation", "who", "state", "event"),
    [
        ("reject_meeting", APPROVER, "rejected", "conference_rejected"),
        ("cancel_meeting", CLERK, "cancelled", "conference_cancelled"),
        ("cancel_meeting", TECHNICIAN, "cancelled", "conference_cancelled"),
    ],
)
def test_what_is_off_gives_everything_back(
    world: ConferenceWorld, operation: str, who: Any, state: str, event: str
) -> None:
    meeting = world.request()
    world.ask(operation, who, meeting=meeting, reason="Hoãn")
    assert (world.meeting(meeting)["state"], world.events(meeting)[-1]) == (state, event)
    assert busy(world) == []
    with pytest.raises(Conflict, match="meeting_action_not_allowed"):
        world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")


def test_a_question_and_its_answer(world: ConferenceWorld) -> None:
    meeting = world.request()
    world.ask("ask_meeting_information", APPROVER, meeting=meeting, reason="Ai chủ trì?")
    with pytest.raises(Conflict):
        world.ask("approve_meeting", APPROVER, meeting=meeting)
    world.at("2026-12-01T09:00")
    receipt = world.ask("answer_meeting_question", CLERK, meeting=meeting, answer="Chủ tịch phường")
    assert receipt["state"] == "submitted"
    assert receipt["hold_until"] > "2026-12-03", "the time to decide begins anew"


def test_nobody_decides_in_time(world: ConferenceWorld) -> None:
    meeting = world.request()
    world.at("2026-12-02T07:59")
    world.fire()
    assert world.meeting(meeting)["state"] == "submitted"
    world.at("2026-12-02T08:00")
    world.fire()
    assert (world.meeting(meeting)["state"], busy(world)) == ("expired", [])
    assert world.events(meeting) == ["conference_requested", "conference_expired"]


def test_what_the_approver_changes_is_true_at_once(world: ConferenceWorld) -> None:
    meeting = world.approved()
    receipt = world.ask("change_meeting", APPROVER, meeting=meeting, starts="2026-12-07T14:00")
    assert (receipt["state"], receipt["sequence"], receipt["hold_until"]) == ("approved", 1, None)
    receipt = world.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-09"])
    assert (receipt["state"], receipt["sequence"]) == ("approved", 2)
    assert busy(world) == []
    assert busy(world, "th-09") == [("13:00", "16:15")]


def test_a_change_that_cannot_be_leaves_everything_as_it_was(world: ConferenceWorld) -> None:
    other = world.approved(chair="th-09", endpoints=[], starts="2026-12-08T08:00")
    meeting = world.approved()
    with pytest.raises(Conflict, match="resources_taken"):
        world.ask("change_meeting", CLERK, meeting=meeting, starts="2026-12-08T08:00", endpoints=["th-09"])
    assert world.meeting(meeting)["state"] == "approved"
    assert busy(world) == [("07:00", "10:15")]
    assert busy(world, "th-09", "2026-12-08") == [("07:00", "10:15")]
    assert world.meeting(other)["version"] == 2


def test_nothing_is_no_change(world: ConferenceWorld) -> None:
    meeting = world.request()
    with pytest.raises(Conflict, match="meeting_unchanged"):
        world.ask("change_meeting", CLERK, meeting=meeting, minutes=120)


def test_a_change_in_view_of_an_older_version(world: ConferenceWorld) -> None:
    meeting = world.approved()
    with pytest.raises(Stale):
        world.ask("change_meeting", CLERK, meeting=meeting, title="Khác", _version=1)


def test_every_row_of_the_table_is_announced_by_its_event(world: ConferenceWorld) -> None:
    assert {row.event for row in TRANSITIONS} == {
        *(
            "conference_changed",
            "conference_change_rejected",
            "conference_change_questioned",
            "conference_change_answered",
            "conference_answered",
            "conference_scheduled",
            "conference_rejected",
        ),
        *("conference_questioned", "conference_cancelled", "session_started", "session_extended", "session_ended"),
        *("conference_preempted", "conference_expired", "conference_ended"),
        *("invitation_letter_asked", "script_written", "script_released", "script_moved"),
        *("readiness_reported", "rehearsal_recorded", "rehearsal_concluded", "participant_kicked"),
    }
