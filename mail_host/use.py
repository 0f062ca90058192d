"""How much each mailbox uses and when it was used last, as Dovecot notes it, and what of it was told already."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mail_host.accounts import Accounts

_SCHEMA = """
CREATE TABLE IF NOT EXISTS quota (mailbox TEXT PRIMARY KEY, bytes INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS last_login (mailbox TEXT PRIMARY KEY, at INTEGER NOT NULL DEFAULT 0);
"""


def prepare_usage(path: Path) -> None:
    """Make the file that Dovecot writes; in WAL, so that reading it never stops a delivery."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(_SCHEMA)


Row = tuple[str, int, int, int, int]
"""A mailbox with its bytes, messages, last sign-in and last sign-in to send; the moments in seconds, 0 for never."""

AT_ONCE = 500
_NOW = """
SELECT m.id, coalesce(q.bytes, 0), coalesce(q.messages, 0), coalesce(l.at, 0) / 60 * 60, coalesce(s.at, 0) / 60 * 60
FROM mailbox m LEFT JOIN used.quota q ON q.mailbox = m.id LEFT JOIN used.last_login l ON l.mailbox = m.id
  LEFT JOIN sent s ON s.mailbox = m.id
WHERE m.present = 1
EXCEPT SELECT mailbox, bytes, messages, last_login, last_sent FROM told
LIMIT ?
"""


class Usage:
    """What changed since it was told last; nothing is ever counted by looking through mail."""

    def __init__(self, accounts: Accounts, path: Path) -> None:
        self._accounts = accounts
        accounts.attach(path, "used")

    def note_sent(self, mailbox: str) -> None:
        """The mailbox signed in to send just now; to the minute, so that a busy one costs one write a minute."""
        minute = int(time.time()) // 60 * 60
        with self._accounts.transaction() as database:
            database.execute(
                "INSERT INTO sent VALUES (?, ?) ON CONFLICT (mailbox) DO UPDATE SET at = excluded.at"
                " WHERE excluded.at > sent.at",
                (mailbox, minute),
            )

    def changed(self) -> list[Row]:
        """The next mailboxes whose use has changed."""
        return [tuple(row) for row in self._accounts.rows(_NOW, AT_ONCE)]

    def note_told(self, rows: Sequence[Row]) -> None:
        """The directory knows these."""
        with self._accounts.transaction() as database:
            database.executemany("INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)", rows)

    def tell(self, host: str, ask: Callable[[str, dict[str, Any]], Any]) -> int:
        """Tell all that changed, in batches; answers how many mailboxes that were.

        Where nothing changed that is told: it is the sign by which the platform knows that this host lives.

        Raises:
            Error: the directory does not answer; the rest is told later.
        """
        told, rows = 0, self.changed()
        while True:
            ask("report_mail_usage", {"host": host, "rows": [_as_told(row) for row in rows]})
            self.note_told(rows)
            told += len(rows)
            rows = self.changed()
            if not rows:
                return told


def _as_told(row: Row) -> dict[str, Any]:
    mailbox, used, messages, last_login, last_sent = row
    return {
        "mailbox": mailbox,
        "bytes": max(used, 0),
        "messages": max(messages, 0),
        "last_login": _moment(last_login),
        "last_sent": _moment(last_sent),
    }


def _moment(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds else None
