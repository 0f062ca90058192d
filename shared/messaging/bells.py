"""A queue of events heard only as bells: who changed, not what; the listener asks for the present state itself."""

from collections.abc import Callable
from typing import Any

from kombu import Queue
from kombu.message import Message

from shared.messaging.consumer import QueueConsumer
from shared.messaging.topology import QueueSpec
from shared.observability import logger

log = logger(__name__)

PREFETCH = 1000
"""Bells in hand at a time; many that ring for the same aggregate cost one look."""


class Bells:
    """Hands on which aggregate rang, with a function to be called once that was looked after."""

    prefetch = PREFETCH

    def __init__(
        self, spec: QueueSpec, consumer: QueueConsumer, ring: Callable[[str, Callable[[], None]], None]
    ) -> None:
        self.queue = Queue(spec.name, durable=True, queue_arguments=dict(spec.arguments), no_declare=True)
        self._consumer = consumer
        self._ring = ring
        self._held: dict[int, Message] = {}
        self._closing = False

    def handle_message(self, body: Any, message: Message) -> None:
        """Tell who rang; a message that names nobody is dropped, because nothing can be asked for it."""
        subject = body.get("subject") if isinstance(body, dict) else None
        if not isinstance(subject, str) or not subject:
            log.error("bell_unreadable", queue=self.queue.name)
            self._consumer.dead_letter(message, self.queue.name)
        elif self._closing:
            self._consumer.requeue_message(message)
        else:
            self._held[id(message)] = message
            self._ring(subject, lambda: self._settle(message))

    def give_back(self) -> None:
        """The broker gets back what was not looked after; whoever listens next will."""
        self._closing = True
        held, self._held = self._held, {}
        for message in held.values():
            self._consumer.requeue_message(message)

    def _settle(self, message: Message) -> None:
        if self._held.pop(id(message), None) is not None:
            self._consumer.ack_message(message)
