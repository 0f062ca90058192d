"""Days of Viet Nam, and what is held in a network on one of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.conference_booking.domain.access import check_reads
from services.conference_booking.domain.decisions import Occasion
from services.conference_booking.domain.holders import is_meeting
from services.conference_booking.domain.occupancy import Counts, Occupancy
from services.conference_booking.domain.spans import DAY, Span
from services.conference_booking.usecases.changes import capacity
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from shared.contracts.principal import Principal
from shared.contracts.shapes import FIRST_YEAR, LAST_YEAR
from shared.errors import NotFound
from shared.working_time import VIETNAM


@dataclass(frozen=True, slots=True)
class NetworkDay:
    """One day of a network as somebody asks about it; what is held includes the night before."""

    occasion: Occasion
    day: date
    usable: Counts
    occupancy: Occupancy

    @property
    def whole(self) -> Span:
        """From midnight to midnight."""
        return whole_day(self.day)


def look_at_day(context: Context, request: dict[str, Any], principal: Principal) -> NetworkDay:
    """The `day` of the `network` that somebody asks for.

    Raises:
        Forbidden: they may not read conferences.
        NotFound: there is no such network or day.
    """
    actor = actor_of(principal)
    check_reads(actor)
    occasion = occasion_for(context, actor, request["network"])
    day = day_of(request["day"])
    usable = capacity(context, occasion.network.key)
    occupancy = context.claims.occupancy(occasion.network.key, day - timedelta(days=1), day, usable)
    return NetworkDay(occasion, day, usable, occupancy)


def day_of(text: str) -> date:
    """The day that a path names.

    Raises:
        NotFound: it is none, or of another age.
    """
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as error:
        raise NotFound("not_found") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NotFound("not_found")
    return day


def whole_day(day: date) -> Span:
    """A day of Viet Nam."""
    start = datetime.combine(day, time(), VIETNAM)
    return Span(start, start + DAY)


def meetings_within(context: Context, occupancy: Occupancy, span: Span) -> dict[str, dict[str, Any]]:
    """The meetings that hold something within a time."""
    return context.meetings.find_all(
        {hold.meeting for hold in occupancy.holds_within(span) if is_meeting(hold.meeting)}
    )
