"""When a series takes place, on wall clocks that change."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from services.conference_booking.domain.series import MOST_SESSIONS, Series
from shared.errors import Invalid

VIETNAM = "Asia/Ho_Chi_Minh"
MONDAY = datetime(2026, 12, 7, 8, 0)


def starts(series: Series) -> list[str]:
    return [f"{span.start:%Y-%m-%dT%H:%M}" for span in series.spans()]


def test_a_single_meeting() -> None:
    (span,) = Series(MONDAY, 90, VIETNAM).spans()
    assert span.start == datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
    assert span.end - span.start == timedelta(minutes=90)


def test_a_year_of_weeks() -> None:
    spans = Series(MONDAY, 60, VIETNAM, "FREQ=WEEKLY;COUNT=52").spans()
    assert len(spans) == 52
    assert {b.start - a.start for a, b in pairwise(spans)} == {timedelta(days=7)}


def test_wall_time_is_kept_when_clocks_change() -> None:
    """Santiago goes to summer time on 6 September 2026."""
    series = Series(datetime(2026, 8, 31, 9, 0), 60, "America/Santiago", "FREQ=WEEKLY;COUNT=2")
    assert starts(series) == ["2026-08-31T13:00", "2026-09-07T12:00"]


def test_an_hour_that_does_not_exist_counts_from_before_the_change() -> None:
    series = Series(datetime(2026, 9, 6, 0, 30), 60, "America/Santiago")
    assert starts(series) == ["2026-09-06T04:30"]


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;UNTIL=20261209T010000Z", "2026-12-09T01:00"),
        ("FREQ=DAILY;UNTIL=20261209T005959Z", "2026-12-08T01:00"),
        ("FREQ=DAILY;UNTIL=20261209", "2026-12-09T01:00"),
        ("FREQ=MONTHLY;BYDAY=1MO;COUNT=3", "2027-02-01T01:00"),
        ("freq=weekly;count=2", "2026-12-14T01:00"),
    ],
)
def test_rules(rule: str, last: str) -> None:
    assert starts(Series(MONDAY, 30, VIETNAM, rule))[-1] == last


def test_the_first_beginning_belongs_to_the_series_though_the_rule_misses_it() -> None:
    series = Series(MONDAY, 30, VIETNAM, "FREQ=WEEKLY;BYDAY=WE;COUNT=2")
    assert starts(series) == ["2026-12-07T01:00", "2026-12-09T01:00"]


def test_days_are_left_out() -> None:
    series = Series(MONDAY, 30, VIETNAM, "FREQ=DAILY;COUNT=3", (MONDAY + timedelta(days=1),))
    assert starts(series) == ["2026-12-07T01:00", "2026-12-09T01:00"]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=WEEKLY", "recurrence_endless"),
        ("FREQ=WEEKLY;COUNT=2;UNTIL=20270101", "recurrence_malformed"),
        ("FREQ=SECONDLY;COUNT=2", "recurrence_malformed"),
        ("FREQ=WEEKLY;COUNT=2;COUNT=3", "recurrence_malformed"),
        ("FREQ=WEEKLY;COUNT=x", "recurrence_malformed"),
        ("COUNT=2", "recurrence_malformed"),
        ("FREQ=WEEKLY;UNTIL=20261301", "recurrence_malformed"),
        ("FREQ=DAILY;COUNT=9999", "recurrence_too_long"),
        ("FREQ=DAILY;COUNT=0", "recurrence_malformed"),
        ("FREQ=YEARLY;COUNT=9", "recurrence_too_long"),
        ("FREQ=YEARLY;UNTIL=20991231", "recurrence_too_long"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "recurrence_without_session"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2", "recurrence_without_session"),
        ("niềm vui", "recurrence_malformed"),
    ],
)
def test_what_is_no_rule_is_refused(rule: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        Series(MONDAY, 30, VIETNAM, rule).spans()
    assert [(wrong["path"], wrong["code"]) for wrong in refusal.value.fields] == [("rule", code)]


def test_a_zone_that_is_none() -> None:
    for zone in ("Mars/Base", "../etc/passwd", ""):
        with pytest.raises(Invalid, match="zone_unknown"):
            Series(MONDAY, 30, zone).spans()


def test_a_series_has_an_end() -> None:
    assert len(Series(MONDAY, 30, VIETNAM, f"FREQ=DAILY;COUNT={MOST_SESSIONS}").spans()) == MOST_SESSIONS
