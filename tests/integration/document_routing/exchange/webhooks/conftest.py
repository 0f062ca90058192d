"""A department whose own system is told by webhooks, and one who listens."""

from collections.abc import Iterator

import pytest

from tests.support.documents_in_memory import DEPARTMENT
from tests.support.exchange_house import ExchangeHouse
from tests.support.receiver import Receiver, listening


@pytest.fixture
def house(house: ExchangeHouse) -> ExchangeHouse:
    """The department is connected by its system."""
    house.connect(DEPARTMENT, "system")
    return house


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Listens for what subscribers are told."""
    with listening() as opened:
        yield opened
