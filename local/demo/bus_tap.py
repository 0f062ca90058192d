"""A listener of its own on the bus, for showing and checking what was announced."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import amqp
import orjson
from kombu.utils.url import parse_url

Envelope = dict[str, Any]


class BusTap:
    """Collects the events of an exchange from now on, in a queue that dies with it."""

    def __init__(self, amqp_uri: str, exchange: str, keep: Callable[[Envelope], Any]) -> None:
        parts = parse_url(amqp_uri)
        self._connection = amqp.Connection(
            f"{parts['hostname']}:{parts['port']}",
            userid=parts["userid"],
            password=parts["password"],
            virtual_host=parts["virtual_host"] or "/",
        )
        self._connection.connect()
        channel = self._connection.channel()
        queue = channel.queue_declare(exclusive=True, auto_delete=True).queue
        channel.queue_bind(queue, exchange, "#")
        self.events: list[Any] = []
        channel.basic_consume(queue, no_ack=True, callback=lambda m: self.events.append(keep(orjson.loads(m.body))))

    def wait(self, enough: Callable[[list[Any]], bool], seconds: float = 10.0) -> list[Any]:
        """Everything heard so far, as soon as it is enough or the time is over."""
        end = time.monotonic() + seconds
        while not enough(self.events) and time.monotonic() < end:
            try:
                self._connection.drain_events(timeout=0.2)
            except TimeoutError:
                continue
        return self.events

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


@contextmanager
def tapped(
    amqp_uri: str, exchange: str, keep: Callable[[Envelope], Any] = lambda envelope: envelope
) -> Iterator[BusTap]:
    """Listen while the block runs; `keep` says what of each event is kept, at the moment it is heard."""
    tap = BusTap(amqp_uri, exchange, keep)
    try:
        yield tap
    finally:
        tap.close()
