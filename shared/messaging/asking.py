"""Asking a service over the bus from a process of the platform that is no gateway: one question at a time."""

import threading
import time
from collections.abc import Mapping
from itertools import count
from typing import Any

import amqp
import orjson
from amqp import Message

from shared.amqp import CONNECTION_ERRORS, connect
from shared.answers import result_of
from shared.errors import Error, TimedOut, Unavailable
from shared.messaging.topology import RPC_EXCHANGE
from shared.observability import correlation_id, traceparent

REPLY_TO = "amq.rabbitmq.reply-to"

# py-amqp looks for parts of a connection that was just closed.
_GONE: tuple[type[Exception], ...] = (*CONNECTION_ERRORS, AttributeError)


class Asker:
    """Asks and waits for the answer. Whoever asks meanwhile waits too; after any failure the connection is new."""

    def __init__(self, uri: str, *, name: str) -> None:
        self._uri = uri
        self._name = name
        self._turn = threading.Lock()
        self._connection: amqp.Connection | None = None
        self._numbers = count(1)
        self._answers: dict[str, bytes | Error] = {}

    def ask(
        self, service: str, method: str, request: Mapping[str, Any], principal: Mapping[str, Any], timeout: float = 10.0
    ) -> Any:
        """The answer of a service.

        Raises:
            Error: what the service refused with; `Unavailable` without broker or service, `TimedOut` when nothing
                came in time, whatever became of the request.
        """
        deadline = time.time() + timeout
        with self._turn:
            try:
                answer = self._exchange(f"{service}.{method}", request, principal, deadline)
            except TimeoutError as error:
                self.close()
                raise TimedOut("service_timed_out", service=service) from error
            except _GONE as error:
                self.close()
                raise Unavailable("service_unavailable", service=service) from error
        if isinstance(answer, Error):
            raise answer
        return result_of(answer)

    def close(self) -> None:
        """Drop the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.collect()

    def _exchange(
        self, routing_key: str, request: Mapping[str, Any], principal: Mapping[str, Any], deadline: float
    ) -> bytes | Error:
        connection = self._open()
        number = str(next(self._numbers))
        self._answers.clear()
        message = Message(
            orjson.dumps({"args": (), "kwargs": {"request": request, "principal": principal}}),
            content_type="application/json",
            content_encoding="utf-8",
            reply_to=REPLY_TO,
            correlation_id=number,
            delivery_mode=1,
            expiration=str(max(int((deadline - time.time()) * 1000), 1)),
            application_headers={
                "nameko.correlation_id": correlation_id(),
                "nameko.traceparent": traceparent(),
                "nameko.deadline": deadline,
            },
        )
        connection.channel(1).basic_publish(message, RPC_EXCHANGE, routing_key, mandatory=True)
        while number not in self._answers:
            left = deadline - time.time()
            if left <= 0:
                raise TimeoutError
            connection.drain_events(timeout=left)
        return self._answers.pop(number)

    def _open(self) -> amqp.Connection:
        """The connection, a new one if the broker has closed the idle one meanwhile."""
        if self._connection is not None:
            try:
                self._connection.drain_events(timeout=0)
            except TimeoutError:
                return self._connection
            except _GONE:
                self.close()
        if self._connection is None:
            connection = connect(self._uri, name=self._name, timeout=3.0)
            channel = connection.channel(1)
            channel.events["basic_return"].add(self._on_return)
            channel.basic_consume(REPLY_TO, no_ack=True, callback=self._on_answer)
            self._connection = connection
        return self._connection

    def _on_answer(self, message: Message) -> None:
        self._answers[message.properties.get("correlation_id", "")] = message.body

    def _on_return(self, _error: Exception, _exchange: str, routing_key: str, message: Message) -> None:
        number = message.properties.get("correlation_id", "")
        self._answers[number] = Unavailable("service_unavailable", service=routing_key.partition(".")[0])
