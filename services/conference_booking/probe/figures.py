"""What a series of packets says of a line: loss on either way, round trip, jitter, throughput. Plain arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from services.conference_booking.probe.packets import Answer

FEWEST_FOR_JITTER = 2
SMOOTHING = 16
"""RFC 3550, 6.4.1: each new difference counts for a sixteenth."""


@dataclass(frozen=True, slots=True)
class Came:
    """An answer and when it was here, in microseconds of the sender's own clock."""

    answer: Answer
    at: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one sample. Milliseconds; None where nothing came back that could tell.

    Of `sent` packets `received` came back; `lost_there` did not arrive at the centre, `lost_back` were answered and did
    not return. What was sent after the last that is known of is lost too, but nobody knows on which way; the three are
    never more than `sent`.
    """

    sent: int
    received: int
    lost_there: int | None
    lost_back: int | None
    rtt_p50: float | None
    rtt_p95: float | None
    rtt_max: float | None
    jitter_there: float | None
    jitter_back: float | None


def figures_of(sent: Mapping[int, int], came: Sequence[Came]) -> Figures:
    """The figures of packets that were sent at these moments, by number from 0 without a hole."""
    there, back = _lost(came)
    trips = sorted((one.at - sent[one.answer.number] - (one.answer.left - one.answer.arrived)) / 1000 for one in came)
    in_order = sorted(came, key=lambda one: one.answer.number)
    return Figures(
        sent=len(sent),
        received=len(came),
        lost_there=there,
        lost_back=back,
        rtt_p50=percentile(trips, 50),
        rtt_p95=percentile(trips, 95),
        rtt_max=percentile(trips, 100),
        jitter_there=jitter([(sent[one.answer.number], one.answer.arrived) for one in in_order]),
        jitter_back=jitter([(one.answer.left, one.at) for one in in_order]),
    )


def _lost(came: Sequence[Came]) -> tuple[int | None, int | None]:
    """How many were lost on either way, up to the last that an answer knows of.

    A reflector that began anew meanwhile counts from one again, which tells nothing of either way.
    """
    counts = [one.answer.count for one in sorted(came, key=lambda one: (one.answer.arrived, one.answer.count))]
    known = 1 + max((one.answer.number for one in came), default=-1)
    if not counts or any(count <= before for before, count in pairwise(counts)) or counts[-1] > known:
        return None, None
    return known - counts[-1], counts[-1] - len(came)


def percentile(ordered: Sequence[float], share: int) -> float | None:
    """The value that so many per cent do not exceed (the nearest rank); None of nothing."""
    if not ordered:
        return None
    return round(max(ordered[ceil(len(ordered) * share / 100) - 1], 0.0), 3)


def jitter(trips: Sequence[tuple[int, int]]) -> float | None:
    """The interarrival jitter of RFC 3550 in milliseconds, over (left, arrived) in microseconds of either clock."""
    if len(trips) < FEWEST_FOR_JITTER:
        return None
    smoothed, before = 0.0, trips[0]
    for trip in trips[1:]:
        difference = abs((trip[1] - before[1]) - (trip[0] - before[0]))
        smoothed += (difference - smoothed) / SMOOTHING
        before = trip
    return round(smoothed / 1000, 3)


def throughput(arrivals: Sequence[int], size: int) -> float | None:
    """Megabits a second of packets of `size` bytes that left as one train and arrived at these microseconds."""
    if len(arrivals) < FEWEST_FOR_JITTER or max(arrivals) == min(arrivals):
        return None
    return round((len(arrivals) - 1) * size * 8 / (max(arrivals) - min(arrivals)), 3)
