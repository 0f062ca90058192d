"""The file store: contents are kept once, under their SHA-256; who uploaded which under what name is kept beside.

A content streams in and out in chunks; its kind is judged by what is in it. `FileStore` holds the rules,
a `Bucket` the bytes: GridFS in MongoDB (`shared.file_bucket`) or, by another adapter, an object store.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Protocol

from shared.errors import Internal, Invalid, NotFound, TooLarge, Unavailable, Unsupported
from shared.file_types import FileType, claimed_type, clean_name, holds, is_cut_off, shows_at_end, starts_like

CHUNK = 255 * 1024  # the chunk of GridFS
BATCH = 500  # how many contents are cleared away at a time


class Readable(Protocol):
    """What `put` reads from: an open file, the body of a request."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, fewer when no more have arrived, none at the end."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as one person uploaded it; `id` is the SHA-256 of the content, `type` its media type."""

    id: str
    size: int
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept under one SHA-256; `upload` is the bucket's own key of its chunks."""

    id: str
    upload: str
    size: int
    type: str


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A content being read. The last chunk comes only if the whole is what was stored."""

    id: str
    size: int
    type: str
    chunks: Iterator[bytes]


class Bucket(Protocol):
    """Where contents and upload records are kept. Every method may raise `Unavailable`."""

    def begin(self) -> str:
        """A key for a new upload, from which its age can be told."""

    def write(self, upload: str, number: int, data: bytes) -> None:
        """Keep one chunk; numbers count from 0."""

    def chunks(self, upload: str) -> Iterator[bytes]:
        """The chunks of an upload in order."""

    def reader(self, upload: str, size: int) -> IO[bytes]:
        """The chunks written so far, as a file in which one can seek."""

    def discard(self, upload: str) -> None:
        """Forget the chunks of an upload that became nothing."""

    def adopt(self, content: Content, now: datetime) -> None:
        """Keep an upload under its hash; if that content is there already, touch it and discard the upload."""

    def find(self, file_id: str) -> Content | None:
        """The content of that hash."""

    def touch(self, file_id: str, now: datetime) -> bool:
        """Note that the content was uploaded again; False when there is none."""

    def claim(self, file_id: str) -> bool:
        """Note that something refers to the content from now on; False when there is none."""

    def record(self, file_id: str, owner: str, name: str, now: datetime) -> None:
        """Note that `owner` uploaded the content under that name; a later name replaces an earlier one."""

    def recorded_name(self, file_id: str, owner: str) -> str | None:
        """The name under which `owner` uploaded the content; None when they did not."""

    def unclaimed(self, since: datetime, limit: int) -> list[str]:
        """Some contents that nothing ever referred to and nobody uploaded since."""

    def remove(self, file_id: str, since: datetime) -> bool:
        """Remove a content with its records, if it is still unclaimed; one of two removers gets True."""

    def discard_abandoned(self, since: datetime) -> int:
        """Forget uploads that began before and never became a content."""


class FileStore:
    """Takes in, hands out and clears away files."""

    def __init__(
        self, bucket: Bucket, allowed: tuple[str, ...], clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._bucket = bucket
        self._allowed = allowed
        self._clock = clock

    def put(self, stream: Readable, *, limit: int, name: str, declared_type: str, owner: str) -> StoredFile:
        """Take in a file; the same content from the same owner again is the same file.

        Nothing stays behind when it is refused or the stream breaks off.

        Raises:
            TooLarge: as soon as more than `limit` bytes have come.
            Unsupported: when its kind is not allowed, or its name or declared type belies its content.
            Invalid: when it is empty or has no usable name.
            Unavailable: when the store is away.
        """
        name = clean_name(name)
        kind = claimed_type(name, declared_type, self._allowed)
        upload = self._bucket.begin()
        try:
            content = self._take_in(stream, limit, kind, upload)
            self._bucket.adopt(content, self._clock())
        except BaseException:
            with suppress(Unavailable):  # what stays behind then is cleared away as abandoned
                self._bucket.discard(upload)
            raise
        self._bucket.record(content.id, owner, name, self._clock())
        return StoredFile(content.id, content.size, content.type, name)

    def _take_in(self, stream: Readable, limit: int, kind: FileType, upload: str) -> Content:
        digest, size = hashlib.sha256(), 0
        for number, chunk in enumerate(_full_chunks(stream)):
            size += len(chunk)
            if size > limit:
                raise TooLarge("file_too_large", limit=limit)
            if number == 0 and not starts_like(kind, chunk):
                raise Unsupported("file_type_mismatch", expected=kind.name)
            digest.update(chunk)
            self._bucket.write(upload, number, chunk)
        if size == 0:
            raise Invalid("file_empty")
        if shows_at_end(kind):
            _check_end(kind, self._bucket.reader(upload, size))
        return Content(digest.hexdigest(), upload, size, kind.media_type)

    def claim(self, file_id: str, owner: str) -> StoredFile:
        """The file that `owner` uploaded; from now on it stays, because something is about to refer to it.

        Raises:
            NotFound: when there is none, or when somebody else uploaded it.
        """
        name = self._bucket.recorded_name(file_id, owner)
        if name is None or not self._bucket.claim(file_id):
            raise NotFound("file_not_found")
        content = self._content(file_id)
        return StoredFile(file_id, content.size, content.type, name)

    def name_of(self, file_id: str, owner: str) -> str | None:
        """The name under which `owner` sent a file; None when they did not."""
        return self._bucket.recorded_name(file_id, owner)

    def exists(self, file_id: str) -> bool:
        """Whether the content is kept."""
        return self._bucket.find(file_id) is not None

    def open(self, file_id: str) -> OpenFile:
        """A content to be read; whether the reader may read it is for the caller to know.

        Raises:
            NotFound: when there is none.
            Internal: from the chunks, before the last of them, when the content is not what was stored.
        """
        content = self._content(file_id)
        return OpenFile(file_id, content.size, content.type, self._checked(content))

    def _content(self, file_id: str) -> Content:
        content = self._bucket.find(file_id)
        if content is None:
            raise NotFound("file_not_found")
        return content

    def _checked(self, content: Content) -> Iterator[bytes]:
        digest, size, held = hashlib.sha256(), 0, b""
        for chunk in self._bucket.chunks(content.upload):
            digest.update(chunk)
            size += len(chunk)
            if held:
                yield held
            held = chunk
        if digest.hexdigest() != content.id or size != content.size:
            raise Internal("file_damaged", file=content.id)
        yield held

    def delete_unclaimed(self, older_than: datetime) -> int:
        """Clear away what was uploaded before then and never attached to anything; say how many contents went."""
        removed = 0
        while batch := self._bucket.unclaimed(older_than, BATCH):
            removed += sum(self._bucket.remove(file_id, older_than) for file_id in batch)
        self._bucket.discard_abandoned(older_than)
        return removed


def _check_end(kind: FileType, content: IO[bytes]) -> None:
    if is_cut_off(kind, content):
        raise Invalid("file_cut_off")
    if not holds(kind, content):
        raise Unsupported("file_type_mismatch", expected=kind.name)


def _full_chunks(stream: Readable) -> Iterator[bytes]:
    """Chunks of the full size but the last, however little the stream gives at a time."""
    buffer = bytearray()
    while piece := stream.read(CHUNK - len(buffer)):
        buffer += piece
        if len(buffer) == CHUNK:
            yield bytes(buffer)
            buffer.clear()
    if buffer:
        yield bytes(buffer)
