"""One instruction into the rows that Dovecot and Postfix read, and the chores that follow from it."""

import sqlite3
from collections.abc import Iterable
from enum import StrEnum

from mail_host.instructions import Instruction

HOST = ""
"""In the place of a mailbox: a chore that concerns the whole host."""


class Chore(StrEnum):
    """What has to be done outside of the file before an instruction counts as followed.

    `KICK_AGAIN` comes two seconds after a kick, for who was signing in just then; nobody waits for it.
    """

    KICK = "kick"
    KICK_AGAIN = "kick_again"
    RELOAD = "reload"
    FLUSH = "flush"
    ARCHIVE = "archive"
    RESTORE = "restore"
    PURGE = "purge"


SETTLE_SECONDS = 1.0
"""How long after its removal a mailbox's files are left alone: what was just being delivered may still be written."""

_ROW = """
INSERT INTO mailbox (id, generation, kind, present, login, delivery, moderated, quota, password, secrets)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, kind = excluded.kind, present = excluded.present,
  login = excluded.login, delivery = excluded.delivery, moderated = excluded.moderated, quota = excluded.quota,
  password = excluded.password, secrets = excluded.secrets, problem = ''
WHERE excluded.generation >= mailbox.generation
"""


def follow(database: sqlite3.Connection, wanted: Instruction, now: float) -> bool:
    """Follow an instruction inside a transaction; False when a later one is known, or the directory knows nothing."""
    known = database.execute("SELECT * FROM mailbox WHERE id = ?", (wanted.mailbox,)).fetchone()
    if wanted.generation <= 0 or (known and known["generation"] > wanted.generation):
        return False
    row = (
        *(wanted.mailbox, wanted.generation, wanted.kind, wanted.exists, wanted.login, wanted.delivery),
        *(wanted.posters is not None, wanted.quota, wanted.password, wanted.secrets),
    )
    database.execute(_ROW, row)
    _replace_lists(database, wanted)
    new_domain = _add_domains(database, wanted)
    if known and known["generation"] == wanted.generation:
        return True  # the same again: its chores are done, or still there
    for mailbox, kind, due in _chores(known, wanted, new_domain, now):
        add_chore(database, mailbox, kind, wanted.generation, due)
    return True


def add_chore(database: sqlite3.Connection, mailbox: str, kind: Chore, generation: int, due: float) -> None:
    """Have something done; it replaces the same chore of an earlier generation, and what it makes void."""
    if kind in _VOID:
        marks = ", ".join("?" * len(_VOID[kind]))
        database.execute(f"DELETE FROM chore WHERE mailbox = ? AND kind IN ({marks})", (mailbox, *_VOID[kind]))
    database.execute(
        "INSERT INTO chore (mailbox, kind, generation, due) VALUES (?, ?, ?, ?) ON CONFLICT (kind, mailbox)"
        " DO UPDATE SET generation = excluded.generation, due = excluded.due, attempts = 0, problem = ''",
        (mailbox, kind, generation, due),
    )


_VOID = {
    Chore.ARCHIVE: (Chore.RESTORE,),
    Chore.RESTORE: (Chore.ARCHIVE, Chore.PURGE),
    Chore.PURGE: (Chore.ARCHIVE, Chore.RESTORE),
}


def _replace_lists(database: sqlite3.Connection, wanted: Instruction) -> None:
    """Addresses, senders, targets, posters and app passwords; an address that was another's is now this one's."""
    for table in ("address", "sender", "forward", "poster", "app_password"):
        database.execute(f"DELETE FROM {table} WHERE mailbox = ?", (wanted.mailbox,))
    of_it = [(address, wanted.mailbox) for address in wanted.addresses]
    database.executemany("INSERT OR REPLACE INTO address (address, mailbox) VALUES (?, ?)", of_it)
    may_send = [(address, wanted.mailbox) for address in wanted.senders]
    database.executemany("INSERT INTO sender (address, mailbox) VALUES (?, ?)", may_send)
    database.executemany("INSERT INTO forward VALUES (?, ?)", [(wanted.mailbox, each) for each in wanted.forwards])
    posters = [(wanted.mailbox, address) for address in wanted.posters or ()]
    database.executemany("INSERT INTO poster VALUES (?, ?)", posters)
    passwords = [(wanted.mailbox, each.id, each.hash) for each in wanted.app_passwords]
    database.executemany("INSERT INTO app_password VALUES (?, ?, ?)", passwords)


def _add_domains(database: sqlite3.Connection, wanted: Instruction) -> bool:
    """Whether one of the domains is new here; a domain stays, so that mail for it is refused for the right reason."""
    added = [database.execute("INSERT OR IGNORE INTO domain VALUES (?)", (name,)).rowcount for name in wanted.domains]
    return any(count > 0 for count in added)


def _chores(
    known: sqlite3.Row | None, wanted: Instruction, new_domain: bool, now: float
) -> Iterable[tuple[str, Chore, float]]:
    if new_domain:  # a Postfix process remembers for minutes that a domain was unknown
        yield HOST, Chore.RELOAD, now
    if known and _ends_sessions(known, wanted):
        yield wanted.mailbox, Chore.KICK, now
    if known and known["delivery"] == "defer" and wanted.delivery == "accept":
        yield HOST, Chore.FLUSH, now
    if wanted.purge:
        yield wanted.mailbox, Chore.PURGE, now + SETTLE_SECONDS
    elif wanted.archive and not (known and not known["present"] and known["generation"] > 0):
        yield wanted.mailbox, Chore.ARCHIVE, now + SETTLE_SECONDS
    elif wanted.exists and known and not known["present"] and known["generation"] > 0:
        yield wanted.mailbox, Chore.RESTORE, now


def _ends_sessions(known: sqlite3.Row, wanted: Instruction) -> bool:
    """Who may no longer sign in, or only with another secret, must not go on in an open session."""
    if not known["login"]:
        return False
    return not wanted.login or wanted.secrets > known["secrets"] or wanted.password != known["password"]
