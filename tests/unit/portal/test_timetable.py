"""A day of an endpoint as a bar and as words."""

from datetime import date, datetime
from typing import Any

from gateway.portal.timetable import Hours, row_of
from shared.working_time import VIETNAM

DAY = date(2026, 11, 24)
HOURS = Hours.of(DAY, {"opens": "06:30", "closes": "21:00"})
BEFORE = datetime(2026, 11, 20, 8, 0, tzinfo=VIETNAM)


def _row(held_from: str, held_until: str) -> dict[str, Any]:
    held = {
        "held_from": held_from,
        "held_until": held_until,
        "title": "Giao ban",
        "meeting": "m",
        "convener_name": {"vi": "Văn phòng", "en": ""},
        "state": "approved",
        "held_by": "meeting",
    }
    return row_of("Ninh Kiều", "nk", "ready", [held], HOURS, BEFORE)


def test_a_meeting_within_the_hours_is_drawn_and_told_by_its_hours() -> None:
    row = _row("2026-11-24T08:00:00+07:00", "2026-11-24T09:00:00+07:00")
    assert [bar["at"] for bar in row["bars"]] == [HOURS.place(datetime(2026, 11, 24, 8, 0, tzinfo=VIETNAM))]
    assert (row["held"][0]["start"], row["held"][0]["end"]) == ("08:00", "09:00")
    assert [(one["start"], one["end"]) for one in row["free"]] == [("06:30", "08:00"), ("09:00", "21:00")]


def test_a_night_is_told_with_its_days_and_not_drawn_into_the_day() -> None:
    row = _row("2026-11-23T22:30:00+07:00", "2026-11-24T00:45:00+07:00")
    assert row["bars"] == []
    assert (row["held"][0]["start"], row["held"][0]["end"]) == ("22:30 23/11", "00:45")
    assert [(one["start"], one["end"]) for one in row["free"]] == [("06:30", "21:00")]


def test_a_meeting_that_outlasts_the_day_is_drawn_to_its_end() -> None:
    row = _row("2026-11-24T20:00:00+07:00", "2026-11-25T01:00:00+07:00")
    assert [bar["at"] + bar["width"] for bar in row["bars"]] == [100]
    assert row["held"][0]["end"] == "01:00 25/11"
