"""The indexes that an aggregate's collection needs, apart from what reads them: set-up jobs import no eventlet."""

from pymongo import ASCENDING, IndexModel

OUTBOX_INDEX = IndexModel(
    [("outbox", ASCENDING)], name="outbox_pending", partialFilterExpression={"outbox.0": {"$exists": True}}
)
"""For the sweep that publishes what a crash left behind."""

DUE_INDEX = IndexModel(
    [("next_due_at", ASCENDING)], name="next_due", partialFilterExpression={"next_due_at": {"$type": "date"}}
)
"""For the loop that does what has become due."""
