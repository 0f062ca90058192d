"""Answers to requests: own connection, many frames per send, and no failure that could reach the service.

An answer that is lost on the way is a time-out for its caller, who repeats the request with the same
idempotency key; so answers are neither persistent nor confirmed.
"""

import socket
from typing import Any

import amqp
import eventlet
import orjson
from amqp import Message, spec
from eventlet.semaphore import Semaphore
from nameko.extensions import SharedExtension

from shared.amqp import CONNECTION_ERRORS, connect
from shared.observability import logger

log = logger(__name__)

# py-amqp looks for attributes of a connection that was just closed.
GONE: tuple[type[Exception], ...] = (*CONNECTION_ERRORS, AttributeError)


class Cork:
    """Sends what all green threads write during one turn of the event loop with one system call."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._frames: list[bytes] = []
        self._sending = False

    def __call__(self, data: bytes) -> None:
        self._frames.append(bytes(data))
        if not self._sending:
            self._sending = True
            eventlet.spawn_n(self._send)

    def _send(self) -> None:
        """Send until nothing is left; only one green thread at a time, or frames would be torn apart."""
        try:
            while self._frames:
                data = b"".join(self._frames)
                self._frames.clear()
                self._sock.sendall(data)
        except OSError as error:
            log.warning("amqp_write_failed", error=repr(error))
            _shut_down(self._sock)
        finally:
            self._sending = False


def _shut_down(sock: socket.socket) -> None:
    """Wake whoever reads from a socket that can no longer be written to."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError as error:
        log.debug("amqp_socket_gone", error=repr(error))


class Replies(SharedExtension):
    """Sends answers on a connection of its own: an alarm of the broker blocks connections that publish, and the
    consumer's must go on acknowledging.
    """

    def __init__(self) -> None:
        self._channel: amqp.Channel | None = None
        self._connecting = Semaphore()

    def send(self, body: bytes, reply_to: str, correlation_id: str) -> None:
        """Hand an answer to the broker; a failure is logged, never raised."""
        answer = Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            correlation_id=correlation_id,
            delivery_mode=1,
        )
        try:
            channel = self._open()
            channel.send_method(spec.Basic.Publish, "Bssbb", (0, "", reply_to, False, False), answer)
        except Exception as error:  # raised in a worker it would end the service, and then the next replica
            log.warning("reply_lost", error=repr(error))

    def stop(self) -> None:
        """Close the connection once everything is sent."""
        if self._channel is not None and self._channel.connection is not None:
            eventlet.sleep(0)  # let the cork send
            self._channel.connection.collect()

    def _open(self) -> amqp.Channel:
        if self._channel is None or self._channel.connection is None:
            with self._connecting:  # connecting yields: only one does it
                if self._channel is None or self._channel.connection is None:
                    self._channel = self._connect()
        return self._channel

    def _connect(self) -> amqp.Channel:
        settings = self.container.config["settings"]
        name = f"{self.container.service_name} replies"
        connection = connect(settings.amqp_uri, name=name, heartbeat=settings.heartbeat, timeout=3)
        channel = connection.channel()
        connection.transport._write = Cork(connection.sock)
        eventlet.spawn_n(self._watch, connection)
        return channel

    def _watch(self, connection: amqp.Connection) -> None:
        """Read, so that a connection the broker closes or no longer serves is given up at once."""
        try:
            while True:
                try:
                    connection.drain_events(timeout=1)
                except TimeoutError:
                    connection.heartbeat_tick()
        except GONE as error:
            log.debug("reply_connection_closed", error=repr(error))
        finally:
            connection.collect()


def encode(result: Any, error: dict[str, Any] | None) -> bytes:
    """The body of an answer.

    Raises:
        TypeError: the result holds something that has no JSON form.
    """
    return orjson.dumps({"result": result, "error": error})
