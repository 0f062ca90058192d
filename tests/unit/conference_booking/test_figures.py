"""Figures of a period: counted from meetings as they are, drawn and printed from the same numbers."""

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.conference_booking.adapters.charts import HEIGHT, WIDTH, SvgCharts
from services.conference_booking.domain.figures import by_month, by_rank, held_in, totals
from services.conference_booking.domain.spans import Span
from services.conference_booking.ports import Bar
from shared.errors import Forbidden, Invalid
from tests.support.conference_world import APPROVER, CLERK, OPERATOR, STRANGER, TECHNICIAN, ConferenceWorld

PERIOD = {"first_day": date(2026, 12, 1), "last_day": date(2026, 12, 31)}


def figures(world: ConferenceWorld, **period: Any) -> dict[str, Any]:
    asked = {name: str(value) for name, value in (PERIOD | period).items()}
    found: dict[str, Any] = world.ask("read_conference_figures", OPERATOR, network="thanh-hoa", **asked)
    return found


def test_what_takes_place_is_counted_and_what_is_off_apart(world: ConferenceWorld) -> None:
    series = world.approved(rule="FREQ=WEEKLY;COUNT=3", standby=["th-04"])
    world.ask("cancel_session", CLERK, meeting=series, session="2", reason="Nghỉ")
    world.approved(STRANGER, chair="th-20", endpoints=["th-21"], minutes=90, rank="training")
    world.request(chair="th-22", endpoints=[])
    found = figures(world)
    assert {name: found[name] for name in ("meetings", "sessions", "endpoint_hours", "cancelled", "preempted")} == {
        "meetings": 2,
        "sessions": 3,
        "endpoint_hours": 2 * 2 * 5 + 1.5 * 2,
        "cancelled": 1,
        "preempted": 0,
    }
    ranks = {row["rank"]: (row["meetings"], row["endpoint_hours"]) for row in found["ranks"]}
    assert (ranks["department"], ranks["training"], ranks["party"]) == ((1, 20.0), (1, 3.0), (0, 0))
    assert found["peak_ports"] == 10 + 4 + 2, "with what waits for approval, from set-up to tear-down"
    assert [row["sessions"] for row in figures(world, last_day=date(2026, 12, 7))["months"]] == [2]


def test_ports_of_the_first_night_are_counted(world: ConferenceWorld) -> None:
    world.approved(starts="2026-12-05T03:00")
    assert figures(world, first_day=date(2026, 12, 5), last_day=date(2026, 12, 5))["peak_ports"] == 8
    assert figures(world, first_day=date(2026, 12, 6))["peak_ports"] == 0


def test_what_was_over_before_it_was_to_begin_is_not_counted_off(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.at("2026-12-07T07:31")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    world.ask("end_session", TECHNICIAN, meeting=meeting, session="1")
    (session,) = world.meeting(meeting)["sessions"]
    assert (session["end"] - session["start"], session["start"] - session["until"]) == (
        timedelta(minutes=5),
        timedelta(minutes=10),
    )
    assert figures(world)["endpoint_hours"] == round(4 * 5 / 60, 2)


def test_who_asked_late_and_who_was_connected(world: ConferenceWorld) -> None:
    world.approved()
    meeting = world.approved(APPROVER, chair="th-20", endpoints=["th-21"], starts="2026-12-01T08:00")
    world.approved(chair="th-22", endpoints=[], starts="2026-12-01T14:00", urgent=True, urgent_reason="Bão")
    world.fire()
    world.at("2026-12-01T07:20")
    path = {"meeting": meeting, "session": "1", "endpoint": "th-20"}
    world.ask("report_readiness", TECHNICIAN, **path, connected=True)
    world.at("2026-12-01T07:30")
    world.fire()
    found = figures(world)
    assert found["lead"] == {"on_time": 1, "urgent": 1, "late": 1}
    assert found["connected"] == {"invited": 2, "connected": 1}


def test_who_asked_in_time_did_so_though_it_was_moved(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.at("2026-12-03T08:00")
    world.ask("change_meeting", APPROVER, meeting=meeting, starts="2026-12-03T14:00", reason="Bão đổ bộ sớm")
    assert figures(world)["lead"] == {"on_time": 1, "urgent": 0, "late": 0}


def disturbed(world: ConferenceWorld, minutes: int | None, **body: Any) -> str:
    """An incident of th-05, restored after so many minutes or not at all."""
    wish = {"network": "thanh-hoa", "endpoint": "th-05", "symptom": "lost_link", **body}
    incident = str(world.ask("open_incident", TECHNICIAN, **wish)["id"])
    if minutes is not None:
        world.now += timedelta(minutes=minutes)
        world.ask("restore_incident", TECHNICIAN, incident=incident)
    return incident


def test_meetings_without_severe_incident_and_times_to_restore(world: ConferenceWorld) -> None:
    hit = world.approved()
    calm = world.approved(chair="th-20", endpoints=["th-21"])
    world.approved(chair="th-22", endpoints=[], starts="2026-12-20T08:00")
    assert figures(world)["without_severe"] == {"meetings": 0, "without": 0}, "none has begun"
    world.at("2026-12-07T08:10")
    lost = disturbed(world, 4, meeting=hit, session=1)
    disturbed(world, 9, meeting=hit, session=1)
    disturbed(world, None, meeting=calm, session=1, endpoint="th-21", symptom="echo")
    disturbed(world, None)
    found = figures(world)
    assert found["without_severe"] == {"meetings": 2, "without": 1}, "the one with an echo, which is not severe"
    rows = {row.pop("severity"): row for row in found["incidents"]}
    nothing = {"mean_minutes": None, "longest_minutes": None}
    assert rows == {
        1: {"incidents": 0, "restored": 0, **nothing},
        2: {"incidents": 3, "restored": 2, "mean_minutes": 6.5, "longest_minutes": 9},
        3: {"incidents": 1, "restored": 0, **nothing},
    }
    before = figures(world, last_day=date(2026, 12, 6))
    assert (before["without_severe"]["meetings"], {row["incidents"] for row in before["incidents"]}) == (0, {0})
    disturbed(world, None, meeting=calm, began_at="2026-12-07T08:00:00+07:00", endpoint="th-21")
    assert figures(world)["without_severe"] == {"meetings": 2, "without": 0}, "told of the meeting, not of a session"
    world.ask("reassess_incident", TECHNICIAN, incident=lost, severity=3, reason="Chỉ giật hình")
    assert {row["severity"]: row["incidents"] for row in figures(world)["incidents"]} == {1: 0, 2: 3, 3: 2}


def test_what_is_told_of_after_the_period_counts_against_its_meeting(world: ConferenceWorld) -> None:
    meeting = world.approved()
    world.at("2026-12-09T08:00")
    disturbed(world, None, meeting=meeting, session=1, began_at="2026-12-07T08:30:00+07:00")
    found = figures(world, last_day=date(2026, 12, 7))
    assert found["without_severe"] == {"meetings": 1, "without": 0}
    assert {row["incidents"] for row in found["incidents"]} == {0}, "opened after it"


def test_figures_are_for_those_who_see_all(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden):
        world.ask("read_conference_figures", CLERK, network="thanh-hoa", first_day="2026-12-01", last_day="2026-12-31")
    with pytest.raises(Invalid):
        figures(world, last_day=date(2026, 11, 1))


def test_a_preempted_session_is_counted_as_such(world: ConferenceWorld) -> None:
    world.approved()
    world.request(APPROVER, rank="party", preempt=True)
    assert figures(world)["preempted"] == 1


def test_the_picture_and_the_report_show_the_same(world: ConferenceWorld) -> None:
    world.approved(rule="FREQ=WEEKLY;COUNT=2")
    asked = {"network": "thanh-hoa", "first_day": "2026-11-01", "last_day": "2027-01-31"}
    picture = Xml.fromstring(world.ask("draw_conference_figures", APPROVER, **asked)["text"])
    words = [node.text for node in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert words == ["Số buổi họp theo tháng", "0", "11/2026", "2", "12/2026", "0", "01/2027"]
    ticket = world.ask("print_conference_report", APPROVER, **asked)
    text = PdfReader(io.BytesIO(world.files.contents[ticket["name"]])).pages[0].extract_text()
    text = " ".join(text.split())
    for said in (
        *("BÁO CÁO HỘI NGHỊ TRUYỀN HÌNH", "1 cuộc, 2 buổi", "16", "8/144", "Họp của sở, ban, ngành"),
        *("0/0 cuộc họp đã diễn ra", "Mức 1: mất điểm cầu chủ trì hoặc MCU 0 0 – –"),
    ):
        assert said in text


@given(st.lists(st.tuples(st.text(max_size=10), st.floats(0, 1e6)), max_size=12))
def test_every_chart_is_well_formed_and_stays_inside(bars: list[tuple[str, float]]) -> None:
    plain = [Bar("".join(letter for letter in name if letter.isprintable()), value) for name, value in bars]
    picture = Xml.fromstring(SvgCharts().bars("Số <buổi> & giờ", plain))
    rects = list(picture.iter("{http://www.w3.org/2000/svg}rect"))
    assert len(rects) == len(bars) + 1
    for rect in rects[1:]:
        left, top = float(rect.attrib["x"]), float(rect.attrib["y"])
        assert 0 <= left <= left + float(rect.attrib["width"]) <= WIDTH
        assert 0 <= top <= top + float(rect.attrib["height"]) <= HEIGHT


START = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
SESSIONS = st.lists(
    st.tuples(st.integers(-40, 80), st.sampled_from(["planned", "ended", "cancelled", "preempted"])), max_size=6
)
MEETINGS = st.lists(
    st.tuples(
        st.sampled_from(["approved", "cancelled", "submitted"]), st.sampled_from(["party", "training"]), SESSIONS
    ),
    max_size=6,
)


@given(MEETINGS)
def test_ranks_and_months_add_up(plain: list[tuple[str, str, list[tuple[int, str]]]]) -> None:
    meetings = [
        {
            "_id": str(key),
            "state": state,
            "rank": rank,
            "things": ["th-01", "t:kt-1"],
            "sessions": [
                {
                    "n": n,
                    "state": how,
                    "start": START + timedelta(days=day),
                    "end": START + timedelta(days=day, hours=1),
                }
                for n, (day, how) in enumerate(sessions, start=1)
            ],
        }
        for key, (state, rank, sessions) in enumerate(plain)
    ]
    period = Span(START, START + timedelta(days=62))
    held = list(held_in(meetings, period))
    whole = totals(held)
    for rows in (by_rank(held, ["party", "training"]), by_month(held, period)):
        assert sum(row["sessions"] for row in rows) == whole["sessions"] == whole["endpoint_hours"]
    assert whole["sessions"] == sum(
        (how == "ended" or (how == "planned" and state == "approved")) and 0 <= day < 62
        for state, _, sessions in plain
        for day, how in sessions
    )
