"""Events published again, from the histories of their aggregates, to the one listener that asks.

A listener asks for the events of one gap, or for everything, as a new service does whose copy is empty. Everything
is sent a few aggregates at a time: the owner sends some and leaves itself a request for those behind them, so that
whoever dies in between costs a few copies, which the listener's cursors let pass.
"""

from functools import partial
from typing import Any

import eventlet
import orjson
from eventlet.semaphore import Semaphore
from kombu import Queue
from kombu.message import Message
from nameko.containers import ServiceContainer
from pymongo import ASCENDING
from pymongo.collection import Collection

from shared.amqp import CONNECTION_ERRORS, ConfirmBatch, Fate, Outgoing
from shared.errors import Invalid, Unavailable
from shared.messaging import topology
from shared.messaging.consumer import QueueConsumer
from shared.messaging.envelope import CONTENT_TYPE, seal
from shared.messaging.inbox import Gap
from shared.observability import logger
from shared.persistence import Document, unavailable_when_away

log = logger(__name__)

MOST_AT_ONCE = 500
PER_REQUEST = 50
"""How many aggregates are sent again before the owner looks for other work."""

PAUSES = (0.2, 1.0, 5.0, 15.0, 60.0)
"""Seconds before a request for everything is tried again; after the last it is put back, which the broker counts."""


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

    def ask_all(self, exchange: str) -> bool:
        """Ask the owner for all events of one kind of aggregate; False when the request did not get through."""
        log.info("everything_asked", exchange=exchange)
        return self._publish([_request_for_all(exchange, self._service, "")])

    def attach(self, consumer: QueueConsumer) -> None:
        """Read the requests."""
        self._consumer = consumer
        self.attached = True
        consumer.register_provider(self)

    def handle_message(self, body: Any, message: Message) -> None:
        """Answer one request in a green thread of its own."""
        answer = self._answer_all if isinstance(body, dict) and "all_after" in body else self._answer
        self._container.spawn_managed_thread(partial(answer, body, message), identifier=self.queue.name)

    def _answer_all(self, body: Any, message: Message) -> None:
        """Send the next aggregates; what is away for a while is waited for, because nobody asks a second time."""
        try:
            exchange, listener, after = (str(body[name]) for name in ("exchange", "listener", "all_after"))
            for pause in PAUSES:
                if self.replay_some(exchange, listener, after):
                    self._consumer.ack_message(message)
                    return
                eventlet.sleep(pause)
        except (Invalid, KeyError) as error:
            log.error("replay_request_malformed", error=repr(error))
            self._consumer.dead_letter(message, self.queue.name)
        except Exception:
            log.exception("replay_failed")
            self._consumer.requeue_message(message)
        else:
            self._consumer.requeue_message(message)

    def replay_some(self, exchange: str, listener: str, after: str) -> bool:
        """Publish all events of the next aggregates behind this one, then a request for those behind them.

        False when something did not get through; doing it again sends copies, which have no effect.
        """
        if exchange not in self._sources:
            raise Invalid("event_malformed")
        try:
            documents = self._next(exchange, after)
        except Unavailable as error:
            log.warning("replay_waits_for_database", error=str(error))
            return False
        queue = topology.inbox_queue(listener, exchange).name
        entries = [(document["_id"], entry) for document in documents for entry in document["history"]]
        for start in range(0, len(entries), MOST_AT_ONCE):
            batch = entries[start : start + MOST_AT_ONCE]
            if not self._publish([_again(exchange, subject, entry, queue) for subject, entry in batch]):
                return False
        log.info("everything_replayed", exchange=exchange, listener=listener, after=after, events=len(entries))
        if len(documents) < PER_REQUEST:
            return True
        return self._publish([_request_for_all(exchange, listener, documents[-1]["_id"])])

    @unavailable_when_away()
    def _next(self, exchange: str, after: str) -> list[Document]:
        found = self._sources[exchange].find({"_id": {"$gt": after}}, {"history": 1})
        return list(found.sort("_id", ASCENDING).hint("_id_").limit(PER_REQUEST))

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
        self._publish([_again(gap.exchange, gap.subject, entry, queue) for entry in missing])
        log.info("replayed", exchange=gap.exchange, subject=gap.subject, listener=listener, events=len(missing))
        return len(missing)

    def _publish(self, messages: list[Outgoing]) -> bool:
        """Whether the broker has taken all of them."""
        if not messages:
            return True
        with self._publishing:
            try:
                fates = self._publisher.publish(messages)
            except CONNECTION_ERRORS as error:
                log.warning("replay_not_sent", error=repr(error))
                return False
        refused = [name for name, fate in fates.items() if fate is not Fate.CONFIRMED]
        if refused:
            log.warning("replay_not_accepted", messages=refused[:5], count=len(refused))
        return not refused

    def close(self) -> None:
        """Drop the connection."""
        self._publisher.close()


def _request_for_all(exchange: str, listener: str, after: str) -> Outgoing:
    """A request to the owner for everything behind one aggregate."""
    body = orjson.dumps({"exchange": exchange, "listener": listener, "all_after": after})
    return Outgoing("ask", "", topology.replay_queue(exchange.partition(".")[0]).name, body)


def _again(exchange: str, subject: str, entry: Any, queue: str) -> Outgoing:
    """One event for the inbox of one listener."""
    return Outgoing(entry["id"], "", queue, seal(exchange, subject, entry), CONTENT_TYPE)


def _gap(body: Any) -> Gap:
    gap = Gap(str(body["exchange"]), str(body["subject"]), body["after"], body["before"])
    if not (isinstance(gap.after, int) and isinstance(gap.before, int)):
        raise Invalid("event_malformed")
    return gap
