"""Nameko's consumer and RPC entrypoint with the traps of production closed; nameko itself stays as it is.

Each change has a test in `tests/integration/messaging` that is named after the trap.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, Protocol

import kombu.serialization
import orjson
from kombu import Connection, Queue
from kombu.message import Message
from nameko.constants import HEADER_PREFIX
from nameko.containers import WorkerContext
from nameko.messaging import QueueConsumer as StockQueueConsumer
from nameko.rpc import Rpc as StockRpc
from nameko.rpc import RpcConsumer as StockRpcConsumer

from shared.amqp import BufferedRecv, tls_options
from shared.contracts.principal import Principal
from shared.errors import Error, Internal, Invalid, NotFound, TimedOut
from shared.messaging import metrics, topology
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.replies import Cork, Replies, encode
from shared.observability import describe_work, logger

log = logger(__name__)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

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


class RpcConsumer(StockRpcConsumer):
    """Reads requests; a malformed one is answered or dropped and never harms the service."""

    queue_consumer = QueueConsumer()
    replies = Replies()
    queue: Any

    @property
    def prefetch(self) -> int:
        """As many requests as may be worked on at a time."""
        return int(self.container.config["settings"].max_workers)

    def setup(self) -> None:
        """Read the queue that the topology declares."""
        if self.queue is None:
            spec = topology.rpc_queue(self.container.service_name)
            self.queue = Queue(spec.name, durable=True, queue_arguments=dict(spec.arguments), no_declare=True)
            self.queue_consumer.register_provider(self)

    def start(self) -> None:
        """Note which methods may be asked."""
        self._methods: dict[str, Rpc] = {provider.method_name: provider for provider in self._providers}

    def handle_message(self, body: Any, message: Message) -> None:
        """Hand a request to its method; nobody can be told about one without a return address."""
        if not message.properties.get("reply_to"):
            log.error("request_without_return_address")
            self.queue_consumer.dead_letter(message, self.queue.name)
            return
        method = message.delivery_info["routing_key"].rpartition(".")[2]
        try:
            entrypoint = self._methods.get(method)
            if entrypoint is None:
                raise NotFound("method_unknown", method=method)
            entrypoint.handle_message(body, message)
        except Error as error:
            self.answer(message, None, error)

    def answer(self, message: Message, result: Any, error: Error | None) -> None:
        """Send the answer and settle the request."""
        try:
            body = encode(result, error.to_dict() if error else None)
        except TypeError as defect:
            log.error("answer_not_serialisable", error=repr(defect))
            body = encode(None, Internal("internal_error").to_dict())
        properties = message.properties
        self.replies.send(body, properties["reply_to"], properties.get("correlation_id", ""))
        self.queue_consumer.ack_message(message)


class Rpc(StockRpc):
    """A method that the gateway may ask: `request` as a dict, `principal` rebuilt or None.

    Raising a `shared.errors.Error` refuses; anything else is a defect, logged with the correlation id and
    answered as `Internal`. A request past its deadline is not executed.
    """

    rpc_consumer = RpcConsumer()

    def handle_message(self, body: Any, message: Message) -> None:
        """Check the request and start a worker for it."""
        kwargs = _arguments(body)
        headers = _headers(message)
        deadline = headers.get("deadline")
        if not isinstance(deadline, int | float):
            headers.pop("deadline", None)
        elif time.time() > deadline:
            metrics.RPC_EXPIRED.inc()
            raise TimedOut("service_timed_out", method=self.method_name)
        started = time.monotonic()

        def handle_result(_: WorkerContext, result: Any, exc_info: ExcInfo | None) -> tuple[Any, Any]:
            error = self._refusal(exc_info)
            self.rpc_consumer.answer(message, result, error)
            outcome = error.kind if error else "ok"
            describe_work(outcome=outcome, failed=outcome == "Internal")
            metrics.RPC_SECONDS.labels(self.method_name, outcome).observe(time.monotonic() - started)
            return result, exc_info

        self.container.spawn_worker(self, (), kwargs, context_data=headers, handle_result=handle_result)

    def _refusal(self, exc_info: ExcInfo | None) -> Error | None:
        if exc_info is None:
            return None
        if isinstance(exc_info[1], Error):
            return exc_info[1]
        log.error("request_failed", method=self.method_name, exc_info=exc_info)
        return Internal("internal_error")


rpc = Rpc.decorator


UseCase = Callable[[Any, dict[str, Any], Any], Any]
Admit = Callable[[Any, "Principal | None"], "Principal | None"]
"""Says with which roles a caller comes in; refuses who may not at all."""


def offer(use_case: UseCase, admit: Admit = lambda _, principal: principal) -> Any:
    """A method on the bus that hands its request to a use case, with what the service's `context` was built to be."""

    def method(self: Any, request: dict[str, Any], principal: Principal | None) -> Any:
        return use_case(self.context, request, admit(self.context, principal))

    return rpc(method)


def offering(admit: Admit) -> Callable[[UseCase], Any]:
    """`offer` for a service that lets nobody in but through `admit`."""
    return partial(offer, admit=admit)


def _arguments(body: Any) -> dict[str, Any]:
    """The keyword arguments of a request.

    Raises:
        Invalid: the message is not a request of the gateway.
    """
    try:
        request, principal = body["kwargs"]["request"], body["kwargs"]["principal"]
        if isinstance(request, dict):
            return {"request": request, "principal": None if principal is None else Principal.from_dict(principal)}
    except (TypeError, KeyError) as error:
        raise Invalid("request_malformed") from error
    raise Invalid("request_malformed")


def _headers(message: Message) -> dict[str, Any]:
    prefix = f"{HEADER_PREFIX}."
    return {name.removeprefix(prefix): value for name, value in message.headers.items()}
