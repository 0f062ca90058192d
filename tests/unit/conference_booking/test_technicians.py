"""Technicians and standby lines: held with the meeting, named in clashes, respected by alternatives, on the roster."""

from dataclasses import replace
from typing import Any

import pytest

from services.conference_booking.domain.networks import Networks, TechnicianRules
from shared.errors import Conflict, Forbidden, Invalid, NotFound
from tests.support.conference_world import (
    APPROVER,
    CLERK,
    FILE,
    NEIGHBOUR,
    OPERATOR,
    STRANGER,
    TECHNICIAN,
    ConferenceWorld,
)

PERSON = {"network": "thanh-hoa", "agency": "H56.30.01", "name": "Lê Văn Kỹ", "phone": "0912000005"}
DUTY = {"endpoint": "th-05", "technician": "kt-1"}
ELSEWHERE = {"chair": "th-20", "endpoints": ["th-21"]}


@pytest.fixture
def world() -> ConferenceWorld:
    world = ConferenceWorld()
    for key in ("kt-1", "kt-2"):
        world.ask("register_technician", TECHNICIAN, **PERSON, key=key, endpoints=["th-05"])
    return world


def ruled(world: ConferenceWorld, **rules: bool) -> None:
    """Let the network of Thanh Hóa have other rules."""
    networks = [
        replace(one, technicians=TechnicianRules(**{"exclusive": True, "required": False} | rules))
        for one in FILE.networks
    ]
    world.context = replace(world.context, networks=Networks(networks, FILE.networks.ranks.values()))


def refused(world: ConferenceWorld, **wish: Any) -> dict[str, Any]:
    with pytest.raises(Conflict, match="resources_taken") as told:
        world.request(NEIGHBOUR, **wish)
    return dict(told.value.params)


def test_a_technician_is_at_one_meeting_at_a_time(world: ConferenceWorld) -> None:
    world.request(technicians=[DUTY])
    told = refused(world, **ELSEWHERE, technicians=[{"endpoint": "th-20", "technician": "kt-1"}])
    (clash,) = told["clashes"]
    assert (clash["kind"], clash["technicians"], clash["endpoints"]) == ("technician", ["kt-1"], [])
    assert told["alternatives"][0]["starts"] == "2026-12-07T11:15", "when the technician is free again"
    world.request(NEIGHBOUR, **ELSEWHERE, technicians=[{"endpoint": "th-20", "technician": "kt-2"}])


def test_where_the_network_does_not_mind_a_technician_is_at_several(world: ConferenceWorld) -> None:
    ruled(world, exclusive=False)
    world.request(technicians=[DUTY])
    other = world.request(NEIGHBOUR, **ELSEWHERE, technicians=[{"endpoint": "th-20", "technician": "kt-1"}])
    assert world.meeting(other)["things"] == ["th-20", "th-21"]


def test_people_and_lines_cost_no_ports(world: ConferenceWorld) -> None:
    plain = world.meeting(world.request())
    manned = world.request(starts="2026-12-08T08:00", technicians=[DUTY], standby_lines=["th-05", "th-06"])
    assert world.meeting(manned)["counts"] == plain["counts"]
    assert set(world.meeting(manned)["things"]) - set(plain["things"]) == {"t:kt-1", "l:th-05", "l:th-06"}


def test_who_is_away_is_not_counted_on_and_who_is_counted_on_is_not_away(world: ConferenceWorld) -> None:
    away = {"starts": "2026-12-07T00:00", "minutes": 1440, "reason": "Nghỉ phép"}
    world.ask("plan_absence", TECHNICIAN, technician="kt-1", **away)
    told = refused(world, technicians=[DUTY])
    assert [(one["held_by"], one["technicians"]) for one in told["clashes"]] == [("absence", ["kt-1"])]
    assert told["alternatives"][0]["starts"] == "2026-12-08T07:30", "torn down at midnight"
    world.ask("cancel_absence", TECHNICIAN, technician="kt-1", number=1)
    meeting = world.request(technicians=[DUTY])
    with pytest.raises(Conflict, match="resources_taken") as refusal:
        world.ask("plan_absence", TECHNICIAN, technician="kt-1", **away)
    assert [clash["meeting"] for clash in refusal.value.params["clashes"]] == [meeting]
    with pytest.raises(NotFound, match="absence_unknown"):
        world.ask("cancel_absence", TECHNICIAN, technician="kt-1", number=1)


def test_one_line_stands_by_for_one_endpoint_at_a_time(world: ConferenceWorld) -> None:
    lines = [
        {"kind": "primary", "name": "TSLCD cấp II", "mbps": 4},
        {"kind": "backup", "name": "4G lưu động số 1", "mbps": 8, "shared": "lte-so-1"},
    ]
    for key in ("th-05", "th-20"):
        world.ask("change_endpoint", TECHNICIAN, endpoint=key, lines=lines)
    world.request(standby_lines=["th-05"])
    (clash,) = refused(world, **ELSEWHERE, standby_lines=["th-20"])["clashes"]
    assert (clash["kind"], clash["lines"]) == ("line", ["lte-so-1"])
    with pytest.raises(Invalid) as refusal:
        world.request(starts="2026-12-09T08:00", endpoints=["th-05", "th-20"], standby_lines=["th-05", "th-20"])
    assert [one["code"] for one in refusal.value.fields] == ["line_shared"]


@pytest.mark.parametrize(
    ("wish", "path", "code"),
    [
        ({"technicians": [DUTY | {"endpoint": "th-09"}]}, "technicians.0.endpoint", "endpoint_not_in_meeting"),
        ({"technicians": [DUTY | {"technician": "kt-9"}]}, "technicians.0.technician", "technician_not_here"),
        ({"standby_lines": ["th-09"]}, "standby_lines.0", "endpoint_not_in_meeting"),
    ],
)
def test_what_is_not_there_is_named(world: ConferenceWorld, wish: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        world.request(**wish)
    assert [(one["path"], one["code"]) for one in refusal.value.fields] == [(path, code)]


def test_an_endpoint_without_a_backup_line_has_none_to_stand_by(world: ConferenceWorld) -> None:
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", lines=[])
    with pytest.raises(Invalid) as refusal:
        world.request(standby_lines=["th-05"])
    assert [one["code"] for one in refusal.value.fields] == ["endpoint_without_backup"]


def test_who_has_left_is_given_no_duty(world: ConferenceWorld) -> None:
    world.ask("change_technician", TECHNICIAN, technician="kt-1", active=False)
    with pytest.raises(Invalid):
        world.request(technicians=[DUTY])


def test_duties_are_changed_without_new_approval_and_go_with_their_endpoints(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.ask("change_meeting", CLERK, meeting=meeting, technicians=[DUTY], standby_lines=["th-05"])
    stored = world.meeting(meeting)
    assert (stored["state"], stored["sequence"]) == ("approved", 0)
    assert {"t:kt-1", "l:th-05"} < set(stored["things"])
    world.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-06"])
    stored = world.meeting(meeting)
    assert (stored["technicians"], stored["standby_lines"], stored["things"]) == ([], [], ["th-01", "th-06"])
    world.request(NEIGHBOUR, **ELSEWHERE, technicians=[{"endpoint": "th-20", "technician": "kt-1"}])


def test_a_network_may_want_somebody_everywhere_before_it_approves(world: ConferenceWorld) -> None:
    ruled(world, required=True)
    meeting = world.request(technicians=[DUTY])
    with pytest.raises(Conflict, match="technicians_missing") as refusal:
        world.ask("approve_meeting", APPROVER, meeting=meeting)
    assert refusal.value.params["endpoints"] == "th-01, th-06, th-07"
    rest = [{"endpoint": key, "technician": "kt-2"} for key in ("th-01", "th-06", "th-07")]
    world.ask("change_meeting", CLERK, meeting=meeting, technicians=[DUTY, *rest])
    world.ask("approve_meeting", APPROVER, meeting=meeting)


def test_a_higher_rank_takes_the_technician_too(world: ConferenceWorld) -> None:
    lower = world.request(technicians=[DUTY])
    duty = [{"endpoint": "th-20", "technician": "kt-1"}]
    world.request(APPROVER, **ELSEWHERE, technicians=duty, rank="party", preempt=True)
    assert world.meeting(lower)["state"] == "preempted"


def test_the_roster_of_a_day(world: ConferenceWorld) -> None:
    meeting = world.approved(technicians=[DUTY])

    def roster(who: Any) -> list[tuple[str, list[str]]]:
        found = world.ask("read_roster", who, network="thanh-hoa", day="2026-12-07")
        return [(row["endpoint"], [one["phone"] for one in row["technicians"]]) for row in found["duties"]]

    whole = [("th-01", []), ("th-05", ["0912000005"]), ("th-06", []), ("th-07", [])]
    assert roster(OPERATOR) == roster(NEIGHBOUR) == whole
    assert roster(STRANGER) == [], "whose meeting it is not"
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    assert roster(OPERATOR) == []


def test_those_who_run_the_network_keep_the_list(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden):
        world.ask("register_technician", CLERK, **PERSON, key="kt-3", endpoints=[])
    with pytest.raises(Conflict, match="technician_known"):
        world.ask("register_technician", TECHNICIAN, **PERSON, key="kt-1", endpoints=[])
    with pytest.raises(Invalid):
        world.ask("change_technician", TECHNICIAN, technician="kt-1", endpoints=["ct-01"])
    listed = world.ask("list_technicians", CLERK, network="thanh-hoa", endpoint="th-05", limit=1)
    assert ([one["key"] for one in listed["items"]], listed["next"]) == (["kt-1"], "kt-1")
    assert world.ask("list_technicians", CLERK, endpoint="th-06")["items"] == []
    assert world.events("kt-1") == ["technician_registered"]
