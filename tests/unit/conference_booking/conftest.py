"""The network of the example, with nothing booked."""

import pytest

from tests.support.conference_world import ConferenceWorld


@pytest.fixture
def world() -> ConferenceWorld:
    return ConferenceWorld()
