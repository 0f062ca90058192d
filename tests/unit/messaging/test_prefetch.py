"""Every queue has its own prefetch, although all are read on one channel."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from shared.messaging.consumer import QueueConsumer


@dataclass(frozen=True)
class Reader:
    queue: str
    prefetch: int


def test_every_queue_begins_to_be_read_under_its_own_prefetch() -> None:
    """RabbitMQ applies a prefetch to consumers that begin later; the last one set would hold for all of them."""
    orders: list[tuple[str, Any]] = []

    class Consumer:
        def __init__(self, queues: list[str], **_: Any) -> None:
            self._queue = queues[0]

        def qos(self, prefetch_count: int) -> None:
            orders.append(("prefetch", prefetch_count))

        def consume(self) -> None:
            orders.append(("consume", self._queue))

    consumer: Any = QueueConsumer()
    consumer.container = SimpleNamespace(accept=["json"])
    consumer._providers = [Reader("requests", 64), Reader("replay", 1)]
    consumer.get_consumers(Consumer, channel=None)

    assert orders == [("prefetch", 64), ("consume", "requests"), ("prefetch", 1), ("consume", "replay")]
