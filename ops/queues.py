"""The queues that the services declare: what waits in each, and who reads it."""

import importlib
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import amqp

from ops.databases import service_names
from ops.report import Report, Row
from shared.amqp import connect
from shared.contracts.watch import SERVICE
from shared.messaging import topology

COLUMNS = ("queue", "waiting", "readers", "problem")
DEAD_LETTERS = "dlq."
OWN_QUEUE = topology.rpc_queue(SERVICE).name
"""Where questions wait for the watch."""

PROBLEMS = {
    "absent": "is not there: run set-up",
    "unreadable": "messages that nobody could read",
    "unread": "nobody reads it",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A queue as the broker shows it; `waiting` is -1 where there is none of this name."""

    queue: str
    waiting: int
    readers: int

    @property
    def standing(self) -> str:
        """One of PROBLEMS, or `well`."""
        if self.waiting < 0:
            return "absent"
        if self.queue.startswith(DEAD_LETTERS):
            return "unreadable" if self.waiting else "well"
        return "well" if self.readers else "unread"

    @property
    def problem(self) -> str:
        """What is not as it should be."""
        return PROBLEMS.get(self.standing, "")


def service_classes() -> list[type[topology.Service]]:
    """Every service, for what it declares: it is never made."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # known and accepted
        return [topology.service_class(importlib.import_module(f"services.{name}.service")) for name in service_names()]


def declared_queues() -> list[str]:
    """All that this version needs."""
    return [queue.name for service in service_classes() for queue in topology.queues_of(service)]


def empty(uri: str, *, dry_run: bool = False) -> Iterator[Row]:
    """Discard what waits in every queue of this version, and the watch's: messages of a time that a restore undid.

    Raises:
        OSError, amqp.AMQPError: the broker does not answer.
    """
    connection = connect(uri, name="operator")
    try:
        for seen in look(uri, [OWN_QUEUE]):
            if seen.waiting > 0 and not dry_run:
                connection.channel().queue_purge(seen.queue)
            yield {"queue": seen.queue, "discarded": max(seen.waiting, 0)}
    finally:
        connection.collect()


def look(uri: str, others: Iterable[str] = ()) -> Iterator[Seen]:
    """Each declared queue and some others, asked of the broker.

    Raises:
        OSError, amqp.AMQPError: it does not answer.
    """
    connection = connect(uri, name="operator")
    try:
        for queue in (*declared_queues(), *others):
            channel = connection.channel()
            try:
                found = channel.queue_declare(queue, passive=True)
                yield Seen(queue, found.message_count, found.consumer_count)
                channel.close()
            except amqp.NotFound:  # which closes the channel
                yield Seen(queue, -1, 0)
    finally:
        connection.collect()


def report(uri: str) -> Report:
    """All queues."""
    rows = [
        {"queue": one.queue, "waiting": max(one.waiting, 0), "readers": one.readers, "problem": one.problem}
        for one in look(uri)
    ]
    return Report("Hàng đợi · Queues", COLUMNS, rows)
