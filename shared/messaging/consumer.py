"""Nameko's consumer with the traps of production closed; nameko itself stays as it is.

Each change has a test in `tests/integration/messaging` that is named after the trap.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import kombu.serialization
import orjson
from kombu import Connection, Queue
from kombu.message import Message
from nameko.messaging import QueueConsumer as StockQueueConsumer

from shared.amqp import BufferedRecv, tls_options
from shared.messaging import metrics
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.replies import Cork
from shared.observability import logger

log = logger(__name__)

kombu.serialization.register("orjson", orjson.dumps, orjson.loads, "application/json", "utf-8")
kombu.serialization.register("cloudevents", orjson.dumps, orjson.loads, CONTENT_TYPE, "utf-8")
ACCEPTED = ["orjson", "cloudevents"]


class Provider(Protocol):
    """Something that reads a queue through the consumer."""

    queue: Queue
    prefetch: int

    def handle_message(self, body: Any, message: Message) -> None:
        """Start working on a message; it is settled with `ack`, `requeue` or `dead_letter` of the consumer."""


class QueueConsumer(StockQueueConsumer):
    """The one connection that reads. It ends only when all work it handed out is settled, so that a stop never
    makes the broker deliver again what is being done; it gives up a silent broker instead of waiting for it.
    """

    beat = 0.0
    connected = False

    def __init__(self) -> None:
        super().__init__()
        self._unsettled: set[int] = set()

    @property
    def silence(self) -> float:
        """Seconds since the loop turned last; a loop that is stuck for long needs a restart of the process."""
        return time.monotonic() - self.beat

    @property
    def connection(self) -> Connection:
        """How to connect; `pyamqp` spares kombu the search for another driver at every connection."""
        settings = self.container.config["settings"]
        return Connection(
            "pyamqp" + settings.amqp_uri[settings.amqp_uri.index("://") :],
            heartbeat=settings.heartbeat,
            ssl=tls_options(settings.amqp_uri) or False,
            transport_options={"client_properties": {"connection_name": f"{self.container.service_name} consumer"}},
        )

    def start(self) -> None:
        """Start reading."""
        self._turn()
        super().start()

    def on_iteration(self) -> None:
        """Note that the loop turns, and end it once nothing is read any more and everything is settled."""
        self._turn()
        self._cancel_consumers_if_requested()
        if not self._consumers and not self._unsettled:
            self.should_stop = True

    def _turn(self) -> None:
        self.beat = time.monotonic()

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        """Reconnect within two seconds of the broker's return, whatever the outage took."""
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, interval_start=0.5, interval_step=0.5, interval_max=2
            )
            yield connection

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        """The loop turns although there is no broker: a restart would not help."""
        self._turn()
        log.warning("broker_unreachable", error=str(exc), retry_in=interval)

    @contextmanager
    def Consumer(self) -> Iterator[tuple[Connection, Any, Any]]:
        """Drop a failed connection at once: a polite close waits for ever when the broker is frozen."""
        with super().Consumer() as (connection, channel, consumers):
            try:
                yield connection, channel, consumers
            except Exception as error:
                log.warning("broker_connection_lost", error=repr(error))
                connection.collect()
                raise
            finally:
                self.connected = False

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        """Consumers after every connect. A prefetch holds for what begins to consume next, so each begins at once."""
        self._unsettled.clear()
        for provider in self._providers:
            consumer = consumer_cls(queues=[provider.queue], on_message=self._receiver(provider), accept=self.accept)
            consumer.qos(prefetch_count=provider.prefetch)
            consumer.consume()
            self._consumers[provider] = consumer
        return self._consumers.values()

    def on_decode_error(self, message: Message, exc: Exception) -> None:
        """A message that not even its properties can be read of; kombu would acknowledge and so lose it."""
        log.error("message_undecodable", error=repr(exc))
        self.dead_letter(message, "unknown")

    def on_consume_ready(self, connection: Connection, channel: Any, consumers: Any, **kwargs: Any) -> None:
        """Make reads and writes cheap, now that the handshake is over."""
        transport = connection.connection.transport
        transport._quick_recv = BufferedRecv(transport._quick_recv)
        transport._write = Cork(transport.sock)
        self.connected = True
        super().on_consume_ready(connection, channel, consumers, **kwargs)

    def _receiver(self, provider: Provider) -> Any:
        def receive(message: Message) -> None:
            self._unsettled.add(id(message))
            metrics.IN_PROGRESS.set(len(self._unsettled))
            try:
                body = message.decode()
            except Exception as error:  # whatever a decoder raises, the message is unreadable
                log.error("message_undecodable", queue=provider.queue.name, error=repr(error))
                body = None
            provider.handle_message(body, message)

        return receive

    def ack_message(self, message: Message) -> None:
        """The message is done."""
        self._settle(message, message.ack)

    def requeue_message(self, message: Message) -> None:
        """The message goes back; the broker counts how often."""
        self._settle(message, message.requeue)

    def dead_letter(self, message: Message, queue: str) -> None:
        """The message is refused for good: to the queue's dead letters, if it has such."""
        metrics.DEAD_LETTERED.labels(queue).inc()
        self._settle(message, message.reject)

    def _settle(self, message: Message, settle: Any) -> None:
        self._unsettled.discard(id(message))
        metrics.IN_PROGRESS.set(len(self._unsettled))
        if message.channel.connection:  # else the broker has taken it back already
            try:
                settle()
            except self.connection_errors as error:
                log.warning("message_not_settled", error=repr(error))
