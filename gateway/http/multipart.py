"""A multipart form (RFC 7578), read part by part as it arrives: no file in it is spooled to disk."""

from collections.abc import Iterator
from typing import IO

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from gateway.http.refusals import BadRequest

_PIECE = 64 * 1024
_MOST_TYPED = 64 * 1024
"""Bytes that all parts without a file may have together: they are held in memory."""


class FormFile:
    """A file of a form, of the box `box`; its bytes are read once, before the form goes on."""

    def __init__(self, part: File, pieces: Iterator[bytes]) -> None:
        self.box = part.name
        self.name = part.filename
        self.type = part.headers.get("Content-Type", "").partition(";")[0].strip()
        self._pieces = pieces
        self._held = b""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of the file, none at its end."""
        while not self._held and (piece := next(self._pieces, None)) is not None:
            self._held = piece
        data, self._held = self._held[:size], self._held[size:]
        return data


class FileForm:
    """Gives the files of a form in turn; `fields` holds what was typed in the parts that were read so far.

    `chosen` are the boxes of those parts in which a file was chosen.

    Raises:
        BadRequest: the form is malformed, or too much is typed in it.
    """

    def __init__(self, stream: IO[bytes], boundary: bytes) -> None:
        if not boundary:
            raise BadRequest("multipart_malformed")
        self._stream = stream
        self._decoder = MultipartDecoder(boundary)
        self._pieces: Iterator[bytes] = iter(())
        self._ended = False
        self.fields: MultiDict[str, str] = MultiDict()
        self.chosen: list[str] = []
        self._room = _MOST_TYPED

    def next_file(self) -> FormFile | None:
        """The next file, None after the last; what was not read of the one before is left out."""
        for _piece in self._pieces:
            pass
        while not self._ended:
            event = self._next()
            if isinstance(event, File):
                self._pieces = self._data()
                self.chosen += [event.name] if event.filename else []
                return FormFile(event, self._pieces)
            if isinstance(event, Field):
                self.fields.add(event.name, self._typed())
            self._ended = isinstance(event, Epilogue)
        return None

    def _typed(self) -> str:
        value = bytearray()
        for piece in self._data():
            self._room -= len(piece)
            if self._room < 0:
                raise BadRequest("multipart_malformed")
            value += piece
        return value.decode("utf-8", "replace")

    def _data(self) -> Iterator[bytes]:
        """The bytes of the part in hand."""
        while isinstance(event := self._next(), Data):
            yield event.data
            if not event.more_data:
                return

    def _next(self) -> object:
        try:
            while isinstance(event := self._decoder.next_event(), NeedData):
                self._decoder.receive_data(self._stream.read(_PIECE) or None)
        except (ValueError, RequestEntityTooLarge) as error:
            raise BadRequest("multipart_malformed") from error
        return event
