"""Calendars behind secret addresses: what they show to whom, judged by libical; closed ones show nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from services.conference_booking.usecases import feeds
from services.conference_booking.usecases.due import fire_meeting
from shared.contracts.messages import MAILER
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, NotFound
from tests.support.calendar_judge import complaints, judge
from tests.support.conference_world import (
    APPROVER,
    CITIZEN,
    CLERK,
    MONDAY,
    NEIGHBOUR,
    OPERATOR,
    STRANGER,
    TECHNICIAN,
    WARD,
    ConferenceWorld,
)

POST = Principal(MAILER, "email_provisioning", frozenset())
DELEGATE = {"name": "Trần Văn Bình", "address": "tvbinh@thanhhoa.gov.vn", "endpoint": "th-05"}
BUSY = "Bận · Busy"


def opened(world: ConferenceWorld, who: Any = CLERK, **body: Any) -> str:
    """The secret part of the address."""
    receipt = world.ask("open_feed", who, network="thanh-hoa", **body)
    assert receipt["free_busy"] == f"{receipt['calendar']}/free-busy"
    return str(receipt["calendar"]).rpartition("/")[2]


def shown(world: ConferenceWorld, token: str) -> list[Any]:
    text = world.ask("read_calendar", None, calendar=token)["text"]
    assert complaints(text) == [], text
    return list(Calendar.from_ical(text).walk("VEVENT"))


def busy(world: ConferenceWorld, token: str) -> list[tuple[datetime, datetime]]:
    text = world.ask("read_free_busy", None, calendar=token)["text"]
    assert complaints(text) == [], text
    [found] = Calendar.from_ical(text).walk("VFREEBUSY")
    spans = found.get("FREEBUSY", [])
    return [(span.start, span.end) for span in (spans if isinstance(spans, list) else [spans])]


def test_it_shows_what_is_ahead_with_its_state_and_nothing_that_is_off(world: ConferenceWorld) -> None:
    token = opened(world, endpoint="th-05")
    assert shown(world, token) == []
    series = world.approved(rule="FREQ=WEEKLY;COUNT=3", note="Tài liệu: gửi sau")
    waiting = world.request(starts="2026-12-08T08:00", title="Tập huấn")
    world.request(starts="2026-12-08T13:00", endpoints=["th-06"], title="Không có th-05")
    world.ask("cancel_session", CLERK, meeting=series, session="2", reason="Bận")
    found = shown(world, token)
    assert sorted((str(one["SUMMARY"])[:8], one["DTSTART"].dt, str(one["STATUS"])) for one in found) == [
        ("Giao ban", datetime(2026, 12, 7, 1, tzinfo=UTC), "CONFIRMED"),
        ("Giao ban", datetime(2026, 12, 21, 1, tzinfo=UTC), "CONFIRMED"),
        ("Tập huấn", datetime(2026, 12, 8, 1, tzinfo=UTC), "TENTATIVE"),
    ]
    assert len({str(one["UID"]) for one in found}) == 2, "a series has one"
    assert shown(world, token) == found
    world.ask("cancel_meeting", CLERK, meeting=waiting, reason="Thôi")
    assert len(shown(world, token)) == 2


@pytest.mark.parametrize("endpoint", ["th-05", None])
def test_what_took_place_stays_when_the_rest_of_its_series_is_called_off(
    world: ConferenceWorld, endpoint: str | None
) -> None:
    token = opened(world, endpoint=endpoint)
    series = world.approved(rule="FREQ=WEEKLY;COUNT=3")
    world.at("2026-12-07T10:15")
    for _ in range(3):
        world.fire()
    world.ask("cancel_meeting", CLERK, meeting=series, reason="Hết đợt")
    assert [one["DTSTART"].dt for one in shown(world, token)] == [datetime(2026, 12, 7, 1, tzinfo=UTC)]


def test_a_calendar_that_was_also_invited_shows_each_session_once(world: ConferenceWorld) -> None:
    token = opened(world)
    for one in ({"rule": "FREQ=WEEKLY;COUNT=3"}, {"starts": "2026-12-09T08:00"}):
        meeting = world.approved(delegates=[DELEGATE], **one)
        fire_meeting(world.context, meeting)
        letter = next(key for key, one in world.messages.documents.items() if one.get("meeting") == meeting)
        mailed = world.ask("read_message", POST, message=letter)["calendar"]["text"]
        invited = {str(event["UID"]) for event in Calendar.from_ical(mailed).walk("VEVENT")}
        found = [event for event in shown(world, token) if str(event["UID"]) in invited]
        [verdict] = judge([mailed])
        assert [(one["DTSTART"].dt, one["DTEND"].dt) for one in found] == verdict.spans
        if "rule" in one:
            assert [event["RECURRENCE-ID"].dt for event in found] == [start for start, _ in verdict.spans]
        else:
            assert "RECURRENCE-ID" not in found[0]
        assert {event["SEQUENCE"] for event in found} == {Calendar.from_ical(mailed).walk("VEVENT")[0]["SEQUENCE"]}


def test_an_event_is_stamped_with_its_last_change(world: ConferenceWorld) -> None:
    token = opened(world)
    meeting = world.approved()
    [before] = shown(world, token)
    world.now += timedelta(hours=1)
    world.ask("change_meeting", CLERK, meeting=meeting, title="Giao ban tuần")
    [after] = shown(world, token)
    assert after["DTSTAMP"].dt - before["DTSTAMP"].dt == timedelta(hours=1)
    assert after["DTSTAMP"].dt == world.now.astimezone(UTC).replace(microsecond=0)
    assert shown(world, token) == [after], "whoever asks again later finds nothing new"


@pytest.mark.parametrize("endpoint", ["th-05", None])
def test_it_reaches_so_far_back_and_so_far_ahead(world: ConferenceWorld, endpoint: str | None) -> None:
    token = opened(world, endpoint=endpoint)
    world.approved(rule="FREQ=DAILY;COUNT=300")
    short = world.approved(starts="2026-12-07T16:00", title="Một buổi")
    assert len(shown(world, token)) == 180 - 7 + 1, "daily from the seventh day on, and one more"
    for days, past in ((9, 9), (40, 14)):
        world.now = MONDAY + timedelta(days=days)
        fire_meeting(world.context, short)
        found = shown(world, token)
        starts = [one["DTSTART"].dt for one in found]
        assert ("Một buổi" in {str(one["SUMMARY"]) for one in found}) == (days == 9), "what is over stays as long"
        assert min(starts) >= world.now - timedelta(days=past)
        assert min(starts) < world.now - timedelta(days=past - 8), "what was is there too"
        assert max(starts) < world.now + timedelta(days=180)


def test_of_too_many_sessions_the_last_are_left_out(world: ConferenceWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "MOST", 5)
    token = opened(world)
    world.approved(rule="FREQ=DAILY;COUNT=30")
    world.approved(starts="2026-12-08T13:00", title="Ở giữa")
    found = shown(world, token)
    assert [one["DTSTART"].dt.day for one in found] == [7, 8, 8, 9, 10]
    assert str(found[2]["SUMMARY"]) == "Ở giữa"


def test_an_agency_sees_what_it_convenes_and_takes_part_in(world: ConferenceWorld) -> None:
    own, neighbour = opened(world), opened(world, NEIGHBOUR)
    world.approved(endpoints=["th-05"])
    world.approved(NEIGHBOUR, endpoints=["th-08"], starts="2026-12-09T08:00", title="Của Sầm Sơn")
    assert [str(one["SUMMARY"]) for one in shown(world, neighbour)] == ["Của Sầm Sơn"]
    assert len(shown(world, own)) == 1


def test_who_is_outside_sees_that_it_is_busy_and_when(world: ConferenceWorld) -> None:
    with pytest.raises(Forbidden):
        opened(world, NEIGHBOUR, endpoint="th-05")
    token = opened(world, NEIGHBOUR, endpoint="th-05", detail="busy")
    world.approved(note="Nội dung", delegates=[])
    [event] = shown(world, token)
    assert (str(event["SUMMARY"]), event.get("DESCRIPTION"), event.get("LOCATION")) == (BUSY, None, None)
    whole = opened(world, APPROVER, endpoint="th-05")
    assert str(shown(world, whole)[0]["SUMMARY"]) != BUSY


def test_free_and_busy_are_the_times_that_are_held(world: ConferenceWorld) -> None:
    token = opened(world, endpoint="th-05", detail="busy")
    world.approved()
    world.approved(starts="2026-12-07T11:15", minutes=60)
    plan = {"starts": "2026-12-12T18:00", "minutes": 240, "reason": "Thay thiết bị"}
    world.ask("plan_maintenance", TECHNICIAN, endpoint="th-05", **plan)
    assert busy(world, token) == [
        (datetime(2026, 12, 7, 0, tzinfo=UTC), datetime(2026, 12, 7, 5, 30, tzinfo=UTC)),
        (datetime(2026, 12, 12, 11, tzinfo=UTC), datetime(2026, 12, 12, 15, tzinfo=UTC)),
    ]
    assert busy(world, opened(world, endpoint=None)) == busy(world, token), "the ward has one endpoint"


def test_an_endpoint_that_went_to_another_agency_shows_no_more_than_that_it_is_busy(world: ConferenceWorld) -> None:
    token = opened(world, endpoint="th-05")
    world.approved()
    assert str(shown(world, token)[0]["SUMMARY"]) != BUSY
    world.ask("change_endpoint", TECHNICIAN, endpoint="th-05", agency="H56.31.01")
    assert str(shown(world, token)[0]["SUMMARY"]) == BUSY


def test_the_address_is_shown_once_and_leads_nowhere_when_closed(world: ConferenceWorld) -> None:
    first = world.ask("open_feed", CLERK, network="thanh-hoa", endpoint="th-05", key_="k")
    again = world.ask("open_feed", CLERK, network="thanh-hoa", endpoint="th-05", key_="k")
    assert (again["id"], again["calendar"], again["free_busy"]) == (first["id"], None, None)
    token = first["calendar"].rpartition("/")[2]
    assert token not in str(world.feeds.documents), "only a digest of it is kept"
    [row] = world.ask("list_feeds", CLERK)["items"]
    assert (row["id"], row["endpoint"], row["agency"]) == (first["id"], "th-05", WARD)
    assert world.ask("list_feeds", NEIGHBOUR)["items"] == []
    with pytest.raises(NotFound):
        world.ask("close_feed", NEIGHBOUR, feed=first["id"])
    closed = world.ask("close_feed", CLERK, feed=first["id"], key_="c")
    assert world.ask("close_feed", CLERK, feed=first["id"], key_="c") == closed
    assert world.events(first["id"]) == ["feed_opened", "feed_closed"]
    for useless in (token, f"{first['id']}.guessed", "", "."):
        for question in ("read_calendar", "read_free_busy"):
            with pytest.raises(NotFound):
                world.ask(question, None, calendar=useless)
    with pytest.raises(NotFound):
        world.ask("close_feed", CLERK, feed=first["id"])
    assert world.ask("list_feeds", CLERK)["items"] == []


def test_what_is_not_there_and_who_is_of_no_agency(world: ConferenceWorld) -> None:
    for who, body in ((CITIZEN, {}), (STRANGER, {"endpoint": "th-05"})):
        with pytest.raises(Forbidden):
            opened(world, who, **body)
    for body in ({"endpoint": "ct-01"}, {"endpoint": "th-99"}):
        with pytest.raises(NotFound):
            opened(world, OPERATOR, **body)
    with pytest.raises(Invalid):
        opened(world, CLERK, detail="all")
