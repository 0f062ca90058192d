"""Aggregates with their histories, as services write them."""

from datetime import datetime, timedelta, timezone
from typing import Any

from shared.actors import Signature
from shared.history import as_stored, next_entry, state_digest

AT = datetime(2026, 11, 20, 8, 30, 15, 123456, tzinfo=timezone(timedelta(hours=7)))
ACTOR: Signature = {"sub": "officer-7", "role": "reception_officer", "agency": "H13.01.02"}
NEW: dict[str, Any] = {"_id": "app-1", "version": 0, "head": "", "history": []}


def change(stored: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An aggregate after one more entry."""
    after = {**stored, **changes}
    found = state_digest(stored) if stored["history"] else ""
    entry = next_entry(
        stored["_id"],
        stored["version"],
        stored["head"],
        type="x.v1",
        at=AT,
        actor=ACTOR,
        data={},
        found=found,
        left=state_digest(as_stored(after)),
    )
    return {**as_stored(after), "version": entry["seq"], "head": entry["hash"], "history": [*stored["history"], entry]}
