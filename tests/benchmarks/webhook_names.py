"""The sender of webhooks in a world with two domains: names of one are resolved here, of the other nobody knows."""

import socket
import sys
import time
from typing import Any

RESOLVED, HANGING = "well.example", "nameless.example"
HANGING_SECONDS = 20.0

_resolve = socket.getaddrinfo


def _getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
    if str(host).endswith(HANGING):
        time.sleep(HANGING_SECONDS)
        raise socket.gaierror(socket.EAI_AGAIN, "nobody answered")
    return _resolve("127.0.0.1" if str(host).endswith(RESOLVED) else host, *rest, **more)


if __name__ == "__main__":
    from services.document_routing.webhooks import main

    socket.getaddrinfo = _getaddrinfo
    sys.exit(main())
