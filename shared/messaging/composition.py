"""What a service is built from: its database, outbox, inbox and due work, each with the life of the process."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar

import eventlet
from eventlet import tpool
from eventlet.semaphore import Semaphore
from nameko.containers import WorkerContext
from nameko.extensions import DependencyProvider
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import PyMongoError

from shared.errors import Error
from shared.history import Entry
from shared.messaging import topology
from shared.messaging.consumer import QueueConsumer
from shared.messaging.container import Part
from shared.messaging.due_work import DueLoop, Fire
from shared.messaging.group_commit import Coalescer
from shared.messaging.inbox import Inbox
from shared.messaging.outbox import Outbox
from shared.messaging.replay import ReplayClerk
from shared.migrations import wait_until_understood
from shared.observability import logger
from shared.persistence import Document, connect, database
from shared.settings import Settings

log = logger(__name__)

T = TypeVar("T")
R = TypeVar("R")

INBOX_SWEEP_SECONDS = 1.0
SHOW_EVERY = 5
CATCH_UP_SECONDS = 2.0
FLUSH_SECONDS = 5.0


class Platform(Part):
    """One per process: opens everything after the sockets are patched, starts the loops, ends them in order."""

    queue_consumer = QueueConsumer()
    stopping = False

    settings: Settings
    client: MongoClient[Document]
    database: Database[Document]
    outbox: Outbox
    replays: ReplayClerk
    inbox: Inbox
    due_work: DueLoop

    def __init__(self) -> None:
        self._opening = Semaphore()
        self._opened = False

    def open(self) -> "Platform":
        """Make all parts at the first call: nameko sets extensions up in no certain order.

        They are no lazy properties, because nameko reads every property before anything is set up.
        """
        with self._opening:  # making the client yields
            if not self._opened:
                service: str = self.container.service_name
                self.settings = self.container.config["settings"]
                self.client = connect(self.settings, service)
                self.database = database(self.client, self.settings, service)
                self.outbox = Outbox(self.settings.amqp_uri, service)
                self.replays = ReplayClerk(self.settings.amqp_uri, self.container, self.outbox.sources)
                self.inbox = Inbox(self.client, self.database, self.replays.ask)
                self.due_work = DueLoop()
                self.slow_work: list[DueLoop] = []
                self._opened = True
        return self

    def announces(self, aggregate: str, collection: Collection[Document]) -> Callable[[str, Sequence[Entry]], None]:
        """Publish the events of one kind of aggregate; the function returned is told of them after the write."""
        return self.outbox.announces(aggregate, collection)

    def fires_due_work(self, collection: Collection[Document], fire: Fire, *, apart: bool = False) -> None:
        """Do the due work of a collection; `apart` in a loop of its own, where it may wait long for somebody else."""
        loop = DueLoop() if apart else self.due_work
        if apart:
            self.slow_work.append(loop)
        loop.watch(collection, fire)

    def group_commit(self, commit: Callable[[Sequence[T]], Sequence[R | Exception]]) -> Callable[[T], R]:
        """Write what concurrent callers bring in one go; see `Coalescer`."""
        return Coalescer(commit)

    def blocking(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run what computes for seconds, such as reading a large table, in a real thread, so that others go on."""
        result: T = tpool.execute(function, *arguments)
        return result

    def checks(self) -> Mapping[str, Callable[[], bool]]:
        """The database answers."""
        return {"database": self._database_answers}

    def _database_answers(self) -> bool:
        if not self._opened:
            return False
        try:
            self.client.admin.command("ping")
        except PyMongoError as error:
            log.warning("database_not_ready", error=repr(error))
            return False
        return True

    def setup(self) -> None:
        """Stop the start loudly where data are of a later form, or a queue is not as it is declared here."""
        self.open()
        wait_until_understood(self.client, self.settings, self.container.service_name)
        topology.declare(self.settings.amqp_uri, [self.container.service_cls])
        if topology.announced_exchanges(self.container.service_cls):
            self.replays.attach(self.queue_consumer)

    def start(self) -> None:
        """Start the loops."""
        self._relay = self.container.spawn_managed_thread(self.outbox.relay, identifier="outbox relay")
        self.container.spawn_managed_thread(self.outbox.sweep_for_ever, identifier="outbox sweep")
        self.container.spawn_managed_thread(self.due_work.run, identifier="due work")
        for loop in self.slow_work:
            self.container.spawn_managed_thread(loop.run, identifier="slow due work")
        if topology.listened_exchanges(self.container.service_cls):
            self.container.spawn_managed_thread(self._sweep_inbox, identifier="inbox sweep")
            self.container.spawn_managed_thread(self._catch_up, identifier="inbox catch-up")

    def _catch_up(self) -> None:
        """Ask other owners once for everything that happened before this service first listened to them.

        Its own events need no asking: their queue exists since before the first of them.
        """
        joined = self.database["inbox_joined"]
        exchanges = topology.listened_exchanges(self.container.service_cls)
        waiting = [name for name in exchanges if name.partition(".")[0] != self.container.service_name]
        while waiting and not self.stopping:
            try:
                known = {row["_id"] for row in joined.find({"_id": {"$in": waiting}}, {"_id": 1})}
                waiting = [name for name in waiting if name not in known]
                for name in waiting:
                    if self.replays.ask_all(name):
                        joined.update_one({"_id": name}, {"$set": {"at": datetime.now(UTC)}}, upsert=True)
            except (PyMongoError, Error) as error:
                log.warning("catch_up_waits", error=repr(error))
            eventlet.sleep(CATCH_UP_SECONDS)

    def _sweep_inbox(self) -> None:
        self.inbox.set_up()
        for turn in count():
            if self.stopping:
                return
            try:
                self.inbox.sweep()
                if turn % SHOW_EVERY == 0:
                    self.inbox.show_held()
            except (PyMongoError, Error) as error:
                log.warning("inbox_sweep_failed", error=repr(error))
            eventlet.sleep(INBOX_SWEEP_SECONDS)

    def drain(self) -> None:
        """Take no new work from the database; what runs goes on."""
        self.stopping = True
        for loop in (self.due_work, *self.slow_work):
            loop.stop()

    def stop(self) -> None:
        """When all workers are done: publish what is left, then close."""
        self.drain()
        if self.replays.attached:
            self.queue_consumer.unregister_provider(self.replays)
        self.outbox.stop()
        with eventlet.Timeout(FLUSH_SECONDS, False):
            self._relay.wait()
        self.outbox.close()
        self.replays.close()
        self.client.close()


class Composition(DependencyProvider, ABC):
    """The composition root of a service: `build` makes the use cases, which every worker then gets."""

    platform = Platform()

    @abstractmethod
    def build(self, platform: Platform) -> Any:
        """Put the use cases together; called once per process."""

    def setup(self) -> None:
        """Build."""
        self._built = self.build(self.platform.open())

    def get_dependency(self, worker_ctx: WorkerContext) -> Any:
        """What was built."""
        return self._built
