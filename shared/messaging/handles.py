"""`@handles(EventA, EventB)`: a service method that applies events of other services, once each and in order."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

import eventlet
from kombu import Queue
from kombu.message import Message
from nameko.extensions import Entrypoint, SharedExtension, register_entrypoint

from shared.contracts.base import Event
from shared.errors import Invalid, Unavailable
from shared.messaging import topology
from shared.messaging.composition import Platform
from shared.messaging.consumer import QueueConsumer
from shared.messaging.envelope import Envelope, unseal
from shared.observability import logger

log = logger(__name__)

Method = TypeVar("Method", bound=Callable[..., None])

PREFETCH = 64
TAKERS = 2
MANY_REQUESTS = 12
MOST_PATIENCE = 0.25

Arrival = tuple[Envelope, Message]


class InboxQueue:
    """Reads one inbox queue into the inbox: a message is acknowledged once it is applied or safely kept back.

    What arrives while others are being applied is applied together afterwards.
    """

    prefetch = PREFETCH

    def __init__(self, exchange: str, platform: Platform, consumer: QueueConsumer) -> None:
        spec = topology.inbox_queue(platform.container.service_name, exchange)
        self.queue = Queue(spec.name, durable=True, queue_arguments=dict(spec.arguments), no_declare=True)
        self._exchange = exchange
        self._platform = platform
        self._consumer = consumer
        self._arrived: list[Arrival] = []
        self._takers = 0

    def handle_message(self, body: Any, message: Message) -> None:
        """Let one of the takers have the event; there are few, so that many events share a transaction."""
        try:
            envelope = unseal(self._exchange, body)
        except Invalid as error:
            log.error("event_unreadable", queue=self.queue.name, error=str(error))
            self._consumer.dead_letter(message, self.queue.name)
            return
        self._arrived.append((envelope, message))
        if self._takers < TAKERS:
            self._takers += 1
            self._platform.container.spawn_managed_thread(self._take_all, identifier=self.queue.name)

    def _take_all(self) -> None:
        try:
            while self._arrived:
                self._let_requests_go_first()
                batch, self._arrived = self._arrived, []
                if batch:  # else the other taker was faster
                    self._take_together(batch)
        finally:
            self._takers -= 1

    def _let_requests_go_first(self) -> None:
        """Somebody waits for a request, nobody for an event; it waits a little, never long, and gathers company."""
        until = time.monotonic() + MOST_PATIENCE
        while self._platform.container.requests_in_progress() >= MANY_REQUESTS and time.monotonic() < until:
            eventlet.sleep(0.01)

    def _take_together(self, batch: list[Arrival]) -> None:
        left = set(map(id, self._platform.inbox.apply_together([envelope for envelope, _ in batch])))
        for envelope, message in batch:
            if id(envelope) not in left:
                self._consumer.ack_message(message)
        for envelope, message in batch:
            if id(envelope) in left:
                self._take(envelope, message)

    def _take(self, envelope: Envelope, message: Message) -> None:
        for pause in _pauses():
            try:
                self._platform.inbox.receive(envelope)
            except Unavailable as error:
                log.warning("inbox_waits_for_database", error=str(error))
            except Exception:  # a defect of ours: the broker counts the attempts and puts the message aside
                log.exception("inbox_failed", event_id=envelope.id)
                eventlet.sleep(pause)
                break
            else:
                self._consumer.ack_message(message)
                return
            if self._platform.stopping:
                break
            eventlet.sleep(pause)
        self._consumer.requeue_message(message)


def _pauses() -> Iterator[float]:
    pause = 0.2
    while True:
        yield pause
        pause = min(pause * 2, 5.0)


class InboxQueues(SharedExtension):
    """One queue for all handlers of the same kind of aggregate."""

    queue_consumer = QueueConsumer()
    platform = Platform()

    def __init__(self) -> None:
        self._queues: dict[str, InboxQueue] = {}

    def listen(self, event: type[Event], handler: Callable[..., None], *, together: bool) -> None:
        """Have `handler` called for an event, or once for `together` many, and read its queue."""
        exchange = event.exchange()
        inbox = self.platform.open().inbox
        inbox.listen_together(event, handler) if together else inbox.listen(event, handler)
        if exchange not in self._queues:
            self._queues[exchange] = InboxQueue(exchange, self.platform, self.queue_consumer)
            self.queue_consumer.register_provider(self._queues[exchange])

    def close(self) -> None:
        """Read no more."""
        queues, self._queues = self._queues, {}
        for queue in queues.values():
            self.queue_consumer.unregister_provider(queue)


class Handles(Entrypoint):
    """The entrypoint behind `handles`."""

    queues = InboxQueues()

    def __init__(self, *events: type[Event], together: bool = False) -> None:
        super().__init__()
        self._events = events
        self._together = together

    def setup(self) -> None:
        """Register the method for its events."""
        handler = partial(self.container.invoke, self)
        for event in self._events:
            self.queues.listen(event, handler, together=self._together)

    def stop(self) -> None:
        """Read no more."""
        self.queues.close()


def handles(*events: type[Event], together: bool = False) -> Callable[[Method], Method]:
    """Let a method apply these events; it runs in one transaction with the note that the event is applied.

    Whatever it raises is kept with the event, which is tried again for about a day and a half, then parked.
    With `together` the method gets a list of those that are applied in the same transaction, each aggregate's in
    order; when it raises, each comes again in a list of its own.
    """

    def declare(method: Method) -> Method:
        register_entrypoint(method, Handles(*events, together=together))
        heard = [*getattr(method, topology.LISTENS_ATTRIBUTE, ()), *events]
        setattr(method, topology.LISTENS_ATTRIBUTE, heard)
        return method

    return declare
