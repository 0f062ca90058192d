"""The watch on the bus: `python -m shared.messaging.run ops.service`. It looks, and answers what operators ask."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import eventlet
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider

from ops import answers
from ops.answers import Context, admit
from ops.watch import READY_SILENCE, Watch
from shared.contracts.watch import SERVICE
from shared.messaging import topology
from shared.messaging.consumer import QueueConsumer
from shared.messaging.container import Part
from shared.messaging.rpc import offering
from shared.observability import logger
from shared.persistence import connect
from shared.settings import Settings

log = logger(__name__)
PATIENCE_SECONDS = 2


class Looking(Part):
    """The part that looks every few seconds, and what the answers are made of."""

    queue_consumer = QueueConsumer()
    context: Context | None = None

    def setup(self) -> None:
        """Declare where questions wait; a broker that is away is waited for."""
        settings: Settings = self.container.config["settings"]
        self.open()
        while True:
            try:
                return topology.declare_queues(settings.amqp_uri, [], [topology.rpc_queue(SERVICE)])
            except OSError as error:
                log.warning("broker_unreachable", error=repr(error))
                eventlet.sleep(PATIENCE_SECONDS)

    def open(self) -> Context:
        """What answers are made of, once: nameko sets extensions up in no certain order."""
        if self.context is None:
            settings: Settings = self.container.config["settings"]
            self.context = Context(settings, connect(settings, SERVICE))
            self.watch = Watch(settings, self.context.client)
        return self.context

    def start(self) -> None:
        """Begin to look."""
        self._loop = self.container.spawn_managed_thread(self.watch.run, identifier="looking")

    def checks(self) -> Mapping[str, Callable[[], bool]]:
        """It has seen everything of late; what is away is looked at again, and no reason to restart."""
        return {"looking": lambda: self.watch.silence() < READY_SILENCE}

    def drain(self) -> None:
        """Look no more."""
        self.watch.stopping.set()

    def stop(self) -> None:
        """Close."""
        self.drain()
        with eventlet.Timeout(PATIENCE_SECONDS, False):
            self._loop.wait()
        self.open().close(time.monotonic() + PATIENCE_SECONDS)


class Answering(DependencyProvider):  # type: ignore[misc]  # nameko publishes no types
    """Gives each worker what its answer is made of."""

    looking = Looking()

    def get_dependency(self, worker_ctx: WorkerContext) -> Any:
        """The context."""
        return self.looking.open()


offer = offering(admit)


class Operations:
    """What operators may ask, named as in the contract."""

    name = SERVICE
    context = Answering()

    read_parts = offer(answers.read_parts)
    read_queues = offer(answers.read_queues)
    read_waiting = offer(answers.read_waiting)
    list_parked_events = offer(answers.list_parked_events)
    read_parked_event = offer(answers.read_parked_event)
    replay_parked_event = offer(answers.replay_parked_event)
    discard_parked_event = offer(answers.discard_parked_event)
    read_chains = offer(answers.read_chains)
    verify_chains = offer(answers.verify_chains)
    search_audit = offer(answers.search_audit)
