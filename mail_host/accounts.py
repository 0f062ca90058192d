"""What this host does with each mailbox: followed in one transaction with the chores that it makes."""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mail_host.following import HOST, Chore, add_chore, follow
from mail_host.instructions import Instruction
from mail_host.schema import open_accounts

MOST_LETTERS = 500
"""Of a problem that is told."""

LENGTHY = (Chore.ARCHIVE, Chore.RESTORE, Chore.PURGE)
_NOT_WAITED_FOR = f"'{Chore.KICK_AGAIN}', '{Chore.FLUSH}'"


@dataclass(frozen=True, slots=True)
class DueChore:
    """A chore that can be done now; `attempts` failed before."""

    mailbox: str
    kind: Chore
    generation: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a generation; `problem` in words, empty when it is followed."""

    mailbox: str
    generation: int
    problem: str


class Accounts:
    """The only writer of the file."""

    def __init__(self, path: Path) -> None:
        self._database = open_accounts(path)

    def attach(self, path: Path, name: str) -> None:
        """Let questions read a second file, under a name."""
        self._database.execute(f"ATTACH ? AS {name}", (str(path),))

    def rows(self, question: str, *values: object) -> list[sqlite3.Row]:
        """What a question finds."""
        return self._database.execute(question, values).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All changes inside become visible together, or none."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def follow(self, instructions: Iterable[Instruction], now: float | None = None) -> int:
        """Follow instructions together; answers how many were followed. A generation before the known one never is."""
        with self.transaction() as database:
            return sum(follow(database, each, time.time() if now is None else now) for each in instructions)

    def refuse(self, mailbox: str, generation: int, problem: str) -> None:
        """Note that an instruction cannot be followed, so that it is told."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO mailbox (id, generation, kind, present, login, delivery, moderated, quota, password,"
                " secrets, problem, problem_of) VALUES (?, -1, '', 0, 0, 'reject', 0, 0, '', 0, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET problem = excluded.problem, problem_of = excluded.problem_of",
                (mailbox, problem[:MOST_LETTERS], generation),
            )

    def generations(self, after: str, before: str | None) -> dict[str, int]:
        """What is known of the mailboxes behind one identifier and up to another, or to the end."""
        rows = self._database.execute(
            "SELECT id, generation FROM mailbox WHERE id > ? AND (? IS NULL OR id <= ?) AND generation > 0",
            (after, before, before),
        )
        return dict(tuple(row) for row in rows)

    def is_present(self, mailbox: str) -> bool:
        """Whether the mailbox is to be on this host."""
        row = self._database.execute("SELECT present FROM mailbox WHERE id = ?", (mailbox,)).fetchone()
        return bool(row and row["present"])

    def mailbox_at(self, address: str) -> str:
        """The mailbox to which an address leads; what is no address here stays as it is."""
        address = address.lower()
        row = self._database.execute("SELECT mailbox FROM address WHERE address = ?", (address,)).fetchone()
        return str(row["mailbox"]) if row else address

    def may_post(self, sender: str, recipient: str) -> bool:
        """Whether this address may write to the moderated group at that one."""
        found = self._database.execute(
            "SELECT 1 FROM address a JOIN mailbox m ON m.id = a.mailbox WHERE a.address = ?"
            " AND (m.moderated = 0 OR EXISTS (SELECT 1 FROM poster p WHERE p.mailbox = m.id AND p.address = ?))",
            (recipient, sender),
        )
        return found.fetchone() is not None

    def due_chores(self, kinds: Iterable[Chore], limit: int, now: float | None = None) -> list[DueChore]:
        """Chores of these kinds whose time has come, the oldest first."""
        wanted = list(kinds)
        rows = self._database.execute(
            f"SELECT mailbox, kind, generation, attempts FROM chore WHERE kind IN ({','.join('?' * len(wanted))})"
            " AND due <= ? ORDER BY due LIMIT ?",
            (*wanted, time.time() if now is None else now, limit),
        )
        return [DueChore(row["mailbox"], Chore(row["kind"]), row["generation"], row["attempts"]) for row in rows]

    def finish(self, chores: Sequence[DueChore], then: Sequence[tuple[str, Chore, float]] = ()) -> None:
        """Chores are done, unless a later generation wants the same again; `then` others are due, by their moment."""
        with self.transaction() as database:
            for chore in chores:
                done = (chore.mailbox, chore.kind, chore.generation)
                database.execute("DELETE FROM chore WHERE mailbox = ? AND kind = ? AND generation <= ?", done)
            for mailbox, kind, due in then:
                add_chore(database, mailbox, kind, 0, due)

    def postpone(self, chores: Sequence[DueChore], problem: str, due: float) -> None:
        """Chores failed and are tried again at a moment; a problem that is new is told."""
        with self.transaction() as database:
            for chore in chores:
                database.execute(
                    "UPDATE mailbox SET problem = ?, problem_of = generation WHERE id = ? AND NOT EXISTS"
                    " (SELECT 1 FROM chore WHERE mailbox = ? AND kind = ? AND problem = ?)",
                    (problem, chore.mailbox, chore.mailbox, chore.kind, problem),
                )
                database.execute(
                    "UPDATE chore SET attempts = attempts + 1, problem = ?, due = ? WHERE mailbox = ? AND kind = ?",
                    (problem, due, chore.mailbox, chore.kind),
                )

    def unreported(self, limit: int) -> list[Report]:
        """What the directory was not told yet: problems, and generations that no open chore stands behind."""
        rows = self._database.execute(
            "SELECT id, generation, '' AS problem FROM mailbox m WHERE generation > reported AND NOT EXISTS"
            f" (SELECT 1 FROM chore c WHERE c.mailbox IN (m.id, '{HOST}') AND c.kind NOT IN ({_NOT_WAITED_FOR}))"
            " UNION ALL SELECT id, problem_of, problem FROM mailbox WHERE problem <> '' LIMIT ?",
            (limit,),
        )
        return [Report(*row) for row in rows]

    def note_reported(self, reports: Iterable[Report]) -> None:
        """The directory knows."""
        with self.transaction() as database:
            for report in reports:
                if report.problem:
                    statement = "UPDATE mailbox SET problem = '' WHERE id = ? AND problem_of = ?"
                else:
                    statement = "UPDATE mailbox SET reported = max(reported, ?2) WHERE id = ?1"
                database.execute(statement, (report.mailbox, report.generation))

    def count(self) -> dict[str, int]:
        """How many mailboxes are present, wait to be reported, and chores are open."""
        row = self._database.execute(
            "SELECT (SELECT count(*) FROM mailbox WHERE present = 1) AS mailboxes,"
            " (SELECT count(*) FROM mailbox WHERE generation > reported OR problem <> '') AS unreported,"
            " (SELECT count(*) FROM chore) AS chores"
        ).fetchone()
        return dict(row)
