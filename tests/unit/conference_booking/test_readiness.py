"""Rehearsals and readiness: reported by whom it concerns, judged at each mark, warned of by mail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.conference_booking.domain.readiness import LATE, MISSING, OPEN, READY, state_at
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.conference_world import (
    APPROVER,
    CLERK,
    NEIGHBOUR,
    PROBE,
    SAM_SON,
    TECHNICIAN,
    WARD,
    ConferenceWorld,
    person,
)
from tests.support.line_samples import SOURCE, sample

KEEPER, OTHER = person("kt-hac-thanh", Role.SPECIALIST, WARD), person("kt-sam-son", Role.SPECIALIST, SAM_SON)
MAIL = Principal(MAILER, "thư", frozenset())
GOOD: dict[str, Any] = {
    "present": True,
    "connected": True,
    "picture": "good",
    "sound_in": "good",
    "sound_out": "good",
    "verdict": "passed",
}
ALL = {"technician": True, "connected": True, "picture": True, "sound": True}
PLACES = ("th-01", "th-05", "th-06", "th-07")


@pytest.fixture
def meeting(world: ConferenceWorld) -> str:
    who = {"network": "thanh-hoa", "agency": WARD, "name": "Lê Văn Kỹ", "phone": "0912000005"}
    world.ask("register_technician", TECHNICIAN, **who, key="kt-1", endpoints=["th-05"], mailbox="lvky@thanhhoa.gov.vn")
    meeting = world.approved(technicians=[{"endpoint": "th-05", "technician": "kt-1"}])
    world.fire()
    return meeting


def report(world: ConferenceWorld, meeting: str, endpoint: str, who: Any = TECHNICIAN, **said: bool) -> None:
    world.ask("report_readiness", who, meeting=meeting, session="1", endpoint=endpoint, **said)


def board(world: ConferenceWorld, meeting: str) -> dict[str, Any]:
    found: dict[str, Any] = world.ask("read_readiness", CLERK, meeting=meeting, session="1")
    return found


def standing(world: ConferenceWorld, meeting: str, endpoint: str) -> list[str]:
    (row,) = [one for one in board(world, meeting)["endpoints"] if one["endpoint"] == endpoint]
    return [mark["state"] for mark in row["marks"]]


def test_an_endpoint_is_ready_late_or_missing_at_each_mark(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:00")
    report(world, meeting, "th-05", technician=True)
    assert standing(world, meeting, "th-05") == [READY, OPEN, OPEN]
    assert standing(world, meeting, "th-06") == [MISSING, OPEN, OPEN]
    world.at("2026-12-07T07:35")
    report(world, meeting, "th-05", connected=True)
    report(world, meeting, "th-06", **ALL)
    assert standing(world, meeting, "th-05") == [READY, LATE, OPEN]
    assert standing(world, meeting, "th-06") == [LATE, LATE, READY]
    world.at("2026-12-07T07:55")
    report(world, meeting, "th-06", picture=False)
    assert standing(world, meeting, "th-06") == [LATE, LATE, MISSING]
    with pytest.raises(Conflict, match="readiness_unchanged"):
        report(world, meeting, "th-05", connected=True)


def test_what_is_there_is_said_while_the_endpoints_are_held(world: ConferenceWorld, meeting: str) -> None:
    with pytest.raises(Conflict, match="session_not_now"):
        report(world, meeting, "th-05", technician=True)
    with pytest.raises(Invalid):
        report(world, meeting, "th-05")


def test_endpoints_are_spoken_for_by_their_own_agency_and_the_operator(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:00")
    report(world, meeting, "th-05", KEEPER, technician=True)
    assert "report_readiness" in world.ask("read_meeting", KEEPER, meeting=meeting)["actions"]
    assert "report_readiness" not in world.ask("read_meeting", NEIGHBOUR, meeting=meeting)["actions"]
    with pytest.raises(Forbidden):
        report(world, meeting, "th-05", OTHER, connected=True)
    with pytest.raises(NotFound, match="endpoint_not_in_meeting"):
        report(world, meeting, "th-09", connected=True)
    with pytest.raises(Forbidden):
        world.ask("conclude_rehearsal", KEEPER, meeting=meeting, session="1", verdict="passed")


def test_who_may_report_at_which_endpoint_is_told(world: ConferenceWorld, meeting: str) -> None:
    def told(who: Any) -> set[str]:
        rows = world.ask("read_readiness", who, meeting=meeting, session="1")["endpoints"]
        return {one["endpoint"] for one in rows if one["may_report"]}

    assert told(KEEPER) == {"th-05"}
    assert told(NEIGHBOUR) == set()
    assert told(TECHNICIAN) == set(PLACES)


def test_a_rehearsal_before_the_meeting_was_moved_is_kept_and_counts_no_more(
    world: ConferenceWorld, meeting: str
) -> None:
    tried = {"present": True, "connected": True, "picture": "good", "sound_in": "good", "sound_out": "good"}
    for endpoint in PLACES:
        asked = {"meeting": meeting, "session": "1", "endpoint": endpoint, "verdict": "passed", **tried}
        world.ask("record_rehearsal", TECHNICIAN, **asked)
    world.ask("conclude_rehearsal", TECHNICIAN, meeting=meeting, session="1", verdict="passed")
    assert board(world, meeting)["not_passed"] == []
    world.now += timedelta(minutes=1)
    world.ask("change_meeting", APPROVER, meeting=meeting, starts="2026-12-08T08:00")
    after = board(world, meeting)
    assert after["not_passed"] == list(PLACES)
    assert {(one["rehearsal"]["verdict"], one["rehearsal"]["before_move"]) for one in after["endpoints"]} == {
        ("passed", True)
    }
    assert after["result"]["before_move"]
    with pytest.raises(Invalid):
        world.ask("conclude_rehearsal", TECHNICIAN, meeting=meeting, session="1", verdict="passed")
    world.ask("record_rehearsal", TECHNICIAN, meeting=meeting, session="1", endpoint="th-05", verdict="passed", **tried)
    assert "th-05" not in board(world, meeting)["not_passed"]


def test_marks_of_the_time_before_a_move_say_nothing_of_the_new_one(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:00")
    world.fire()
    assert [mark["before"] for mark in board(world, meeting)["marks"]] == [60]
    world.ask("change_meeting", APPROVER, meeting=meeting, starts="2026-12-08T08:00")
    assert board(world, meeting)["marks"] == []


def warnings(world: ConferenceWorld) -> list[dict[str, Any]]:
    return [one for one in world.messages.documents.values() if one.get("kind") == "conference_not_ready"]


def test_each_mark_is_judged_and_those_concerned_are_warned(world: ConferenceWorld, meeting: str) -> None:
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-06", mailbox="diem-cau-06@thanhhoa.gov.vn")
    world.at("2026-12-07T07:00")
    world.fire()
    (mark,) = board(world, meeting)["marks"]
    assert (mark["before"], mark["invited"], mark["connected"], mark["not_ready"]) == (60, 4, 0, list(PLACES))
    assert {one["address"]: sorted(one["lacks"]) for one in warnings(world)} == {
        "lvky@thanhhoa.gov.vn": ["th-05"],
        "diem-cau-06@thanhhoa.gov.vn": ["th-06"],
        "truc-hop@thanhhoa.gov.vn": list(PLACES),
    }
    world.fire()
    assert len(warnings(world)) == 3, "once"
    for endpoint in PLACES[1:]:
        report(world, meeting, endpoint, **ALL)
    world.at("2026-12-07T07:30")
    world.fire()
    later = board(world, meeting)["marks"][1]
    assert (later["before"], later["connected"], later["not_ready"]) == (30, 3, ["th-01"])
    report(world, meeting, "th-01", **ALL)
    world.at("2026-12-07T07:50")
    world.fire()
    assert [one["not_ready"] for one in board(world, meeting)["marks"]] == [list(PLACES), ["th-01"], []]
    names = [name for name in world.events(f"{meeting}-1") if name.startswith("conference")]
    assert names == ["conference_not_ready", "conference_not_ready", "conference_ready"]
    assert world.ask("verify_meeting_history", CLERK, meeting=meeting)["intact"]


def test_what_a_warning_says_until_the_session_begins(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:30")
    world.fire()
    mine = [one for one in warnings(world) if one["address"] == "lvky@thanhhoa.gov.vn"]
    told = [world.ask("read_message", MAIL, message=one["_id"]) for one in mine]
    assert [one["to"] for one in told] == ["lvky@thanhhoa.gov.vn"] * 2, "for T−60, which was looked at late, and T−30"
    assert told[1]["vi"]["subject"] == "Chưa sẵn sàng trước 30 phút: Giao ban trực tuyến tháng 12 với các xã, phường"
    text = told[1]["vi"]["text"]
    assert text.endswith("Điểm cầu Ủy ban nhân dân phường Hạc Thành (cán bộ kỹ thuật, kết nối).")
    world.at("2026-12-07T08:00")
    assert world.ask("read_message", MAIL, message=mine[0]["_id"])["to"] is None


def test_marks_go_with_a_meeting_that_is_moved(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:00")
    world.fire()
    world.ask("change_meeting", APPROVER, meeting=meeting, starts="2026-12-07T09:00")
    for wall in ("07:30", "08:00", "08:30"):
        world.at(f"2026-12-07T{wall}")
        world.fire()
    found = {mark["before"]: mark["due"] for mark in board(world, meeting)["marks"]}
    assert found == {60: datetime(2026, 12, 7, 1, 0, tzinfo=UTC), 30: datetime(2026, 12, 7, 1, 30, tzinfo=UTC)}


def test_what_is_off_is_not_judged(world: ConferenceWorld, meeting: str) -> None:
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    world.at("2026-12-07T07:30")
    world.fire()
    assert (board(world, meeting)["marks"], warnings(world)) == ([], [])


def rehearse(world: ConferenceWorld, meeting: str, endpoint: str, **said: Any) -> None:
    path = {"meeting": meeting, "session": "1", "endpoint": endpoint}
    world.ask("record_rehearsal", TECHNICIAN, **path, **{**GOOD, **said})


def test_a_rehearsal_days_before_is_kept_and_says_nothing_of_the_day(world: ConferenceWorld, meeting: str) -> None:
    measured = {"loss_percent": 0.2, "rtt_ms": 18.5, "jitter_ms": 2.4, "mbps": 7.6}
    rehearse(world, meeting, "th-05", measured=measured, backup_line="good")
    row = board(world, meeting)["endpoints"][1]
    assert (row["rehearsal"]["technician"], row["rehearsal"]["measured"]) == ("kt-1", measured)
    assert set(row["checks"].values()) == {None}
    world.at("2026-12-07T07:20")
    rehearse(world, meeting, "th-05", content="poor")
    row = board(world, meeting)["endpoints"][1]
    assert {name for name, at in row["checks"].items() if at} == {"technician", "connected", "picture", "sound"}
    assert board(world, meeting)["connected"] == 1


def test_what_the_probe_measured_last_stands_in_the_rehearsal(world: ConferenceWorld, meeting: str) -> None:
    world.at("2026-12-07T07:20")
    said = {"endpoint": "th-05", "source": SOURCE, "samples": [sample(1, world.now, lost=2)]}
    world.ask("report_measurements", PROBE, **said)
    for endpoint in ("th-05", "th-06"):
        rehearse(world, meeting, endpoint)
    rows = {row["endpoint"]: row for row in board(world, meeting)["endpoints"]}
    told = {"loss_percent": 2.0, "rtt_ms": 12.0, "jitter_ms": 2.0, "mbps": None}
    assert rows["th-05"]["rehearsal"]["measured"] == told
    assert rows["th-06"]["rehearsal"]["measured"] is None


def test_the_verdict_fits_what_was_tried(world: ConferenceWorld, meeting: str) -> None:
    for said in ({"picture": "none"}, {"verdict": "failed"}):
        with pytest.raises(Invalid):
            rehearse(world, meeting, "th-05", **said)
    with pytest.raises(NotFound, match="technician_unknown"):
        rehearse(world, meeting, "th-05", technician="kt-9")
    rehearse(world, meeting, "th-05", picture="none", verdict="failed", remark="Hỏng máy quay")


def test_the_rehearsal_is_concluded_with_a_remark_when_somewhere_it_did_not_pass(
    world: ConferenceWorld, meeting: str
) -> None:
    def conclude(**said: str) -> None:
        world.ask("conclude_rehearsal", TECHNICIAN, meeting=meeting, session="1", **said)

    for endpoint in PLACES[:3]:
        rehearse(world, meeting, endpoint)
    rehearse(world, meeting, "th-07", picture="none", verdict="failed", remark="Hỏng máy quay")
    with pytest.raises(Invalid) as refusal:
        conclude(verdict="passed")
    assert refusal.value.fields[0]["params"] == {"endpoints": "th-07"}
    conclude(verdict="passed", remark="th-07 chỉ nghe")
    rehearse(world, meeting, "th-07", verdict="passed_with_remarks", remark="Đã thay máy quay")
    conclude(verdict="passed")
    told = board(world, meeting)
    assert (told["result"]["verdict"], told["result"]["by"], told["not_passed"]) == ("passed", TECHNICIAN.subject, [])
    world.ask("cancel_session", CLERK, meeting=meeting, session="1", reason="Hoãn")
    with pytest.raises(Conflict):
        conclude(verdict="failed")


DUE = datetime(2026, 12, 7, 0, 30, tzinfo=UTC)
AT = st.none() | st.integers(-60, 60).map(lambda minutes: DUE + timedelta(minutes=minutes))


@given(
    check=st.fixed_dictionaries({"technician": AT, "connected": AT}),
    needs=st.lists(st.sampled_from(["technician", "connected"]), min_size=1, max_size=2, unique=True),
    first=st.integers(-60, 60),
    later=st.integers(0, 60),
)
def test_a_state_changes_only_forward(
    check: dict[str, datetime | None], needs: list[str], first: int, later: int
) -> None:
    """Time alone makes of an open one a missing one, and nothing else; ready is only who had everything by then."""
    now = DUE + timedelta(minutes=first)
    before, after = (state_at(check, needs, DUE, moment) for moment in (now, now + timedelta(minutes=later)))
    assert (before, after) in {(READY, READY), (LATE, LATE), (OPEN, OPEN), (OPEN, MISSING), (MISSING, MISSING)}
    assert (before == READY) == all(check[need] and check[need] <= DUE for need in needs)  # type: ignore[operator]
