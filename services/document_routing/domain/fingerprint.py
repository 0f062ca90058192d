"""The fingerprint of what a document says and of its files: in the chained history, so that no change goes unseen."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

PARTS = (
    "agency",
    "code",
    "issued_on",
    "kind",
    "subject",
    "summary",
    "urgency",
    "due_on",
    "signer",
    "business",
    "replaces",
)
"""What the sender answers for; the same parts stand in a document and in its arrivals under the same names."""


def fingerprint(document: Mapping[str, Any]) -> str:
    """SHA-256 over the parts of a document and the hashes, names and roles of its files, in one fixed form."""
    said = {name: document.get(name) for name in PARTS}
    said["files"] = [{name: file[name] for name in ("role", "name", "sha256")} for file in document["files"]]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()
