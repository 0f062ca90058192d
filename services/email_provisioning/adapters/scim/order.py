"""In which order resources come, and how a page is found again: by value and id, never by counting."""

from typing import Any

from pymongo import ASCENDING, DESCENDING
from scim2_models import InvalidCursorException

from services.email_provisioning.adapters.scim.filters import Query
from shared.persistence import Document


class Order:
    """By one attribute, resources without it last when ascending, then by id; or by id alone, the newest first.

    Every user has a user name, so that these come from the index; of other attributes it is marked who lacks them.
    """

    def __init__(self, key: str | None, *, descends: bool) -> None:
        self._key, self._way = key, DESCENDING if descends else ASCENDING
        self._all_have_it = key == "main/user_name"

    def reversed(self) -> "Order":
        """The same backwards."""
        return Order(self._key, descends=self._way == ASCENDING)

    def stages(self) -> list[Document]:
        """All that sorts."""
        return [*self.marks(), *self.sort()]

    def marks(self) -> list[Document]:
        """Marks those that lack the attribute."""
        if self._key is None or self._all_have_it:
            return []
        return [{"$set": {"missing": {"$cond": [{"$gt": [f"$sort.{self._key}", None]}, 0, 1]}}}]

    def sort(self) -> list[Document]:
        """Sorts what is marked."""
        return [{"$sort": dict.fromkeys(self._fields(), self._way)}]

    def behind(self, value: Any, identifier: str) -> Query:
        """Whatever comes after the resource of this value and id."""
        anchor = {"missing": int(value is None), f"sort.{self._key}": value, "_id": identifier}
        operator = "$gt" if self._way == ASCENDING else "$lt"
        same: Query = {}
        ways: list[Query] = []
        for field in self._fields():
            ways.append({**same, field: {operator: anchor[field]}})
            same[field] = anchor[field]
        if len(ways) == 1:
            return ways[0]
        first = self._fields()[0]  # also by itself, so that an index is read from there on
        return {first: {f"{operator}e": anchor[first]}, "$or": ways}

    def position(self, direction: str, row: Document) -> Document:
        """Where the page ends that lies in this direction of a row."""
        value = row["sort"].get(self._key) if self._key else None
        return {"d": direction, "k": value, "i": row["_id"]}

    def _fields(self) -> list[str]:
        if self._key is None:
            return ["_id"]
        return [*([] if self._all_have_it else ["missing"]), f"sort.{self._key}", "_id"]


def read_position(position: Any) -> tuple[str, tuple[Any, str] | None]:
    """The direction of a page, and value and id of the resource beside it; none for the first page.

    Raises:
        InvalidCursorException: it is no position of ours.
    """
    if position is None:
        return "next", None
    try:
        direction, value, identifier = position["d"], position["k"], position["i"]
    except (TypeError, KeyError):
        raise InvalidCursorException from None
    if direction not in ("next", "previous") or not isinstance(identifier, str) or isinstance(value, dict | list):
        raise InvalidCursorException
    return direction, (value, identifier)
