"""Everything that proves one document, and what can be found wrong with it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: `altered`, `missing`, `inserted`, `not_linked`, `out_of_place`."""

    part: str
    problem: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is kept of a document. `files` gives for each content its true SHA-256, None when it is not there.

    Each aggregate is a row of the store with its `history`, `version` and `head`.
    """

    document: Row
    arrivals: Sequence[Row]
    messages: Sequence[Row]
    packages: Sequence[Row]
    log: Sequence[Row]
    log_length: int
    log_head: str
    files: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def aggregates(self) -> Iterator[tuple[str, Row]]:
        """Every aggregate with what people call it."""
        yield f"document {self.document['code']}", self.document
        yield from ((f"arrival at {row['agency']}", row) for row in self.arrivals)
        yield from ((f"message {row['_id']} of {row['agency']}", row) for row in self.messages)
        yield from ((f"package {row['_id']} for {row['agency']}", row) for row in self.packages)

    @property
    def named_files(self) -> Iterator[tuple[str, str]]:
        """Every content that the evidence refers to: what people call it, and its SHA-256."""
        for file in self.document["files"]:
            yield f"file {file['name']}", file["id"]
        for version in self.document["versions"]:
            yield from (
                (f"file {file['name']} of version {version['number']}", file["id"]) for file in version["files"]
            )
        for arrival in self.arrivals:
            yield from ((f"file {file['name']} at {arrival['agency']}", file["id"]) for file in arrival["files"])
        for called, row in (*_named(self.messages, "message"), *_named(self.packages, "package")):
            if row["file"]:
                yield f"edXML file of {called}", row["file"]


def _named(rows: Sequence[Row], kind: str) -> Iterator[tuple[str, Row]]:
    return ((f"{kind} {row['_id']}", row) for row in rows)


def sha256_of(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of a content that is read to its end."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
