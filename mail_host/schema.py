"""The file of accounts: written by the agent alone, read by Dovecot and Postfix with each login and each mail.

In WAL readers and the writer never wait for each other; with a rollback journal Postfix would stall for a minute
whenever the agent writes.
"""

import sqlite3
from pathlib import Path

BUSY_SECONDS = 5.0

_SCHEMA = """
CREATE TABLE IF NOT EXISTS mailbox (
  id TEXT PRIMARY KEY, generation INTEGER NOT NULL, kind TEXT NOT NULL, present INTEGER NOT NULL,
  login INTEGER NOT NULL, delivery TEXT NOT NULL, moderated INTEGER NOT NULL, quota INTEGER NOT NULL,
  password TEXT NOT NULL, secrets INTEGER NOT NULL,
  reported INTEGER NOT NULL DEFAULT -1, problem TEXT NOT NULL DEFAULT '',
  problem_of INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS address (address TEXT PRIMARY KEY, mailbox TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS address_of ON address (mailbox);
CREATE TABLE IF NOT EXISTS sender (address TEXT, mailbox TEXT, PRIMARY KEY (address, mailbox)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sender_of ON sender (mailbox);
CREATE TABLE IF NOT EXISTS forward (mailbox TEXT, target TEXT, PRIMARY KEY (mailbox, target)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS poster (mailbox TEXT, address TEXT, PRIMARY KEY (mailbox, address)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS app_password (mailbox TEXT, id TEXT, hash TEXT NOT NULL, PRIMARY KEY (mailbox, id))
  WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS domain (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chore (
  mailbox TEXT, kind TEXT, generation INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  due REAL NOT NULL, problem TEXT NOT NULL DEFAULT '', PRIMARY KEY (kind, mailbox)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unreported ON mailbox (id) WHERE generation > reported OR problem <> '';
CREATE TABLE IF NOT EXISTS sent (mailbox TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (
  mailbox TEXT PRIMARY KEY, bytes INTEGER, messages INTEGER, last_login INTEGER, last_sent INTEGER
) WITHOUT ROWID;
"""


def open_accounts(path: Path) -> sqlite3.Connection:
    """The file, made on first use; a statement outside of `BEGIN` is a transaction of its own."""
    database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.executescript(_SCHEMA)
    return database
