"""When a meeting takes place: once, or by a rule of RFC 5545, on the wall clock of its time zone.

The wall time and the zone are what people agreed on and are kept; moments in UTC follow from them.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr

from services.conference_booking.domain.spans import Span
from shared.errors import Invalid, field_error

MOST_SESSIONS = 366
"""Sessions of one series; more is a slip, or a meeting that should be planned anew each year."""

LONGEST = timedelta(days=3 * 366)
"""How far into the future a series may reach."""

_COUNT = re.compile(r"[1-9][0-9]{0,3}")
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"})
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


@dataclass(frozen=True, slots=True)
class Series:
    """First beginning on the wall clock, length, time zone, the rule ("" for a single meeting) and days left out."""

    starts: datetime
    minutes: int
    zone: str
    rule: str = ""
    left_out: tuple[datetime, ...] = ()

    def spans(self) -> list[Span]:
        """When each session takes place, in order; an hour that a clock skips counts from before the change.

        Raises:
            Invalid: as `walls`.
        """
        walls, zone = self.walls(), _zone(self.zone)
        return [_span(wall, self.minutes, zone) for wall in walls]

    def walls(self) -> list[datetime]:
        """When each session begins on the wall clock, in order.

        Raises:
            Invalid: the zone is unknown; the rule is malformed, has no end, or gives no session or too many.
        """
        left_out = set(self.left_out)
        walls = [wall for wall in self._walls(_zone(self.zone)) if wall not in left_out]
        if not walls:
            raise _wrong("rule", "recurrence_without_session")
        return walls

    def _walls(self, zone: ZoneInfo) -> Sequence[datetime]:
        if not self.rule:
            return [self.starts]
        rule = _read_rule(self.rule, zone)
        latest = self.starts + LONGEST
        until = min(rule.until or latest, latest)
        found = rrulestr(f"{rule.text};UNTIL={_later(until):%Y%m%dT%H%M%S}", dtstart=_later(self.starts))
        first = islice(found, min(rule.count or MOST_SESSIONS + 1, MOST_SESSIONS + 1))
        walls = [wall.replace(year=wall.year - _CYCLES) for wall in first]
        cut_short = len(walls) < (rule.count or 0) or (rule.until or until) > latest
        if walls and (cut_short or len(walls) > MOST_SESSIONS):
            raise _wrong("rule", "recurrence_too_long", most=MOST_SESSIONS, days=LONGEST.days)
        if walls and walls[0] != self.starts:  # RFC 5545 3.8.5.3: the first beginning is part of the series
            walls = [self.starts, *walls][: rule.count]
        return walls


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule without its end, which is either a number of sessions or a moment on the wall clock."""

    text: str
    count: int | None
    until: datetime | None


def _read_rule(rule: str, zone: ZoneInfo) -> _Rule:
    """The end is taken out: a rule that never fits would be looked for until the year 9999."""
    parts = [part.partition("=") for part in rule.upper().split(";")]
    values = {name: value for name, _, value in parts}
    if len(values) != len(parts) or not _PARTS.issuperset(values) or values.get("FREQ") not in _FREQUENCIES:
        raise _wrong("rule", "recurrence_malformed")
    count, until = values.pop("COUNT", None), values.pop("UNTIL", None)
    if count is None and until is None:
        raise _wrong("rule", "recurrence_endless")
    if (count is not None and until is not None) or (count is not None and not _COUNT.fullmatch(count)):
        raise _wrong("rule", "recurrence_malformed")
    text = ";".join(f"{name}={value}" for name, value in values.items())
    try:
        rrulestr(text, dtstart=datetime(2000, 1, 1))
    except (ValueError, TypeError) as error:
        raise _wrong("rule", "recurrence_malformed") from error
    return _Rule(text, int(count) if count else None, _until(until, zone) if until is not None else None)


_CYCLES = 19 * 400


def _later(wall: datetime) -> datetime:
    """The same day some cycles later: a rule that never fits is looked for until the year 9999, so begin near it.

    The Gregorian calendar repeats itself after 400 years, the days of the week too.
    """
    return wall.replace(year=wall.year + _CYCLES)


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The RFC wants the end in UTC, or as a day, which is its last."""
    try:
        if len(text) == 8:
            return datetime.strptime(f"{text}T235959", "%Y%m%dT%H%M%S")
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    except ValueError as error:
        raise _wrong("rule", "recurrence_malformed") from error


def _span(wall: datetime, minutes: int, zone: ZoneInfo) -> Span:
    start = wall.replace(tzinfo=zone).astimezone(UTC)
    return Span(start, start + timedelta(minutes=minutes))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _wrong("zone", "zone_unknown") from error


def _wrong(path: str, code: str, **params: object) -> Invalid:
    return Invalid("request_invalid", fields=[field_error(path, code, **params)])
