"""Incidents that are switched to standby, restored and closed with a report."""

from datetime import timedelta
from typing import Any

import pytest

from services.conference_booking.usecases.invitations import read_message
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound
from tests.support.conference_world import APPROVER, CLERK, OPERATOR, TECHNICIAN, WARD, ConferenceWorld
from tests.unit.conference_booking.incidents import THRICE, act, meeting_on, opened


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
