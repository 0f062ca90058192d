"""Brings back one content that is damaged in the database, from beside a backup, while the platform runs."""

import hashlib
from pathlib import Path

from bson import Binary
from pymongo import ReplaceOne
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from shared.backup.archive import FILES, PIECES, BackupError, Stored, stored_of
from shared.backup.contents import ContentDamaged, Contents, cut
from shared.persistence import Document, connect, database
from shared.restore_mark import RestoreUnfinished, refuse_half_restored
from shared.settings import Settings

_AT_ONCE = 16
"""Pieces in one write."""


def mend(settings: Settings, folder: Path, sha256: str, *, dry_run: bool = False) -> bool:
    """Whether the content was damaged in the database; it is whole there now, or could be after a `dry_run`.

    Raises:
        BackupError: the database knows no such content, or what lies in the folder is not what the hash says: nothing
            was changed then. Or the database does not give back what was written.
    """
    try:
        with connect(settings, "backup") as client:
            refuse_half_restored(client, settings)
            files = database(client, settings, FILES[0])
            if (described := files[FILES[1]].find_one({"metadata.sha256": sha256})) is None:
                raise BackupError(f"{sha256}: the database knows no such content")
            return _mend(files[PIECES[1]], stored_of(described), Contents(folder), dry_run=dry_run)
    except (ContentDamaged, OSError, PyMongoError, RestoreUnfinished) as error:
        raise BackupError(f"{folder}: {error}") from error


def _mend(pieces: Collection[Document], one: Stored, contents: Contents, *, dry_run: bool) -> bool:
    if _is_whole(pieces, one):
        return False
    for _ in contents.read(one.sha256):  # to its end, before anything is written
        pass
    if not dry_run:
        _replace(pieces, one, contents)
        if not _is_whole(pieces, one):
            raise BackupError(f"{one.sha256}: the database does not give back what was written")
    return True


def _is_whole(pieces: Collection[Document], one: Stored) -> bool:
    digest = hashlib.sha256()
    for piece in pieces.find({"files_id": one.key}, {"data": 1}).sort("n", 1).batch_size(_AT_ONCE):
        digest.update(piece["data"])
    return digest.hexdigest() == one.sha256


def _replace(pieces: Collection[Document], one: Stored, contents: Contents) -> None:
    """Piece by piece where it stands: whoever reads meanwhile finds no hole, and a run that broke off is repeated."""
    writes: list[ReplaceOne[Document]] = []
    for number, data in enumerate(cut(contents.read(one.sha256), one.piece)):
        place = {"files_id": one.key, "n": number}
        writes.append(ReplaceOne(place, place | {"data": Binary(data)}, upsert=True))
        if len(writes) == _AT_ONCE:
            pieces.bulk_write(writes)
            writes = []
    if writes:
        pieces.bulk_write(writes)
    pieces.delete_many({"files_id": one.key, "n": {"$gte": one.pieces}})
