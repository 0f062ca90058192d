"""The run-of-show: written, released, copied, followed in a live session, printed."""

import io
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from services.conference_booking.domain import scripts as rules
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Occasion
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from tests.support.conference_world import APPROVER, CLERK, FILE, NEIGHBOUR, STRANGER, TECHNICIAN, ConferenceWorld

OPENING = {"minutes": 10, "what": "Khai mạc", "speaker": "Chánh Văn phòng", "on_screen": "th-01"}
REPORT = {
    "minutes": 50,
    "what": "Báo cáo",
    "on_screen": "th-05",
    "layout": "speaker_and_content",
    "content": "Bản chiếu",
}
DEBATE = {"minutes": 60, "what": "Thảo luận", "layout": "gallery", "audio": "listed", "open": ["th-05", "th-06"]}
ITEMS = [OPENING, REPORT, DEBATE]


def released(world: ConferenceWorld, **wish: Any) -> str:
    """An approved meeting with its run-of-show."""
    meeting = world.approved(**wish)
    world.ask("write_script", CLERK, meeting=meeting, items=ITEMS)
    world.ask("release_script", CLERK, meeting=meeting)
    return meeting


def live(world: ConferenceWorld) -> str:
    meeting = released(world)
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    return meeting


def go(world: ConferenceWorld, meeting: str, action: str, **more: Any) -> Any:
    return world.ask("move_pointer", TECHNICIAN, meeting=meeting, session="1", action=action, **more)["item"]


def pointer(world: ConferenceWorld, meeting: str) -> dict[str, Any]:
    found: dict[str, Any] = world.ask("read_pointer", CLERK, meeting=meeting, session="1")
    return found


def test_a_draft_says_who_wrote_it(world: ConferenceWorld) -> None:
    meeting = world.approved()
    assert world.ask("read_script", CLERK, meeting=meeting)["saved"] is None
    world.ask("write_script", CLERK, meeting=meeting, items=ITEMS)
    assert world.ask("read_script", TECHNICIAN, meeting=meeting)["saved"]["by"] == CLERK.subject
    other = world.approved(starts="2026-12-14T08:00")
    world.ask("copy_script", APPROVER, meeting=other, source=meeting)
    assert world.ask("read_script", CLERK, meeting=other)["saved"]["by"] == APPROVER.subject


def test_a_meeting_begins_with_an_empty_draft_that_the_first_version_replaces(world: ConferenceWorld) -> None:
    meeting = world.request()
    empty = world.ask("read_script", CLERK, meeting=meeting)
    assert (empty["version"], empty["items"], empty["minutes_over"]) == (0, [], -120)
    world.ask("write_script", CLERK, meeting=meeting, items=ITEMS, _version=0)
    with pytest.raises(Stale):
        world.ask("write_script", CLERK, meeting=meeting, items=[OPENING], _version=0)
    script = world.ask("read_script", NEIGHBOUR, meeting=meeting)
    assert [(one["number"], one["offset"]) for one in script["items"]] == [(1, 0), (2, 10), (3, 60)]
    assert (script["minutes"], script["minutes_over"], script["state"]) == (120, 0, "draft")
    assert world.meeting(meeting)["version"] == 1, "the meeting itself is as it was"


def test_releases_stay_while_the_next_is_written(world: ConferenceWorld) -> None:
    meeting = released(world)
    world.ask("write_script", APPROVER, meeting=meeting, items=[OPENING])
    with pytest.raises(Conflict, match="script_unchanged"):
        world.ask("write_script", APPROVER, meeting=meeting, items=[OPENING])
    assert len(world.ask("read_script_release", CLERK, meeting=meeting, release="1")["items"]) == 3
    world.ask("release_script", TECHNICIAN, meeting=meeting)
    with pytest.raises(Conflict, match="script_released_already"):
        world.ask("release_script", TECHNICIAN, meeting=meeting)
    rows = world.ask("read_script", CLERK, meeting=meeting)["releases"]
    assert [(row["number"], row["by"]) for row in rows] == [(1, CLERK.subject), (2, TECHNICIAN.subject)]
    with pytest.raises(NotFound, match="script_release_unknown"):
        world.ask("read_script_release", CLERK, meeting=meeting, release="3")
    history = world.ask("read_script_history", CLERK, meeting=meeting)["items"]
    assert [row["type"] for row in history] == ["script_written.v1", "script_released.v1"] * 2


def test_nothing_is_released_that_says_nothing(world: ConferenceWorld) -> None:
    meeting = world.request()
    with pytest.raises(Conflict, match="script_empty"):
        world.ask("release_script", CLERK, meeting=meeting)


def test_those_of_the_house_write_it_as_long_as_the_meeting_is_ahead(world: ConferenceWorld) -> None:
    meeting = world.request()
    with pytest.raises(Forbidden):
        world.ask("write_script", NEIGHBOUR, meeting=meeting, items=ITEMS)
    with pytest.raises(NotFound):
        world.ask("write_script", STRANGER, meeting=meeting, items=ITEMS)
    world.ask("cancel_meeting", CLERK, meeting=meeting, reason="Hoãn")
    with pytest.raises(Conflict, match="meeting_action_not_allowed"):
        world.ask("write_script", CLERK, meeting=meeting, items=ITEMS)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ({"on_screen": "th-09"}, "items.0.on_screen"),
        ({"audio": "listed", "open": ["th-05", "th-09"]}, "items.0.open.1"),
        ({"audio": "listed"}, "items.0.open"),
        ({"open": ["th-05"]}, "items.0.open"),
        ({"minutes": 0}, "items.0.minutes"),
    ],
)
def test_what_cannot_be_is_named(world: ConferenceWorld, item: dict[str, Any], path: str) -> None:
    meeting = world.request()
    with pytest.raises(Invalid) as refusal:
        world.ask("write_script", CLERK, meeting=meeting, items=[{**OPENING, **item}])
    assert [one["path"] for one in refusal.value.fields] == [path]


def test_a_copy_leaves_open_who_is_not_there(world: ConferenceWorld) -> None:
    source = released(world)
    other = world.request(starts="2026-12-14T08:00", endpoints=["th-06"])
    world.ask("copy_script", CLERK, meeting=other, source=source)
    items = world.ask("read_script", CLERK, meeting=other)["items"]
    assert [(one["on_screen"], one["open"]) for one in items] == [("th-01", []), (None, []), (None, ["th-06"])]
    with pytest.raises(NotFound, match="meeting_unknown"):
        world.ask("copy_script", CLERK, meeting=other, source="0" * 32)
    with pytest.raises(NotFound, match="script_unknown"):
        world.ask("copy_script", CLERK, meeting=other, source=world.request(starts="2026-12-21T08:00"))


def test_the_pointer_goes_where_the_operator_says(world: ConferenceWorld) -> None:
    meeting = released(world)
    with pytest.raises(Conflict, match="session_not_live"):
        go(world, meeting, "start")
    assert pointer(world, meeting)["state"] == "waiting"
    world.at("2026-12-07T08:00")
    world.ask("start_session", TECHNICIAN, meeting=meeting, session="1")
    with pytest.raises(Conflict, match="script_not_begun"):
        go(world, meeting, "next")
    with pytest.raises(Forbidden):
        world.ask("move_pointer", CLERK, meeting=meeting, session="1", action="start")
    assert [go(world, meeting, "start"), go(world, meeting, "next"), go(world, meeting, "jump", item=3)] == [1, 2, 3]
    assert go(world, meeting, "back") == 2
    with pytest.raises(Conflict, match="script_begun"):
        go(world, meeting, "start")
    with pytest.raises(Conflict, match="script_item_unknown"):
        go(world, meeting, "jump", item=4)
    with pytest.raises(Invalid):
        go(world, meeting, "jump")
    assert [go(world, meeting, "next"), go(world, meeting, "next")] == [3, None]
    with pytest.raises(Conflict, match="script_over"):
        go(world, meeting, "next")
    told = pointer(world, meeting)
    assert (told["state"], told["current"], len(told["moves"])) == ("over", None, 6)
    assert {move["by"] for move in told["moves"]} == {TECHNICIAN.subject}
    assert world.events(f"{meeting}-1") == ["script_moved"] * 6


def test_two_operators_who_press_next_at_once_go_on_by_one(world: ConferenceWorld) -> None:
    meeting = live(world)
    go(world, meeting, "start")
    go(world, meeting, "next", _version=1)
    with pytest.raises(Stale):
        go(world, meeting, "next", _version=1)
    assert pointer(world, meeting)["current"]["number"] == 2


def test_how_late_it_is(world: ConferenceWorld) -> None:
    meeting = live(world)

    def late(wall: str) -> int:
        world.at(f"2026-12-07T{wall}")
        return int(pointer(world, meeting)["late_seconds"]) // 60

    world.at("2026-12-07T08:05")
    go(world, meeting, "start")
    assert late("08:06") == 5, "began five minutes late"
    assert late("08:13") == 5, "not later as long as the item has its time"
    assert late("08:20") == 10, "the item should have been over at 08:10"
    go(world, meeting, "next")
    assert late("08:30") == 10
    world.at("2026-12-07T08:40")
    go(world, meeting, "next")
    assert late("08:50") == -20, "two items in forty minutes"
    world.at("2026-12-07T09:55")
    go(world, meeting, "next")
    assert late("10:30") == -5, "what is over does not become later"


def test_a_release_during_the_session_is_what_counts_next(world: ConferenceWorld) -> None:
    meeting = live(world)
    go(world, meeting, "start")
    world.ask("write_script", CLERK, meeting=meeting, items=[OPENING])
    world.ask("release_script", CLERK, meeting=meeting)
    assert pointer(world, meeting)["release"] == 1
    assert go(world, meeting, "next") is None
    assert pointer(world, meeting)["release"] == 2


MOVES = st.lists(
    st.one_of(
        st.sampled_from(["start", "next", "back"]).map(lambda action: {"action": action, "item": None}),
        st.integers(1, 8).map(lambda item: {"action": "jump", "item": item}),
    ),
    max_size=30,
)
EIGHT = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)


@given(moves=MOVES, lengths=st.lists(st.integers(1, 90), min_size=1, max_size=6), pause=st.integers(0, 40))
def test_wherever_one_goes_there_is_an_item_and_a_lateness(
    moves: list[dict[str, Any]], lengths: list[int], pause: int
) -> None:
    script = {"releases": [{"n": 1, "items": [{"minutes": one} for one in lengths]}]}
    network = next(iter(FILE.networks))
    meeting, session = {"_id": "m", "network": network.key}, {"n": 1, "state": "live"}
    run: dict[str, Any] = {"_id": "m-1", "version": 0}
    now = EIGHT
    for body in moves:
        occasion = Occasion(now, CLOCKWORK, network, FILE.networks, None)  # type: ignore[arg-type]  # not asked
        with suppress(Conflict):
            run |= rules.move(run, meeting, script, session, body, occasion).changes
        now += timedelta(minutes=pause)
    done = run.get("moves", [])
    late = rules.late_by(done, script, EIGHT, now)
    assert (late is None) == (not done)
    assert all(move["item"] is None or 1 <= move["item"] <= len(lengths) for move in done)
    if done and done[-1]["item"]:
        plan = list(rules.placed(script["releases"][0]["items"], EIGHT))
        current = plan[done[-1]["item"] - 1]
        assert late is not None
        assert late >= done[-1]["at"] - current.starts
        assert now - late <= current.ends, "made good, the item would end on time"


def test_it_is_printed_with_its_times_and_who_is_on_duty(world: ConferenceWorld) -> None:
    person = {"network": "thanh-hoa", "agency": "H56.30.01", "name": "Lê Văn Kỹ", "phone": "0912000005"}
    world.ask("register_technician", TECHNICIAN, **person, key="kt-1", endpoints=["th-05"])
    meeting = released(world, technicians=[{"endpoint": "th-05", "technician": "kt-1"}])
    ticket = world.ask("print_script", NEIGHBOUR, meeting=meeting)
    assert ticket["type"] == "application/pdf"
    text = PdfReader(io.BytesIO(world.files.contents[ticket["name"]])).pages[0].extract_text()
    text = " ".join(text.split())
    for words in ("KỊCH BẢN ĐIỀU HÀNH", "Bản chốt số 1", "08:10 – 09:00", "Thảo luận", "Tổng số: 3 mục, 120 phút"):
        assert words in text
    assert "Lê Văn Kỹ" in text
    with pytest.raises(NotFound, match="session_unknown"):
        world.ask("print_script", CLERK, meeting=meeting, session=2)
