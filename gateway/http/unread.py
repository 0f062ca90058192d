"""What happens to the rest of a body when the answer is given before it was read.

gunicorn would read it all before the next request of the connection, without letting others have a turn. So a
refusal of a large body closes the connection, after as much as is on its way was read: closing at once would take
the answer from the caller (RFC 9112, 9.6).
"""

from typing import Any

import gevent

LARGE = 64 * 1024
"""Bytes; what is smaller has arrived with its request."""
MOST_DRAINED = 1024 * 1024
LONGEST_SECONDS = 2.0


def large_body(environ: dict[str, Any]) -> "CountedBody | None":
    """The body put in the place of `wsgi.input`, when it is large or of unknown length."""
    length = environ.get("CONTENT_LENGTH")
    if "gunicorn.socket" not in environ:
        return None  # a test's client, which sends nothing that is not read
    if length and length.isdecimal():
        size = int(length)
        if size <= LARGE:
            return None
    elif "HTTP_TRANSFER_ENCODING" in environ:
        size = None
    else:
        return None
    body = CountedBody(environ["wsgi.input"], size)
    environ["wsgi.input"] = body
    return body


class CountedBody:
    """A body that knows whether all of it was read."""

    def __init__(self, stream: Any, size: int | None) -> None:
        self._stream = stream
        self._left = size
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """As of any stream."""
        return self._count(self._stream.read(size) if size >= 0 else self._stream.read())

    def readline(self, size: int = -1) -> bytes:
        """As of any stream."""
        return self._count(self._stream.readline(size) if size >= 0 else self._stream.readline())

    def _count(self, data: bytes) -> bytes:
        if self._left is not None:
            self._left -= len(data)
        self._ended = not data or self._left == 0
        return data

    def close_unless_read(self, start_response: Any) -> None:
        """Make this answer the connection's last while there is something left to read.

        gunicorn drops a `Connection` header of the application; its response, whose method `start_response` is, can
        be told.
        """
        if not self._ended:
            start_response.__self__.force_close()

    def drain(self) -> None:
        """Read what is on its way, for a moment, while others have their turns."""
        left = MOST_DRAINED
        with gevent.Timeout(LONGEST_SECONDS, False):  # type: ignore[arg-type]  # False: silently; its stubs forgot it
            while not self._ended and left > 0:
                left -= len(self.read(LARGE))
                gevent.sleep(0)
