"""Everything that proves one document, and what can be found wrong with it."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

Row = Mapping[str, Any]

FILES_READ = "files_read"
"""The hop at which the files of a document were read here, and their signatures judged."""


DAMAGED = "damaged"
"""Stands for the SHA-256 of a content that cannot be read to its end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written.

    `problem` is `altered`, `missing`, `inserted`, `not_linked`, `out_of_place`, or `unreadable`: altered so that it
    cannot be judged to its end.
    """

    part: str
    problem: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of a document. `files` gives for each content its true SHA-256, `DAMAGED` when it breaks off, None
    when it is not there.

    Each aggregate is a row of the store with its `history`, `version` and `head`. Of what the reader may not see
    (`shown_to`) there are the hashes: aggregates in `sealed`, rows of the log by their numbers in `sealed_log`, and
    what was found wrong while all could be seen in `found`.
    """

    id: str
    code: str
    taken_at: datetime
    documents: Sequence[Row]
    arrivals: Sequence[Row]
    messages: Sequence[Row]
    packages: Sequence[Row]
    log: Sequence[Row]
    log_length: int
    log_head: str
    files: Mapping[str, str | None] = field(default_factory=dict)
    sealed: Sequence[Row] = ()
    sealed_log: Sequence[Any] = ()
    found: Sequence[Row] = ()

    @property
    def aggregates(self) -> Iterator[tuple[str, Row]]:
        """Every aggregate that can be seen with what people call it."""
        yield from ((f"document {row.get('code')}", row) for row in self.documents)
        yield from ((f"arrival at {row.get('agency')}", row) for row in self.arrivals)
        yield from ((f"message {row.get('_id')} of {row.get('agency')}", row) for row in self.messages)
        yield from ((f"package {row.get('_id')} for {row.get('agency')}", row) for row in self.packages)

    @property
    def named_files(self) -> Iterator[tuple[str, str]]:
        """Every content that the evidence refers to: what people call it, and its SHA-256."""
        for document in self.documents:
            yield from _files_of(document, "")
            for version in rows_in(document, "versions"):
                yield from _files_of(version, f" of version {version.get('number')}")
        for arrival in self.arrivals:
            yield from _files_of(arrival, f" at {arrival.get('agency')}")
        for called, row in (*_named(self.messages, "message"), *_named(self.packages, "package")):
            if _is_hash(row.get("file")):
                yield f"edXML file of {called}", row["file"]


def rows_in(row: Row, name: str) -> list[Row]:
    """The rows that stand under a name; none where an altered byte has made something else of them."""
    found = row.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list | tuple) else []


def entries_of(row: Row) -> list[Row]:
    """The history of an aggregate, none where the field itself was altered."""
    return rows_in(row, "history")


def issuers_of(document: Row) -> set[str]:
    """Whose document it is, by the field and by the chain: neither can be altered so that its issuer learns nothing."""
    said = [document.get("agency"), *(data.get("agency") for data in _told(document)[:1])]
    return {one for one in said if isinstance(one, str) and one}


def receivers_of(document: Row) -> set[str]:
    """Whom it was sent to and not withdrawn from, by its deliveries and by the chain."""
    deliveries = rows_in(document, "deliveries")
    said = [one.get("receiver") for one in deliveries]
    for data in _told(document):
        listed = data.get("receivers")
        said += listed if isinstance(listed, list) else []
    kept = {str(one.get("receiver")) for one in deliveries if not one.get("cancelled")}
    withdrawn = {str(one.get("receiver")) for one in deliveries if one.get("cancelled")} - kept
    return {one for one in said if isinstance(one, str)} - withdrawn


def _told(row: Row) -> list[Row]:
    """What the entries of a history say, in order."""
    said = [entry.get("data") for entry in entries_of(row)]
    return [data if isinstance(data, Mapping) else {} for data in said]


def _files_of(row: Row, whose: str) -> Iterator[tuple[str, str]]:
    for file in rows_in(row, "files"):
        if _is_hash(file.get("id")):  # a file without it shows as what is stored of its document
            yield f"file {file.get('name')}{whose}", file["id"]


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and value != ""


ISSUED = ("document_issued.v1", "document_updated.v1", "document_recalled.v1", "document_replaced.v1")
"""Entries of a document that its receivers may see: what was sent to them."""

INNER = ("confirmation_late", "handling_late", FILES_READ)
"""Hops that concern nobody but the agency at which they happened."""


def shown_to(evidence: Evidence, agency: str, found: Sequence[Finding] = ()) -> Evidence:
    """The part of the evidence that one agency may see.

    Who issued the document sees all of it but how its receivers work: their arrivals are sealed. A receiver sees its
    own arrival, messages and packages, and of the document what was sent out.
    """
    (document,) = evidence.documents
    issuers = issuers_of(document)
    issuer = agency in issuers
    arrivals = [row for row in evidence.arrivals if row.get("agency") == agency]
    messages, packages = evidence.messages, evidence.packages
    sealed = [_sealed(row) for row in evidence.arrivals if issuer and row.get("agency") != agency]
    if not issuer:
        messages = [row for row in messages if row.get("agency") == agency]
        packages = [row for row in packages if row.get("agency") == agency]
        sealed = [_sealed(document, ISSUED)]
        sealed += [_sealed(row) for row in evidence.messages if row.get("agency") in issuers]
    log = [row if may_see(row, agency, issuer=issuer) else _sealed_hop(row) for row in evidence.log]
    shown = replace(
        evidence,
        documents=evidence.documents if issuer else (),
        arrivals=arrivals,
        messages=messages,
        packages=packages,
        sealed=sealed,
        log=log,
        sealed_log=[row.get("seq") for row in log if row.keys() == _sealed_hop(row).keys()],
        found=[asdict(one) for one in found],
    )
    contents = {content for _, content in shown.named_files}
    return replace(shown, files={content: evidence.files.get(content) for content in contents})


def may_see(row: Row, agency: str, *, issuer: bool) -> bool:
    """Whether an agency may see a row of the log: its own, all but what is inner to others as the issuer."""
    if row.get("agency") == agency:
        return True  # a row bears the agency that it concerns: a receiver's statuses too
    if row.get("hop") in INNER:
        return False
    return issuer or f"{row.get('hop')}.v1" in ISSUED


def _sealed(row: Row, open_types: Sequence[str] = ()) -> Row:
    """The hashes of an aggregate, with its entries of certain types."""
    hashes = ("seq", "id", "prev", "hash")
    history = [
        entry if entry.get("type") in open_types else {name: entry.get(name) for name in hashes}
        for entry in entries_of(row)
    ]
    return {**{name: row.get(name) for name in ("_id", "agency", "version", "head")}, "history": history}


def _sealed_hop(row: Row) -> Row:
    return {name: row.get(name) for name in ("document", "seq", "prev", "hash")}


def _named(rows: Sequence[Row], kind: str) -> Iterator[tuple[str, Row]]:
    return ((f"{kind} {row.get('_id')}", row) for row in rows)


def logged_under(aggregate: Row) -> str:
    """Under which document the log has what happens to a document or an arrival; what came on paper is its own."""
    return str(aggregate.get("document") or aggregate["_id"])


def signatures_digest(signatures: Sequence[Row]) -> str:
    """SHA-256 over what was found of the signatures in files."""
    return hashlib.sha256(json.dumps(list(signatures), sort_keys=True, default=str).encode()).hexdigest()


def judge_signatures(called: str, aggregate: Row, log: Sequence[Row]) -> Iterator[Finding]:
    """The signatures that are stored, against what was logged when the files were read."""
    if "left" not in next(iter(entries_of(aggregate)), {}):
        return  # it is older than this proof, or there is no history, which shows elsewhere
    own = f"{aggregate.get('_id')}:"
    read = [row for row in log if row.get("hop") == FILES_READ and str(row.get("entry")).startswith(own)]
    stored, pending = aggregate.get("signatures") or [], aggregate.get("text_pending")
    if read and not pending and read[-1].get("digest") != signatures_digest(stored):
        yield Finding(f"signatures in the files of {called}", "altered", str(read[-1].get("digest")))
    if not read and stored:
        yield Finding(f"signatures in the files of {called}", "inserted")
    elif not read and aggregate.get("files") and pending is False:
        yield Finding(f"signatures in the files of {called}", "missing")


def sha256_of(chunks: Iterable[bytes]) -> str:
    """The SHA-256 of a content that is read to its end."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()
