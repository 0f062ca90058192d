"""A probe at work: one thread measures each line, one reports; all go on whatever becomes of the others.

A thread that fails begins again after a pause. One that fails again and again ends the probe, so that whoever started
it starts it anew.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from services.conference_booking.probe.asking import Asker, Throughput
from services.conference_booking.probe.configuration import Configuration
from services.conference_booking.probe.figures import Figures
from services.conference_booking.probe.reporting import NotReported, Refused
from services.conference_booking.probe.spool import Spool

log = logging.getLogger("line-probe")

BATCH = 200
LONGEST_PAUSE = 30.0
"""Seconds until the next try while the centre does not take reports, well below a network's `silent_after`: once the
centre is back, no line counts as silent only because its probe paused."""

AGAIN = 5.0
"""Seconds until a thread that failed begins again."""

STEADY = 300.0
"""Seconds of work after which earlier failures do not count any more."""

MOST_FAILURES = 5

Samples = Sequence[dict[str, Any]]


class Trains:
    """When the next train leaves; those that a pause of the process left out are not made up for."""

    def __init__(self, every: float, now: float) -> None:
        self._every = every
        self._next = now + random.uniform(0, every)  # not all endpoints at once

    def leaves(self, now: float) -> bool:
        """Whether one leaves now, which it does once."""
        if not self._every or now < self._next:
            return False
        self._next = now + self._every
        return True


class Probe:
    """Measures and reports until it is stopped."""

    def __init__(self, configuration: Configuration) -> None:
        self._told = configuration
        self._spool = Spool(configuration.folder / "samples.sqlite", configuration.pace.keep)
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._trains = True
        self._failed = False
        works: list[tuple[str, Callable[[], None]]] = [("report", self._report)]
        works += [(line.kind, self._measuring(Asker(*self._far_end(), line))) for line in configuration.lines]
        self._threads = [threading.Thread(target=self._go_on, args=(work,), name=name) for name, work in works]

    def _far_end(self) -> tuple[str, bytes, tuple[str, int]]:
        return self._told.endpoint, self._told.key, self._told.reflector

    def run(self) -> bool:
        """Work until `stop` is called; then what was measured and not yet reported stays on disk.

        False when it ended because some of the work could not go on.
        """
        started = []
        try:
            for thread in self._threads:
                thread.start()
                started.append(thread)
        except RuntimeError:  # no room for another thread
            log.exception("not all of the work could begin")
            self._give_up()
        for thread in started:
            thread.join()
        self._spool.close()
        return not self._failed

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    def _give_up(self) -> None:
        self._failed = True
        self.stop()

    def _go_on(self, work: Callable[[], None]) -> None:
        """Do a work until the probe is stopped, again when it fails, but not for ever."""
        failures = 0
        while not self._stopping.is_set():
            begin = time.monotonic()
            try:
                work()
            except Exception:
                failures = 1 if time.monotonic() - begin > STEADY else failures + 1
                log.exception("%s failed, %d in a row", threading.current_thread().name, failures)
                if failures >= MOST_FAILURES:
                    self._give_up()
                self._stopping.wait(AGAIN)

    def _measuring(self, asker: Asker) -> Callable[[], None]:
        return lambda: self._measure(asker)

    def _measure(self, asker: Asker) -> None:
        pace = self._told.pace
        trains = Trains(pace.train_minutes * 60, time.monotonic())
        while not self._stopping.is_set():
            begin = time.monotonic()
            packets = max(round(pace.packets * pace.sample_seconds), 1)
            figures = asker.sample(packets, pace.sample_seconds, self._stopping.is_set)
            if self._stopping.is_set():
                return
            at = datetime.now(UTC) + asker.off - timedelta(seconds=time.monotonic() - begin)
            drawn = Throughput(None, None)
            if self._trains and trains.leaves(begin):
                drawn = asker.train(pace.train_packets)
            self._keep(sample_of(asker.line.kind, at, pace.sample_seconds, figures, drawn))
            self._stopping.wait(max(begin + pace.sample_seconds - time.monotonic(), 0.0))

    def _keep(self, sample: dict[str, Any]) -> None:
        with self._turn:
            gone = self._spool.add(sample)
        if gone:
            log.warning("the buffer is full: %d samples that nobody took made room", gone)

    def _report(self) -> None:
        pause = self._told.pace.report_seconds
        while not self._stopping.wait(pause):
            try:
                while self._report_batch() == BATCH and not self._stopping.is_set():
                    pass
                pause = self._told.pace.report_seconds
            except NotReported as error:
                log.warning("not reported, %d samples wait: %s", self._waiting(), error)
                pause = min(pause * 2, LONGEST_PAUSE) * random.uniform(0.8, 1.2)

    def _waiting(self) -> int:
        with self._turn:
            return len(self._spool)

    def _report_batch(self) -> int:
        """Hand in the oldest samples; how many."""
        with self._turn:
            samples = self._spool.oldest(BATCH)
        if samples:
            self._hand_in(samples)
        return len(samples)

    def _hand_in(self, samples: Samples) -> None:
        """Bring samples in, in order; what the centre refuses is found by halves and set aside alone."""
        try:
            answer = self._told.gateway.report(self._told.endpoint, self._spool.source, samples)
        except Refused as error:
            if len(samples) == 1:
                self._set_aside(samples[0], str(error))
            else:
                middle = len(samples) // 2
                self._hand_in(samples[:middle])
                self._hand_in(samples[middle:])
        else:
            self._trains = bool(answer.get("trains", True))
            with self._turn:
                self._spool.forget(samples[-1]["sequence"])

    def _set_aside(self, sample: dict[str, Any], why: str) -> None:
        log.error("sample %d is set aside: %s", sample["sequence"], why)
        with self._turn:
            self._spool.set_aside(sample["sequence"], why)


def sample_of(line: str, at: datetime, seconds: float, figures: Figures, drawn: Throughput) -> dict[str, Any]:
    """A sample in the shape in which it is reported (`shared.contracts.conference_booking.lines.Sample`)."""
    return {
        "line": line,
        "at": at.isoformat(),
        "seconds": seconds,
        "sent": figures.sent,
        "received": figures.received,
        "lost_there": figures.lost_there,
        "lost_back": figures.lost_back,
        "rtt_p50_ms": figures.rtt_p50,
        "rtt_p95_ms": figures.rtt_p95,
        "rtt_max_ms": figures.rtt_max,
        "jitter_there_ms": figures.jitter_there,
        "jitter_back_ms": figures.jitter_back,
        "mbps_there": drawn.there,
        "mbps_back": drawn.back,
    }
