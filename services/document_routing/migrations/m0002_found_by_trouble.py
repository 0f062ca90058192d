"""Documents that a receiver refused, did not get or is asked to give back are found, also those stored before.

The key of search is `!`; what it says is `domain.deliveries.is_troubled`. Whatever is saved since has it already.
"""

from typing import Any

NEEDS = 0
BATCH = 10_000
_KEY = "!"
_TROUBLES = ["02", "13"]
_LATER: dict[str, Any] = {
    "$filter": {
        "input": "$deliveries",
        "as": "other",
        "cond": {
            "$and": [
                {"$eq": ["$$other.receiver", "$$one.receiver"]},
                {"$gt": ["$$other.sending", "$$one.sending"]},
            ]
        },
    }
}
_TROUBLED: dict[str, Any] = {
    "$and": [
        {"$not": [{"$ifNull": ["$$one.cancelled", False]}]},
        {
            "$or": [
                {"$in": ["$$one.standing", _TROUBLES]},
                {"$and": [{"$eq": ["$$one.standing", None]}, {"$eq": ["$$one.transport", "fail"]}]},
            ]
        },
        {"$eq": [_LATER, []]},
    ]
}
_OLD: dict[str, Any] = {
    "status": "issued",
    "search": {"$ne": _KEY},
    "replaced_by": None,
    "$or": [{"deliveries.standing": {"$in": _TROUBLES}}, {"deliveries.transport": "fail"}],
    "$expr": {"$anyElementTrue": [{"$map": {"input": "$deliveries", "as": "one", "in": _TROUBLED}}]},
}


def step(store: Any) -> int:
    """Give the key to some of those that lack it."""
    found = [row["_id"] for row in store["documents"].find(_OLD, {"_id": 1}).limit(BATCH)]
    store["documents"].update_many({"_id": {"$in": found}} | _OLD, {"$addToSet": {"search": _KEY}})
    return len(found)


def left(store: Any) -> int:
    """How many lack it."""
    return int(store["documents"].count_documents(_OLD))
