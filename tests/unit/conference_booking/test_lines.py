"""What probes report becomes the state of lines, once, and what a session's lines were like."""

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.principal import Role
from shared.errors import Forbidden, Invalid, NotFound
from tests.support.conference_world import (
    APPROVER,
    CITIZEN,
    CLERK,
    OPERATOR,
    PROBE,
    STRANGER,
    TECHNICIAN,
    ConferenceWorld,
    person,
)
from tests.support.line_samples import SOURCE, sample

FIVE = timedelta(seconds=5)


def report(world: ConferenceWorld, *lost: int, first: int = 1, who: Any = PROBE, **changed: Any) -> Any:
    """Report samples that lost so many packets each; five seconds pass with each."""
    samples = []
    for sequence, count in enumerate(lost, start=first):
        samples.append(sample(sequence, world.now, lost=count, **changed))
        world.now += FIVE
    return world.ask("report_measurements", who, endpoint="th-05", source=SOURCE, samples=samples)


def band(world: ConferenceWorld, line: str = "primary") -> str:
    return str(world.lines.documents[f"th-05:{line}"]["band"])


def test_a_line_is_what_several_samples_say(world: ConferenceWorld) -> None:
    assert report(world, 0, 0) == {"kept": 2, "known": 0, "trains": True}
    assert band(world) == "green"
    report(world, 8, 8, first=3)
    assert band(world) == "green"
    turned = world.now
    report(world, 8, first=5)
    (line,) = world.ask("list_lines", CLERK, network="thanh-hoa")["items"]
    assert (line["endpoint"], line["line"], line["band"], line["since"]) == ("th-05", "primary", "red", turned)
    assert line["last"] == {"loss_percent": 8.0, "rtt_ms": 12.0, "jitter_ms": 2.0, "mbps": None}
    report(world, *[0] * 6, first=6)
    assert band(world) == "green"


def test_what_is_reported_again_is_known_by_its_number(world: ConferenceWorld) -> None:
    begin = world.now
    report(world, 0, 8, 8)
    world.now = begin
    assert report(world, 0, 8, 8, 8) == {"kept": 1, "known": 3, "trains": True}
    assert band(world) == "red", "three in a row, none counted twice"
    world.now = begin
    assert report(world, 0, 8, 8, 8)["kept"] == 0
    assert len(world.lines.samples) == 4


def test_lines_are_told_apart(world: ConferenceWorld) -> None:
    report(world, 8, 8, 8)
    report(world, 0, first=4, line="backup")
    assert (band(world), band(world, "backup")) == ("red", "green")
    assert [one["line"] for one in world.ask("list_lines", CLERK, network="thanh-hoa", band="red")["items"]] == [
        "primary"
    ]


@pytest.mark.parametrize(
    "who",
    [
        person("probe-th-06", Role.LINE_PROBE, PROBE.agency),
        person("probe-th-05", Role.CLERK, PROBE.agency),
        CLERK,
        OPERATOR,
        TECHNICIAN,
    ],
)
def test_only_the_endpoints_own_probe_reports(world: ConferenceWorld, who: Any) -> None:
    with pytest.raises(Forbidden, match="probe_of_another"):
        report(world, 0, who=who)
    assert world.lines.samples == {}


@pytest.mark.parametrize("endpoint", ["th-06", "th-99"])
def test_a_probe_reports_for_no_other_endpoint(world: ConferenceWorld, endpoint: str) -> None:
    with pytest.raises(Forbidden, match="probe_of_another"):
        world.ask("report_measurements", PROBE, endpoint=endpoint, source=SOURCE, samples=[sample(1, world.now)])


def test_another_probe_is_given_an_endpoint_and_the_former_one_is_out(world: ConferenceWorld) -> None:
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", probe="probe-moi", reason="Thay thiết bị đo")
    assert world.ask("read_endpoint", CLERK, endpoint="th-05")["probe"] == "probe-moi"
    with pytest.raises(Forbidden, match="probe_of_another"):
        report(world, 0)
    assert report(world, 0, who=person("probe-moi", Role.LINE_PROBE, PROBE.agency))["kept"] == 1


def test_a_line_that_is_not_heard_any_more_is_silent_and_begins_anew(world: ConferenceWorld) -> None:
    report(world, 8, 8, 8)
    world.now += timedelta(seconds=59)
    world.fire()
    assert band(world) == "red"
    world.now += timedelta(seconds=2)
    world.fire()
    assert band(world) == "silent"
    report(world, 0, first=4)
    assert band(world) == "green"


def test_too_little_throughput_is_told_by_trains_which_are_seldom(world: ConferenceWorld) -> None:
    def train(number: int, mbps: float) -> None:
        report(world, 0, first=number, mbps_there=mbps, mbps_back=4.0)
        report(world, *[0] * 20, first=number + 1)

    train(1, 4.0)
    train(101, 0.5)
    assert band(world) == "green", "one may have met something else on the line"
    train(201, 0.5)
    assert band(world) == "red", "two in a row, with many good samples between"
    (kept,) = (one for key, one in world.lines.samples.items() if key.endswith(":205"))
    assert (kept["band"], kept["line_band"]) == ("green", "red")
    report(world, 8, 8, 8, first=301)
    report(world, *[0] * 6, first=304)
    assert band(world) == "red", "still"
    train(401, 3.9)
    assert band(world) == "green", "one good train"


def test_what_was_buffered_comes_later_and_counts_when_it_was_measured(world: ConferenceWorld) -> None:
    measured = world.now
    samples = [sample(number, measured + number * FIVE, lost=8 if number > 600 else 0) for number in range(1, 604)]
    world.now += timedelta(hours=2)
    for start in (0, 200, 400, 600):
        batch = samples[start : start + 200]
        world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=batch)
    line = world.lines.documents["th-05:primary"]
    assert (line["band"], line["since"]) == ("red", measured + 603 * FIVE)
    assert line["heard_at"] == world.now


def test_a_clock_that_is_ahead_measures_nothing_in_the_future(world: ConferenceWorld) -> None:
    ahead = sample(1, world.now + timedelta(days=3))
    world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=[ahead])
    (kept,) = world.lines.samples.values()
    assert kept["at"] == world.now


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"received": 99, "lost_there": 2}, "more_than_sent"),
        ({"received": 101}, "more_than_sent"),
        ({"sent": 0}, "out_of_range"),
        ({"rtt_p50_ms": -1}, "out_of_range"),
        ({"line": "third"}, None),
        ({"at": "yesterday"}, "not_a_moment"),
        ({"rtt_p50_ms": float("nan")}, None),
    ],
)
def test_impossible_samples_are_refused(world: ConferenceWorld, changed: Any, code: str | None) -> None:
    impossible = {**sample(1, world.now), **changed}
    with pytest.raises(Invalid) as refused:
        world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=[impossible])
    assert code is None or code in str(refused.value.fields)
    assert world.lines.samples == {}


def test_trains_wait_while_a_meeting_is_on(world: ConferenceWorld) -> None:
    meeting = world.approved()
    assert report(world, 0)["trains"]
    world.at("2026-12-07T07:30")
    assert report(world, 0, first=2)["trains"], "while it is set up they may fill the line"
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    assert not report(world, 0, first=3)["trains"]
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    assert report(world, 0, first=4)["trains"]


def test_what_the_lines_of_a_session_were_like(world: ConferenceWorld) -> None:
    meeting = world.approved()
    report(world, 50)
    world.at("2026-12-07T07:00")
    report(world, *[0] * 18, 8, 20, first=2)
    report(world, 0, first=22, line="backup")
    told = world.ask("read_session_lines", CLERK, meeting=meeting, session="1")
    assert (told["session"], told["measured_from"].hour) == (1, 0)
    primary, backup = told["lines"]
    assert (primary["line"], primary["samples"], primary["green"], primary["red"]) == ("primary", 20, 18, 2)
    assert primary["loss_percent"] == {"p50": 0.0, "p95": 8.0, "max": 20.0}
    assert primary["rtt_ms"] == {"p50": 12.0, "p95": 12.0, "max": 51.0}
    assert (backup["line"], backup["samples"]) == ("backup", 1)
    for other in (STRANGER, CITIZEN):
        with pytest.raises(NotFound):
            world.ask("read_session_lines", other, meeting=meeting, session="1")
    with pytest.raises(NotFound, match="session_unknown"):
        world.ask("read_session_lines", CLERK, meeting=meeting, session="2")


def test_what_the_lines_of_a_session_were_like_outlives_the_samples(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.at("2026-12-07T07:30")
    report(world, *[0] * 18, 8, 20)
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    world.now += timedelta(minutes=30)
    late = sample(30, world.now - timedelta(minutes=30), lost=50)
    world.ask("report_measurements", PROBE, endpoint="th-05", source=SOURCE, samples=[late])
    world.now += timedelta(hours=3)
    world.fire()
    before = world.ask("read_session_lines", CLERK, meeting=meeting, session="1")
    assert (before["lines"][0]["samples"], before["lines"][0]["loss_percent"]["max"]) == (21, 50.0)
    world.now += timedelta(days=31)
    world.lines.samples.clear()
    world.fire()
    assert world.ask("read_session_lines", CLERK, meeting=meeting, session="1") == before
    assert world.meeting(meeting)["next_due_at"] is None
    assert world.ask("verify_meeting_history", TECHNICIAN, meeting=meeting)["intact"]


@pytest.mark.parametrize("newest", [False, True])
def test_measurements_are_read_in_pages(world: ConferenceWorld, newest: bool) -> None:
    begin = world.now
    report(world, *range(7))
    seen, cursor = [], None
    while True:
        asked = {"endpoint": "th-05", "line": "primary", "limit": 3, "cursor": cursor, "newest_first": newest}
        page = world.ask("list_measurements", APPROVER, **asked)
        seen += [row["loss_percent"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted((float(number) for number in range(7)), reverse=newest)
    asked = {"endpoint": "th-05", "line": "primary", "since": begin + 2 * FIVE, "until": begin + 4 * FIVE}
    asked = {name: value.isoformat() if name in ("since", "until") else value for name, value in asked.items()}
    assert [row["loss_percent"] for row in world.ask("list_measurements", CLERK, **asked)["items"]] == [2.0, 3.0]
    with pytest.raises(NotFound, match="endpoint_unknown"):
        world.ask("list_measurements", CLERK, endpoint="th-99", line="primary")
