"""What a backup is: a ZIP with one BSON file for each collection, and a manifest with counts, digests and indexes."""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bson import json_util
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from shared import restore_mark
from shared.persistence import Document, connect
from shared.settings import Settings

MANIFEST = "manifest.json"
FORMAT = 1
_HOUR_MS = 3_600_000  # a whole collection is one operation
RAW: "CodecOptions[RawBSONDocument]" = CodecOptions(document_class=RawBSONDocument)

Tell = Callable[[int], object]
"""Hears how many more documents were written or brought back."""

Described = dict[str, Any]
"""Of one collection: its count, digest, indexes and the name of its file."""


class BackupError(Exception):
    """The file is not whole, or must not be restored here; the message says why."""


_OF_THIS_SERVER = (restore_mark.DATABASE, restore_mark.COLLECTION)


def collections_of(client: MongoClient[Document], prefix: str) -> Iterator[tuple[str, str]]:
    """Each collection as the name of its database without the prefix, and its own."""
    for database in sorted(client.list_database_names()):
        if database.startswith(prefix):
            for collection in sorted(client[database].list_collection_names(filter={"type": "collection"})):
                found = database.removeprefix(prefix), collection
                if found != _OF_THIS_SERVER and not collection.startswith("system."):
                    yield found


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


@contextmanager
def opened(settings: Settings, name: str) -> Iterator[MongoClient[Document]]:
    """A client that may take an hour for each operation."""
    with connect(settings, name) as client:
        client.admin.command("ping")  # a database that is away is found out at once, not after the hour
    with connect(replace(settings, mongo_timeout_ms=_HOUR_MS), name) as client:
        yield client
