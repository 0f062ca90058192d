"""What the tests of messaging share: an environment for services, a client, and a look into queues."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import amqp
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from gateway.bus import BusClient
from shared.amqp import connect
from tests.support.running import RunningService, running

Document = dict[str, Any]


@pytest.fixture(scope="module")
def environment(module_broker_uri: str, mongo_uri: str, mongo_prefix: str) -> dict[str, str]:
    """The settings of services in this module."""
    return {"AMQP_URI": module_broker_uri, "MONGO_URI": mongo_uri, "MONGO_DATABASE_PREFIX": mongo_prefix}


@pytest.fixture(scope="module")
def mongo(mongo_uri: str, mongo_prefix: str) -> Iterator[Callable[[str], Database[Document]]]:
    """The database of a service."""
    with MongoClient[Document](mongo_uri, tz_aware=True) as client:
        yield lambda service: client[mongo_prefix + service]
        for name in client.list_database_names():
            if name.startswith(mongo_prefix):
                client.drop_database(name)


@pytest.fixture(scope="module")
def bus(module_broker_uri: str) -> Iterator[Callable[..., Any]]:
    """Ask a service: `bus("echo", "refuse", {...})`."""
    client = BusClient(module_broker_uri)

    def ask(service: str, method: str, request: Document | None = None, **options: Any) -> Any:
        return client.call(service, method, request=request or {}, principal=None, **options)

    yield ask
    client.close()


@pytest.fixture
def channel(module_broker_uri: str) -> Iterator[amqp.Channel]:
    """A channel of the test itself."""
    connection = connect(module_broker_uri, name="test")
    yield connection.channel()
    connection.collect()


@pytest.fixture
def depth(module_broker_uri: str) -> Callable[[str], int]:
    """How many messages wait in a queue."""

    def look(queue: str) -> int:
        connection = connect(module_broker_uri, name="test")
        try:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)
        finally:
            connection.collect()

    return look


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where services of this test log."""
    return tmp_path


@pytest.fixture(scope="module")
def mood(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that makes the hearer put up with everything."""
    return tmp_path_factory.mktemp("mood") / "good"


@pytest.fixture(scope="module")
def surroundings(environment: dict[str, str], mood: Path) -> dict[str, str]:
    """The settings of teller and hearer."""
    return environment | {"HEARER_MOOD": str(mood)}


@pytest.fixture(scope="module")
def hearer(surroundings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """A hearer."""
    with running("hearer", surroundings, tmp_path_factory.mktemp("hearer")) as service:
        yield service


@pytest.fixture(scope="module")
def teller(
    hearer: RunningService, surroundings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningService]:
    """A teller who is heard."""
    with running("teller", surroundings, tmp_path_factory.mktemp("teller")) as service:
        yield service
