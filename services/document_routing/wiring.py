"""Puts document routing on the bus: who is told of new entries, and whose due work is done."""

from functools import partial

from services.document_routing.assembly import context_of
from services.document_routing.usecases.context import Context
from services.document_routing.usecases.exchange_due import fire_package
from services.document_routing.usecases.fall_due import fire_arrival, fire_document
from services.document_routing.usecases.staffing import hand_on_arrivals
from shared.messaging.composition import Composition, Platform


class Wiring(Composition):
    """Builds the context of all use cases."""

    def build(self, platform: Platform) -> Context:
        """One context per process."""
        context = context_of(platform.client, platform.settings, platform.announces)
        for collection, fire in (("documents", fire_document), ("arrivals", fire_arrival), ("packages", fire_package)):
            platform.fires_due_work(platform.database[collection], partial(fire, context))
        platform.fires_due_work(platform.database["officers"], partial(hand_on_arrivals, context))
        return context
