"""Backup of all databases at one moment, and its restore: `python -m shared.backup write|check|restore`.

    python -m shared.backup write FOLDER --keep 14     a new file; the oldest beyond so many go
    python -m shared.backup check FILE                 whether it is whole; needs no database
    python -m shared.backup restore FILE [--replace]   into empty databases, or in the place of those there

A file is a ZIP with one BSON file for each collection and a manifest with counts, digests and indexes. All is read
from one snapshot, which MongoDB keeps for five minutes: what takes longer needs the storage's own snapshots.
"""

import argparse
import hashlib
import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any

from bson import decode_file_iter, json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from shared.persistence import Document, connect
from shared.settings import Settings, load

MANIFEST = "manifest.json"
FORMAT = 1
_HOUR_MS = 3_600_000  # a whole collection is one operation
_BATCH = 1000
_RAW: "CodecOptions[RawBSONDocument]" = CodecOptions(document_class=RawBSONDocument)

Described = dict[str, Any]
"""Of one collection: its count, digest, indexes and the name of its file."""


class BackupError(Exception):
    """The file is not whole, or must not be restored here; the message says why."""


def write(settings: Settings, folder: Path, keep: int) -> Path:
    """Write a new file, readable by its owner alone, and remove the oldest beyond `keep`; answers its path.

    Raises:
        BackupError: not all could be read from one moment, or written; no file is left then.
    """
    moment = datetime.now(UTC)
    target = folder / f"truc-chung-{moment:%Y%m%dT%H%M%SZ}.zip"
    draft = target.with_suffix(".new")
    try:
        private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(private, "wb") as file, _client(settings) as client:
            _write_to(file, client, settings.mongo_database_prefix, moment)
            file.flush()
            os.fsync(file.fileno())
    except (OSError, PyMongoError) as error:
        draft.unlink(missing_ok=True)
        raise BackupError(f"{target}: {error}") from error
    draft.rename(target)
    for old in sorted(folder.glob("truc-chung-*.zip"))[:-keep]:
        old.unlink()
    return target


def _write_to(file: IO[bytes], client: MongoClient[Document], prefix: str, moment: datetime) -> None:
    described: list[Described] = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, client.start_session(snapshot=True) as session:
        for database, collection in _collections(client, prefix):
            source: Collection[Any] = client.get_database(prefix + database, codec_options=_RAW)[collection]
            name, count, digest = f"{database}/{collection}.bson", 0, hashlib.sha256()
            with archive.open(name, "w", force_zip64=True) as entry:
                for document in source.find({}, session=session):
                    entry.write(document.raw)
                    digest.update(document.raw)
                    count += 1
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


def restore(settings: Settings, path: Path, *, replace_all: bool = False) -> int:
    """Bring back every document and index, and answer how many documents; nothing of the platform may run meanwhile.

    Raises:
        BackupError: the file is not whole, or documents are there and shall not be replaced; nothing was changed then.
    """
    collections, prefix = check(path), settings.mongo_database_prefix
    with _client(settings) as client, zipfile.ZipFile(path) as archive:
        there = [f"{prefix}{name[0]}" for name in _collections(client, prefix) if _has_documents(client, prefix, name)]
        if there and not replace_all:
            raise BackupError(f"{', '.join(sorted(set(there)))} hold documents: --replace would remove them")
        for database in {f"{prefix}{name[0]}" for name in _collections(client, prefix)}:
            client.drop_database(database)
        for described in collections:
            _bring_back(client, prefix, described, archive)
    return sum(described["count"] for described in collections)


def _has_documents(client: MongoClient[Document], prefix: str, name: tuple[str, str]) -> bool:
    return client[prefix + name[0]][name[1]].find_one({}, {"_id": 1}) is not None


def _bring_back(client: MongoClient[Document], prefix: str, described: Described, archive: zipfile.ZipFile) -> None:
    database = client[prefix + described["database"]]
    target = database.create_collection(described["collection"], codec_options=_RAW)
    with archive.open(described["file"]) as entry:
        documents = decode_file_iter(entry, _RAW)
        while batch := list(islice(documents, _BATCH)):
            target.insert_many(batch)
    indexes = [{key: value for key, value in index.items() if key != "v"} for index in described["indexes"]]
    if indexes:
        database.command("createIndexes", described["collection"], indexes=indexes)
    if (count := target.count_documents({})) != described["count"]:
        raise BackupError(f"{described['file']}: {count} documents came back of {described['count']}")


@contextmanager
def _client(settings: Settings) -> Iterator[MongoClient[Document]]:
    with connect(settings, "backup") as client:
        client.admin.command("ping")  # a database that is away is found out at once, not after the hour
    with connect(replace(settings, mongo_timeout_ms=_HOUR_MS), "backup") as client:
        yield client


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; the exit code says whether all went well."""
    parser = argparse.ArgumentParser(description="Sao lưu và khôi phục · Back up and restore")
    parts = parser.add_subparsers(dest="part", required=True)
    writing = parts.add_parser("write", help="write a new file")
    writing.add_argument("folder", type=Path)
    writing.add_argument("--keep", type=int, default=14, help="how many files stay (14)")
    checking = parts.add_parser("check", help="read a file whole")
    checking.add_argument("file", type=Path)
    restoring = parts.add_parser("restore", help="bring everything back")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("--replace", action="store_true", help="remove the documents that are there")
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
    settings = load(without=("amqp_uri",))
    if asked.part == "restore":
        return f"Đã khôi phục · Restored: {restore(settings, asked.file, replace_all=asked.replace)} documents"
    if asked.keep < 1:
        raise BackupError("--keep must be at least 1")
    return f"Đã ghi · Written: {write(settings, asked.folder, asked.keep)}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
