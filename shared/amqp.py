"""What both sides of RabbitMQ need from py-amqp: safe connections, cheap reads, confirms that can be trusted.

Plain sockets only, so the same code runs in threads and under eventlet or gevent.
"""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
from amqp import Message, spec

CONNECTION_ERRORS: tuple[type[Exception], ...] = (*amqp.Connection.connection_errors, *amqp.Connection.channel_errors)

_KEEPALIVE = {socket.TCP_KEEPIDLE: 10, socket.TCP_KEEPINTVL: 5, socket.TCP_KEEPCNT: 3}


class BufferedRecv:
    """Read 64 KiB at once where py-amqp asks for a few bytes nine times per message."""

    def __init__(self, recv: Callable[[int], bytes]) -> None:
        self._recv = recv
        self._buffer = b""

    def __call__(self, size: int) -> bytes:
        data = self._buffer or self._recv(65536)
        self._buffer = data[size:]
        return data[:size]


class _Connection(amqp.Connection):
    """Without `connection.blocked`: with that capability py-amqp reads inside every publish (steals frames)."""

    negotiate_capabilities = {"consumer_cancel_notify": True, "authentication_failure_close": True}  # noqa: RUF012


def connect(uri: str, *, name: str, heartbeat: int = 0, timeout: float = 5.0) -> amqp.Connection:
    """Open a connection to `amqp://user:password@host:port/vhost` (`amqps://` for TLS), with buffered reads.

    Without a heartbeat, TCP keep-alive finds a dead peer; a connection that nobody reads must not have one.
    """
    url = urlsplit(uri)
    host = url.hostname or "localhost"
    tls = url.scheme.endswith("s")
    connection = _Connection(
        host=f"{host}:{url.port or (5671 if tls else 5672)}",
        userid=unquote(url.username or "guest"),
        password=unquote(url.password or "guest"),
        virtual_host=unquote(url.path[1:]) or "/",
        ssl=tls_options(uri) or False,
        heartbeat=heartbeat,
        connect_timeout=timeout,
        client_properties={"connection_name": name},
        socket_settings=_KEEPALIVE,
    )
    connection.connect()
    connection.transport._quick_recv = BufferedRecv(connection.transport._quick_recv)
    return connection


def tls_options(uri: str) -> dict[str, Any] | None:
    """How py-amqp and kombu are told to check the broker's certificate; None for a plain connection."""
    url = urlsplit(uri)
    if not url.scheme.endswith("s"):
        return None
    return {"server_hostname": url.hostname, "cert_reqs": ssl.CERT_REQUIRED}


class Fate(Enum):
    """What became of a published message."""

    CONFIRMED = "confirmed"
    NACKED = "nacked"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish; `id` must tell the messages of one batch apart. A mandatory one needs a queue."""

    id: str
    exchange: str
    routing_key: str
    body: bytes
    content_type: str = "application/json"
    mandatory: bool = True
    headers: dict[str, Any] = field(default_factory=dict)


class ConfirmBatch:
    """Publishes many messages and then waits for all their confirms, each matched by its delivery tag.

    One user at a time. After any error the connection is dropped: a late confirm must never be taken for that
    of another message.
    """

    def __init__(self, uri: str, *, name: str) -> None:
        self._uri = uri
        self._name = name
        self._connection: amqp.Connection | None = None
        self._channel: amqp.Channel | None = None
        self._tag = 0
        self._pending: dict[int, str] = {}
        self._fates: dict[str, Fate] = {}

    def publish(self, messages: Sequence[Outgoing], timeout: float = 5.0) -> dict[str, Fate]:
        """Publish persistently and return the fate of every message by its id.

        Raises:
            OSError, amqp.AMQPError: the fate of some is unknown; publishing them again is at-least-once.
        """
        deadline = time.monotonic() + timeout
        self._fates = {}
        try:
            connection, channel = self._open(timeout)
            for message in messages:
                self._tag += 1
                self._pending[self._tag] = message.id
                _send(channel, message)
            _flush(connection, deadline)
            while self._pending:
                connection.drain_events(timeout=_left(deadline))
        except BaseException:
            self.close()
            raise
        return self._fates

    def close(self) -> None:
        """Drop the connection without asking the broker, which may be the one that does not answer."""
        connection, self._connection, self._channel = self._connection, None, None
        self._pending.clear()
        if connection is not None:
            connection.collect()

    def _open(self, timeout: float) -> tuple[amqp.Connection, amqp.Channel]:
        if self._connection is not None and _closed_by_peer(self._connection):
            self.close()
        if self._connection is None or self._channel is None:
            self._connection = connect(self._uri, name=self._name, timeout=timeout)
            self._channel = self._connection.channel()
            self._channel.confirm_select()
            self._channel.events["basic_ack"].add(self._on_ack)
            self._channel.events["basic_nack"].add(self._on_nack)
            self._channel.events["basic_return"].add(self._on_return)
            self._tag = 0
            _cork(self._connection)
        return self._connection, self._channel

    def _on_ack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, Fate.CONFIRMED)

    def _on_nack(self, tag: int, multiple: bool) -> None:
        self._settle(tag, multiple, Fate.NACKED)

    def _settle(self, tag: int, multiple: bool, fate: Fate) -> None:
        tags = [known for known in self._pending if known <= tag] if multiple else [tag]
        for settled in tags:
            message_id = self._pending.pop(settled, None)
            if message_id is not None:
                self._fates.setdefault(message_id, fate)  # a return comes before its ack and stands

    def _on_return(self, _error: Exception, _exchange: str, _routing_key: str, message: Message) -> None:
        self._fates[message.properties["message_id"]] = Fate.RETURNED


def _send(channel: amqp.Channel, message: Outgoing) -> None:
    content = Message(
        message.body,
        content_type=message.content_type,
        content_encoding="utf-8",
        delivery_mode=2,
        message_id=message.id,
        application_headers=message.headers,
    )
    where = (0, message.exchange, message.routing_key, message.mandatory, False)
    channel.send_method(spec.Basic.Publish, "Bssbb", where, content)


def _cork(connection: amqp.Connection) -> None:
    """Collect written frames until `_flush` sends them as one."""
    frames: list[bytes] = []
    connection.transport._write = lambda data: frames.append(bytes(data))
    connection.transport.corked = frames


def _flush(connection: amqp.Connection, deadline: float) -> None:
    frames: list[bytes] = connection.transport.corked
    data = b"".join(frames)
    frames.clear()
    with connection.transport.having_timeout(_left(deadline)) as sock:
        sock.sendall(data)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the broker did not confirm in time")
    return left


def _closed_by_peer(connection: amqp.Connection) -> bool:
    """Whether the broker closed the idle connection meanwhile: looked at before publishing, not found out after."""
    try:
        connection.drain_events(timeout=0)
    except TimeoutError:
        return False
    except CONNECTION_ERRORS:
        return True
    return False
