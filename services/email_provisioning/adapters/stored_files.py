"""Files in the platform's file store: uploaded ones, and those that the directory writes."""

import io

from shared.errors import TooLarge
from shared.files import FileStore, StoredFile

PRINTER = "printer"
"""Who owns what was written here; everybody who may ask for it gets it by its id."""

MOST_BYTES = 50 * 1024 * 1024


class StoredFiles:
    """Implements `ports.Files`."""

    def __init__(self, store: FileStore) -> None:
        self._store = store

    def claim(self, file_id: str, owner: str) -> StoredFile:
        """The file that `owner` uploaded."""
        return self._store.claim(file_id, owner)

    def keep(self, content: bytes, name: str, media_type: str) -> StoredFile:
        """Take in what the platform itself wrote; the same content is kept once."""
        stream = io.BytesIO(content)
        return self._store.put(stream, limit=MOST_BYTES, name=name, declared_type=media_type, owner=PRINTER)

    def read(self, file_id: str, limit: int) -> bytes:
        """A whole content."""
        opened = self._store.open(file_id)
        if opened.size > limit:
            raise TooLarge("file_too_large", limit=limit)
        return b"".join(opened.chunks)
