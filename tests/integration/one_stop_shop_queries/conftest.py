"""A database for each module: one with a few real journeys, one with many invented applications."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.monitoring import CommandListener, CommandStartedEvent

from services.one_stop_shop.adapters.catalogue import Procedures
from tests.support.house import House
from tests.support.sample_applications import sample_applications, store_sample_applications
from tests.support.shop_in_memory import catalogue
from tests.support.world import MONDAY

Document = dict[str, Any]
NOW = MONDAY
"""When everything here happens: Monday 5 October 2026, 08:00 in Vietnam."""

AGENCIES = ("H13.30.01", "H13.30.02", "H56.30.01")


class Samples(list[Document]):
    """Stored applications; they are too many to be shown when a test fails."""

    def __repr__(self) -> str:
        return f"<{len(self)} applications>"


class Overheard(CommandListener):
    """The questions put to the database."""

    def __init__(self) -> None:
        self.commands: list[Document] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in ("find", "aggregate", "count", "distinct"):
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
def house(client: MongoClient[Document], mongo_prefix: str) -> Iterator[House]:
    """An empty one-stop shop with the catalogue of the data files."""
    yield House(NOW, database=client[f"{mongo_prefix}house"], client=client)
    for name in (f"{mongo_prefix}house", f"{mongo_prefix}house_files"):
        client.drop_database(name)


@pytest.fixture(scope="module")
def samples(house: House) -> list[Document]:
    """Some hundred invented applications, as stored."""
    return fill(house, 600, NOW)


def fill(house: House, count: int, now: datetime, seed: int = 1) -> list[Document]:
    documents = Samples(sample_applications(count, seed=seed, now=now, agencies=AGENCIES))
    assert house.database is not None
    store_sample_applications(house.database, iter(documents))
    return documents


@pytest.fixture
def procedures(house: House) -> Procedures:
    """The repository, emptied and loaded anew from the data files."""
    assert house.database is not None
    house.now = MONDAY
    house.database["procedures"].delete_many({})
    found = house.context.procedures
    assert isinstance(found, Procedures)
    found.load(catalogue(), MONDAY)
    return found
