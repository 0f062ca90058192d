"""How good a line is: the band of a sample, and the band of the line, which follows only after several of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain, repeat


class Band(StrEnum):
    """From best to worst; of an unknown line nobody has said anything bad yet, a silent one was heard before."""

    UNKNOWN = "unknown"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    SILENT = "silent"


BAND_NAMES = {
    Band.UNKNOWN: {"vi": "chưa đo", "en": "not measured"},
    Band.GREEN: {"vi": "tốt", "en": "good"},
    Band.AMBER: {"vi": "kém", "en": "poor"},
    Band.RED: {"vi": "xấu", "en": "bad"},
    Band.SILENT: {"vi": "mất tín hiệu đo", "en": "silent"},
}
BAD = frozenset({Band.RED, Band.SILENT})
"""What opens an incident while a meeting needs the line."""

_WORSE = {Band.UNKNOWN: 0, Band.GREEN: 0, Band.AMBER: 1, Band.RED: 2, Band.SILENT: 3}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a line is below in a band: loss in per cent, round trip and jitter in milliseconds."""

    loss: float
    rtt: float
    jitter: float


@dataclass(frozen=True, slots=True)
class Rules:
    """A network's rules for lines.

    A band becomes worse after `worse_after` samples in a row that say so and better after `better_after`; a line is
    silent when nothing was heard for `silent_after` seconds. It is red when `slow_after` trains in a row show less than
    `share` per cent of its bandwidth, until one shows more. Samples are kept for `keep_days`.
    """

    green: Limits
    amber: Limits
    share: int
    worse_after: int
    better_after: int
    silent_after: int
    keep_days: int
    slow_after: int = 2


@dataclass(frozen=True, slots=True)
class Figures:
    """What a sample says, None where it cannot: per cent, milliseconds, megabits a second."""

    loss: float
    rtt: float | None = None
    jitter: float | None = None
    mbps: float | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """A line's band, and the samples in a row that say that it is another: how many, and the mildest of them.

    `slow` counts trains in a row that showed too little; they are seldom and have a run of their own.
    """

    band: Band = Band.UNKNOWN
    run: int = 0
    towards: Band | None = None
    slow: int = 0

    def shown(self, rules: Rules) -> Band:
        """The band with what the trains say."""
        return Band.RED if self.slow >= rules.slow_after and _WORSE[self.band] < _WORSE[Band.RED] else self.band


def loss_of(sent: int, received: int, lost_there: int | None, lost_back: int | None) -> float:
    """Per cent lost on the worse way, as a meeting's picture or sound suffers it; without an answer, all.

    What was lost on a way that nobody knows counts for both.
    """
    if lost_there is None or lost_back is None:
        return 100.0 * (sent - received) / sent
    unknown = max(sent - received - lost_there - lost_back, 0)
    return 100.0 * min(max(lost_there, lost_back) + unknown, sent) / sent


def is_slow(figures: Figures, rules: Rules, mbps: float) -> bool | None:
    """Whether a train showed too little for a line of so many megabits a second; None where there was no train."""
    return None if figures.mbps is None else figures.mbps * 100 < mbps * rules.share


def band_of(figures: Figures, rules: Rules, mbps: float) -> Band:
    """The band of one sample on a line of so many megabits a second."""
    return Band.RED if is_slow(figures, rules, mbps) else even_band(figures, rules)


def even_band(figures: Figures, rules: Rules) -> Band:
    """The band of one sample, whatever passed of a train."""
    if _within(figures, rules.green):
        return Band.GREEN
    return Band.AMBER if _within(figures, rules.amber) else Band.RED


def _within(figures: Figures, limits: Limits) -> bool:
    slow = figures.rtt is not None and figures.rtt >= limits.rtt
    uneven = figures.jitter is not None and figures.jitter >= limits.jitter
    return not (figures.loss >= limits.loss or slow or uneven)


def follow(standing: Standing, sample: Band, rules: Rules) -> Standing:
    """Where a line stands after one more sample; who was silent begins anew."""
    now = Standing() if standing.band == Band.SILENT else standing
    if now.band == Band.UNKNOWN and sample == Band.GREEN:
        return Standing(sample)
    here, there = _WORSE[now.band], _WORSE[sample]
    if here == there:
        return replace(now, run=0, towards=None)
    before = now.towards if now.towards and (_WORSE[now.towards] > here) == (there > here) else None
    towards = min(before or sample, sample, key=lambda one: abs(_WORSE[one] - here))
    run = now.run + 1 if before else 1
    needed = rules.worse_after if there > here else rules.better_after
    return Standing(towards) if run >= needed else Standing(now.band, run, towards)


def bands_after(
    standing: Standing, samples: Iterable[Band], rules: Rules, trains: Iterable[bool | None] = ()
) -> list[Standing]:
    """Where a line stands after each of several samples, the first of which came with these trains."""
    found = []
    for sample, slow in zip(samples, chain(trains, repeat(None)), strict=False):
        trained = standing.slow if slow is None else standing.slow + 1 if slow else 0
        standing = replace(follow(standing, sample, rules), slow=trained)
        found.append(standing)
    return found
