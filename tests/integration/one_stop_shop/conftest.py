"""A one-stop shop over a database of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.house import House
from tests.support.world import MONDAY


@pytest.fixture(scope="module")
def house(mongo_uri: str, mongo_prefix: str) -> Iterator[House]:
    """Empty but for the catalogue of the data files."""
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority", journal=True) as client:
        yield House(MONDAY, database=client[f"{mongo_prefix}shop"], client=client)
