"""The chain of a document's message log: every hop carries the hash of the one before it."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.history import canonical, entry_hash

Hop = Mapping[str, Any]


def link(document: str, seq: int, before: str, hop: Hop) -> dict[str, Any]:
    """A hop as row `seq` of the log of a document; `before` is the hash of the row before it, "" for none."""
    row = {"document": document, "seq": seq, "prev": before, **hop}
    return row | {"hash": row_hash(row)}


def row_hash(row: Hop) -> str:
    """SHA-256 over the canonical form of a row without its own hash and the database's key."""
    return entry_hash({name: value for name, value in row.items() if name not in ("_id", "hash")})


DERIVED = frozenset(
    {
        *("history", "outbox", "head", "version"),
        *("search", "text_words", "text_pending", "signatures", "due_work", "next_due_at"),
        *("attempts", "last_error", "retry_at"),
    }
)
"""Fields of an aggregate that have proofs of their own, or change without a new version because they prove nothing."""


def state_digest(aggregate: Mapping[str, Any]) -> str:
    """SHA-256 over everything that is stored of an aggregate and could be altered behind its history's back."""
    state = {name: value for name, value in aggregate.items() if name not in DERIVED}
    return hashlib.sha256(canonical(state)).hexdigest()


def breaks(document: str, rows: Sequence[Hop], length: int, head: str) -> Iterator[tuple[int, str]]:
    """Every place where a log is not what was written: the number of the row, and what is wrong there."""
    before = ""
    for number, row in enumerate(rows, start=1):
        if row.get("seq") != number or row.get("document") != document:
            yield number, "out_of_place"
            return
        if row.get("hash") != row_hash(row):
            yield number, "altered"
        elif row.get("prev") != before:
            yield number, "not_linked"
        before = str(row.get("hash"))
    if len(rows) != length:
        yield min(len(rows), length) + 1, "missing" if len(rows) < length else "inserted"
    elif before != head:
        yield length, "altered"
