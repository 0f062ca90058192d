"""A probe at work: one thread measures each line, one reports; both go on whatever becomes of the other."""

import logging
import random
import threading
import time
from datetime import UTC, datetime
from typing import Any

from services.conference_booking.probe.asking import Asker, Throughput
from services.conference_booking.probe.configuration import Configuration
from services.conference_booking.probe.figures import Figures
from services.conference_booking.probe.reporting import NotReported
from services.conference_booking.probe.spool import Spool

log = logging.getLogger("line-probe")

BATCH = 200
LONGEST_PAUSE = 300.0
"""Seconds until the next try while the centre does not take reports."""


class Probe:
    """Measures and reports until it is stopped."""

    def __init__(self, configuration: Configuration) -> None:
        self._told = configuration
        self._spool = Spool(configuration.folder / "samples.sqlite", configuration.pace.keep)
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._trains = True
        self._threads = [
            threading.Thread(target=self._measure, args=(Asker(*self._far_end(), line),), name=line.kind)
            for line in configuration.lines
        ]
        self._threads.append(threading.Thread(target=self._report, name="report"))

    def _far_end(self) -> tuple[str, bytes, tuple[str, int]]:
        return self._told.endpoint, self._told.key, self._told.reflector

    def run(self) -> None:
        """Work until `stop` is called; then what was measured and not yet reported stays on disk."""
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            thread.join()
        self._spool.close()

    def stop(self) -> None:
        """End soon."""
        self._stopping.set()

    def _measure(self, asker: Asker) -> None:
        pace = self._told.pace
        next_train = time.monotonic() + random.uniform(0, pace.train_minutes * 60)  # not all endpoints at once
        while not self._stopping.is_set():
            at, begin = datetime.now(UTC), time.monotonic()
            packets = max(round(pace.packets * pace.sample_seconds), 1)
            figures = asker.sample(packets, pace.sample_seconds, self._stopping.is_set)
            if self._stopping.is_set():
                return
            drawn = Throughput(None, None)
            if pace.train_minutes and self._trains and begin >= next_train:
                drawn = asker.train(pace.train_packets)
                next_train += pace.train_minutes * 60
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
            answer = self._told.gateway.report(self._told.endpoint, self._spool.source, samples)
            self._trains = bool(answer.get("trains", True))
            with self._turn:
                self._spool.forget(samples[-1]["sequence"])
        return len(samples)


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
