"""Many SCIM users at once, made from one that was really sent."""

from collections.abc import Iterator
from typing import Any

from pymongo.collection import Collection

Document = dict[str, Any]
MARK = "mark0"
"""What stands in the texts of the one that was sent, and is another number in each copy."""


def crowd(rows: Collection[Document], sent: str, many: int, *, batch: int = 2000) -> None:
    """Store copies of a resource until there are so many of its type; nothing of them is left to be done."""
    pattern = rows.find_one({"_id": sent})
    assert pattern is not None
    for name in ("officer", "mailbox", "next_due_at"):
        pattern.pop(name, None)
    there = rows.count_documents({"type": pattern["type"]})
    numbers = iter(range(there, many))
    while copies := list(_copies(pattern, numbers, batch)):
        rows.insert_many(copies, ordered=False)


def _copies(pattern: Document, numbers: Iterator[int], most: int) -> Iterator[Document]:
    for _, number in zip(range(most), numbers, strict=False):
        copied: Document = _marked(pattern, f"mark{number}")
        identifier = f"{number:032x}"
        yield copied | {"_id": identifier, "body": copied["body"].replace(pattern["_id"], identifier)}


def _marked(value: Any, mark: str) -> Any:
    if isinstance(value, str):
        return value.replace(MARK, mark)
    if isinstance(value, list):
        return [_marked(one, mark) for one in value]
    return {name: _marked(one, mark) for name, one in value.items()} if isinstance(value, dict) else value
