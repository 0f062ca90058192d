"""Puts conference booking on the bus: who is told of new entries, and whose due work is done."""

from functools import partial

from services.conference_booking.adapters.generic_bridge import GenericBridge
from services.conference_booking.adapters.janus import Janus
from services.conference_booking.adapters.networks_file import read_networks
from services.conference_booking.assembly import context_of
from services.conference_booking.domain.networks import BridgeAccess, local_day
from services.conference_booking.ports import Bridge
from services.conference_booking.usecases.context import Context
from services.conference_booking.usecases.door import settle_officer
from services.conference_booking.usecases.due import fire_bridge, fire_endpoint, fire_meeting
from services.conference_booking.usecases.lines import fire_line
from services.conference_booking.usecases.rooms import fire_room
from shared.environment import SettingsError
from shared.messaging.composition import Composition, Platform
from shared.settings import Settings


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        networks = read_networks(platform.settings.conference_networks)
        bridges = {network.key: bridge_of(network.bridge, platform.settings) for network in networks.networks}
        context = context_of(platform.client, platform.settings, networks, platform.announces, bridges)
        context.working_time.is_working_day(local_day(context.now()))  # the first to ask for a year waits a second
        for collection, fire in (
            ("meetings", fire_meeting),
            ("endpoints", fire_endpoint),
            ("bridges", fire_bridge),
            ("lines", fire_line),
            ("officers", settle_officer),
        ):
            platform.fires_due_work(platform.database[collection], partial(fire, context))
        # A bridge may take its time to answer, or never do.
        platform.fires_due_work(platform.database["rooms"], partial(fire_room, context), apart=True)
        return context


def bridge_of(access: BridgeAccess, settings: Settings) -> Bridge:
    """The adapter that a network's file names.

    Raises:
        SettingsError: it is to be commanded, and what opens it is not given.
    """
    if not access.commanded:
        return GenericBridge()
    secret, key = settings.janus_admin_secret, settings.janus_room_key
    if secret is None or key is None:
        raise SettingsError([f"JANUS_ADMIN_SECRET and JANUS_ROOM_KEY are needed for the bridge at {access.url}"])
    return Janus(access.url, secret, key, settings.bridge_seconds)
