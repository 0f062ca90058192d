"""The directory over a real database, a fresh one for each module."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from tests.support.directory import DirectoryWorld, mongo_world, small_world

Document = dict[str, Any]


class Overheard(CommandListener):
    """The questions put to the database."""

    def __init__(self) -> None:
        self.commands: list[Document] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("find", "aggregate", "count", "distinct", "update", "findAndModify"):
            self.commands.append(dict(event.command))

    def succeeded(self, event: Any) -> None:
        """Only what was asked matters."""

    def failed(self, event: Any) -> None:
        """Only what was asked matters."""


@pytest.fixture(scope="module")
def overheard() -> Overheard:
    return Overheard()


@pytest.fixture(scope="module")
def client(mongo_uri: str, overheard: Overheard) -> Iterator[MongoClient[Document]]:
    with MongoClient[Document](mongo_uri, tz_aware=True, event_listeners=[overheard]) as client:
        yield client


@pytest.fixture(scope="module")
def world(client: MongoClient[Document], mongo_prefix: str) -> Iterator[DirectoryWorld]:
    """A small directory."""
    name = f"{mongo_prefix}directory"
    yield small_world(mongo_world(client[name]))
    client.drop_database(name)
