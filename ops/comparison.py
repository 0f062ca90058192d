"""One aggregate as it is in the database, and as it was in each backup of a folder: which night it was altered.

It names fields and judges chains, and shows nothing of what is in them.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from bson import decode_file_iter

from ops.chains import ASIDE
from ops.report import Report, Row
from shared.as_found import as_found, raw
from shared.backup.archive import RAW, manifest_of
from shared.backup.listing import Seen, look
from shared.history import ASIDE as NEVER_COVERED
from shared.history import entries_of, verify_stored
from shared.persistence import Document, connect, database
from shared.settings import Settings

COLUMNS = ("where", "made_at", "entries", "chain", "differs_in", "problem")
DATABASE = "database"


def compare(settings: Settings, folder: Path, service: str, collection: str, key: str) -> Report:
    """The database's first, then the files', newest first; a chain that is not whole and a broken file are problems.

    Raises:
        BackupError: there is no such folder.
    """
    with connect(settings, "operator") as client:
        stored = raw(database(client, settings, service)[collection]).find_one({"_id": key})
    now = as_found(stored) if stored else None
    aside = ASIDE.get(service, frozenset())
    rows = [_row(DATABASE, now, now, aside)]
    for seen in look(folder):
        rows.append(_of_file(seen, service, collection, key, now, aside) | {"made_at": seen.made_at})
    return Report("Một hồ sơ qua các bản sao lưu · One aggregate through the backups", COLUMNS, rows)


def _of_file(seen: Seen, service: str, collection: str, key: str, now: Document | None, aside: frozenset[str]) -> Row:
    if seen.made_at is None:
        return {"where": str(seen.path), "problem": seen.problem}
    try:
        found = next(_kept(seen.path, service, collection, key), None)
    except (OSError, zipfile.BadZipFile, ValueError) as error:
        return {"where": str(seen.path), "problem": f"cannot be read: {error!r}"}
    return _row(str(seen.path), found, now, aside)


def _kept(path: Path, service: str, collection: str, key: str) -> Iterator[Document]:
    """The aggregate in a file, which is read up to it."""
    with zipfile.ZipFile(path) as archive:
        for described in manifest_of(archive, path)["collections"]:
            if (described["database"], described["collection"]) == (service, collection) and "file" in described:
                with archive.open(described["file"]) as entry:
                    yield from (as_found(one) for one in decode_file_iter(entry, RAW) if one["_id"] == key)


def _row(where: str, found: Document | None, now: Document | None, aside: frozenset[str]) -> Row:
    if found is None:
        return {"where": where, "chain": "not in it"}
    broken = verify_stored(found, aside)
    problem = f"entry {broken.seq}: {broken.problem}" if broken else ""
    return {
        "where": where,
        "entries": len(entries_of(found)),
        "chain": "altered" if broken else "whole",
        "differs_in": ", ".join(_differing(found, now)) if now else "",
        "problem": problem,
    }


def _differing(found: Document, now: Document) -> list[str]:
    """The fields that are not the same, but for those that are derived."""
    names = (found.keys() | now.keys()) - (NEVER_COVERED - {"history"})
    return sorted(name for name in names if found.get(name) != now.get(name))
