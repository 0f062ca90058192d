"""The judge of evidence: names everything that is not as it was written.

It trusts nothing but hashes: histories and the message log are chained, what a document says and each file have their
digests in those chains, and every status has its entry in the chain that noted it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from services.document_routing.domain.evidence import Evidence, Finding, Row
from services.document_routing.domain.fingerprint import fingerprint
from services.document_routing.domain.statuses import RECALL_ASKED
from services.document_routing.usecases.chain import breaks, state_digest
from shared import history


def findings(evidence: Evidence) -> list[Finding]:
    """Everything that is not as it was written, in the order in which it matters; nothing when all is well."""
    return [
        *_files(evidence),
        *_content(evidence),
        *_statuses(evidence),
        *_states(evidence),
        *_histories(evidence),
        *_digests(evidence),
        *_log(evidence),
    ]


def count_checked(evidence: Evidence) -> int:
    """How many things `findings` looks at."""
    entries = sum(len(row["history"]) for _, row in evidence.aggregates)
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
    issued = [
        entry["data"]["digest"]
        for entry in evidence.document["history"]
        if entry["type"] in ("document_issued.v1", "document_updated.v1")
    ]
    if issued and fingerprint(evidence.document) != issued[-1]:
        yield Finding(f"content of document {evidence.document['code']}", "altered", issued[-1])
    for arrival in evidence.arrivals:
        sent = {**arrival, "agency": arrival["sender"]}
        if issued and fingerprint(sent) not in issued:
            yield Finding(f"content of the arrival at {arrival['agency']}", "altered", issued[-1])


def _statuses(evidence: Evidence) -> Iterator[Finding]:
    """Every status in the document, against the entry of the chain that noted it, and the other way round."""
    noted = dict(_noted(evidence.document["history"]))
    shown = set()
    for delivery in evidence.document["deliveries"]:
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
    """All else that is stored, against what the log holds for the same version; the log may be a moment behind."""
    logged = {(row["subject"], row["version"]): row["state"] for row in evidence.log if "state" in row}
    for called, row in evidence.aggregates:
        digest = logged.get((row["_id"], row["version"]))
        if digest is not None and digest != state_digest(row):
            yield Finding(f"what is stored of {called}", "altered", digest)


def _histories(evidence: Evidence) -> Iterator[Finding]:
    for called, row in evidence.aggregates:
        broken = history.verify(row["_id"], row["history"], version=row["version"], head=row["head"])
        if broken is not None:
            yield Finding(f"history of {called}, entry {broken.seq}", broken.problem, f"{row['_id']}:{broken.seq}")


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
    document = evidence.document["_id"]
    for seq, problem in breaks(document, evidence.log, evidence.log_length, evidence.log_head):
        yield Finding(f"message log, row {seq}", problem, document)
    if not evidence.log and (evidence.arrivals or evidence.packages):  # written in the same transaction as the first
        yield Finding("message log", "missing", document)
    entries = {entry["id"]: entry for _, row in evidence.aggregates for entry in row["history"]}
    for row in evidence.log:
        entry = entries.get(row["entry"])
        if entry is None:
            yield Finding(f"entry {row['entry']} of message log row {row['seq']}", "missing", row["entry_hash"])
        elif entry["hash"] != row["entry_hash"]:
            yield Finding(f"entry {row['entry']} of message log row {row['seq']}", "altered", row["entry_hash"])
