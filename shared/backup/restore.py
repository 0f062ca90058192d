"""Brings back what a backup holds, where nobody else is connected to the database."""

import re
import time
import uuid
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from bson import Binary, ObjectId, decode_file_iter, encode
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from shared import restore_mark
from shared.backup.archive import (
    RAW,
    BackupError,
    Described,
    Stored,
    Tell,
    check,
    collections_of,
    manifest_of,
    opened,
    stored_in,
)
from shared.backup.contents import Contents, cut
from shared.persistence import Document, application_name
from shared.settings import Settings

_BATCH = 1000
_BATCH_BYTES = 8 << 20
"""Pieces of files are large: a thousand of them at once would not fit into the job's memory."""

_PARTING_SECONDS = 5.0
"""How long the database may take to notice that somebody has ended."""

_UNAUTHORIZED = 13


def restore(
    settings: Settings,
    path: Path,
    *,
    replace_all: bool = False,
    begun: Callable[[], bool] = lambda: True,
    ending: Callable[[], object] = lambda: None,
    tell: Tell = lambda _: None,
) -> int:
    """Bring back every document and index, and answer how many documents; nothing of the platform may run meanwhile.

    A mark stands from before the first document goes until all is back (`shared.restore_mark`); while one stands,
    repeating needs no `replace_all`. `begun` is called once it stands, and answers whether queues are empty now;
    `ending` when all is back and it still stands.

    Raises:
        BackupError: the file is not whole, somebody is connected, or documents are there and shall not be replaced;
            nothing was changed then.
    """
    collections, prefix, name = check(path), settings.mongo_database_prefix, f"restore {uuid.uuid4().hex[:8]}"
    with opened(settings, name) as client, zipfile.ZipFile(path) as archive:
        _refuse_beside_others(client, settings, name)
        there = _with_documents(client, prefix)
        if there and not replace_all and not restore_mark.unfinished(client, settings):
            raise BackupError(f"{', '.join(there)} hold documents: --replace would remove them")
        restore_mark.begin(client, settings, path.name)
        queues_are_empty = begun()
        for database, collection in list(collections_of(client, prefix)):
            client[prefix + database].drop_collection(collection)  # a whole database may be dropped by its admin only
        stored = stored_in(archive, manifest_of(archive, path))
        pieces = (piece for one in stored for piece in _pieces(one, Contents(path.parent)))
        for described in collections:
            _bring_back(client, prefix, described, archive, pieces, tell)
        ending()
        (restore_mark.end if queues_are_empty else restore_mark.leave_queues)(client, settings)
    return sum(described["count"] for described in collections)


def _refuse_beside_others(client: MongoClient[Document], settings: Settings, own: str) -> None:
    """Whoever of the platform is connected would write between what comes back, whether it reads a queue or not."""
    until = time.monotonic() + _PARTING_SECONDS
    while connected := _connected(client, settings, own):
        if time.monotonic() > until:
            raise BackupError(f"still connected to the database: {', '.join(connected)}; stop them all first")
        time.sleep(0.2)


def _connected(client: MongoClient[Document], settings: Settings, own: str) -> list[str]:
    admin = client.get_database("admin", read_concern=ReadConcern("local"))
    of_ours = {"$regex": f"{re.escape(application_name(settings, ''))}$", "$ne": application_name(settings, own)}
    everybody = {"allUsers": True, "idleConnections": True}
    look: list[Document] = [{"$currentOp": everybody}, {"$match": {"appName": of_ours}}]
    try:
        return sorted(
            {f"{one['appName']} ({one.get('client', '?').rpartition(':')[0]})" for one in admin.aggregate(look)}
        )
    except OperationFailure as error:
        if error.code != _UNAUTHORIZED:
            raise
        raise BackupError("may not see who is connected to the database: the role clusterMonitor is needed") from error


def databases_with_documents(settings: Settings) -> list[str]:
    """The databases that a restore would have to replace."""
    with opened(settings, "restore") as client:
        return _with_documents(client, settings.mongo_database_prefix)


def _with_documents(client: MongoClient[Document], prefix: str) -> list[str]:
    found = {
        prefix + database
        for database, collection in collections_of(client, prefix)
        if client[prefix + database][collection].find_one({}, {"_id": 1}) is not None
    }
    return sorted(found)


def _bring_back(
    client: MongoClient[Document],
    prefix: str,
    described: Described,
    archive: zipfile.ZipFile,
    pieces: Iterator[RawBSONDocument],
    tell: Tell,
) -> None:
    """What has no file in the archive are the pieces of files."""
    database, name = client[prefix + described["database"]], f"{described['database']}/{described['collection']}"
    target = database.create_collection(described["collection"], codec_options=RAW)
    with ExitStack() as opening:
        inside = described.get("file")
        documents = decode_file_iter(opening.enter_context(archive.open(inside)), RAW) if inside else pieces
        for batch in in_batches(documents):
            target.insert_many(batch)
            tell(len(batch))
    indexes = [{key: value for key, value in index.items() if key != "v"} for index in described["indexes"]]
    if indexes:
        database.command("createIndexes", described["collection"], indexes=indexes)
    if (count := target.count_documents({})) != described["count"]:
        raise BackupError(f"{name}: {count} documents came back of {described['count']}")


def _pieces(one: Stored, contents: Contents) -> Iterator[RawBSONDocument]:
    """As GridFS has them."""
    for number, data in enumerate(cut(contents.read(one.sha256), one.piece)):
        yield _piece(one, number, data)


def _piece(one: Stored, number: int, data: bytes) -> RawBSONDocument:
    return RawBSONDocument(encode({"_id": ObjectId(), "files_id": one.key, "n": number, "data": Binary(data)}))


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
