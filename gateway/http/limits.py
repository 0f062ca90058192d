"""Token buckets: how often somebody may ask before being told to wait.

They live in the memory of one worker process, so that a request never waits for a shared store; with N workers
a caller may get up to N times the rate, which still stops guessing and flooding.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from shared.errors import TooMany


class Buckets:
    """One bucket per key that holds `burst` tokens and refills at `per_minute`; the least recent keys are dropped."""

    def __init__(
        self, per_minute: float, burst: int, *, keys: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._keys = keys
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one token.

        Raises:
            TooMany: the bucket is empty; `retry_after` says when the next token drops in.
        """
        self.check(key)
        left, now = self._level(key)
        self._buckets[key] = (left - 1, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)

    def check(self, key: str) -> None:
        """Raise `TooMany` if the bucket is empty, without taking anything."""
        left, _ = self._level(key)
        if left < 1:
            raise TooMany("too_many_requests", retry_after=max(1, math.ceil((1 - left) / self._per_second)))

    def _level(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, since = self._buckets.get(key, (self._burst, now))
        return min(self._burst, left + (now - since) * self._per_second), now
