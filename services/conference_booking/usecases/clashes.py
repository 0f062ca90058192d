"""What stands in the way of a wish, as the caller may know it, and when it could be instead."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain.access import sees
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.holders import MEETING, held_by, is_meeting, key_of, kind_of
from services.conference_booking.domain.networks import local_day
from services.conference_booking.domain.occupancy import Claim, Clash, Occupancy, Want, free_shifts
from services.conference_booking.domain.spans import DAY
from services.conference_booking.usecases.context import Context

ALTERNATIVES = 3
STEP = timedelta(minutes=15)
FAR, SAME_DAY = timedelta(days=7), timedelta(hours=14)
"""How far a single meeting is moved to find a free time, and a series, which keeps its days."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a meeting wants: claims, which of those it has already are to be left out, and its wall clock.

    It is `alone` when one session of a series is to be moved.
    """

    claims: Sequence[Claim]
    own: Sequence[Claim]
    earliest: datetime
    zone: str
    movable: bool
    alone: bool = False


def look(context: Context, network: str, wish: Wish, capacity: Mapping[str, int]) -> Occupancy:
    """What is held around a wish, without what the meeting itself holds."""
    margin = FAR + DAY if wish.movable else DAY
    spans = [claim.want.span for claim in wish.claims]
    first, last = min(span.start for span in spans) - margin, max(span.end for span in spans) + margin
    occupancy = context.claims.occupancy(network, first.date(), last.date(), capacity)
    occupancy.give_back(wish.own)
    return occupancy


def clashes_of(occupancy: Occupancy, claims: Sequence[Claim]) -> list[Clash]:
    """Every clash, with the number that its session has in the meeting."""
    found = occupancy.clashes([claim.want for claim in claims])
    return [
        Clash(claims[clash.session - 1].session, clash.thing, clash.span, clash.meeting, clash.left) for clash in found
    ]


def alternatives(occupancy: Occupancy, wish: Wish, occasion: Occasion) -> list[dict[str, Any]]:
    """The nearest beginnings at which the whole wish would be free, on its wall clock, while people are at work.

    On working days, unless the wish itself is for another.
    """
    if not wish.movable:
        return []
    wants = [claim.want for claim in wish.claims]
    lead = wants[0].span.start
    single = len(wants) == 1
    far = FAR if single else SAME_DAY
    first, last = local_day(lead - far), local_day(wants[-1].span.end + far)
    wished = {local_day(want.span.start) for want in wants}
    at_work = all(map(occasion.working_time.is_working_day, wished))
    hours = [
        span
        for span in occasion.network.open_hours(first, last)
        if span.end > occasion.now and (not at_work or occasion.working_time.is_working_day(local_day(span.start)))
    ]
    shifts = free_shifts(occupancy, wants, within=far, step=STEP, allowed=hours)
    zone = ZoneInfo(wish.zone)
    found = (
        shift for shift in shifts if lead + shift >= wish.earliest and (single or _same_day(lead, lead + shift, zone))
    )
    return [_alternative(shift) for shift in islice(found, ALTERNATIVES)]


def _same_day(one: datetime, other: datetime, zone: ZoneInfo) -> bool:
    return one.astimezone(zone).date() == other.astimezone(zone).date()


def _alternative(shift: timedelta) -> dict[str, Any]:
    return {"minutes_moved": shift // timedelta(minutes=1)}


def with_starts(found: Iterable[Mapping[str, Any]], start: datetime, zone: str) -> list[dict[str, Any]]:
    """Alternatives with their beginnings on the wall clock; `start` is that of the first session."""
    told = []
    for one in found:
        wall = (start + timedelta(minutes=one["minutes_moved"])).astimezone(ZoneInfo(zone))
        told.append({"starts": f"{wall:%Y-%m-%dT%H:%M}", **one})
    return told


def tell(
    context: Context, occasion: Occasion, clashes: Sequence[Clash], claims: Sequence[Claim]
) -> list[dict[str, Any]]:
    """The clashes as rows: one for each session and holder, with all endpoints that are held."""
    wants = {claim.session: claim.want for claim in claims}
    meetings = context.meetings.find_all({clash.meeting for clash in clashes if _of_meeting(clash)})
    names = context.agencies.names({meeting["convener"] for meeting in meetings.values()})
    ordered = sorted(clashes, key=_group)
    grouped = [list(rows) for _, rows in groupby(ordered, key=_group)]
    return [_row(rows, wants[rows[0].session], meetings, names, occasion) for rows in grouped]


def _group(clash: Clash) -> tuple[int, str, str]:
    return clash.session, clash.meeting, "" if clash.meeting else clash.thing


def _of_meeting(clash: Clash) -> bool:
    return bool(clash.meeting) and is_meeting(clash.meeting)


def _row(
    rows: Sequence[Clash],
    want: Want,
    meetings: Mapping[str, Document],
    names: Mapping[str, Mapping[str, str]],
    occasion: Occasion,
) -> dict[str, Any]:
    first = rows[0]
    counted = first.thing in want.counts and not first.meeting
    held = {kind: _keys(rows, kind) if first.meeting else [] for kind in ("endpoint", "technician", "line")}
    row: dict[str, Any] = {
        "session": first.session,
        "start": want.span.start.isoformat(),
        "kind": next((kind for kind, keys in held.items() if keys), first.thing),
        **{f"{kind}s": keys for kind, keys in held.items()},
        "held_from": min(row.span.start for row in rows).isoformat(),
        "held_until": max(row.span.end for row in rows).isoformat(),
        "wanted": want.counts[first.thing] if counted else None,
        "left": first.left if counted else None,
    }
    return row | holder(first.meeting, meetings, names, occasion)


def _keys(rows: Sequence[Clash], kind: str) -> list[str]:
    return sorted({key_of(row.thing) for row in rows if kind_of(row.thing) == kind})


def holder(
    name: str, meetings: Mapping[str, Document], names: Mapping[str, Mapping[str, str]], occasion: Occasion
) -> dict[str, Any]:
    """Who holds something, as far as the actor may know: the convener always, the meeting for those who see it."""
    unknown = {"meeting": None, "title": None, "convener": None, "convener_name": None}
    if not is_meeting(name):
        return unknown | {"held_by": held_by(name)}
    meeting = meetings.get(name)
    if meeting is None:
        return unknown | {"held_by": MEETING if name else ""}
    convener = {"convener": meeting["convener"], "convener_name": names.get(meeting["convener"])}
    open_to = sees(occasion.actor, meeting, occasion.network)
    shown = {"meeting": meeting["_id"], "title": meeting["title"]} if open_to else {}
    return unknown | {"held_by": MEETING} | convener | shown
