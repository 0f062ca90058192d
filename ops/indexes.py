"""Whether the indexes that this version declares are there as declared, and which are there beside them."""

import importlib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from pymongo import IndexModel, MongoClient
from pymongo.collection import Collection

from ops.databases import service_names
from ops.report import Report, Row
from shared.messaging.inbox import WAITING_INDEXES
from shared.persistence import Document, database, ensure_indexes, noting_indexes
from shared.settings import Settings

COLUMNS = ("collection", "index", "problem")
_TOLD = ("key", "unique", "partialFilterExpression", "expireAfterSeconds", "sparse", "collation")
"""What of an index decides which questions it serves and what it forbids."""

Indexes = dict[str, dict[str, Any]]


def report(client: MongoClient[Document], settings: Settings) -> Report:
    """Every index that is declared or there."""
    return Report("Chỉ mục · Indexes", COLUMNS, list(_compare(client, settings)))


def declared(client: MongoClient[Document], settings: Settings) -> dict[str, tuple[Collection[Document], Indexes]]:
    """What the set-up of all services, and their inboxes, would create, by the full name of each collection."""
    with noting_indexes() as noted:
        for name in service_names():
            if find_spec(f"services.{name}.setup"):
                importlib.import_module(f"services.{name}.setup").ensure_indexes(client, settings)
            waiting = database(client, settings, name)["inbox_waiting"]
            if waiting.name in waiting.database.list_collection_names():
                ensure_indexes(waiting, WAITING_INDEXES)
    found: dict[str, tuple[Collection[Document], Indexes]] = {}
    for collection, index in noted:
        _, indexes = found.setdefault(collection.full_name, (collection, {}))
        indexes[index.document["name"]] = _as_declared(index)
    return found


def _compare(client: MongoClient[Document], settings: Settings) -> Iterator[Row]:
    for name, (collection, wanted) in sorted(declared(client, settings).items()):
        there = {index["name"]: _shown(index) for index in map(dict, collection.list_indexes())}
        there.pop("_id_", None)
        for index in sorted(wanted | there):
            yield {"collection": name, "index": index, "problem": _problem(wanted.get(index), there.get(index))}


def _problem(wanted: dict[str, Any] | None, there: dict[str, Any] | None) -> str:
    if there is None:
        return "missing: run set-up"
    if wanted is None:
        return "not declared: of another version, or made by hand"
    return "" if wanted == there else f"differs: {there}, declared {wanted}"


def _as_declared(index: IndexModel) -> dict[str, Any]:
    return _shown(dict(index.document))


def _shown(index: dict[str, Any]) -> dict[str, Any]:
    told = {name: index[name] for name in _TOLD if index.get(name) not in (None, False)}
    return told | {"key": [list(pair) for pair in dict(index["key"]).items()]}
