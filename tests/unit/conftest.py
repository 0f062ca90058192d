"""Unit tests reach nothing outside their own process."""

import socket
from typing import NoReturn

import pytest


class SocketBlocked(OSError):
    """A unit test wanted the network; it belongs into tests/integration."""


@pytest.fixture(autouse=True)
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection and every address."""

    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise SocketBlocked("a unit test must not use sockets")

    for method in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, method, refuse)
