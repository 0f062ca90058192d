"""Who has what and when: the state of all days as it was read, asked for clashes and for free times.

Endpoints, technicians and other things of which there is one are held by one meeting at a time. Ports of the bridge
and recorders are counted, in steps of five minutes. What is decided here is only advice to people: whether a claim
stands is decided by the database, on the same rule (`adapters.claims`).
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice, pairwise, takewhile

from services.conference_booking.domain.spans import Piece, Span

STEP = 5
"""Minutes in one step of a counter."""

Counts = Mapping[str, int]
"""How much of each counted thing is wanted, or there is: `{"ports": 62, "recorders": 1}`."""


@dataclass(frozen=True, slots=True)
class Want:
    """What one session needs, from the first cable plugged in to the last: single things and counted ones."""

    span: Span
    things: frozenset[str]
    counts: Counts

    def moved(self, by: timedelta) -> "Want":
        """The same at another time."""
        return Want(self.span.moved(by), self.things, self.counts)

    def beyond(self, held: Iterable["Want"]) -> Iterator["Want"]:
        """What of it is not held already, cut where something that is held begins or ends."""
        near = [one for one in held if one.span.overlaps(self.span)]
        ends = {end for one in near for end in (one.span.start, one.span.end) if self.span.start < end < self.span.end}
        for start, end in pairwise(sorted({self.span.start, self.span.end, *ends})):
            span = Span(start, end)
            mine = [one for one in near if one.span.overlaps(span)]
            things = self.things.difference(*(one.things for one in mine))
            counts = {
                name: max(count - sum(one.counts.get(name, 0) for one in mine), 0)
                for name, count in self.counts.items()
            }
            if things or any(counts.values()):
                yield Want(span, things, counts)


@dataclass(frozen=True, slots=True)
class Claim:
    """What session number `session` of a meeting holds, or wants to."""

    meeting: str
    session: int
    want: Want


@dataclass(frozen=True, slots=True, order=True)
class Hold:
    """A thing that a session of a meeting has for a while."""

    span: Span
    meeting: str
    session: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Why a session cannot be: `thing` is held by another session, or of a counted one too little is left."""

    session: int
    thing: str
    span: Span
    meeting: str = ""
    left: int = 0


@dataclass(slots=True)
class Occupancy:
    """All holds and counters of some days, under the capacity there is; what no day tells of is free."""

    capacity: Counts
    # In order, as they begin: of one thing no two overlap.
    holds: dict[str, list[Hold]] = field(default_factory=lambda: defaultdict(list))
    used: dict[str, dict[datetime, int]] = field(default_factory=lambda: defaultdict(dict))

    def clashes(self, wants: Sequence[Want]) -> list[Clash]:
        """Everything that stands in the way, session by session; sessions also stand in each other's."""
        found = [clash for number, want in enumerate(wants, start=1) for clash in self._against(number, want)]
        return [*found, *_among(wants)]

    def is_free(self, wants: Iterable[Want]) -> bool:
        """Whether nothing stands in the way."""
        return not any(True for want in wants for _ in self._against(1, want))

    def give_back(self, claims: Iterable[Claim]) -> None:
        """Take these claims out, as if they were given back."""
        for claim in claims:
            mine = (claim.meeting, claim.session)
            for thing in claim.want.things & self.holds.keys():
                held = self.holds[thing]
                near = slice(_first(held, claim.want.span), bisect_left(held, claim.want.span.end, key=_start_of))
                held[near] = [hold for hold in held[near] if (hold.meeting, hold.session) != mine]
            self._count(claim.want, -1)

    def take(self, claims: Iterable[Claim]) -> None:
        """Put these claims in, as if they were taken."""
        for claim in claims:
            for thing in claim.want.things:
                insort(self.holds[thing], Hold(claim.want.span, claim.meeting, claim.session))
            self._count(claim.want, 1)

    def _count(self, want: Want, sign: int) -> None:
        for name, count in want.counts.items():
            used = self.used[name]
            for step in steps_of(want.span) if count else ():
                used[step] = used.get(step, 0) + sign * count

    def holds_within(self, span: Span) -> Iterator[Hold]:
        """Whatever is held at some moment of the span."""
        for held in self.holds.values():
            yield from _within(held, span)

    def _against(self, number: int, want: Want) -> Iterator[Clash]:
        for thing in sorted(want.things):
            for hold in _within(self.holds.get(thing, ()), want.span):
                yield Clash(number, thing, hold.span, meeting=hold.meeting)
        for name, wanted in sorted(want.counts.items()):
            left = self.least_left(name, want.span)
            if wanted > left and wanted:
                yield Clash(number, name, want.span, left=max(left, 0))

    def least_left(self, name: str, span: Span) -> int:
        """How much of a counted thing is left all the time; below 0 where more was claimed than there is now."""
        used = self.used.get(name, {})
        return self.capacity.get(name, 0) - max((used.get(step, 0) for step in steps_of(span)), default=0)


def _start_of(hold: Hold) -> datetime:
    return hold.span.start


def _end_of(hold: Hold) -> datetime:
    return hold.span.end


def _first(held: Sequence[Hold], span: Span) -> int:
    """Where in the holds of one thing, which are in order and do not overlap, those begin that last into the span."""
    return bisect_right(held, span.start, key=_end_of)


def _within(held: Sequence[Hold], span: Span) -> Iterator[Hold]:
    return takewhile(lambda hold: hold.span.start < span.end, islice(held, _first(held, span), None))


def _among(wants: Sequence[Want]) -> Iterator[Clash]:
    ordered = sorted(enumerate(wants, start=1), key=lambda one: one[1].span)
    for (_, before), (number, after) in pairwise(ordered):
        if before.span.overlaps(after.span):
            yield Clash(number, "series", before.span)


def steps_of(span: Span) -> Iterator[datetime]:
    """The beginnings of the counters' steps that a span touches."""
    for piece in span.pieces():
        for step in bins(piece):
            yield piece.span.start + timedelta(minutes=step * STEP - piece.start)


def bins(piece: Piece) -> range:
    """The numbers of the counters' steps on its day that a piece touches."""
    return range(piece.start // STEP, -(-piece.end // STEP))


def free_shifts(
    occupancy: Occupancy,
    wants: Sequence[Want],
    *,
    within: timedelta,
    step: timedelta,
    allowed: Iterable[Span],
) -> Iterator[timedelta]:
    """By how much the whole series could be moved to be free, the least first, earlier before later.

    Every session has to begin and end inside one of the `allowed` spans: people do not meet at night because it is
    free then.
    """
    hours = sorted(allowed)
    for number in range(1, within // step + 1):
        for shift in (-number * step, number * step):
            moved = [want.moved(shift) for want in wants]
            if all(_inside(want.span, hours) for want in moved) and occupancy.is_free(moved):
                yield shift


def _inside(span: Span, hours: Sequence[Span]) -> bool:
    place = bisect_right(hours, span.start, key=lambda one: one.start) - 1
    return place >= 0 and span.end <= hours[place].end
