"""The owner's side of a gap: publishes events again, from the history of the aggregate, to the one who asks."""

from functools import partial
from typing import Any

import orjson
from eventlet.semaphore import Semaphore
from kombu import Queue
from kombu.message import Message
from nameko.containers import ServiceContainer
from pymongo.collection import Collection

from shared.amqp import CONNECTION_ERRORS, ConfirmBatch, Fate, Outgoing
from shared.errors import Invalid
from shared.messaging import topology
from shared.messaging.envelope import CONTENT_TYPE, seal
from shared.messaging.extensions import QueueConsumer
from shared.messaging.inbox import Gap
from shared.observability import logger
from shared.persistence import Document

log = logger(__name__)

MOST_AT_ONCE = 500


class ReplayClerk:
    """Asks owners for missing events, and answers such requests for the events that this service owns."""

    prefetch = 1
    attached = False

    def __init__(self, uri: str, container: ServiceContainer, sources: dict[str, Collection[Document]]) -> None:
        self._service: str = container.service_name
        self._container = container
        self._sources = sources
        self._publisher = ConfirmBatch(uri, name=f"{self._service} replay")
        self._publishing = Semaphore()
        spec = topology.replay_queue(self._service)
        self.queue = Queue(spec.name, durable=True, queue_arguments=dict(spec.arguments), no_declare=True)

    def ask(self, gap: Gap) -> None:
        """Ask the owner for the events of a gap; a request that gets lost is made again at the next sweep."""
        owner = gap.exchange.partition(".")[0]
        body = orjson.dumps(gap.to_dict() | {"listener": self._service})
        log.info("replay_asked", exchange=gap.exchange, subject=gap.subject, after=gap.after, before=gap.before)
        self._publish([Outgoing("ask", "", topology.replay_queue(owner).name, body)])

    def attach(self, consumer: QueueConsumer) -> None:
        """Read the requests."""
        self._consumer = consumer
        self.attached = True
        consumer.register_provider(self)

    def handle_message(self, body: Any, message: Message) -> None:
        """Answer one request in a green thread of its own."""
        self._container.spawn_managed_thread(partial(self._answer, body, message), identifier=self.queue.name)

    def _answer(self, body: Any, message: Message) -> None:
        try:
            self.replay(_gap(body), str(body["listener"]))
        except (Invalid, KeyError, TypeError) as error:
            log.error("replay_request_malformed", error=repr(error))
            self._consumer.dead_letter(message, self.queue.name)
        except Exception:  # the one who asked asks again
            log.exception("replay_failed")
            self._consumer.ack_message(message)
        else:
            self._consumer.ack_message(message)

    def replay(self, gap: Gap, listener: str) -> int:
        """Publish the events of a gap to the inbox of one listener; returns how many."""
        if gap.exchange not in self._sources:
            raise Invalid("event_malformed")
        document = self._sources[gap.exchange].find_one({"_id": gap.subject}, {"history": 1}) or {"history": []}
        missing = [entry for entry in document["history"] if gap.after < entry["seq"] < gap.before][:MOST_AT_ONCE]
        queue = topology.inbox_queue(listener, gap.exchange).name
        self._publish(
            [
                Outgoing(entry["id"], "", queue, seal(gap.exchange, gap.subject, entry), CONTENT_TYPE)
                for entry in missing
            ]
        )
        log.info("replayed", exchange=gap.exchange, subject=gap.subject, listener=listener, events=len(missing))
        return len(missing)

    def _publish(self, messages: list[Outgoing]) -> None:
        if not messages:
            return
        with self._publishing:
            try:
                fates = self._publisher.publish(messages)
            except CONNECTION_ERRORS as error:
                log.warning("replay_not_sent", error=repr(error))
                return
        refused = [name for name, fate in fates.items() if fate is not Fate.CONFIRMED]
        if refused:
            log.warning("replay_not_accepted", messages=refused)

    def close(self) -> None:
        """Drop the connection."""
        self._publisher.close()


def _gap(body: Any) -> Gap:
    gap = Gap(str(body["exchange"]), str(body["subject"]), body["after"], body["before"])
    if not (isinstance(gap.after, int) and isinstance(gap.before, int)):
        raise Invalid("event_malformed")
    return gap
