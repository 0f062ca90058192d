"""Aggregates of one kind in memory, as the directory keeps agencies, officers and mailboxes."""

import copy
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.email_provisioning.ports import AlreadyThere, Document, Page, Position
from shared.commands import Loaded
from shared.history import Entry


class MemoryAggregates:
    """Aggregates of one kind in memory; `unique` are fields no two may share."""

    unique: tuple[str, ...] = ()

    def __init__(self) -> None:
        self.stored: dict[str, Document] = {}
        self.announced: list[tuple[str, Entry]] = []

    def add(self, document: Document) -> None:
        if document["_id"] in self.stored:
            raise AlreadyThere("_id")
        self._refuse_taken(document)
        self.stored[document["_id"]] = copy.deepcopy(document)
        self.announced += [(document["_id"], entry) for entry in document["history"]]

    def add_all(self, documents: Sequence[Document]) -> list[AlreadyThere | None]:
        return [self._attempt(document) for document in documents]

    def _attempt(self, document: Document) -> AlreadyThere | None:
        try:
            self.add(document)
        except AlreadyThere as error:
            return error
        return None

    def find(self, identifier: str, command: str = "") -> Loaded | None:
        document = self.stored.get(identifier)
        if document is None:
            return None
        left_by = [entry for entry in document["history"] if entry.get("command", {}).get("key") == command]
        return Loaded(shown(document), left_by[0] if command and left_by else None)

    def save(self, identifier: str, version: int, changes: Mapping[str, Any], entry: Entry) -> bool:
        document = self.stored[identifier]
        if document["version"] != version:
            return False
        self._refuse_taken({**document, **changes})
        document |= {**changes, "version": entry["seq"], "head": entry["hash"]}
        document["history"] = [*document["history"], entry]
        self.announced.append((identifier, entry))
        return True

    def derive(self, identifier: str, version: int, derived: Mapping[str, Any]) -> bool:
        if self.stored[identifier]["version"] != version:
            return False
        self.stored[identifier] |= derived
        return True

    def history(self, identifier: str, *, after: int, limit: int) -> list[Document]:
        return list(self.stored[identifier]["history"])[after : after + limit]

    def whole(self, identifier: str) -> Document | None:
        return self.stored.get(identifier)

    def _refuse_taken(self, document: Document) -> None:
        for other in self.stored.values():
            for name in self.unique:
                mine, theirs = _several(document[name]), _several(other[name])
                if other["_id"] != document["_id"] and mine & theirs:
                    raise AlreadyThere(name)

    def _page(self, found: Iterable[Document], order: str, after: Position | None, limit: int) -> Page:
        rest = sorted((one for one in found if after is None or one[order] > after), key=lambda one: str(one[order]))
        rows = [shown(one) for one in rest[:limit]]
        return Page(rows, rows[-1][order] if len(rest) > limit else None)


def _several(value: Any) -> set[Any]:
    return set(value) if isinstance(value, list) else {value} - {None}


def shown(document: Document) -> Document:
    return {name: value for name, value in document.items() if name not in ("history", "search", "outbox")}
