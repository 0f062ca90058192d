"""A simulation of requests that pass through stations one after the other, each with so many servers."""

import heapq
import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of work: how often it arrives a second, and the seconds of each station that it passes, in order."""

    rate: float
    seconds: Sequence[tuple[str, float]]


def simulate(kinds: Sequence[Kind], servers: Mapping[str, int], *, requests: int, seed: int = 1) -> list[float]:
    """How long each of so many requests takes, in seconds and in order of length.

    Arrivals are a Poisson process; what a station needs is exponentially distributed around its mean, which is
    harsher than what was measured; whoever comes first is served first. The first tenth warms up and does not count.
    """
    chance = random.Random(seed)
    total = sum(kind.rate for kind in kinds)
    free = {station: [0.0] * count for station, count in servers.items()}
    # What arrives somewhere: moment, a number that breaks ties, when it came to the platform, its kind, the next stop.
    coming: list[tuple[float, int, float, Kind, int]] = []
    moment = 0.0
    for number in range(requests):
        moment += chance.expovariate(total)
        kind = chance.choices(kinds, [kind.rate for kind in kinds])[0]
        coming.append((moment, number, moment, kind, 0))
    heapq.heapify(coming)
    took: list[tuple[int, float]] = []
    while coming:
        now, number, came, kind, stop = heapq.heappop(coming)
        if stop == len(kind.seconds):
            took.append((number, now - came))
            continue
        station, mean = kind.seconds[stop]
        begins = max(now, heapq.heappop(free[station]))
        ends = begins + (chance.expovariate(1 / mean) if mean else 0.0)
        heapq.heappush(free[station], ends)
        heapq.heappush(coming, (ends, number, came, kind, stop + 1))
    return sorted(length for number, length in took if number >= requests // 10)


def percentile(lengths: Sequence[float], share: float) -> float:
    """The length below which `share` of them lie."""
    return lengths[min(len(lengths) - 1, int(share * len(lengths)))]
