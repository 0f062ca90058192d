"""Agencies, one of them with a system of its own."""

import pytest

from tests.support.documents_in_memory import OTHER_WARD
from tests.support.exchange_world import ExchangeWorld


@pytest.fixture
def world() -> ExchangeWorld:
    """The other ward has a system, ours and the department work at desks."""
    made = ExchangeWorld()
    made.connect(OTHER_WARD, "system")
    return made
