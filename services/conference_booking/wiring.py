"""Puts conference booking on the bus: who is told of new entries, and whose due work is done."""

from functools import partial

from services.conference_booking.adapters.networks_file import read_networks
from services.conference_booking.assembly import context_of
from services.conference_booking.domain.networks import local_day
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.door import settle_officer
from services.conference_booking.usecases.due import fire_bridge, fire_endpoint, fire_meeting
from shared.messaging.composition import Composition, Platform


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        networks = read_networks(platform.settings.conference_networks)
        context = context_of(platform.client, platform.settings, networks, platform.announces)
        context.working_time.is_working_day(local_day(context.now()))  # the first to ask for a year waits a second
        for collection, fire in (
            ("meetings", fire_meeting),
            ("endpoints", fire_endpoint),
            ("bridges", fire_bridge),
            ("officers", settle_officer),
        ):
            platform.fires_due_work(platform.database[collection], partial(fire, context))
        return context
