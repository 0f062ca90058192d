"""What the screen of a room shows, which hangs on a wall: it reads at a secret address and signs in nowhere."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.feeds import shows_all
from services.conference_booking.domain.holders import held_by, is_meeting
from services.conference_booking.domain.holdings import PROPOSED
from services.conference_booking.domain.networks import local_day
from services.conference_booking.domain.occupancy import Hold
from services.conference_booking.usecases.changes import capacity
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.days import whole_day
from services.conference_booking.usecases.feeds import feed_of
from services.conference_booking.usecases.scripts import pointer_in
from shared.contracts.principal import Principal
from shared.errors import NotFound

Request = dict[str, Any]
_ITEM = ("number", "what", "speaker")
"""What people in a room may read of an item; notes are for those who run it."""


def read_screen(context: Context, request: Request, _: Principal | None) -> Request:
    """What is on in a room today, where its run-of-show stands and whom to call, to whoever has the address.

    Raises:
        NotFound: it leads nowhere, or to a calendar.
    """
    feed, endpoint = feed_of(context, request["screen"], screen=True)
    if endpoint is None:
        raise NotFound("feed_unknown")
    holds = _holds_of_today(context, feed["network"], endpoint["_id"])
    told = {hold.meeting for hold in holds if is_meeting(hold.meeting)} if shows_all(feed, endpoint) else set()
    meetings = context.meetings.find_all(told)
    names = context.agencies.names({meeting["convener"] for meeting in meetings.values()})
    pointer = _pointer(context, holds, meetings)

    def held(hold: Hold) -> Request:
        meeting = meetings.get(hold.meeting)
        return {
            "held_from": hold.span.start,
            "held_until": hold.span.end,
            "held_by": held_by(hold.meeting),
            "title": meeting["title"] if meeting else None,
            "convener_name": names.get(meeting["convener"]) if meeting else None,
        }

    return {
        "endpoint": endpoint["_id"],
        "name": endpoint["name"],
        "at": context.now(),
        "held": [held(hold) for hold in holds],
        "current": _item(pointer.get("current")),
        "next": _item(pointer.get("next")),
        "phone": endpoint["contact"]["phone"],
    }


def _holds_of_today(context: Context, network: str, endpoint: str) -> list[Hold]:
    today = local_day(context.now())
    occupancy = context.claims.occupancy(network, today - timedelta(days=1), today, capacity(context, network))
    return [hold for hold in occupancy.holds.get(endpoint, ()) if hold.span.overlaps(whole_day(today))]


def _pointer(context: Context, holds: list[Hold], meetings: Mapping[str, Document]) -> Request:
    """Where the run-of-show of what is on stands; what is only proposed has none at this time."""
    now = context.now()
    for hold in holds:
        if hold.span.start <= now < hold.span.end and hold.session < PROPOSED and hold.meeting in meetings:
            return pointer_in(context, meetings[hold.meeting], str(hold.session))
    return {}


def _item(item: Request | None) -> Request | None:
    return {name: item[name] for name in _ITEM} if item else None
