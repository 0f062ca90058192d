"""The chain of a document's message log: every hop carries the hash of the one before it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from shared.history import entry_hash

Hop = Mapping[str, Any]


def link(document: str, seq: int, before: str, hop: Hop) -> dict[str, Any]:
    """A hop as row `seq` of the log of a document; `before` is the hash of the row before it, "" for none."""
    row = {"document": document, "seq": seq, "prev": before, **hop}
    return row | {"hash": row_hash(row)}


def row_hash(row: Hop) -> str:
    """SHA-256 over the canonical form of a row without its own hash and the database's key."""
    return entry_hash({name: value for name, value in row.items() if name not in ("_id", "hash")})


def breaks(
    document: str, rows: Sequence[Hop], length: int, head: str, sealed: Collection[int] = ()
) -> Iterator[tuple[int, str]]:
    """Every place where a log is not what was written: the number of the row, and what is wrong there.

    Of the rows that are sealed there is nothing but the links.
    """
    before = ""
    for number, row in enumerate(rows, start=1):
        if row.get("seq") != number or row.get("document") != document:
            yield number, "out_of_place"
            return
        if number not in sealed and row.get("hash") != row_hash(row):
            yield number, "altered"
        elif row.get("prev") != before:
            yield number, "not_linked"
        before = str(row.get("hash"))
    if len(rows) != length:
        yield min(len(rows), length) + 1, "missing" if len(rows) < length else "inserted"
    elif before != head:
        yield length, "altered"
