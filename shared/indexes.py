"""The indexes that an aggregate's collection needs, apart from what reads them: set-up jobs import no eventlet."""

from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel

OUTBOX_INDEX = IndexModel(
    [("outbox", ASCENDING)], name="outbox_pending", partialFilterExpression={"outbox.0": {"$exists": True}}
)
"""For the sweep that publishes what a crash left behind."""

DUE_INDEX = IndexModel(
    [("next_due_at", ASCENDING)], name="next_due", partialFilterExpression={"next_due_at": {"$type": "date"}}
)
"""For the loop that does what has become due."""


def due_by(moment: datetime) -> dict[str, Any]:
    """What is due. It names the type, for an index over a part of a collection serves only who asks for that part."""
    return {"next_due_at": {"$lte": moment, "$type": "date"}}
