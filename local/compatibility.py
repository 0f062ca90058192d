"""Whether one JSON Schema of an event may follow another: only a new field with a default may.

The old schema and the new one meet in both directions: listeners of yesterday read the events of today, and
the listeners of today read yesterday's events when they are replayed.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_REMARKS = {"title", "description", "examples", "x-personal"}


def breaking_changes(old: Schema, new: Schema, path: str = "") -> Iterator[str]:
    """Name every difference that some reader, old or new, would stumble over."""
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, field in before.items():
        where = f"{path}{name}"
        if name not in after:
            yield f"{where} was removed"
        elif _is_required(old, name) != _is_required(new, name):
            yield f"{where} became {'required' if _is_required(new, name) else 'optional'}"
        else:
            yield from _field_changes(field, after[name], where)
    for name in after.keys() - before.keys():
        if "default" not in after[name]:  # a required field has none
            yield f"{path}{name} was added without a default"


def _field_changes(old: Schema, new: Schema, where: str) -> Iterator[str]:
    """Compare one field; objects and lists are compared by what is in them."""
    for keyword in sorted((old.keys() | new.keys()) - _REMARKS - {"properties", "required", "items"}):
        if old.get(keyword, ...) != new.get(keyword, ...):
            yield f"{where}: {keyword} changed from {old.get(keyword)!r} to {new.get(keyword)!r}"
    yield from breaking_changes(old, new, f"{where}.")
    if "items" in old or "items" in new:
        yield from _field_changes(old.get("items", {}), new.get("items", {}), f"{where}[]")


def _is_required(schema: Schema, name: str) -> bool:
    return name in schema.get("required", [])
