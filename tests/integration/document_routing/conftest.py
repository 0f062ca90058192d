"""Document routing over a database of its own."""

from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.document_house import DocumentHouse


@pytest.fixture(scope="module")
def client(mongo_uri: str) -> Iterator[MongoClient[dict[str, Any]]]:
    with MongoClient[dict[str, Any]](mongo_uri, tz_aware=True, w="majority", journal=True, maxPoolSize=300) as opened:
        yield opened


@pytest.fixture(scope="module")
def house(client: MongoClient[dict[str, Any]], mongo_prefix: str) -> DocumentHouse:
    """Empty but for its agencies."""
    return DocumentHouse(database=client[f"{mongo_prefix}documents"], client=client)
