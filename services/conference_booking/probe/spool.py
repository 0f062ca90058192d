"""Keeps samples on disk until the centre has acknowledged them; when it is full the oldest make room.

Numbers never come again, whatever breaks: what is sent twice is known by its number.
"""

import json
import secrets
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS samples (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS about (source TEXT NOT NULL);
"""


class Spool:
    """A file of samples; `source` names it, so that one that begins anew is not taken for its predecessor.

    One thread at a time; every change is on disk when the call returns.
    """

    def __init__(self, path: Path, most: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most = most
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; {_TABLES}")
        self._file.execute("INSERT INTO about SELECT ? WHERE NOT EXISTS (SELECT 1 FROM about)", (secrets.token_hex(8),))
        self.source: str = self._file.execute("SELECT source FROM about").fetchone()[0]

    def add(self, sample: Mapping[str, Any]) -> int:
        """Keep a sample; how many of the oldest had to make room."""
        self._file.execute("BEGIN IMMEDIATE")
        added = self._file.execute("INSERT INTO samples (body) VALUES (?)", (json.dumps(sample),))
        last = added.lastrowid or 0
        oldest = "SELECT sequence FROM samples ORDER BY sequence DESC LIMIT 1 OFFSET ?"
        gone = self._file.execute(f"DELETE FROM samples WHERE sequence <= ({oldest})", (self._most,)).rowcount
        self._file.execute("COMMIT")
        assert last > 0, "a row has a number"
        return gone

    def oldest(self, limit: int) -> list[dict[str, Any]]:
        """The oldest samples with their numbers, in order."""
        rows = self._file.execute("SELECT sequence, body FROM samples ORDER BY sequence LIMIT ?", (limit,))
        return [{"sequence": sequence, **json.loads(body)} for sequence, body in rows]

    def forget(self, last: int) -> None:
        """What was acknowledged, up to this number, is kept no longer."""
        self._file.execute("DELETE FROM samples WHERE sequence <= ?", (last,))

    def __len__(self) -> int:
        """How many wait."""
        return int(self._file.execute("SELECT count(*) FROM samples").fetchone()[0])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
