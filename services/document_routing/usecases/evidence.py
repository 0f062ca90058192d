"""The judge of evidence: names everything that is not as it was written.

It trusts nothing but hashes: histories and the message log are chained, every entry holds the digest of all that was
stored, what a document says and each file have their digests in those chains, every status has its entry in the chain
that noted it, and every entry its row in the log.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.domain.evidence import (
    FILES_READ,
    Evidence,
    Finding,
    Row,
    entries_of,
    judge_signatures,
)
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.search import incoming_fields, outgoing_fields
from services.document_routing.domain.statuses import RECALL_ASKED
from services.document_routing.usecases.chain import breaks
from services.document_routing.usecases.changes import DERIVED
from shared.history import entry_hash, verify_stored

LOGGED_WITHIN = timedelta(minutes=1)
"""How old an entry may be before it must have its row in the log, once it was announced."""

Judge = Callable[[Evidence], Iterator[Finding]]
Derive = Callable[[Row, DocumentTypes], Row]


def findings(evidence: Evidence) -> list[Finding]:
    """Everything that is not as it was written, in the order in which it matters; nothing when all is well.

    It never fails: what cannot even be read is not as it was written.
    """
    seen = [Finding(**one) for one in evidence.found]
    for subject, judge in _JUDGES.items():
        seen += _judged(subject, judge, evidence)
    return list(dict.fromkeys(seen))


def hidden(evidence: Evidence, types: DocumentTypes) -> Iterator[Finding]:
    """Whose search keys are not those that follow from what is stored: nobody finds a document that lost its own."""
    for derive, rows in ((outgoing_fields, evidence.documents), (incoming_fields, evidence.arrivals)):
        for row in rows:
            yield from _judged("search keys", partial(_keys, row, derive, types), evidence)


def _keys(row: Row, derive: Derive, types: DocumentTypes, _: Evidence) -> Iterator[Finding]:
    if set(row["search"]) != set(derive(row, types)["search"]):
        yield Finding(f"search keys of {row['_id']}", "altered")


def _judged(subject: str, judge: Judge, evidence: Evidence) -> Iterator[Finding]:
    """What one judge finds, to the place from which it can read no further."""
    try:
        for one in judge(evidence):
            yield replace(one, detail=str(one.detail))  # what is quoted may itself be no text any more
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        yield Finding(subject, "unreadable")


def count_checked(evidence: Evidence) -> int:
    """How many things `findings` looks at."""
    entries = sum(len(entries_of(row)) for _, row in evidence.aggregates)
    return entries + len(evidence.log) + len({content for _, content in evidence.named_files}) + 1


def _files(evidence: Evidence) -> Iterator[Finding]:
    told = set()
    for called, content in evidence.named_files:
        found = evidence.files.get(content)
        if found != content and (called, content) not in told:
            told.add((called, content))
            yield Finding(called, "missing" if found is None else "altered", content)


def _content(evidence: Evidence) -> Iterator[Finding]:
    """What the document and its arrivals say, against the fingerprints in the document's chain."""
    entries = [entry for row in (*evidence.documents, *evidence.sealed) for entry in row["history"]]
    issued = [entry["data"]["digest"] for entry in entries if entry.get("type") in _FINGERPRINTED]
    for document in evidence.documents:
        if issued and fingerprint(document) != issued[-1]:
            yield Finding(f"content of document {document['code']}", "altered", issued[-1])
    for arrival in evidence.arrivals:
        sent = {**arrival, "agency": arrival["sender"]}
        if issued and fingerprint(sent) not in issued:
            yield Finding(f"content of the arrival at {arrival['agency']}", "altered", issued[-1])


_FINGERPRINTED = ("document_issued.v1", "document_updated.v1")


def _statuses(evidence: Evidence) -> Iterator[Finding]:
    """Every status in the document, against the entry of the chain that noted it, and the other way round."""
    for document in evidence.documents:
        noted = dict(_noted(document["history"]))
        shown = set()
        for delivery in document["deliveries"]:
            for row in delivery["rows"]:
                key = delivery["receiver"], row["id"]
                shown.add(key)
                said = row["code"], row["at"], row["reason"]
                if noted.get(key) != said:
                    problem = "altered" if key in noted else "inserted"
                    yield Finding(f"status {row['code']} of {delivery['receiver']}", problem, row["id"])
        for (receiver, row_id), (code, _, _) in noted.items():
            if (receiver, row_id) not in shown:
                yield Finding(f"status {code} of {receiver}", "missing", row_id)


def _noted(entries: Sequence[Row]) -> Iterator[tuple[tuple[str, str], tuple[str, datetime, str]]]:
    """By receiver and row: code, moment and reason of every status, as the document's chain has them."""
    for entry in entries:
        data = entry["data"]
        if entry["type"] == "delivery_progressed.v1":
            at = datetime.fromisoformat(data["row_at"])
            yield (data["receiver"], data["row_id"]), (data["row"], at, entry["reason"])
        if entry["type"] == "document_recalled.v1":
            for receiver in data["receivers"]:
                yield (receiver, data["request"]), (RECALL_ASKED, entry["at"], entry["reason"])


def _states(evidence: Evidence) -> Iterator[Finding]:
    """Every history, and all else that is stored against what its entries found and left."""
    for called, row in evidence.aggregates:
        broken = verify_stored(row, DERIVED)
        if broken is None:
            continue
        entry = f"{row.get('_id')}:{broken.seq}"
        if broken.problem == "left_altered":
            yield Finding(f"what is stored of {called}", "altered", entry)
        elif broken.problem == "found_altered":
            yield Finding(f"what was stored of {called} before entry {broken.seq}", "altered", entry)
        else:
            yield Finding(f"history of {called}, entry {broken.seq}", broken.problem, entry)


def _links(evidence: Evidence) -> Iterator[Finding]:
    """The links of those histories of which there are only the hashes."""
    for row in evidence.sealed:
        before = ""
        for seq, entry in enumerate(row["history"], start=1):
            whole = "type" not in entry or entry["hash"] == entry_hash(entry)
            if (entry["seq"], entry["prev"]) != (seq, before) or not whole:
                yield Finding(f"history of {row['_id']} of {row['agency']}, entry {seq}", "altered", entry["id"])
                break
            before = entry["hash"]
        else:
            if (len(row["history"]), before) != (row["version"], row["head"]):
                yield Finding(f"history of {row['_id']} of {row['agency']}", "altered", row["head"])


def _signatures(evidence: Evidence) -> Iterator[Finding]:
    """What was found of signatures in files, against the log."""
    for document in evidence.documents:
        yield from judge_signatures(f"document {document['code']}", document, evidence.log)
    for arrival in evidence.arrivals:
        yield from judge_signatures(f"arrival at {arrival['agency']}", arrival, evidence.log)


def _digests(evidence: Evidence) -> Iterator[Finding]:
    """Which file a message or package is, and who signed it, against its own chain."""
    for row in evidence.messages:
        said = row["history"][0]["data"] if row["history"] else {}
        signed_by = row["signature"]["subject"] if row["signature"] else ""
        if row["digest"] != said.get("digest") or (row["file"] or "") != row["digest"]:
            yield Finding(f"message {row['_id']}", "altered", str(said.get("digest")))
        if signed_by != said.get("signed_by"):
            yield Finding(f"signature of message {row['_id']}", "altered", str(said.get("signed_by")))
    for row in evidence.packages:
        ready = [entry["data"]["digest"] for entry in row["history"] if entry["type"] == "package_ready.v1"]
        if ready and not ready[-1] == row["digest"] == row["file"]:
            yield Finding(f"package {row['_id']}", "altered", ready[-1])


def _log(evidence: Evidence) -> Iterator[Finding]:
    """The chain of hops, and every hop against the entry that it speaks of."""
    for seq, problem in breaks(evidence.id, evidence.log, evidence.log_length, evidence.log_head, evidence.sealed_log):
        yield Finding(f"message log, row {seq}", problem, evidence.id)
    if not evidence.log and (evidence.arrivals or evidence.packages):  # written in the same transaction as the first
        yield Finding("message log", "missing", evidence.id)
    rows = [*(row for _, row in evidence.aggregates), *evidence.sealed]
    entries = {entry.get("id"): entry for row in rows for entry in entries_of(row)}
    for row in evidence.log:
        if row.get("seq") in evidence.sealed_log or row.get("hop") == FILES_READ:
            continue
        entry = entries.get(row["entry"])
        if entry is None:
            yield Finding(f"entry {row['entry']} of message log row {row['seq']}", "missing", row["entry_hash"])
        elif entry["hash"] != row["entry_hash"]:
            yield Finding(f"entry {row['entry']} of message log row {row['seq']}", "altered", row["entry_hash"])


def _unlogged(evidence: Evidence) -> Iterator[Finding]:
    """Entries of what was sent that have no row in the log, though they were announced a while ago."""
    if not evidence.log:
        return
    logged = {row.get("entry") for row in evidence.log}
    for called, row in evidence.aggregates:
        types = [entry["type"] for entry in row["history"]]
        sent = types.index("document_issued.v1") if "document_issued.v1" in types else 0
        for entry in row["history"][sent:]:
            announced = entry["seq"] not in row.get("outbox", ()) and evidence.taken_at - entry["at"] > LOGGED_WITHIN
            if announced and entry["id"] not in logged:
                yield Finding(f"message log of {called}, entry {entry['seq']}", "missing", entry["id"])


_JUDGES: Mapping[str, Judge] = {
    "files": _files,
    "content": _content,
    "statuses": _statuses,
    "what is stored": _states,
    "sealed histories": _links,
    "signatures": _signatures,
    "messages and packages": _digests,
    "message log": _log,
    "entries in the log": _unlogged,
}
