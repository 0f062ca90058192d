"""Exchange with other systems, each test over a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from tests.integration.document_routing.exchange.exchanging import OURS
from tests.support.exchange_house import ExchangeHouse


@pytest.fixture
def house(client: MongoClient[dict[str, Any]], tmp_path: Path) -> Iterator[ExchangeHouse]:
    """Empty but for its agencies; nobody is connected."""
    name = f"exchange_{tmp_path.name}_{id(tmp_path):x}"[-50:]
    yield ExchangeHouse(database=client[name], client=client, folder=tmp_path, seal=OURS)
    client.drop_database(name)
    client.drop_database(f"{name}_files")
