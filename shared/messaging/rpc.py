"""Nameko's RPC entrypoint with the traps of production closed, and offers made of use cases.

Each change has a test in `tests/integration/messaging` that is named after the trap.
"""

import time
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any

from kombu import Queue
from kombu.message import Message
from nameko.constants import HEADER_PREFIX
from nameko.containers import WorkerContext
from nameko.rpc import Rpc as StockRpc
from nameko.rpc import RpcConsumer as StockRpcConsumer

from shared.contracts.principal import Principal
from shared.errors import Error, Internal, Invalid, NotFound, TimedOut
from shared.messaging import metrics, topology
from shared.messaging.consumer import QueueConsumer
from shared.messaging.replies import Replies, encode
from shared.observability import describe_work, logger

log = logger(__name__)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


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
