"""Asking services over RabbitMQ: one connection per worker process, shared by all its requests.

Answers come over direct reply-to. A request lives in its queue no longer than its caller waits. The code is the
same in threads and under gevent, whose patched `threading` and `select` make the loop below a greenlet.
"""

import itertools
import os
import select
import struct
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import amqp
import orjson
from amqp import Message, spec

from shared.amqp import connect
from shared.answers import result_of
from shared.errors import Error, Internal, TimedOut, Unavailable
from shared.observability import logger

_log = logger(__name__)

EXCHANGE = "nameko-rpc"
REPLY_TO = "amq.rabbitmq.reply-to"
RETRY_SECONDS = (0.1, 0.2, 0.5, 1.0)


@dataclass(slots=True)
class _Call:
    """One request under way: the lock is free once the outcome is there."""

    routing_key: str
    body: bytes
    timeout: float
    headers: dict[str, Any]
    outcome: bytes | Error | None = None
    answered: Any = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.answered.acquire()

    def settle(self, outcome: bytes | Error) -> None:
        """Wake the caller; only the first outcome counts."""
        if self.outcome is None:
            self.outcome = outcome
            self.answered.release()


class BusClient:
    """Calls methods of services; nothing happens before the first call, so it may be made before a fork."""

    def __init__(self, uri: str, *, heartbeat: int = 10) -> None:
        self._uri = uri
        self._heartbeat = heartbeat
        self._starting = threading.Lock()
        self._loop: _Loop | None = None

    @property
    def connected(self) -> bool:
        """Whether the last call found the broker and it is still there."""
        return self._loop is not None and self._loop.connected

    def start(self) -> None:
        """Connect without waiting for it, so that a readiness probe can turn true before the first call."""
        self._running()

    def call(
        self,
        service: str,
        method: str,
        *,
        request: Mapping[str, Any],
        principal: Mapping[str, Any] | None,
        timeout: float = 10.0,
        correlation_id: str = "",
        traceparent: str = "",
    ) -> Any:
        """Ask a service and wait for its answer.

        Raises:
            Error: what the service refused with; `Unavailable` at once without broker or service; `TimedOut`
                when nothing came in time, whatever became of the request.
        """
        headers = {
            "nameko.correlation_id": correlation_id,
            "nameko.traceparent": traceparent,
            "nameko.deadline": time.time() + timeout,
        }
        body = orjson.dumps({"args": (), "kwargs": {"request": request, "principal": principal}})
        call = _Call(f"{service}.{method}", body, timeout, headers)
        with self._running().waiting(call):
            call.answered.acquire(timeout=timeout)
        outcome = call.outcome
        if outcome is None:
            raise TimedOut("service_timed_out", service=service)
        if isinstance(outcome, Error):
            raise outcome
        return result_of(outcome)

    def close(self) -> None:
        """Hang up; whoever waits gets `Unavailable`."""
        with self._starting:
            loop, self._loop = self._loop, None
        if loop is not None:
            loop.stop()

    def _running(self) -> "_Loop":
        """The loop of this process; a forked child makes its own."""
        loop = self._loop
        if loop is None or loop.pid != os.getpid():
            with self._starting:
                loop = self._loop
                if loop is None or loop.pid != os.getpid():
                    loop = self._loop = _Loop(self._uri, self._heartbeat)
        return loop


class _Loop:
    """The only one that touches the connection; callers hand it requests through a queue and a pipe."""

    def __init__(self, uri: str, heartbeat: int) -> None:
        self.pid = os.getpid()
        self.connected = False
        self._uri = uri
        self._heartbeat = heartbeat
        self._down = False
        self._stopped = False
        self._awake = False
        self._numbers = itertools.count(1)
        self._queue: deque[tuple[str, _Call]] = deque()
        self._waiting: dict[str, _Call] = {}
        self._bell_in, self._bell_out = os.pipe()
        os.set_blocking(self._bell_in, False)
        os.set_blocking(self._bell_out, False)
        threading.Thread(target=self._run, name="bus", daemon=True).start()

    @contextmanager
    def waiting(self, call: _Call) -> Iterator[None]:
        """Send a request and keep a place for its answer while the caller waits."""
        if self._down:
            raise Unavailable("service_unavailable")
        number = str(next(self._numbers))
        self._waiting[number] = call
        self._queue.append((number, call))
        self._ring()
        try:
            yield
        finally:
            self._waiting.pop(number, None)

    def stop(self) -> None:
        """End the loop."""
        self._stopped = True
        self._ring()

    def _ring(self) -> None:
        if not self._awake:
            self._awake = True
            os.write(self._bell_out, b"!")

    def _run(self) -> None:
        """Keep a connection; while there is none, callers are refused at once."""
        pauses = iter(RETRY_SECONDS)
        while not self._stopped:
            try:
                self._serve()
            except Exception as error:  # whatever it was: with this loop, all callers would wait for nothing
                _log.warning("broker_connection_lost", error=repr(error))
                pauses = iter(RETRY_SECONDS) if self.connected else pauses
            self._down = True
            self.connected = False
            self._refuse_all()
            if not self._stopped:
                time.sleep(next(pauses, RETRY_SECONDS[-1]))
                self._down = False
        os.close(self._bell_in)
        os.close(self._bell_out)

    def _refuse_all(self) -> None:
        self._queue.clear()
        for call in list(self._waiting.values()):
            call.settle(Unavailable("service_unavailable"))

    def _serve(self) -> None:
        connection = connect(self._uri, name="gateway", heartbeat=self._heartbeat, timeout=3.0)
        try:
            channel = connection.channel()
            # py-amqp reopens a channel that the broker closed and waits for the answer, to frames still held back.
            channel._do_revive = lambda: None
            channel.events["basic_return"].add(self._on_return)
            channel.basic_consume(REPLY_TO, no_ack=True, callback=self._on_reply)
            self.connected = True
            frames = _cork(connection)
            poll = select.poll()
            poll.register(connection.sock, select.POLLIN)
            poll.register(self._bell_in, select.POLLIN)
            ticked = time.monotonic()
            while not self._stopped:
                ready = {descriptor for descriptor, _ in poll.poll(1000)}
                if self._bell_in in ready:
                    self._awake = False
                    os.read(self._bell_in, 4096)
                self._send_queued(channel)
                if time.monotonic() - ticked > 1:
                    connection.heartbeat_tick()
                    ticked = time.monotonic()
                _flush(connection, frames)
                if connection.sock.fileno() in ready:
                    _read_all(connection)
        finally:
            connection.collect()

    def _send_queued(self, channel: amqp.Channel) -> None:
        while self._queue:
            number, call = self._queue.popleft()
            message = Message(
                call.body,
                content_type="application/json",
                content_encoding="utf-8",
                reply_to=REPLY_TO,
                correlation_id=number,
                delivery_mode=1,
                expiration=str(int(call.timeout * 1000)),
                application_headers=call.headers,
            )
            where = (0, EXCHANGE, call.routing_key, True, False)
            try:
                channel.send_method(spec.Basic.Publish, "Bssbb", where, message)
            except (ValueError, struct.error):  # it has no form on the wire: the caller's fault, nobody else's
                _log.exception("request_not_sendable", routing_key=call.routing_key)
                call.settle(Internal("internal_error"))

    def _on_reply(self, message: Message) -> None:
        call = self._waiting.get(message.properties.get("correlation_id", ""))
        if call is not None:
            call.settle(message.body)

    def _on_return(self, _error: Exception, _exchange: str, routing_key: str, message: Message) -> None:
        call = self._waiting.get(message.properties.get("correlation_id", ""))
        if call is not None:
            call.settle(Unavailable("service_unavailable", service=routing_key.partition(".")[0]))


def _cork(connection: amqp.Connection) -> list[bytes]:
    """Collect written frames, so that many requests leave with one system call."""
    frames: list[bytes] = []
    append: Callable[[bytes], None] = frames.append
    connection.transport._write = lambda data: append(bytes(data))
    return frames


def _flush(connection: amqp.Connection, frames: list[bytes]) -> None:
    if frames:
        data = b"".join(frames)
        frames.clear()
        connection.sock.sendall(data)


def _read_all(connection: amqp.Connection) -> None:
    """Read until the socket and our own buffer are empty."""
    try:
        while True:
            connection.drain_events(timeout=0)
    except TimeoutError:
        return
