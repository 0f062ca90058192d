"""The databases of the platform, one for each service, and the aggregates in them."""

from collections.abc import Iterator
from pathlib import Path

from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database

import services
from shared.persistence import Document, database
from shared.settings import Settings


def service_names() -> list[str]:
    """All services of this image."""
    return sorted(path.parent.name for path in Path(services.__path__[0]).glob("*/service.py"))


def stores(client: MongoClient[Document], settings: Settings) -> Iterator[tuple[str, Database[Document]]]:
    """Each service with its database."""
    for name in service_names():
        yield name, database(client, settings, name)


def having_index(store: Database[Document], name: str) -> Iterator[Collection[Document]]:
    """The collections that have an index of this name, by which what is kept in them is told apart."""
    for collection in sorted(store.list_collection_names(filter={"type": "collection"})):
        if name in store[collection].index_information():
            yield store[collection]
