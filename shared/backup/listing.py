"""Which backups a folder holds, how old and how large, and when each was last found whole."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shared.backup.archive import BackupError, manifest_of


@dataclass(frozen=True, slots=True)
class Seen:
    """A file of a folder: `made_at` is None where it ends too early or is none of ours, `problem` what is wrong."""

    path: Path
    size: int
    made_at: datetime | None
    documents: int
    checked_at: datetime | None
    problem: str


def look(folder: Path) -> Iterator[Seen]:
    """Newest first; whether each byte is right only `check` finds out.

    Raises:
        BackupError: there is no such folder.
    """
    if not folder.is_dir():
        raise BackupError(f"{folder}: there is no such folder")
    for path in sorted(folder.glob("truc-chung-*.zip"), reverse=True):
        made_at, documents, problem = _manifest(path)
        checked_at, found = _last_check(path)
        yield Seen(path, path.stat().st_size, made_at, documents, checked_at, problem or found)


def _manifest(path: Path) -> tuple[datetime | None, int, str]:
    """A ZIP whose end is missing cannot be opened."""
    try:
        with zipfile.ZipFile(path) as archive:
            manifest = manifest_of(archive, path)
    except (BackupError, OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        return None, 0, f"not complete: {error}"
    return datetime.fromisoformat(manifest["made_at"]), sum(one["count"] for one in manifest["collections"]), ""


def _last_check(path: Path) -> tuple[datetime | None, str]:
    note = path.with_suffix(".checked")
    if not note.exists():
        return None, "never read again since it was written: `backup check`"
    moment, _, problem = note.read_text("utf-8").strip().partition(" ")
    return datetime.fromisoformat(moment).astimezone(UTC), problem
