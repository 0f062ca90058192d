"""Backup of all databases at one moment, and its restore: `python -m shared.backup write|check`.

    python -m shared.backup write FOLDER --keep 14     a new file; the oldest beyond so many go
    python -m shared.backup check FILE                 whether it is whole; needs no database

What brings it back asks the broker too whether anything still works: `python -m ops backup restore FILE`.

A file is a ZIP with one BSON file for each collection and a manifest with counts, digests and indexes. All is read
from one snapshot, which MongoDB keeps for five minutes: what takes longer needs the storage's own snapshots.
"""

import argparse
import fcntl
import hashlib
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from bson import decode_file_iter, json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError

from shared.job_runs import noted_run, runs
from shared.persistence import Document, connect
from shared.settings import Settings, load

MANIFEST = "manifest.json"
FORMAT = 1
_HOUR_MS = 3_600_000  # a whole collection is one operation
_BATCH = 1000
_BATCH_BYTES = 8 << 20
"""Pieces of files are large: a thousand of them at once would not fit into the job's memory."""

_MOMENTS = 5
"""How many are tried: before MongoDB 7, none can be read after which a collection was made that is to be read."""

_BETWEEN_MOMENTS = 0.5
"""Seconds."""

_SNAPSHOT_UNAVAILABLE = 246
_RAW: "CodecOptions[RawBSONDocument]" = CodecOptions(document_class=RawBSONDocument)

Tell = Callable[[int], object]
"""Hears how many more documents were written or brought back."""

Described = dict[str, Any]
"""Of one collection: its count, digest, indexes and the name of its file."""


class BackupError(Exception):
    """The file is not whole, or must not be restored here; the message says why."""


def count(settings: Settings) -> int:
    """About how many documents there are to be written."""
    prefix = settings.mongo_database_prefix
    with connect(settings, "backup") as client:
        names = list(_collections(client, prefix))
        return sum(client[prefix + database][one].estimated_document_count() for database, one in names)


def write(settings: Settings, folder: Path, keep: int, tell: Tell = lambda _: None) -> Path:
    """Write a new file, readable by its owner alone, and remove the oldest beyond `keep`; answers its path.

    What runs left behind that were killed goes first: it is of no use, and may be what fills the disk.

    Raises:
        BackupError: not all could be read from one moment, or written; no file is left then.
    """
    moment = datetime.now(UTC)
    target = folder / f"truc-chung-{moment:%Y%m%dT%H%M%SZ}.zip"
    draft = target.with_suffix(".new")
    try:
        _remove_drafts(folder)
        private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(private, "wb") as file, _client(settings) as client:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write_readable(file, client, settings, moment, tell)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except (OSError, PyMongoError) as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"{target}: {error}") from error
    for old in sorted(folder.glob("truc-chung-*.zip"))[:-keep]:
        old.unlink()
    return target


def _remove_drafts(folder: Path) -> None:
    """Those that no run holds any more: the kernel lets go what a killed one had locked."""
    for draft in folder.glob("truc-chung-*.new"):
        with draft.open("r+b") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            draft.unlink()


def write_noted(settings: Settings, folder: Path, keep: int, tell: Tell = lambda _: None) -> tuple[Path, int]:
    """`write`, and note that it ran (`shared.job_runs`); answers the path and how many documents are in it.

    Raises:
        BackupError: as `write`.
    """
    with noted_run(settings, "backup") as run:

        def count_on(more: int) -> None:
            run.done += more
            tell(more)

        return write(settings, folder, keep, count_on), run.done


def _write_readable(
    file: IO[bytes], client: MongoClient[Document], settings: Settings, moment: datetime, tell: Tell
) -> None:
    """Begin anew with a later moment when one cannot be read; `tell` then hears that what it heard is taken back."""
    written = 0

    def count_on(more: int) -> None:
        nonlocal written
        written += more
        tell(more)

    for left in reversed(range(_MOMENTS)):
        try:
            _write_to(file, client, settings, moment, count_on)
        except OperationFailure as error:
            if error.code != _SNAPSHOT_UNAVAILABLE or not left:
                raise
            count_on(-written)
            file.seek(0)
            file.truncate()
            time.sleep(_BETWEEN_MOMENTS)
        else:
            return


def _write_to(file: IO[bytes], client: MongoClient[Document], settings: Settings, moment: datetime, tell: Tell) -> None:
    described: list[Described] = []
    prefix = settings.mongo_database_prefix
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, client.start_session(snapshot=True) as session:
        runs(client, settings).find_one({}, session=session)  # whatever is read first decides the moment
        for database, collection in list(_collections(client, prefix)):  # so that none is missed that was there then
            source: Collection[Any] = client.get_database(prefix + database, codec_options=_RAW)[collection]
            name, count, digest = f"{database}/{collection}.bson", 0, hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as entry:
                for document in source.find({}, session=session):
                    entry.write(document.raw)
                    digest.update(document.raw)
                    count += 1
                    tell(1)
            indexes = [dict(index) for index in client[prefix + database][collection].list_indexes()]
            described.append(
                {
                    "database": database,
                    "collection": collection,
                    "file": name,
                    "count": count,
                    "sha256": digest.hexdigest(),
                    "indexes": indexes,
                }
            )
        manifest = {"format": FORMAT, "made_at": moment.isoformat(), "collections": described}
        archive.writestr(MANIFEST, json_util.dumps(manifest, indent=1))


def _collections(client: MongoClient[Document], prefix: str) -> Iterator[tuple[str, str]]:
    """Each collection as the name of its database without the prefix, and its own."""
    for database in sorted(client.list_database_names()):
        if database.startswith(prefix):
            for collection in sorted(client[database].list_collection_names(filter={"type": "collection"})):
                if not collection.startswith("system."):
                    yield database.removeprefix(prefix), collection


def check(path: Path) -> list[Described]:
    """What a file holds, once every document of it was read.

    Raises:
        BackupError: it is not whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = json_util.loads(archive.read(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupError(f"{path}: of another format ({manifest['format']})")
            for described in manifest["collections"]:
                digest = hashlib.sha256()
                with archive.open(described["file"]) as entry:
                    while block := entry.read(1 << 20):
                        digest.update(block)
                if digest.hexdigest() != described["sha256"]:
                    raise BackupError(f"{path}: {described['file']} was altered")
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{path}: cannot be read: {error!r}") from error
    collections: list[Described] = manifest["collections"]
    return collections


def restore(settings: Settings, path: Path, *, replace_all: bool = False, tell: Tell = lambda _: None) -> int:
    """Bring back every document and index, and answer how many documents; nothing of the platform may run meanwhile.

    Raises:
        BackupError: the file is not whole, or documents are there and shall not be replaced; nothing was changed then.
    """
    collections, prefix = check(path), settings.mongo_database_prefix
    with _client(settings) as client, zipfile.ZipFile(path) as archive:
        there = _with_documents(client, prefix)
        if there and not replace_all:
            raise BackupError(f"{', '.join(there)} hold documents: --replace would remove them")
        for database, collection in list(_collections(client, prefix)):
            client[prefix + database].drop_collection(collection)  # a whole database may be dropped by its admin only
        for described in collections:
            _bring_back(client, prefix, described, archive, tell)
    return sum(described["count"] for described in collections)


def databases_with_documents(settings: Settings) -> list[str]:
    """The databases that a restore would have to replace."""
    with _client(settings) as client:
        return _with_documents(client, settings.mongo_database_prefix)


def _with_documents(client: MongoClient[Document], prefix: str) -> list[str]:
    found = {
        prefix + database
        for database, collection in _collections(client, prefix)
        if client[prefix + database][collection].find_one({}, {"_id": 1}) is not None
    }
    return sorted(found)


def _bring_back(
    client: MongoClient[Document], prefix: str, described: Described, archive: zipfile.ZipFile, tell: Tell
) -> None:
    database = client[prefix + described["database"]]
    target = database.create_collection(described["collection"], codec_options=_RAW)
    with archive.open(described["file"]) as entry:
        documents = decode_file_iter(entry, _RAW)
        for batch in in_batches(documents):
            target.insert_many(batch)
            tell(len(batch))
    indexes = [{key: value for key, value in index.items() if key != "v"} for index in described["indexes"]]
    if indexes:
        database.command("createIndexes", described["collection"], indexes=indexes)
    if (count := target.count_documents({})) != described["count"]:
        raise BackupError(f"{described['file']}: {count} documents came back of {described['count']}")


def in_batches(documents: Iterable[RawBSONDocument]) -> Iterator[list[RawBSONDocument]]:
    """Documents in lists that hold as many as are written at once, and end with the one that makes them large."""
    batch: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.raw)
        if len(batch) == _BATCH or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


@contextmanager
def _client(settings: Settings) -> Iterator[MongoClient[Document]]:
    with connect(settings, "backup") as client:
        client.admin.command("ping")  # a database that is away is found out at once, not after the hour
    with connect(replace(settings, mongo_timeout_ms=_HOUR_MS), "backup") as client:
        yield client


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code says whether all went well."""
    parser = argparse.ArgumentParser(description="Sao lưu · Back up")
    parts = parser.add_subparsers(dest="part", required=True)
    writing = parts.add_parser("write", help="write a new file")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--keep", type=int, default=14, help="how many files stay (14)")
    checking = parts.add_parser("check", help="read a file whole")
    checking.add_argument("file", type=Path)
    asked = parser.parse_args(arguments)
    try:
        _say(_do(asked))
    except (BackupError, PyMongoError) as error:
        _say(f"Không thực hiện được · Not done: {error}")
        return 1
    return 0


def _do(asked: argparse.Namespace) -> str:
    if asked.part == "check":
        return f"Toàn vẹn · Whole: {sum(described['count'] for described in check(asked.file))} documents"
    if asked.keep < 1:
        raise BackupError("--keep must be at least 1")
    settings = load(without=("amqp_uri",))
    return f"Đã ghi · Written: {write_noted(settings, asked.folder, asked.keep)[0]}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
