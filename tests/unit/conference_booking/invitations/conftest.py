"""Endpoints with mailboxes."""

import pytest

from tests.support.conference_world import TECHNICIAN, ConferenceWorld
from tests.unit.conference_booking.invitations.invited import address


@pytest.fixture
def world() -> ConferenceWorld:
    """All endpoints of the example but th-07 have mailboxes."""
    world = ConferenceWorld()
    for key in ("th-01", "th-05", "th-06", "th-08"):
        world.ask("change_endpoint", TECHNICIAN, endpoint=key, mailbox=address(key))
    return world
