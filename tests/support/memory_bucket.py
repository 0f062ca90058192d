"""A file bucket in memory, shown to behave like the real one by `tests/ports/test_file_store.py`."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO

from bson import ObjectId

from shared.files import Content, FileStore


class MemoryBucket:
    """Everything in dictionaries."""

    def __init__(self) -> None:
        self.uploads: dict[str, list[bytes]] = {}
        self.contents: dict[str, tuple[Content, datetime]] = {}
        self.records: dict[tuple[str, str], str] = {}
        self.claimed: set[str] = set()

    def begin(self) -> str:
        upload = str(ObjectId())
        self.uploads[upload] = []
        return upload

    def write(self, upload: str, number: int, data: bytes) -> None:
        assert number == len(self.uploads[upload])
        self.uploads[upload].append(data)

    def chunks(self, upload: str) -> Iterator[bytes]:
        yield from self.uploads.get(upload, [])

    def reader(self, upload: str, size: int) -> IO[bytes]:
        return io.BytesIO(b"".join(self.uploads[upload]))

    def discard(self, upload: str) -> None:
        self.uploads.pop(upload, None)

    def adopt(self, content: Content, now: datetime) -> None:
        if self.touch(content.id, now):
            self.discard(content.upload)
        else:
            self.contents[content.id] = content, now

    def find(self, file_id: str) -> Content | None:
        return self.contents[file_id][0] if file_id in self.contents else None

    def touch(self, file_id: str, now: datetime) -> bool:
        if file_id not in self.contents:
            return False
        content, before = self.contents[file_id]
        self.contents[file_id] = content, max(before, now)
        return True

    def claim(self, file_id: str) -> bool:
        if file_id in self.contents:
            self.claimed.add(file_id)
        return file_id in self.contents

    def record(self, file_id: str, owner: str, name: str, now: datetime) -> None:
        self.records[file_id, owner] = name

    def recorded_name(self, file_id: str, owner: str) -> str | None:
        return self.records.get((file_id, owner))

    def unclaimed(self, since: datetime, limit: int) -> list[str]:
        return [key for key, (_, at) in self.contents.items() if at < since and key not in self.claimed][:limit]

    def remove(self, file_id: str, since: datetime) -> bool:
        if file_id not in self.unclaimed(since, len(self.contents)):
            return False
        content, _ = self.contents[file_id]
        del self.contents[file_id]
        self.records = {key: name for key, name in self.records.items() if key[0] != file_id}
        self.discard(content.upload)
        return True

    def discard_abandoned(self, since: datetime) -> int:
        kept = {content.upload for content, _ in self.contents.values()}
        gone = [
            upload
            for upload in self.uploads
            if upload not in kept and ObjectId(upload).generation_time < since.astimezone(UTC)
        ]
        for upload in gone:
            self.discard(upload)
        return len(gone)


def memory_store(*allowed: str) -> FileStore:
    """A file store in memory that takes the given kinds of file, by default PDF."""
    return FileStore(MemoryBucket(), allowed or ("pdf",))
