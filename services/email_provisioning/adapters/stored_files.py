"""Uploaded files, from the platform's file store."""

from shared.errors import TooLarge
from shared.files import FileStore, StoredFile


class StoredFiles:
    """Implements `ports.Files`."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def claim(self, file_id: str, owner: str) -> StoredFile:
        """The file that `owner` uploaded."""
        return self._store.claim(file_id, owner)

    def read(self, file_id: str, limit: int) -> bytes:
        """A whole content."""
        opened = self._store.open(file_id)
        if opened.size > limit:
            raise TooLarge("file_too_large", limit=limit)
        return b"".join(opened.chunks)
