"""Writes a backup: all is read from one snapshot, which MongoDB keeps for five minutes (or as long as it is told)."""

import fcntl
import hashlib
import os
import time
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from bson import json_util
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError

from shared.backup.archive import FORMAT, MANIFEST, RAW, BackupError, Described, Tell, collections_of, opened
from shared.job_runs import noted_run, runs
from shared.persistence import Document, connect
from shared.restore_mark import RestoreUnfinished, refuse_half_restored
from shared.settings import Settings

_MOMENTS = 5
"""How many are tried: before MongoDB 7, none can be read after which a collection was made that is to be read."""

_BETWEEN_MOMENTS = 0.5
"""Seconds."""

_SNAPSHOT_UNAVAILABLE = 246
NAME = "backup"


def count(settings: Settings) -> int:
    """About how many documents there are to be written."""
    prefix = settings.mongo_database_prefix
    with connect(settings, NAME) as client:
        names = list(collections_of(client, prefix))
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
        with connect(settings, NAME) as client:
            refuse_half_restored(client, settings)
        private = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(private, "wb") as file, opened(settings, NAME) as client:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write_readable(file, client, settings, moment, tell)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
    except (OSError, PyMongoError, RestoreUnfinished) as error:
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
    with noted_run(settings, NAME) as run:

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
        for database, collection in list(collections_of(client, prefix)):  # so that none is missed that was there then
            source: Collection[Any] = client.get_database(prefix + database, codec_options=RAW)[collection]
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
