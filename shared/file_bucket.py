"""Contents in MongoDB in the layout of GridFS, so that its tools can read them.

Chunks are written one at a time: pymongo's own GridFS writer holds up to 32 MiB of an upload in memory.
`python -m shared.file_bucket`, to be run every day, clears away what was uploaded and never attached.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import IO, cast

from bson import Binary, Int64, ObjectId
from gridfs import GridOut
from pymongo import ASCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from shared.files import CHUNK, Bucket, Content, FileStore
from shared.job_runs import noted_run
from shared.observability import configure_logging, logger
from shared.persistence import Document, connect, database, ensure_indexes, unavailable_when_away
from shared.settings import Settings, load


def open_store(settings: Settings, name: str) -> FileStore:
    """The platform's file store for the process called `name`."""
    bucket: Bucket = MongoBucket(database(connect(settings, name), settings, "files"))
    return FileStore(bucket, settings.allowed_file_types)


class MongoBucket:
    """A `Bucket` in one database: `fs.files` and `fs.chunks` as GridFS has them, and `uploads`.

    A content's hash stands in its metadata under a unique index, because the key that GridFS gives the chunks
    is needed before the hash is known.
    """

    def __init__(self, store: Database[Document]) -> None:
        self._fs = store["fs"]
        self._files = store["fs.files"]
        self._chunks = store["fs.chunks"]
        self._uploads = store["uploads"]

    def ensure_indexes(self) -> None:
        """Create the indexes, which GridFS itself would create at the first upload."""
        ensure_indexes(self._chunks, [IndexModel([("files_id", ASCENDING), ("n", ASCENDING)], unique=True)])
        ensure_indexes(
            self._files,
            [
                IndexModel([("metadata.sha256", ASCENDING)], unique=True),
                IndexModel(
                    [("metadata.touched_at", ASCENDING)],
                    name="unclaimed",
                    partialFilterExpression={"metadata.claimed": False},
                ),
            ],
        )
        ensure_indexes(self._uploads, [IndexModel([("file", ASCENDING), ("owner", ASCENDING)], unique=True)])

    def begin(self) -> str:
        """An ObjectId: it tells when it was made."""
        return str(ObjectId())

    @unavailable_when_away()
    def write(self, upload: str, number: int, data: bytes) -> None:
        """One majority write: a content may be adopted only when all its chunks are safe."""
        self._chunks.insert_one({"files_id": ObjectId(upload), "n": number, "data": Binary(data)})

    def chunks(self, upload: str) -> Iterator[bytes]:
        """A few chunks travel in one batch."""
        with unavailable_when_away():
            for chunk in self._chunks.find({"files_id": ObjectId(upload)}).sort("n").batch_size(8):
                yield chunk["data"]

    def reader(self, upload: str, size: int) -> IO[bytes]:
        """GridFS's own reader, over a file that is not adopted yet."""
        described = {"_id": ObjectId(upload), "length": size, "chunkSize": CHUNK}
        return cast(IO[bytes], GridOut(self._fs, file_document=described))

    @unavailable_when_away()
    def discard(self, upload: str) -> None:
        """Delete the chunks."""
        self._chunks.delete_many({"files_id": ObjectId(upload)})

    @unavailable_when_away()
    def adopt(self, content: Content, now: datetime) -> None:
        """Touch or insert, until one of the two succeeds: another may add or remove the same content meanwhile."""
        while not self.touch(content.id, now):
            try:
                self._files.insert_one(
                    {
                        "_id": ObjectId(content.upload),
                        "length": Int64(content.size),
                        "chunkSize": CHUNK,
                        "uploadDate": now,
                        "metadata": {
                            "sha256": content.id,
                            "type": content.type,
                            "touched_at": now,
                            "claimed": False,
                        },
                    }
                )
            except DuplicateKeyError:
                continue
            return
        self.discard(content.upload)

    @unavailable_when_away()
    def find(self, file_id: str) -> Content | None:
        """By the unique index on the hash."""
        found = self._files.find_one({"metadata.sha256": file_id})
        if found is None:
            return None
        return Content(file_id, str(found["_id"]), found["length"], found["metadata"]["type"])

    @unavailable_when_away()
    def touch(self, file_id: str, now: datetime) -> bool:
        """One atomic write, so that it either comes before `remove` or finds nothing."""
        done = self._files.update_one({"metadata.sha256": file_id}, {"$max": {"metadata.touched_at": now}})
        return done.matched_count == 1

    @unavailable_when_away()
    def claim(self, file_id: str) -> bool:
        """One atomic write too; what is claimed leaves the index that `unclaimed` walks along."""
        done = self._files.update_one({"metadata.sha256": file_id}, {"$set": {"metadata.claimed": True}})
        return done.matched_count == 1

    @unavailable_when_away()
    def record(self, file_id: str, owner: str, name: str, now: datetime) -> None:
        """Insert or replace; of two at the same moment the second replaces."""
        key = {"file": file_id, "owner": owner}
        try:
            self._uploads.update_one(key, {"$set": {"name": name, "at": now}}, upsert=True)
        except DuplicateKeyError:
            self._uploads.update_one(key, {"$set": {"name": name, "at": now}})

    @unavailable_when_away()
    def recorded_name(self, file_id: str, owner: str) -> str | None:
        """By the unique index on file and owner."""
        found = self._uploads.find_one({"file": file_id, "owner": owner})
        return None if found is None else str(found["name"])

    @unavailable_when_away()
    def unclaimed(self, since: datetime, limit: int) -> list[str]:
        """Along an index that holds nothing else."""
        found = self._files.find(_unclaimed(since), {"metadata.sha256": 1}).hint("unclaimed").limit(limit)
        return [document["metadata"]["sha256"] for document in found]

    @unavailable_when_away()
    def remove(self, file_id: str, since: datetime) -> bool:
        """Whoever deletes the description removes the rest; a crash in between leaves an abandoned upload."""
        gone = self._files.find_one_and_delete({"metadata.sha256": file_id, **_unclaimed(since)})
        if gone is None:
            return False
        self._uploads.delete_many({"file": file_id, "at": {"$lt": since}})
        self._chunks.delete_many({"files_id": gone["_id"]})
        return True

    @unavailable_when_away()
    def discard_abandoned(self, since: datetime) -> int:
        """Find first chunks without a description."""
        abandoned = self._chunks.aggregate(
            [
                {"$match": {"files_id": {"$lt": ObjectId.from_datetime(since)}, "n": 0}},
                {"$lookup": {"from": "fs.files", "localField": "files_id", "foreignField": "_id", "as": "file"}},
                {"$match": {"file": []}},
                {"$project": {"files_id": 1}},
            ]
        )
        uploads = [chunk["files_id"] for chunk in abandoned]
        for upload in uploads:
            self._chunks.delete_many({"files_id": upload})
        return len(uploads)


def _unclaimed(since: datetime) -> Document:
    return {"metadata.claimed": False, "metadata.touched_at": {"$lt": since}}


def clear_away(settings: Settings) -> int:
    """Remove what waited too long to be attached; say how many contents went."""
    return open_store(settings, "clear_away").delete_unclaimed(
        datetime.now(UTC) - timedelta(hours=settings.unattached_file_hours)
    )


if __name__ == "__main__":
    loaded = load(without=("amqp_uri",))
    configure_logging("clear_away", loaded.log_level)
    with noted_run(loaded, "clear_away") as run:
        run.done = clear_away(loaded)
    logger(__name__).info("files_cleared_away", contents=run.done)
