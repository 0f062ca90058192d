"""Events that are announced to the service itself."""

from services.one_stop_shop.usecases.reactions import react_to_applications
from shared.contracts.base import Event, ReceivedEvent
from tests.support.world import World


def announce(world: World, application: str, since: int = 0) -> None:
    """Hand every event after entry `since` to the listener, as the bus would."""
    for entry in list(world[application]["history"])[since:]:
        event = Event.registry[f"one_stop_shop.{entry['type']}"]
        data = event.load(entry["data"])
        react_to_applications(
            world.context, [ReceivedEvent(event, entry["id"], application, entry["seq"], entry["at"], data)]
        )
