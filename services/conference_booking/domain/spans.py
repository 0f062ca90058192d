"""Spans of time, half-open and in UTC, and the pieces of them that fall on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `start` up to `end`, which is not in it any more: one meeting may begin when another ends."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether they share a moment."""
        return self.start < other.end and other.start < self.end

    def moved(self, by: timedelta) -> "Span":
        """The same length at another time."""
        return Span(self.start + by, self.end + by)

    def pieces(self) -> Iterator["Piece"]:
        """Its part on each day that it touches, in order."""
        day = self.start.astimezone(UTC).date()
        while midnight(day) < self.end:
            begin = max(self.start, midnight(day)) - midnight(day)
            end = min(self.end, midnight(day) + DAY) - midnight(day)
            yield Piece(day, begin // MINUTE, -(-end // MINUTE))
            day += DAY


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """Whole minutes of one day in UTC, from `start` up to `end` (at most 1440)."""

    day: date
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The piece as a span."""
        return Span(midnight(self.day) + self.start * MINUTE, midnight(self.day) + self.end * MINUTE)


def midnight(day: date) -> datetime:
    """The first moment of a day in UTC."""
    return datetime.combine(day, time(), UTC)
