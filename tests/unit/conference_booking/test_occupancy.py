"""Spans, what stands in the way of a meeting, and when it could be instead."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from services.conference_booking.domain.occupancy import Clash, Hold, Occupancy, Want, bins, free_shifts, steps_of
from services.conference_booking.domain.spans import Piece, Span, midnight

EIGHT = datetime(2026, 12, 7, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def span(start: float, hours: float = 1) -> Span:
    return Span(EIGHT + start * HOUR, EIGHT + (start + hours) * HOUR)


def want(start: float, hours: float = 1, *things: str, **counts: int) -> Want:
    return Want(span(start, hours), frozenset(things), counts)


def test_what_ends_when_the_other_begins_does_not_overlap() -> None:
    assert not span(0).overlaps(span(1))
    assert span(0, 1.01).overlaps(span(1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(1, 5000))
def test_pieces_cover_the_span_minute_by_minute(start: datetime, minutes: int) -> None:
    begin = start.replace(second=0, microsecond=0, tzinfo=UTC)
    pieces = list(Span(begin, begin + timedelta(minutes=minutes)).pieces())
    assert sum(piece.end - piece.start for piece in pieces) == minutes
    assert [piece.day for piece in pieces] == sorted({piece.day for piece in pieces})
    assert all(0 <= piece.start < piece.end <= 1440 for piece in pieces)


def test_over_midnight_there_are_two_pieces() -> None:
    late = Span(midnight(date(2026, 12, 7)) + 23 * HOUR, midnight(date(2026, 12, 8)) + HOUR)
    assert list(late.pieces()) == [Piece(date(2026, 12, 7), 1380, 1440), Piece(date(2026, 12, 8), 0, 60)]


def test_a_step_that_is_touched_counts_whole() -> None:
    assert bins(Piece(date(2026, 12, 7), 58, 61)) == range(11, 13)
    assert len(list(steps_of(span(0)))) == 12


def busy(**capacity: int) -> Occupancy:
    occupancy = Occupancy(capacity)
    occupancy.holds["th-01"].append(Hold(span(0), "giao-ban", 1))
    occupancy.used["ports"] |= dict.fromkeys(steps_of(span(0)), 30)
    return occupancy


def test_every_clash_is_named() -> None:
    clashes = busy(ports=40).clashes([want(0.5, 1, "th-01", "th-02", ports=20), want(3, 1, "th-01", ports=41)])
    assert clashes == [
        Clash(1, "th-01", span(0), meeting="giao-ban"),
        Clash(1, "ports", span(0.5), left=10),
        Clash(2, "ports", span(3), left=40),
    ]


def test_sessions_of_one_series_stand_in_each_others_way() -> None:
    assert [clash.thing for clash in Occupancy({}).clashes([want(0, 25), want(24)])] == ["series"]


def test_the_nearest_free_times() -> None:
    shifts = islice(
        free_shifts(
            busy(ports=40),
            [want(0, 1, "th-01")],
            within=timedelta(hours=4),
            step=timedelta(minutes=30),
            allowed=[span(-1, 5)],
        ),
        3,
    )
    assert list(shifts) == [-HOUR, HOUR, 1.5 * HOUR]


def test_a_series_is_moved_as_a_whole() -> None:
    occupancy = busy(ports=40)
    occupancy.holds["th-01"].append(Hold(span(24 + 1), "lop", 1))
    weekly = [want(0, 1, "th-01"), want(24, 1, "th-01")]
    allowed = [span(0, 9), span(24, 9)]
    shifts = list(free_shifts(occupancy, weekly, within=8 * HOUR, step=HOUR, allowed=allowed))[:2]
    assert shifts == [2 * HOUR, 3 * HOUR]
