"""A TCP proxy that can be frozen or cut: an outage of a server that only one test sees."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


def on_loopback(port: int) -> socket.socket:
    """A place where clients of this machine come."""
    return socket.create_server(("127.0.0.1", port))


def reach(server: tuple[str, int]) -> socket.socket:
    """A connection to a server."""
    return socket.create_connection(server)


class Proxy:
    """Forwards to a server. Frozen, it keeps all sockets open and moves nothing; cut, it closes and refuses.

    `opened` opens the port on which clients come, `reached` the way to the server.
    """

    def __init__(
        self,
        host: str,
        port: int,
        opened: Callable[[int], socket.socket] = on_loopback,
        reached: Callable[[tuple[str, int]], socket.socket] = reach,
    ) -> None:
        self._opened, self._reached = opened, reached
        self._server = (host, port)
        self._open = threading.Event()
        self._open.set()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = self._listen(0)
        self.port: int = self._listener.getsockname()[1]

    def _listen(self, port: int) -> socket.socket:
        listener = self._opened(port)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = self._reached(self._server)
            except OSError:
                _close(client)  # the server is not there; it may be, for the next one
                continue
            self._pairs.append((client, server))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, target), daemon=True).start()

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                self._open.wait()
                target.sendall(data)
        except OSError:
            pass  # the other direction was closed
        finally:
            _close(source, target)

    def freeze(self) -> None:
        """Move nothing more, as a stopped process does."""
        self._open.clear()

    def thaw(self) -> None:
        """Move again, what was held back first."""
        self._open.set()

    def cut(self) -> None:
        """Close everything and refuse new connections, as a killed process does."""
        _close(self._listener)
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            _close(*pair)

    def mend(self) -> None:
        """Accept connections again, on the same port."""
        self._listener = self._listen(self.port)

    def close(self) -> None:
        """End."""
        self.cut()
        self.thaw()


def _close(*sockets: socket.socket) -> None:
    for sock in sockets:
        with suppress(OSError):  # it is not connected any more
            sock.shutdown(socket.SHUT_RDWR)
        sock.close()


@contextmanager
def proxied(uri: str) -> Iterator[tuple[Proxy, str]]:
    """A proxy before the server of an address, and the address that leads through it."""
    parts = urlsplit(uri)
    proxy = Proxy(parts.hostname or "127.0.0.1", parts.port or 5672)
    try:
        yield proxy, uri.replace(f":{parts.port}", f":{proxy.port}")
    finally:
        proxy.close()
