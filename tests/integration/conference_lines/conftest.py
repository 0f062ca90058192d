"""Lines over a real database."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.conference_house import ConferenceHouse


@pytest.fixture
def house(mongo_uri: str, mongo_prefix: str) -> Iterator[ConferenceHouse]:
    name = f"{mongo_prefix}lines{uuid.uuid4().hex[:6]}"
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority") as client:
        yield ConferenceHouse(database=client[name], client=client)
        client.drop_database(name)
