"""How long after a submission was stored its event reaches a listener on the bus."""

import multiprocessing
import time
from datetime import datetime
from multiprocessing.synchronize import Event
from typing import Any

from local.demo.bus_tap import tapped
from tests.benchmarks import load
from tests.benchmarks.submit import CITIZEN, submissions
from tests.support.stack import Stack


def measure_event_delay(stack: Stack, *, rate: float, seconds: float) -> dict[str, float]:
    """Milliseconds from the event's own time (before the write) to a listener's callback, at a steady rate."""
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue()
    ready, stop = context.Event(), context.Event()
    listener = context.Process(target=_listen, args=(stack.amqp_uri, queue, ready, stop), daemon=True)
    listener.start()
    ready.wait(20)
    outcome = load.drive(stack.platform.port, submissions(stack.token(CITIZEN)), clients=32, seconds=seconds, rate=rate)
    time.sleep(1.5)
    stop.set()
    delays: list[float] = sorted(queue.get(timeout=20))
    listener.join(10)
    return {
        "rate": outcome.rate,
        "accepted": len(outcome.latencies),
        "heard": len(delays),
        **{f"p{share}": delays[min(len(delays) - 1, int(share / 100 * len(delays)))] for share in (50, 95, 99)},
    }


def _listen(amqp_uri: str, queue: Any, ready: Event, stop: Event) -> None:
    with tapped(amqp_uri, "one_stop_shop.application", keep=_delay_of) as tap:
        ready.set()
        while not stop.is_set():
            tap.wait(lambda _: stop.is_set(), seconds=0.5)
        queue.put([delay for delay in tap.events if delay is not None])


def _delay_of(envelope: dict[str, Any]) -> float | None:
    if envelope["type"] != "application_submitted.v1":
        return None
    return 1000 * (time.time() - datetime.fromisoformat(envelope["time"]).timestamp())
