import socket
import urllib.request

import pytest


@pytest.mark.parametrize("method", ["connect", "connect_ex", "bind"])
def test_a_unit_test_cannot_use_a_socket(method: str) -> None:
    with socket.socket() as wanted, pytest.raises(Exception, match="must not use sockets"):
        getattr(wanted, method)(("127.0.0.1", 1))


def test_libraries_cannot_either() -> None:
    with pytest.raises(Exception, match="must not use sockets"):
        urllib.request.urlopen("http://127.0.0.1:1")
