"""The heart of booking: a meeting and all that it holds become true in one transaction, or nothing does.

Claims come first and the meeting last: whether they can be had is decided by the days' documents, and a transaction
that is refused there has written nothing. What is told of a refusal is read afterwards and is only advice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import ROLES, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.holdings import Swap, swap_of
from services.conference_booking.domain.occupancy import Claim
from services.conference_booking.domain.proposals import as_proposed
from services.conference_booking.domain.sessions import session_of
from services.conference_booking.usecases.changes import (
    MEETING,
    WITHOUT_END,
    Kind,
    Written,
    capacity,
    keep,
    meeting_receipt,
    write,
)
from services.conference_booking.usecases.clashes import (
    Wish,
    alternatives,
    clashes_of,
    look,
    tell,
    with_starts,
)
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.preempting import GivingWay, choose
from shared.commands import ATTEMPTS, repeated_answer
from shared.errors import Conflict, Stale
from shared.history import Command


class _Taken(Exception):
    """Something that was wanted is not free: ends the transaction."""


class _Overtaken(Exception):
    """Somebody changed one of the meetings: ends the transaction."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One decision on a meeting to be stored with its claims."""

    before: Document
    decision: Decision
    occasion: Occasion
    part: Part
    command: Command
    preempt: bool = False
    earliest: datetime | None = None


def book(context: Context, booking: Booking) -> dict[str, Any] | None:
    """Store a decision with its claims; the answer, or None when somebody changed the meeting meanwhile.

    Raises:
        Conflict: `resources_taken`, naming every clash and the nearest alternatives.
    """
    losers: list[GivingWay] = []
    for _ in range(ATTEMPTS):
        written = _written(booking, losers)
        network = booking.occasion.network.key
        usable = capacity(context, network)
        try:
            _store(context, MEETING, network, written, swap_of(booking.before, written.after), usable, losers)
        except _Overtaken:
            if not losers:
                return _repeated(context, booking)
            losers = []  # it may have been one of them: who gives way is judged anew
        except _Taken:
            repeated = _repeated(context, booking)
            if repeated is not None:
                return repeated
            losers = _judge(context, booking, written, usable)
        else:
            return written.answer
    return None


def _written(booking: Booking, losers: Sequence[GivingWay]) -> Written:
    preempted = tuple(one.written.before["_id"] for one in losers)
    signature = booking.occasion.actor.sign(ROLES[booking.part])

    def answer(after: Document) -> dict[str, Any]:
        return meeting_receipt(after, preempted)

    return write(MEETING, booking.before, booking.decision, booking.occasion, signature, answer, booking.command)


def _store(
    context: Context,
    kind: Kind,
    network: str,
    written: Written,
    swap: Swap,
    usable: dict[str, int],
    losers: Sequence[GivingWay] = (),
) -> None:
    if not (swap.given or swap.taken or losers):
        if not keep(context, kind, written):
            raise _Overtaken
        return
    context.claims.prepare(network, [claim.want for claim in swap.taken], usable)
    given = [*swap.given, *(claim for one in losers for claim in one.given)]

    def work() -> None:
        context.claims.give_back(network, given)
        taken = context.claims.take(network, swap.taken, usable)
        if not taken or not context.claims.take(network, swap.kept, WITHOUT_END):
            raise _Taken
        if not all(keep(context, MEETING, one.written) for one in losers) or not keep(context, kind, written):
            raise _Overtaken

    context.together(work)


def _repeated(context: Context, booking: Booking) -> dict[str, Any] | None:
    """The answer of the first time, if this very command was faster on another way."""
    loaded = context.meetings.find(booking.before["_id"], booking.command["key"])
    if loaded is None or loaded.repeated is None:
        return None
    return repeated_answer(loaded.repeated, booking.command)


def _judge(context: Context, booking: Booking, written: Written, usable: dict[str, int]) -> list[GivingWay]:
    """Who gives way, nobody when it has become free meanwhile.

    Raises:
        Conflict: it is not free, and nobody has to give way.
    """
    new = written.after.get("proposed") != booking.before.get("proposed")
    wanted = as_proposed(written.after) if new else written.after
    wish = wish_of(booking.before, wanted, booking.earliest or booking.occasion.now)
    occupancy = look(context, booking.occasion.network.key, wish, usable)
    clashes = clashes_of(occupancy, wish.claims)
    if not clashes:
        return []
    told = tell(context, booking.occasion, clashes, wish.claims)
    found = alternatives(occupancy, wish, booking.occasion)
    if booking.preempt:
        rank = written.after["rank"]
        losers = choose(context, booking.occasion, occupancy, wish, rank, booking.before["_id"])
        if losers is not None:
            return losers
    start = session_of(wanted, str(wish.claims[0].session) if wish.alone else "1")["start"]
    raise taken(told, with_starts(found, start, wanted["zone"]))


def taken(clashes: list[dict[str, Any]], instead: list[dict[str, Any]]) -> Conflict:
    """The refusal that names everything."""
    starts = [one["starts"].replace("T", " ") for one in instead]
    code = "resources_taken_free_then" if instead else "resources_taken"
    return Conflict(code, count=len(clashes), clashes=clashes, alternatives=instead, starts=starts)


def wish_of(before: Document, after: Document, earliest: datetime) -> Wish:
    """What a meeting wants beyond what it has; it can be moved while no session has begun, and one session alone."""
    swap = swap_of(before, after)
    starts = {one["n"]: one["start"] for one in before.get("sessions", ())}
    other = [one for one in after["sessions"] if starts.get(one["n"], one["start"]) != one["start"]]
    alone = len(after["sessions"]) > 1 and len(other) == len(swap.taken) == 1
    whole = all(session["state"] not in ("live", "ended") for session in after["sessions"])
    return Wish(swap.taken, swap.given, earliest, after["zone"], movable=alone or whole, alone=alone)


def hold_away(
    context: Context, kind: Kind, claims_of: Callable[[Document], list[Claim]], written: Written, occasion: Occasion
) -> bool:
    """Store a change of an endpoint or technician with the times at which no meeting may have it.

    False when it was overtaken.

    Raises:
        Conflict: `resources_taken`, naming the meetings in the way.
    """
    before, after = claims_of(written.before), claims_of(written.after)
    swap = Swap(_without(before, after), _without(after, before), [])
    network = occasion.network.key
    usable = capacity(context, network)
    try:
        _store(context, kind, network, written, swap, usable)
    except _Overtaken:
        return False
    except _Taken:
        wish = Wish(swap.taken, swap.given, occasion.now, "Asia/Ho_Chi_Minh", movable=False)
        occupancy = look(context, network, wish, usable)
        clashes = clashes_of(occupancy, wish.claims)
        if not clashes:
            raise Stale("version_stale") from None
        raise taken(tell(context, occasion, clashes, wish.claims), []) from None
    return True


def _without(some: list[Claim], others: list[Claim]) -> list[Claim]:
    return [claim for claim in some if claim not in others]
