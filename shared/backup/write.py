"""Writes a backup, reads it again, and only then removes the oldest.

Contents of files are taken first, those that are not there yet: they never change. Then all the rest is read from one
snapshot, which MongoDB keeps for five minutes, or as long as it is told. A run that broke off has left to the next one
the contents that it took.
"""

import fcntl
import hashlib
import heapq
import os
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from bson import json_util
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.collection import Collection
from pymongo.errors import OperationFailure, PyMongoError

from shared.backup.archive import (
    FILES,
    FORMAT,
    MANIFEST,
    PIECES,
    RAW,
    BackupError,
    Described,
    Stored,
    Tell,
    check,
    collections_of,
    manifest_of,
    note_check,
    opened,
    stored_in,
    stored_of,
)
from shared.backup.contents import ContentDamaged, Contents
from shared.job_runs import noted_run, runs
from shared.persistence import Document, connect
from shared.restore_mark import RestoreUnfinished, refuse_half_restored
from shared.settings import Settings

NAME = "backup"
_MOMENTS = 5
"""How many are tried: before MongoDB 7, none can be read after which a collection was made that is to be read."""

_BETWEEN_MOMENTS = 0.5
"""Seconds."""

_SNAPSHOT_UNAVAILABLE = 246
_FASTEST = 1
"""Of zlib's levels: the next ones take twice the time and more, for a tenth of the room."""

_ROUND = 30
"""In so many days each content that was taken earlier is read again once."""

_AT_ONCE = 1000
"""Descriptions of files between two questions: the database forgets who does not ask for ten minutes."""


@dataclass(slots=True)
class Written:
    """What a run wrote: its file, how much is in it, and what a person must see to."""

    path: Path
    documents: int = 0
    new_contents: int = 0
    problems: list[str] = field(default_factory=list)


def count(settings: Settings) -> int:
    """About how many documents there are to be written."""
    prefix = settings.mongo_database_prefix
    with connect(settings, NAME) as client:
        names = [found for found in collections_of(client, prefix) if found != PIECES]
        return sum(client[prefix + database][one].estimated_document_count() for database, one in names)


def write(settings: Settings, folder: Path, keep: int, tell: Tell = lambda _: None) -> Written:
    """Write a new file, readable by its owner alone, read it again, and remove the oldest beyond `keep`.

    Raises:
        BackupError: not all could be read from one moment, or written, or it is not whole; no file is left then.
    """
    moment, path = _free_name(folder)
    written, draft = Written(path), path.with_suffix(".new")
    try:
        with connect(settings, NAME) as client:
            refuse_half_restored(client, settings)
        with _alone(folder), opened(settings, NAME) as client:
            _remove(folder.glob("truc-chung-*.new"))  # of runs that were killed: they may be what fills the disk
            writing = _Writing(client, settings, Contents(folder), written, tell)
            try:
                _write_draft(draft, writing, moment)
                check(draft, chosen=_of_today(moment))
                draft.rename(written.path)
            finally:
                draft.unlink(missing_ok=True)
            note_check(written.path, "")
            for old in sorted(folder.glob("truc-chung-*.zip"))[:-keep]:
                _remove([old, old.with_suffix(".checked")])
            written.problems += _clear_contents(folder)
    except (OSError, PyMongoError, RestoreUnfinished) as error:
        raise BackupError(f"{written.path}: {error}") from error
    return written


def write_noted(settings: Settings, folder: Path, keep: int, tell: Tell = lambda _: None) -> Written:
    """`write`, and note that it ran (`shared.job_runs`).

    Raises:
        BackupError: as `write`.
    """
    with noted_run(settings, NAME) as run:
        written = write(settings, folder, keep, tell)
        run.done, run.problems = written.documents, len(written.problems)
        row = {"file": written.path.name, "bytes": written.path.stat().st_size, "new_contents": written.new_contents}
        run.found = [row, *({"problem": problem} for problem in written.problems)]
    return written


def _free_name(folder: Path) -> tuple[datetime, Path]:
    """Now, or a second later where a file bears the name of now."""
    while (path := folder / f"truc-chung-{(moment := datetime.now(UTC)):%Y%m%dT%H%M%SZ}.zip").exists():
        time.sleep(0.1)
    return moment, path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """The kernel lets go what a killed run had locked."""
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"{folder}: another run writes there") from None
        yield


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _of_today(moment: datetime) -> Callable[[str], bool]:
    """Which contents of earlier runs are read again: each once in a while, so that a disk that forgets is found out."""
    turn = moment.toordinal() % _ROUND
    return lambda sha256: int(sha256[:8], 16) % _ROUND == turn


def _clear_contents(folder: Path) -> list[str]:
    """Remove the contents on which no file stands any more; while a file cannot be read, none."""
    with ExitStack() as opening:
        wanted = []
        for path in sorted(folder.glob("truc-chung-*.zip")):
            try:
                archive = opening.enter_context(zipfile.ZipFile(path))
                wanted.append(stored_in(archive, manifest_of(archive, path)))
            except (BackupError, OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
                return [f"{path} cannot be read ({error}): no contents were cleared away"]
        Contents(folder).keep_only(one.sha256 for one in heapq.merge(*wanted, key=lambda one: one.sha256))
    return []


def _write_draft(draft: Path, writing: "_Writing", moment: datetime) -> None:
    writing.take_contents()
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        _write_readable(file, writing, moment)
        file.flush()
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # else the check would read our own memory


def _write_readable(file: IO[bytes], writing: "_Writing", moment: datetime) -> None:
    """Begin anew with a later moment when one cannot be read; `tell` then hears that what it heard is taken back."""
    for left in reversed(range(_MOMENTS)):
        try:
            writing.write_to(file, moment)
        except OperationFailure as error:
            if error.code != _SNAPSHOT_UNAVAILABLE or not left:
                raise
            writing.take_back()
            file.seek(0)
            file.truncate()
            time.sleep(_BETWEEN_MOMENTS)
        else:
            return


class _Writing:
    """One run: reads the databases, and writes contents and file."""

    def __init__(
        self, client: MongoClient[Document], settings: Settings, contents: Contents, written: Written, tell: Tell
    ) -> None:
        self._client, self._settings, self._contents = client, settings, contents
        self._prefix = settings.mongo_database_prefix
        self._written, self._tell = written, tell
        self._damaged: list[str] = []
        self._told = self._pieces = 0

    def take_contents(self, session: ClientSession | None = None) -> None:
        """Store the contents that are not there yet: those of now, or all of a moment."""
        self._damaged, self._pieces = [], 0
        descriptions = self._collection(FILES).find({}, session=session).sort("metadata.sha256", 1)
        for description in descriptions.allow_disk_use(True).batch_size(_AT_ONCE):
            one = stored_of(description)
            self._pieces += one.pieces
            if not self._contents.has(one.sha256, one.size):
                self._take(one, session)

    def _take(self, one: Stored, session: ClientSession | None) -> None:
        pieces = self._collection(PIECES).find({"files_id": one.key}, {"data": 1, "_id": 0}, session=session)
        try:
            self._contents.put(one.sha256, (piece["data"] for piece in pieces.sort("n", 1)))
            self._written.new_contents += 1
        except ContentDamaged:  # the others shall not be without a backup for it; what was removed meanwhile is no loss
            self._damaged.append(one.sha256)
            self._pieces -= one.pieces

    def write_to(self, file: IO[bytes], moment: datetime) -> None:
        """Everything of one moment."""
        client = self._client
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_FASTEST) as archive,
            client.start_session(snapshot=True) as session,
        ):
            runs(client, self._settings).find_one({}, session=session)  # whatever is read first decides the moment
            names = list(collections_of(client, self._prefix))  # at once, so that none is missed that was there then
            self.take_contents(session)
            described = [self._describe(name, archive, session) for name in names]
            manifest = {"format": FORMAT, "made_at": moment.isoformat(), "collections": described}
            archive.writestr(MANIFEST, json_util.dumps(manifest | {"damaged": self._damaged}, indent=1))
        self._written.documents = sum(one["count"] for one in described)
        self._written.problems = [f"the content {sha256} is damaged in the database" for sha256 in self._damaged]

    def take_back(self) -> None:
        """Tell that what was told is of no use."""
        self._tell(-self._told)
        self._told = 0

    def _describe(self, name: tuple[str, str], archive: zipfile.ZipFile, session: ClientSession) -> Described:
        written = {"count": self._pieces} if name == PIECES else self._write_collection(name, archive, session)
        indexes = [dict(index) for index in self._client[self._prefix + name[0]][name[1]].list_indexes()]
        return {"database": name[0], "collection": name[1], **written, "indexes": indexes}

    def _write_collection(self, name: tuple[str, str], archive: zipfile.ZipFile, session: ClientSession) -> Described:
        file, count, digest = f"{name[0]}/{name[1]}.bson", 0, hashlib.sha256()
        found = self._collection(name).find({}, session=session)
        if name == FILES:
            found = found.sort("metadata.sha256", 1).allow_disk_use(True)
        with archive.open(file, "w", force_zip64=True) as entry:
            for document in found:
                entry.write(document.raw)
                digest.update(document.raw)
                count += 1
                self._told += 1
                self._tell(1)
        return {"file": file, "count": count, "sha256": digest.hexdigest()}

    def _collection(self, name: tuple[str, str]) -> Collection[Any]:
        return self._client.get_database(self._prefix + name[0], codec_options=RAW)[name[1]]
