"""What a backup is: a ZIP with one BSON file for each collection and a manifest, and the contents of files beside it.

The manifest has counts, digests and indexes. Pieces of files (`fs.chunks`) are not in the ZIP but in the folder
`contents` beside it, which all backups of a folder share; the ZIP has their descriptions, in the order of their hashes.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bson import decode_file_iter, json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from shared import restore_mark
from shared.backup.contents import ContentDamaged, Contents
from shared.persistence import Document, connect
from shared.settings import Settings

MANIFEST = "manifest.json"
FORMAT = 2
_PIECES_WITHIN = 1
"""The format before: pieces of files were in the ZIP. It is read for ever."""

FILES, PIECES = ("files", "fs.files"), ("files", "fs.chunks")
_HOUR_MS = 3_600_000  # a whole collection is one operation
RAW: "CodecOptions[RawBSONDocument]" = CodecOptions(document_class=RawBSONDocument)
_OF_THIS_SERVER = (restore_mark.DATABASE, restore_mark.COLLECTION)

Tell = Callable[[int], object]
"""Hears how many more documents were written or brought back."""

Described = dict[str, Any]
"""Of one collection: its count, digest, indexes and the name of its file, if it has one."""


class BackupError(Exception):
    """The file is not whole, or must not be restored here; the message says why."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the description of a file in the database says of its content; `key` is that of its pieces."""

    key: Any
    sha256: str
    size: int
    piece: int

    @property
    def pieces(self) -> int:
        """How many there are."""
        return -(-self.size // self.piece)


def stored_of(description: Any) -> Stored:
    """A content by its description in `fs.files`."""
    told = description["metadata"]["sha256"], description["length"], description["chunkSize"]
    return Stored(description["_id"], *told)


def collections_of(client: MongoClient[Document], prefix: str) -> Iterator[tuple[str, str]]:
    """Each collection as the name of its database without the prefix, and its own."""
    for database in sorted(client.list_database_names()):
        if database.startswith(prefix):
            for collection in sorted(client[database].list_collection_names(filter={"type": "collection"})):
                found = database.removeprefix(prefix), collection
                if found != _OF_THIS_SERVER and not collection.startswith("system."):
                    yield found


def check(path: Path, *, chosen: Callable[[str], bool] = lambda _: True) -> list[Described]:
    """What a file holds, once every document of it was read, and every content beside it that is `chosen` by its hash.

    The other contents are only looked at: they are there, in their full size.

    Raises:
        BackupError: it is not whole.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = manifest_of(archive, path)
            for described in manifest["collections"]:
                if "file" in described:
                    _check_collection(path, archive, described)
            contents = Contents(path.parent)
            for one in stored_in(archive, manifest):
                if chosen(one.sha256):
                    for _ in contents.read(one.sha256):
                        pass
                elif not contents.has(one.sha256, one.size):
                    raise BackupError(f"{path}: {contents.path(one.sha256)} is not there")
    except ContentDamaged as error:
        raise BackupError(f"{path}: {error}") from error
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise BackupError(f"{path}: cannot be read: {error!r}") from error
    collections: list[Described] = manifest["collections"]
    return collections


def _check_collection(path: Path, archive: zipfile.ZipFile, described: Described) -> None:
    digest = hashlib.sha256()
    with archive.open(described["file"]) as entry:
        while block := entry.read(1 << 20):
            digest.update(block)
    if digest.hexdigest() != described["sha256"]:
        raise BackupError(f"{path}: {described['file']} was altered")


def manifest_of(archive: zipfile.ZipFile, path: Path) -> Document:
    """Of an opened file.

    Raises:
        BackupError: it is of a format that is not known.
    """
    manifest: Document = json_util.loads(archive.read(MANIFEST))
    if manifest["format"] not in (_PIECES_WITHIN, FORMAT):
        raise BackupError(f"{path}: of another format ({manifest['format']})")
    return manifest


def stored_in(archive: zipfile.ZipFile, manifest: Document) -> Iterator[Stored]:
    """The contents beside a file that it stands on, in the order of their hashes."""
    names = [one["file"] for one in manifest["collections"] if (one["database"], one["collection"]) == FILES]
    if manifest["format"] == _PIECES_WITHIN or not names:
        return
    damaged = frozenset(manifest["damaged"])
    with archive.open(names[0]) as entry:
        for description in decode_file_iter(entry):
            one = stored_of(description)
            if one.sha256 not in damaged:
                yield one


def check_noted(path: Path) -> int:
    """`check`, and leave beside the file what came out, where one may write; answers how many documents are in it.

    Raises:
        BackupError: as `check`.
    """
    problem = "broke off"
    try:
        documents: int = sum(described["count"] for described in check(path))
        problem = ""
    except BackupError as error:
        problem = str(error)
        raise
    finally:
        if path.exists() and os.access(path.parent, os.W_OK):
            note_check(path, problem)
    return documents


def note_check(path: Path, problem: str) -> None:
    """Leave beside a file when it was last read whole, and what was wrong with it, if anything was."""
    path.with_suffix(".checked").write_text(f"{datetime.now(UTC).isoformat(timespec='seconds')} {problem}\n", "utf-8")


@contextmanager
def opened(settings: Settings, name: str) -> Iterator[MongoClient[Document]]:
    """A client that may take an hour for each operation."""
    with connect(settings, name) as client:
        client.admin.command("ping")  # a database that is away is found out at once, not after the hour
    with connect(replace(settings, mongo_timeout_ms=_HOUR_MS), name) as client:
        yield client
