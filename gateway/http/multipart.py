"""The first file of a multipart form (RFC 7578), read as a stream: nothing is spooled to disk."""

from typing import IO

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from gateway.http.refusals import BadRequest

_PIECE = 64 * 1024
_LONGEST_FIELD = 1024


class FirstFile:
    """Reads the parts before the first file, then gives the file's bytes; `fields` holds the short ones before it.

    Raises:
        BadRequest: the form is malformed or holds no file.
    """

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        if not boundary:
            raise BadRequest("multipart_malformed")
        self._stream = stream
        self._decoder = MultipartDecoder(boundary)
        self._held = bytearray()
        self._ended = False
        self.fields: dict[str, str] = {}
        file = self._find()
        self.name = file.filename
        self.type = file.headers.get("Content-Type", "").partition(";")[0].strip()

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of the file, none at its end."""
        while not self._held and not self._ended:
            event = self._next()
            if isinstance(event, Data):
                self._held += event.data
                self._ended = not event.more_data
        data = bytes(self._held[:size])
        del self._held[:size]
        return data

    def _find(self) -> File:
        name, value = "", bytearray()
        while True:
            event = self._next()
            if isinstance(event, File):
                return event
            if isinstance(event, Field):
                name, value = event.name, bytearray()
            if isinstance(event, Data) and len(value) <= _LONGEST_FIELD:
                value += event.data
                self.fields[name] = value[:_LONGEST_FIELD].decode("utf-8", "replace")
            if isinstance(event, Epilogue):
                raise BadRequest("file_missing")

    def _next(self) -> object:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._stream.read(_PIECE) or None)
        except (ValueError, RequestEntityTooLarge) as error:
            raise BadRequest("multipart_malformed") from error
        return event
