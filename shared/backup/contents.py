"""Contents of files beside the backups: each lies there once, under its hash, however many backups stand on it.

`contents/ab/ab12…` is what the platform keeps under that SHA-256 (`shared.file_bucket`). A content never changes, so
a backup takes those that are not there yet; what no backup stands on any more is removed.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

FOLDER = "contents"
_BLOCK = 1 << 20


class ContentDamaged(Exception):
    """What was read is not what its hash says, in the database or on the disk."""


class Contents:
    """The contents of one folder of backups; only one process may write to it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._draft = self._folder / "content.new"

    def path(self, sha256: str) -> Path:
        """Where a content lies, or would."""
        return self._folder / sha256[:2] / sha256

    def has(self, sha256: str, size: int) -> bool:
        """Whether it is there in its full size."""
        try:
            return self.path(sha256).stat().st_size == size
        except FileNotFoundError:
            return False

    def put(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Store a content, and read it again from the disk: under its name stands nothing that was not found whole.

        Raises:
            ContentDamaged: the chunks are of something else, or the disk gives back what was not written.
        """
        target = self.path(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)  # else the check would read our own memory
        for _ in _checked(self._draft, sha256):
            pass
        self._draft.rename(target)

    def read(self, sha256: str) -> Iterator[bytes]:
        """A content in blocks.

        Raises:
            ContentDamaged: after the last block, that it is not what it should be.
            OSError: it is not there.
        """
        return _checked(self.path(sha256), sha256)

    def keep_only(self, wanted: Iterable[str]) -> int:
        """Remove all but these, which come in order; answers how many went."""
        left, removed = iter(wanted), 0
        next_wanted = next(left, None)
        for path in self._stored():
            while next_wanted is not None and next_wanted < path.name:
                next_wanted = next(left, None)
            if path.name != next_wanted:
                path.unlink()
                removed += 1
        return removed

    def _stored(self) -> Iterator[Path]:
        """All, in the order of their hashes."""
        for part in sorted(path for path in self._folder.glob("??") if path.is_dir()):
            yield from sorted(part.iterdir())


def _checked(path: Path, sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            yield block
    if digest.hexdigest() != sha256:
        raise ContentDamaged(f"{path} is not what its name says")


def cut(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of one size; the last may be shorter."""
    held = b""
    for block in blocks:
        held += block
        while len(held) >= size:
            yield held[:size]
            held = held[size:]
    if held:
        yield held
