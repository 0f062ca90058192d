"""Incidents: opened by probes once and by people, switched to standby with the meeting, closed with a report."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from services.conference_booking.domain.incidents import BY_ACTION, TRANSITIONS, State
from services.conference_booking.usecases.invitations import read_message
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal, Role
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.conference_world import (
    APPROVER,
    CITIZEN,
    CLERK,
    NEIGHBOUR,
    OPERATOR,
    PROBE,
    STRANGER,
    TECHNICIAN,
    WARD,
    ConferenceWorld,
    person,
)
from tests.support.line_samples import SOURCE, sample

FIVE = timedelta(seconds=5)
THRICE = "FREQ=WEEKLY;COUNT=3"
BODIES: dict[str, dict[str, Any]] = {
    "acknowledge_incident": {},
    "reassess_incident": {"severity": 1, "reason": "Điểm cầu chủ trì"},
    "switch_to_standby": {},
    "restore_incident": {},
    "close_incident": {"cause": "Đứt cáp quang", "action": "Chuyển đường dự phòng"},
    "add_follow_up": {"what": "Kiểm tra tuyến cáp", "who": "Nhà mạng", "due": "2026-12-14"},
    "finish_follow_up": {"number": 1},
}


@pytest.fixture
def world() -> ConferenceWorld:
    return ConferenceWorld()


def report(world: ConferenceWorld, *lost: int, first: int = 1, line: str = "primary") -> None:
    samples = []
    for sequence, count in enumerate(lost, start=first):
        samples.append(sample(sequence, world.now, lost=count, line=line))
        world.now += FIVE
    world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=samples)


def opened(world: ConferenceWorld, who: Principal = TECHNICIAN, **body: Any) -> str:
    wish = {"network": "thanh-hoa", "endpoint": "th-05", "symptom": "no_video", **body}
    return str(world.ask("open_incident", who, **wish)["id"])


def act(world: ConferenceWorld, action: str, incident: str, who: Principal = TECHNICIAN, **body: Any) -> Any:
    return world.ask(action, who, incident=incident, **{**BODIES[action], **body})


def meeting_on(world: ConferenceWorld, **wish: Any) -> str:
    """A meeting that is being set up."""
    meeting = world.approved(**wish)
    world.at("2026-12-07T07:30")
    return meeting


class TestProbes:
    def test_of_very_many_series_the_one_that_is_on_is_found(self, world: ConferenceWorld) -> None:
        short = {"chair": "th-05", "endpoints": [], "set_up": 0, "tear_down": 0, "minutes": 5}
        for number in range(50):  # over sooner than the one that is on, and read before it
            starts = f"2026-12-07T{11 + number // 12}:{number % 12 * 5:02}"
            world.approved(**short, starts=starts, rule="FREQ=WEEKLY;COUNT=2")
        meeting = meeting_on(world, rule=THRICE)
        report(world, *[8] * 4)
        assert [one["meeting"] for one in world.incidents.documents.values()] == [meeting]

    def test_a_bad_line_opens_one_incident_for_a_session(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world)
        began = world.now + 2 * FIVE
        report(world, 8, 8)
        assert world.incidents.documents == {}
        report(world, 8, first=3)
        (incident,) = world.incidents.documents.values()
        assert (incident["meeting"], incident["session"], incident["line"]) == (meeting, 1, "primary")
        assert (incident["symptom"], incident["severity"], incident["origin"]) == ("poor_line", 3, "probe")
        assert incident["began_at"] == began
        assert incident["what"] == "mất gói 8,0 %, trễ 12,0 ms, jitter 2,0 ms"
        report(world, *[0] * 6, *[9] * 12, first=4)
        assert len(world.incidents.documents) == 1, "once"
        assert world.events(incident["_id"]) == ["incident_opened"]

    @pytest.mark.parametrize("wall", ["2026-12-07T06:59", "2026-12-07T11:00"])
    def test_a_bad_line_opens_nothing_while_no_meeting_needs_it(self, world: ConferenceWorld, wall: str) -> None:
        world.approved()
        world.at(wall)
        report(world, 8, 8, 8)
        assert world.lines.documents["th-05:primary"]["band"] == "red"
        assert world.incidents.documents == {}

    def test_a_line_that_was_bad_before_the_set_up_is_told_when_it_begins(self, world: ConferenceWorld) -> None:
        world.approved()
        world.at("2026-12-07T06:59")
        report(world, 8, 8, 8)
        world.at("2026-12-07T07:01")
        report(world, 8, first=4)
        assert len(world.incidents.documents) == 1

    def test_a_silent_line_opens_one_too(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        report(world, 0)
        world.now += timedelta(seconds=61)
        world.fire()
        (incident,) = world.incidents.documents.values()
        assert (incident["symptom"], incident["severity"]) == ("lost_link", 2)
        assert world.lines.documents["th-05:primary"]["band"] == "silent"

    def test_the_chairs_endpoint_is_the_worst_to_lose(self, world: ConferenceWorld) -> None:
        meeting_on(world, chair="th-05", endpoints=["th-06"])
        report(world, 0)
        world.now += timedelta(seconds=61)
        world.fire()
        assert [one["severity"] for one in world.incidents.documents.values()] == [1]

    def test_those_who_run_the_network_are_told_by_mail_until_it_is_closed(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        report(world, 8, 8, 8)
        (incident,) = world.incidents.documents
        (message,) = [one for one in world.messages.documents.values() if one.get("incident") == incident]
        mailer = Principal(MAILER, MAILER, frozenset())
        told = read_message(world.context, {"message": message["_id"]}, mailer)
        assert told["to"] == "truc-van-hanh@thanhhoa.gov.vn"
        assert told["vi"]["subject"] == "Sự cố mức 3: đường truyền xấu"
        assert "phường Hạc Thành, đường chính: đường truyền xấu từ 07:30 ngày 07/12/2026" in told["vi"]["text"]
        assert "Giao ban trực tuyến tháng 12" in told["en"]["text"]
        act(world, "restore_incident", incident)
        act(world, "close_incident", incident)
        assert read_message(world.context, {"message": message["_id"]}, mailer)["to"] is None


class TestFurther:
    """What fails again, what failed before, and what only seems to fail."""

    @pytest.mark.parametrize("ends", [("restore_incident",), ("restore_incident", "close_incident")])
    def test_what_fails_again_after_it_was_restored_is_another(self, world: ConferenceWorld, ends: Any) -> None:
        meeting_on(world)
        report(world, 8, 8, 8)
        (first,) = world.incidents.documents
        for end in ends:
            act(world, end, first)
        report(world, 8, 8, first=4)
        assert list(world.incidents.documents) == [first], "it is bad still, not again"
        report(world, *[0] * 6, first=6)
        report(world, 9, 9, 9, first=12)
        report(world, 9, 9, 9, first=15)
        assert len(world.incidents.documents) == 2
        second = next(one for key, one in world.incidents.documents.items() if key != first)
        assert (second["state"], second["session"]) == ("open", 1)
        assert second["began_at"] > world.incidents.documents[first]["restored_at"]

    def test_a_line_that_is_silent_already_is_told_when_the_set_up_begins(self, world: ConferenceWorld) -> None:
        meeting = world.approved()
        report(world, 0)
        world.now += timedelta(seconds=61)
        world.fire()
        assert world.lines.documents["th-05:primary"]["band"] == "silent"
        assert world.incidents.documents == {}
        world.at("2026-12-07T06:59")
        world.fire()
        assert world.incidents.documents == {}
        world.at("2026-12-07T07:00")
        world.fire()
        (incident,) = world.incidents.documents.values()
        assert (incident["meeting"], incident["symptom"]) == (meeting, "lost_link")
        assert incident["began_at"] == world.now, "it is this session's since the set-up"
        world.now += timedelta(minutes=5)
        world.fire()
        assert len(world.incidents.documents) == 1
        assert world.ask("verify_meeting_history", TECHNICIAN, meeting=meeting)["intact"]

    def test_a_line_without_a_probe_any_more_is_not_waited_for(self, world: ConferenceWorld) -> None:
        world.approved()
        report(world, 0)
        world.now += timedelta(seconds=61)
        world.fire()
        world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", probe=None, reason="Thu hồi thiết bị đo")
        world.at("2026-12-07T07:00")
        world.fire()
        assert world.incidents.documents == {}

    def test_a_backup_line_that_nobody_uses_takes_the_chair_out_of_nothing(self, world: ConferenceWorld) -> None:
        meeting_on(world, chair="th-05", endpoints=["th-06"])
        report(world, 0, line="backup")
        world.now += timedelta(seconds=61)
        world.fire()
        (incident,) = world.incidents.documents.values()
        assert (incident["line"], incident["symptom"], incident["severity"]) == ("backup", "lost_link", 3)

    def test_what_was_measured_long_ago_raises_no_alarm_now(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        measured = world.now - timedelta(minutes=20)
        old = [sample(number, measured + number * FIVE, lost=50) for number in range(1, 100)]
        world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=old)
        assert world.lines.documents["th-05:primary"]["band"] == "red", "the history says so"
        report(world, 0, 0, first=100)
        assert world.incidents.documents == {}, "now it is good"
        report(world, 50, first=102)
        assert len(world.incidents.documents) == 1, "now it is not"


class TestCentre:
    """What the centre itself did not hear is nobody's silence."""

    def heard(self, world: ConferenceWorld, *endpoints: str) -> None:
        """Samples of several endpoints' probes."""
        for number, endpoint in enumerate(endpoints):
            if world.endpoints.documents[endpoint].get("probe") != f"probe-{endpoint}":
                world.ask("change_endpoint", OPERATOR, endpoint=endpoint, probe=f"probe-{endpoint}", reason="Lắp")
            probe = person(f"probe-{endpoint}", Role.LINE_PROBE, WARD)
            one = sample(next(world.keys) + 1000 + number, world.now)
            world.ask("report_measurements", probe, endpoint=endpoint, source=SOURCE, samples=[one])

    def go_on(self, world: ConferenceWorld, seconds: int, *endpoints: str) -> None:
        """Time passes, in which these are heard every fifteen seconds and what is due is done every five."""
        for second in range(0, seconds, 5):
            if second % 15 == 0:
                self.heard(world, *endpoints)
            world.fire()
            world.now += FIVE

    def test_a_line_is_lost_while_others_are_heard(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        self.go_on(world, 120, "th-05", "th-06")
        self.go_on(world, 75, "th-06")
        assert [one["endpoint"] for one in world.incidents.documents.values()] == ["th-05"]

    def test_a_gateway_that_was_away_loses_nobodys_line(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        self.go_on(world, 120, "th-05", "th-06")
        self.go_on(world, 180)
        self.go_on(world, 45, "th-06")
        assert world.incidents.documents == {}, "th-05 comes back a little later"
        self.go_on(world, 120, "th-05", "th-06")
        assert world.incidents.documents == {}
        self.go_on(world, 75, "th-06")
        assert len(world.incidents.documents) == 1, "and is lost in earnest"

    def test_silence_of_all_is_believed_in_the_end(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        self.go_on(world, 60, "th-05", "th-06")
        self.go_on(world, 400)
        assert {one["endpoint"] for one in world.incidents.documents.values()} == {"th-05", "th-06"}

    @pytest.mark.parametrize("away", [70, 3600])
    def test_a_service_that_was_away_waits_anew(self, world: ConferenceWorld, away: int) -> None:
        meeting_on(world)
        self.go_on(world, 30, "th-05")
        world.now += timedelta(seconds=away)
        world.context = replace(world.context, began=world.now)
        self.go_on(world, 45)
        assert world.incidents.documents == {}
        self.go_on(world, 30)
        assert len(world.incidents.documents) == 1

    def test_a_pause_of_the_clockwork_is_no_silence(self, world: ConferenceWorld) -> None:
        meeting_on(world)
        self.go_on(world, 30, "th-05")
        world.now += timedelta(minutes=10)
        self.go_on(world, 45)
        assert world.incidents.documents == {}
        self.go_on(world, 30)
        assert len(world.incidents.documents) == 1


class TestPeople:
    @pytest.mark.parametrize("who", [CLERK, TECHNICIAN, APPROVER, OPERATOR])
    def test_whom_it_concerns_opens_one(self, world: ConferenceWorld, who: Principal) -> None:
        incident = world.incidents.documents[opened(world, who, what="Mất hình, vẫn còn tiếng")]
        assert (incident["state"], incident["severity"], incident["origin"]) == ("open", 3, "person")

    @pytest.mark.parametrize("who", [NEIGHBOUR, STRANGER, CITIZEN, PROBE])
    def test_others_do_not(self, world: ConferenceWorld, who: Principal) -> None:
        with pytest.raises(Forbidden, match="role_not_allowed"):
            opened(world, who)

    def test_asked_twice_it_is_one(self, world: ConferenceWorld) -> None:
        assert opened(world, key_="k") == opened(world, key_="k")
        assert len(world.incidents.documents) == 1

    @pytest.mark.parametrize(
        ("body", "refusal"),
        [
            ({"endpoint": None}, Invalid),
            ({"endpoint": None, "line": "primary", "symptom": "bridge"}, Invalid),
            ({"session": 1}, Invalid),
            ({"endpoint": "th-99"}, NotFound),
            ({"endpoint": "ct-01"}, NotFound),
            ({"meeting": "0" * 32}, NotFound),
            ({"network": "none"}, NotFound),
            ({"began_at": "2027-01-01T00:00:00Z"}, Conflict),
            ({"severity": 4}, Invalid),
        ],
    )
    def test_what_does_not_fit_is_refused(self, world: ConferenceWorld, body: Any, refusal: type[Exception]) -> None:
        with pytest.raises(refusal):
            opened(world, **body)
        assert world.incidents.documents == {}

    def test_a_bridge_that_fails_is_of_the_worst(self, world: ConferenceWorld) -> None:
        assert world.incidents.documents[opened(world, endpoint=None, symptom="bridge")]["severity"] == 1

    @pytest.mark.parametrize("who", [CLERK, NEIGHBOUR, STRANGER])
    def test_only_those_who_run_the_network_act_on_it(self, world: ConferenceWorld, who: Principal) -> None:
        incident = opened(world)
        for action in BODIES:
            with pytest.raises((Forbidden, NotFound)):
                act(world, action, incident, who)
        assert world.events(incident) == ["incident_opened"]

    def test_it_is_seen_by_whom_it_concerns(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world)
        incident = opened(world, endpoint="th-06", meeting=meeting, session=1)
        for who in (CLERK, NEIGHBOUR, TECHNICIAN, APPROVER, OPERATOR):  # the convener, the endpoint's agency, the house
            assert world.ask("read_incident", who, incident=incident)["id"] == incident
            assert [one["id"] for one in world.ask("list_incidents", who, network="thanh-hoa")["items"]] == [incident]
        other = person("van-thu-khac", Role.CLERK, "H56.02")
        assert world.ask("list_incidents", other, network="thanh-hoa")["items"] == []
        for who in (other, STRANGER, CITIZEN):
            with pytest.raises(NotFound, match="incident_unknown"):
                world.ask("read_incident", who, incident=incident)

    def test_a_version_that_is_over_is_refused(self, world: ConferenceWorld) -> None:
        incident = opened(world)
        act(world, "acknowledge_incident", incident)
        with pytest.raises(Stale):
            act(world, "restore_incident", incident, _version=1)


@pytest.mark.parametrize(("state", "action"), list(product(State, BODIES)))
def test_the_table_says_what_goes(world: ConferenceWorld, state: State, action: str) -> None:
    ways: dict[State, tuple[str, ...]] = {
        State.OPEN: (),
        State.ACKNOWLEDGED: ("acknowledge_incident",),
        State.ON_STANDBY: ("switch_to_standby",),
        State.RESTORED: ("restore_incident",),
        State.CLOSED: ("restore_incident", "close_incident"),
    }
    incident = opened(world)
    act(world, "add_follow_up", incident)
    for before in ways[state]:
        act(world, before, incident)
    row = BY_ACTION[action]
    shown = world.ask("read_incident", TECHNICIAN, incident=incident)
    assert (shown["state"], action in shown["actions"]) == (state, state in row.sources)
    if state in row.sources:
        assert act(world, action, incident)["state"] == (row.to or state)
        assert world.events(incident)[-1] == row.event
    else:
        with pytest.raises(Conflict, match="incident_action_not_allowed"):
            act(world, action, incident)
    verified = world.ask("verify_incident_history", TECHNICIAN, incident=incident)
    assert verified["intact"]
    assert {row.action for row in TRANSITIONS} == set(BODIES)


class TestStandby:
    def test_the_endpoint_goes_on_over_its_backup_line(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world)
        incident = opened(world, meeting=meeting, session=1)
        world.now += timedelta(minutes=3, seconds=10)
        act(world, "switch_to_standby", incident, reason="Đường chính mất gói")
        assert world.meeting(meeting)["sessions"][0]["on_backup"] == ["th-05"]
        assert world.ask("read_meeting", CLERK, meeting=meeting)["on_backup"] == ["th-05"]
        found = world.incidents.documents[incident]
        assert (found["standby"]["line"], found["impact_minutes"]) == ("backup", 4)
        world.now += timedelta(minutes=30)
        act(world, "restore_incident", incident)
        assert world.incidents.documents[incident]["impact_minutes"] == 4, "the meeting could go on then"

    @pytest.mark.parametrize(
        ("lost", "chair", "endpoints"), [("th-05", "th-01", {"th-04", "th-06"}), ("th-01", "th-04", {"th-05", "th-06"})]
    )
    def test_a_standby_endpoint_takes_the_place(
        self, world: ConferenceWorld, lost: str, chair: str, endpoints: set[str]
    ) -> None:
        meeting = meeting_on(world, chair="th-01", endpoints=["th-05", "th-06"], standby=["th-04"])
        held = world.claims.held["thanh-hoa"].holds.keys()
        incident = opened(world, endpoint=lost, meeting=meeting, symptom="power")
        act(world, "switch_to_standby", incident, endpoint="th-04")
        after = world.meeting(meeting)["sessions"][0]["instead"]
        assert (after["chair"], set(after["endpoints"]), after["standby"]) == (chair, endpoints, [lost])
        assert world.claims.held["thanh-hoa"].holds.keys() == held, "all of them were held before"
        assert world.events(meeting)[-1] == "conference_changed"

    def test_both_endpoints_are_told_that_one_takes_over(self, world: ConferenceWorld) -> None:
        for key in ("th-04", "th-05"):
            world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=f"{key}@hop.vn")
        meeting = meeting_on(world, chair="th-01", endpoints=["th-05", "th-06"], standby=["th-04"])
        world.fire()
        incident = opened(world, meeting=meeting)
        before = set(world.messages.documents)
        act(world, "switch_to_standby", incident, endpoint="th-04")
        fresh = [key for key in world.messages.documents if key not in before]
        post = Principal(MAILER, "email_provisioning", frozenset())
        read = [read_message(world.context, {"message": key}, post) for key in fresh]
        assert {one["to"] for one in read} == {"th-04@hop.vn", "th-05@hop.vn"}
        names = {key: world.endpoints.documents[key]["name"]["vi"] for key in ("th-04", "th-05")}
        assert f"Từ 07:30 ngày 07/12/2026, {names['th-04']} tham dự thay {names['th-05']}" in read[0]["vi"]["text"]
        act(world, "restore_incident", incident)
        late = [read_message(world.context, {"message": key}, post) for key in fresh]
        assert [one["to"] for one in late] == [None, None]

    def test_nobody_comes_in_who_was_not_on_standby(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world, standby=["th-04"])
        incident = opened(world, meeting=meeting)
        with pytest.raises(Invalid) as refused:
            act(world, "switch_to_standby", incident, endpoint="th-09")
        assert "endpoint_not_on_standby" in str(refused.value.fields)
        assert world.incidents.documents[incident]["state"] == "open"
        assert world.meeting(meeting)["standby"] == ["th-04"]

    def test_outside_of_meetings_there_is_only_the_line(self, world: ConferenceWorld) -> None:
        incident = opened(world)
        with pytest.raises(Conflict, match="incident_without_meeting"):
            act(world, "switch_to_standby", incident, endpoint="th-04")
        assert act(world, "switch_to_standby", incident)["state"] == "on_standby"

    def test_the_sessions_after_it_keep_their_endpoints_and_lines(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world, chair="th-01", endpoints=["th-05", "th-06"], standby=["th-04"], rule=THRICE)
        before = world.meeting(meeting)
        said = {name: before[name] for name in ("chair", "endpoints", "standby", "sequence")}
        act(world, "switch_to_standby", opened(world, endpoint="th-01", meeting=meeting, session=1), endpoint="th-04")
        act(world, "switch_to_standby", opened(world, meeting=meeting, session=1))
        after = world.meeting(meeting)
        assert {name: after[name] for name in said} == said, "nobody is invited anew for the whole series"
        first, *later = world.ask("read_meeting", CLERK, meeting=meeting)["all_sessions"]
        assert (first["instead"]["chair"], first["on_backup"]) == ("th-04", ["th-05"])
        assert [(one["instead"], one["on_backup"]) for one in later] == [(None, [])] * 2
        world.at("2026-12-14T07:30")
        lost = opened(world, endpoint="th-04", line="primary", meeting=meeting, symptom="lost_link")
        assert world.incidents.documents[lost]["severity"] == 2, "it has not the chair today"

    def test_who_stands_in_may_be_stood_in_for(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world, chair="th-01", endpoints=["th-05"], standby=["th-04", "th-06"])
        act(world, "switch_to_standby", opened(world, endpoint="th-01", meeting=meeting), endpoint="th-04")
        lost = opened(world, endpoint="th-04", meeting=meeting, symptom="power")
        assert world.incidents.documents[lost]["severity"] == 1, "it has the chair now"
        act(world, "switch_to_standby", lost, endpoint="th-06")
        after = world.meeting(meeting)["sessions"][0]["instead"]
        assert (after["chair"], after["standby"]) == ("th-06", ["th-01", "th-04"])

    def test_other_endpoints_end_the_standing_in(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world, chair="th-01", endpoints=["th-05", "th-06"], standby=["th-04"])
        act(world, "switch_to_standby", opened(world, meeting=meeting), endpoint="th-04")
        world.ask("change_meeting", APPROVER, meeting=meeting, endpoints=["th-06"], standby=[])
        assert "instead" not in world.meeting(meeting)["sessions"][0]

    def test_a_line_that_nobody_uses_needs_no_switch(self, world: ConferenceWorld) -> None:
        meeting = meeting_on(world)
        idle = opened(world, line="backup", symptom="lost_link", meeting=meeting)
        with pytest.raises(Conflict, match="line_not_in_use"):
            act(world, "switch_to_standby", idle)
        act(world, "switch_to_standby", opened(world, line="primary", symptom="lost_link", meeting=meeting))
        assert world.meeting(meeting)["sessions"][0]["on_backup"] == ["th-05"]
        act(world, "switch_to_standby", idle)
        assert world.meeting(meeting)["sessions"][0]["on_backup"] == [], "back to the other one"

    def test_what_has_no_backup_cannot_switch(self, world: ConferenceWorld) -> None:
        lines = [{"kind": "primary", "name": "TSLCD", "mbps": 4}]
        world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", lines=lines)
        with pytest.raises(Conflict, match="endpoint_without_backup"):
            act(world, "switch_to_standby", opened(world))
        with pytest.raises(Conflict, match="incident_without_standby"):
            act(world, "switch_to_standby", opened(world, endpoint=None, symptom="bridge"))


class TestEnd:
    @pytest.mark.parametrize(("at", "refused"), [(-1, True), (0, False), (30, False), (61, True)])
    def test_it_was_restored_between_its_beginning_and_now(
        self, world: ConferenceWorld, at: int, refused: bool
    ) -> None:
        began = world.now
        incident = opened(world)
        world.now += timedelta(minutes=60)
        moment = (began + timedelta(minutes=at)).isoformat()
        if refused:
            with pytest.raises(Conflict, match="incident_restored_when"):
                act(world, "restore_incident", incident, at=moment)
        else:
            act(world, "restore_incident", incident, at=moment)
            assert world.incidents.documents[incident]["impact_minutes"] == at

    def test_what_is_left_to_do_is_listed_until_it_is_done(self, world: ConferenceWorld) -> None:
        incident = opened(world)
        act(world, "restore_incident", incident)
        follow_ups = [{"what": "Kiểm tra tuyến cáp", "due": "2026-12-14"}, {"what": "Thay đầu nối"}]
        act(world, "close_incident", incident, follow_ups=follow_ups, impact_minutes=7)

        def listed(state: str) -> list[str]:
            items = world.ask("list_incidents", TECHNICIAN, network="thanh-hoa", state=state)["items"]
            return [one["id"] for one in items]

        assert (listed("follow_up"), listed("closed"), listed("unclosed")) == ([incident], [incident], [])
        act(world, "finish_follow_up", incident, number=2)
        with pytest.raises(NotFound, match="follow_up_unknown"):
            act(world, "finish_follow_up", incident, number=2)
        assert listed("follow_up") == [incident]
        act(world, "finish_follow_up", incident, number=1)
        assert listed("follow_up") == []
        shown = world.ask("read_incident", TECHNICIAN, incident=incident)
        assert (shown["impact_minutes"], [one["number"] for one in shown["follow_ups"]]) == (7, [1, 2])

    def test_what_is_left_to_do_is_listed_however_old_and_what_is_closed_backwards(
        self, world: ConferenceWorld
    ) -> None:
        def listed(state: str | None, **more: Any) -> list[str]:
            asked = {"network": "thanh-hoa", "state": state, **more}
            return [one["id"] for one in world.ask("list_incidents", TECHNICIAN, **asked)["items"]]

        old = opened(world)
        act(world, "restore_incident", old)
        act(world, "close_incident", old, follow_ups=[{"what": "Kiểm tra tuyến cáp"}])
        waiting = opened(world)
        world.now += timedelta(days=40)
        closed = []
        for _ in range(3):
            world.now += timedelta(minutes=1)
            closed.append(opened(world))
            act(world, "restore_incident", closed[-1])
            act(world, "close_incident", closed[-1])
        world.now += timedelta(minutes=1)
        fresh = opened(world)
        assert (listed("follow_up"), listed("unclosed"), listed("open")) == ([old], [waiting, fresh], [waiting, fresh])
        assert listed("closed") == closed[::-1]
        assert listed(None) == [fresh, *closed[::-1]]
        assert listed("closed", since="2026-11-30") == [*closed[::-1], old]
        first = world.ask("list_incidents", TECHNICIAN, network="thanh-hoa", state="closed", limit=2)
        asked = {"network": "thanh-hoa", "state": "closed", "limit": 2, "cursor": first["next"]}
        rest = world.ask("list_incidents", TECHNICIAN, **asked)
        assert [one["id"] for one in (*first["items"], *rest["items"])] == closed[::-1]

    @pytest.mark.parametrize(("who", "may"), [(CLERK, False), (APPROVER, False), (TECHNICIAN, True), (OPERATOR, True)])
    def test_what_may_be_done_is_told_to_those_who_may(self, world: ConferenceWorld, who: Principal, may: bool) -> None:
        incident = opened(world)
        (listed,) = world.ask("list_incidents", who, network="thanh-hoa")["items"]
        for shown in (listed, world.ask("read_incident", who, incident=incident)):
            assert ("acknowledge_incident" in shown["actions"]) == may

    def test_the_list_begins_thirty_days_ago_unless_another_day_is_named(self, world: ConferenceWorld) -> None:
        incident = opened(world)
        world.now += timedelta(days=40)
        assert world.ask("list_incidents", TECHNICIAN, network="thanh-hoa")["items"] == []
        (found,) = world.ask("list_incidents", TECHNICIAN, network="thanh-hoa", since="2026-11-30")["items"]
        assert found["id"] == incident
        assert world.incidents.documents[incident]["agency"] == WARD
