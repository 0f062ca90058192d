"""A meeting of a higher rank takes what others hold: which sessions give way, and when they could be instead."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.conference_booking.domain import meetings as rules
from services.conference_booking.domain.actors import CLOCKWORK, Part
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.holders import is_meeting
from services.conference_booking.domain.holdings import PROPOSED, claims_beyond, claims_of
from services.conference_booking.domain.occupancy import Claim, Clash, Hold, Occupancy
from services.conference_booking.domain.transitions import check_allowed
from services.conference_booking.usecases.changes import MEETING, Written, meeting_receipt, write
from services.conference_booking.usecases.clashes import Wish, alternatives, with_starts
from services.conference_booking.usecases.context import Context
from shared.errors import Conflict, Forbidden

MOST_WITH_ALTERNATIVES = 10
"""Of how many meetings that give way it is worked out when they could be instead; the others' conveners ask."""


@dataclass(frozen=True, slots=True)
class GivingWay:
    """A meeting that loses sessions, and what they held."""

    written: Written
    given: list[Claim]


def check_may_preempt(rank: str, occasion: Occasion) -> None:
    """Refuse who does not approve, and ranks that do not go before others.

    Raises:
        Forbidden, Conflict.
    """
    if Part.APPROVER not in occasion.actor.parts(occasion.network):
        raise Forbidden("preemption_not_allowed", approver=occasion.network.approver)
    if not occasion.networks.rank(rank).preempts:
        raise Conflict("rank_does_not_preempt", rank=dict(occasion.networks.rank(rank).name))


def choose(
    context: Context, occasion: Occasion, occupancy: Occupancy, wish: Wish, rank: str, by: str
) -> list[GivingWay] | None:
    """The sessions that give way so that the wish is free, the lowest and newest first; None when it cannot be.

    Nobody gives way for now when what was read of days and meetings does not fit together.

    What is live stays, and so does every meeting of the same rank or a higher one. The occupancy is changed to what
    it would be afterwards.
    """
    near = {hold.meeting for claim in wish.claims for hold in occupancy.holds_within(claim.want.span)}
    known = context.meetings.find_all({holder for holder in near if is_meeting(holder)})
    place = occasion.networks.rank(rank).place
    lower = {key: meeting for key, meeting in known.items() if occasion.networks.ranks[meeting["rank"]].place > place}
    lost: dict[str, set[int]] = defaultdict(set)
    wants = [claim.want for claim in wish.claims]
    while clashes := occupancy.clashes(wants):
        hold = _weakest(clashes[0], wish, occupancy, lower, occasion)
        if hold is None:
            return None
        if hold.session in lost[hold.meeting]:
            return []  # the meeting was changed after the days were read: both are read again
        lost[hold.meeting].add(hold.session)
        occupancy.give_back(_claims(lower[hold.meeting], {hold.session}))
    occupancy.take(wish.claims)
    return [
        _give_way(lower[key], numbers, occupancy, occasion, by, told=told < MOST_WITH_ALTERNATIVES)
        for told, (key, numbers) in enumerate(sorted(lost.items()))
    ]


def _weakest(
    clash: Clash, wish: Wish, occupancy: Occupancy, lower: Mapping[str, Document], occasion: Occasion
) -> Hold | None:
    """Whoever has to give way for one clash: the holder, or of those on the bridge the lowest and newest."""
    want = wish.claims[clash.session - 1].want
    if clash.meeting:
        held = iter([hold for hold in occupancy.holds[clash.thing] if hold.span.overlaps(want.span)])
    else:
        held = occupancy.holds_within(want.span)
    fit = [hold for hold in held if _may_give_way(hold, lower) and _weighs(clash, lower[hold.meeting])]

    def strength(hold: Hold) -> tuple[int, float, str, int]:
        meeting = lower[hold.meeting]
        place = occasion.networks.ranks[meeting["rank"]].place
        return -place, -meeting["asked_at"].timestamp(), meeting["_id"], hold.session

    return min(fit, key=strength, default=None)


def _may_give_way(hold: Hold, lower: Mapping[str, Document]) -> bool:
    meeting = lower.get(hold.meeting)
    if meeting is None:
        return False
    planned = (one["n"] for one in meeting["sessions"] if one["state"] == "planned")
    return hold.session > PROPOSED or hold.session in planned


def _weighs(clash: Clash, meeting: Document) -> bool:
    return bool(clash.meeting) or meeting["counts"].get(clash.thing, 0) > 0


def _claims(meeting: Document, numbers: set[int]) -> list[Claim]:
    return [claim for claim in claims_of(meeting) if claim.session in numbers]


def _give_way(
    meeting: Document, numbers: set[int], occupancy: Occupancy, occasion: Occasion, by: str, *, told: bool
) -> GivingWay:
    check_allowed(meeting, CLOCKWORK.parts(occasion.network), "preempt")
    given = _claims(meeting, numbers | {claim.session for claim in claims_beyond(meeting)})
    starts = _instead(meeting, given, occupancy, occasion) if told and min(numbers) < PROPOSED else []
    decision = rules.preempt(meeting, numbers, by, starts)
    signature = CLOCKWORK.sign()
    return GivingWay(write(MEETING, meeting, decision, occasion, signature, meeting_receipt), given)


def _instead(meeting: Document, given: Sequence[Claim], occupancy: Occupancy, occasion: Occasion) -> list[str]:
    first = next(one for one in meeting["sessions"] if one["n"] == given[0].session)
    lost = [claim for claim in given if claim.session < PROPOSED]
    wish = Wish(lost, (), occasion.now, meeting["zone"], movable=True)
    found = with_starts(alternatives(occupancy, wish, occasion), first["start"], meeting["zone"])
    return [one["starts"] for one in found]
