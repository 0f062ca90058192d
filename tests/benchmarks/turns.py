"""The same work at several places in turn, so that whatever else the machine does meets all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping

Act = Callable[[], None]


def medians(acts: Mapping[str, Act], rounds: int) -> dict[str, float]:
    """Milliseconds that each place takes, at the median of so many rounds in which every place has its turn."""
    took: dict[str, list[float]] = {place: [] for place in acts}
    for _ in range(rounds):
        for place, act in acts.items():
            started = time.perf_counter()
            act()
            took[place].append(time.perf_counter() - started)
    return {place: statistics.median(seconds) * 1000 for place, seconds in took.items()}
