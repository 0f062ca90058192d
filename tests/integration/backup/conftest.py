"""What is backed up and restored."""

from collections.abc import Iterator

import pytest
from pymongo import MongoClient

from shared.settings import Settings, load


@pytest.fixture
def settings(mongo_uri: str, mongo_prefix: str) -> Iterator[Settings]:
    """Two small databases with an index, and nothing else under their prefix."""
    with MongoClient(mongo_uri) as client:
        client[f"{mongo_prefix}one"]["things"].insert_many({"_id": n, "at": n * 2} for n in range(2500))
        client[f"{mongo_prefix}one"]["things"].create_index("at", name="by_at", unique=True)
        client[f"{mongo_prefix}two"]["files.chunks"].insert_one({"_id": "x", "data": b"\x00" * 300_000})
        yield load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": mongo_prefix})
        for name in client.list_database_names():
            if name.startswith(mongo_prefix):
                client.drop_database(name)
