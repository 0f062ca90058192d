"""Conference booking over a database of its own."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.conference_house import ConferenceHouse


@pytest.fixture
def house(mongo_uri: str, mongo_prefix: str) -> Iterator[ConferenceHouse]:
    """Empty but for its networks."""
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority", maxPoolSize=100) as client:
        name = f"{mongo_prefix}conference{uuid.uuid4().hex[:6]}"
        yield ConferenceHouse(database=client[name], client=client)
        client.drop_database(name)
