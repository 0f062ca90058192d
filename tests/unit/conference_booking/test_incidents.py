"""Incidents that probes open, once, and what the centre hears."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.conference_booking.usecases.invitations import read_message
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal, Role
from tests.support.conference_world import OPERATOR, PROBE, TECHNICIAN, WARD, ConferenceWorld, person
from tests.support.line_samples import SOURCE, sample
from tests.unit.conference_booking.incidents import THRICE, act, meeting_on

FIVE = timedelta(seconds=5)


def report(world: ConferenceWorld, *lost: int, first: int = 1, line: str = "primary") -> None:
    samples = []
    for sequence, count in enumerate(lost, start=first):
        samples.append(sample(sequence, world.now, lost=count, line=line))
        world.now += FIVE
    world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=samples)


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
