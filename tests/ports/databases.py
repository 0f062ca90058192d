"""A client and a collection of its own for tests of what services rely on in MongoDB."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.collection import Collection

from shared.persistence import connect, database, session
from shared.settings import Settings, load


def settings_for(uri: str, prefix: str, **more: str) -> Settings:
    return load({"AMQP_URI": "unused", "MONGO_URI": uri, "MONGO_DATABASE_PREFIX": prefix} | more)


@pytest.fixture(scope="module")
def settings(mongo_uri: str, mongo_prefix: str) -> Settings:
    return settings_for(mongo_uri, mongo_prefix)


@pytest.fixture(scope="module")
def client(settings: Settings) -> Iterator[MongoClient[Any]]:
    with connect(settings, "test") as opened:
        yield opened
        opened.drop_database(database(opened, settings, "persistence"))


@pytest.fixture
def rows(client: MongoClient[Any], settings: Settings) -> Iterator[Collection[Any]]:
    collection = database(client, settings, "persistence")["rows"]
    yield collection
    collection.drop()


def insert(rows: Collection[Any], key: int) -> None:
    rows.insert_one({"_id": key}, session=session())
