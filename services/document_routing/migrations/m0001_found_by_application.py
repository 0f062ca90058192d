"""Documents about an application are found by it, also those stored before there was such a key.

The key of search is `%` before the application's id; whatever is saved since has it already.
"""

from typing import Any

NEEDS = 0
BATCH = 10_000
"""Each batch reads past what was changed before it; an update of so many takes seconds, the lease is a minute."""
_KEY: dict[str, Any] = {"$concat": ["%", "$application"]}
_OLD: dict[str, Any] = {
    "application": {"$gt": ""},
    "$expr": {"$not": [{"$in": [_KEY, {"$ifNull": ["$search", []]}]}]},
}


def step(store: Any) -> int:
    """Give the key to some of those that lack it."""
    found = [row["_id"] for row in store["documents"].find(_OLD, {"_id": 1}).limit(BATCH)]
    longer = {"$concatArrays": [{"$ifNull": ["$search", []]}, [_KEY]]}
    store["documents"].update_many({"_id": {"$in": found}} | _OLD, [{"$set": {"search": longer}}])
    return len(found)


def left(store: Any) -> int:
    """How many lack it."""
    return int(store["documents"].count_documents(_OLD))
