"""Keeps samples on disk until the centre has acknowledged them; when it is full the oldest make room.

Numbers never come again, whatever breaks: what is sent twice is known by its number.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS samples (sequence INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS about (source TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, why TEXT NOT NULL);
"""

MOST_REFUSED = 1000
"""Refused samples that are kept to be looked at; the newest stay."""


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
        with self._together():
            self._file.execute("INSERT INTO samples (body) VALUES (?)", (json.dumps(sample),))
            return self._cut("samples", self._most)

    def set_aside(self, sequence: int, why: str) -> None:
        """Keep a sample that the centre will never take where it is in nobody's way."""
        with self._together():
            aside = "INSERT INTO refused SELECT sequence, body, ? FROM samples WHERE sequence = ?"
            self._file.execute(aside, (why, sequence))
            self._file.execute("DELETE FROM samples WHERE sequence = ?", (sequence,))
            self._cut("refused", MOST_REFUSED)

    @contextmanager
    def _together(self) -> Iterator[None]:
        """All of it on disk or, on a disk that is full, nothing and no transaction left open."""
        self._file.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._file.execute("COMMIT")
        except BaseException:
            if self._file.in_transaction:
                self._file.execute("ROLLBACK")
            raise

    def _cut(self, table: str, most: int) -> int:
        """Let the oldest rows go; how many."""
        first = f"SELECT sequence FROM {table} ORDER BY sequence DESC LIMIT 1 OFFSET ?"
        return self._file.execute(f"DELETE FROM {table} WHERE sequence <= ({first})", (most,)).rowcount

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
