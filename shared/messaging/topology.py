"""Exchanges and queues, derived from the contracts and the services' declarations and declared up front.

    python -m shared.messaging.topology [module ...]

declares them for the given service modules, or for every `services/*/service.py`, so that a queue exists before
its first event. Declaring again changes nothing; a queue that exists with other arguments stops the start.
"""

import importlib
import inspect
import pkgutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Protocol, cast

import amqp

from shared.amqp import connect
from shared.contracts.base import Event

RPC_EXCHANGE = "nameko-rpc"
DEAD_LETTERS = "dlx"
LISTENS_ATTRIBUTE = "listens_to"

# A message that was delivered this often without an answer kills its readers: it is put aside.
DELIVERY_LIMIT = 20

MOST_BELLS = 100_000
"""How many events wait for a host that is away; behind them it is quicker to compare everything."""


BROKER_SECONDS = 60
"""How long the job waits for a broker that is still starting."""


class TopologyError(Exception):
    """The broker has a queue or exchange that differs from the declaration; the message says what to do."""


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A durable queue with its arguments and what is bound to it as (exchange, routing key)."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    bindings: Sequence[tuple[str, str]] = ()


class Service(Protocol):
    """What of a service class matters here."""

    name: str


def rpc_queue(service: str) -> QueueSpec:
    """Where a service's requests wait; without dead letters, because nobody waits for a late answer."""
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": DELIVERY_LIMIT}
    return QueueSpec(f"rpc-{service}", arguments, [(RPC_EXCHANGE, f"{service}.*")])


def inbox_queue(listener: str, exchange: str) -> QueueSpec:
    """Where all events of one kind of aggregate wait for one listener; all, so that the sequence has no holes."""
    name = f"inbox.{listener}.{exchange}"
    return QueueSpec(name, _with_dead_letters(name), [(exchange, "#")])


def replay_queue(owner: str) -> QueueSpec:
    """Where listeners ask the owner of events to publish some of them again."""
    name = f"replay.{owner}"
    return QueueSpec(name, _with_dead_letters(name))


def bell_queue(name: str, exchanges: Iterable[str]) -> QueueSpec:
    """Where events wait for one who only wants to know what has changed, and asks for it then.

    Old bells fall off a full queue: who was away for that long compares everything anyway.
    """
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-max-length": MOST_BELLS,
        "x-overflow": "drop-head",
    }
    return QueueSpec(name, arguments, [(exchange, "#") for exchange in exchanges])


def dead_letter_queue(queue: str) -> QueueSpec:
    """Where the messages of a queue end that nobody can read."""
    name = f"dlq.{queue}"
    return QueueSpec(name, {"x-queue-type": "quorum"}, [(DEAD_LETTERS, name)])


def _with_dead_letters(queue: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": f"dlq.{queue}",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def listened_exchanges(service: type[Service]) -> list[str]:
    """The exchanges of the events that the service's methods handle."""
    methods = inspect.getmembers(service, inspect.isfunction)
    heard = [event for _, method in methods for event in getattr(method, LISTENS_ATTRIBUTE, ())]
    return sorted({event.exchange() for event in heard})


def announced_exchanges(service: type[Service]) -> set[str]:
    """The exchanges of the events that the service owns."""
    return {event.exchange() for event in Event.registry.values() if event.owner == service.name}


def has_listeners_expected(exchange: str) -> bool:
    """Whether an event of this exchange that reaches no queue is a fault: some of its events are not public."""
    return any(not event.public for event in Event.registry.values() if event.exchange() == exchange)


def queues_of(service: type[Service]) -> Iterator[QueueSpec]:
    """All queues that a service reads, and those of their dead letters."""
    yield rpc_queue(service.name)
    own = [inbox_queue(service.name, exchange) for exchange in listened_exchanges(service)]
    if announced_exchanges(service):
        own.append(replay_queue(service.name))
    for queue in own:
        yield dead_letter_queue(queue.name)
        yield queue


def exchanges_of(service: type[Service]) -> set[str]:
    """The exchanges that a service announces to or listens to."""
    return announced_exchanges(service) | set(listened_exchanges(service))


def declare(uri: str, services: Iterable[type[Service]]) -> None:
    """Declare everything that the services need; what exists already stays as it is.

    Raises:
        TopologyError: something exists with other arguments.
    """
    services = list(services)
    exchanges = sorted({exchange for service in services for exchange in exchanges_of(service)})
    declare_queues(uri, exchanges, [queue for service in services for queue in queues_of(service)])


def declare_queues(uri: str, exchanges: Iterable[str], queues: Iterable[QueueSpec]) -> None:
    """Declare topic exchanges and queues beside what all need.

    Raises:
        TopologyError: something exists with other arguments.
    """
    connection = connect(uri, name="topology")
    try:
        channel = connection.channel()
        _declare_exchange(channel, RPC_EXCHANGE, "topic")
        _declare_exchange(channel, DEAD_LETTERS, "direct")
        for exchange in exchanges:
            _declare_exchange(channel, exchange, "topic")
        for queue in queues:
            _declare_queue(channel, queue)
    finally:
        connection.collect()


def _declare_exchange(channel: amqp.Channel, name: str, kind: str) -> None:
    try:
        channel.exchange_declare(name, kind, durable=True, auto_delete=False)
    except amqp.PreconditionFailed as error:
        raise TopologyError(
            f"exchange {name!r} exists, but not as a durable {kind} exchange ({error.reply_text}). "
            f"Stop all services, delete it and run `python -m shared.messaging.topology`."
        ) from error


def _declare_queue(channel: amqp.Channel, queue: QueueSpec) -> None:
    try:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments))
    except amqp.PreconditionFailed as error:
        raise TopologyError(
            f"queue {queue.name!r} exists with other arguments than {dict(queue.arguments)} ({error.reply_text}). "
            f"Stop its readers when it is empty, delete it (`rabbitmqctl delete_queue {queue.name}`) and run "
            f"`python -m shared.messaging.topology`; events that were in it are asked for again by its listener."
        ) from error
    for exchange, routing_key in queue.bindings:
        channel.queue_bind(queue.name, exchange, routing_key)


def service_class(module: ModuleType) -> type[Service]:
    """The one service class that a module defines: a class with a `name`."""
    found = [
        cls
        for _, cls in inspect.getmembers(module, inspect.isclass)
        if cls.__module__ == module.__name__ and isinstance(cls.__dict__.get("name"), str)
    ]
    if len(found) != 1:
        raise TopologyError(f"{module.__name__} must define exactly one class with a `name`, not {len(found)}")
    return cast(type[Service], found[0])


def service_modules() -> list[str]:
    """The module of every service in the tree."""
    package = importlib.import_module("services")
    return [f"services.{found.name}.service" for found in pkgutil.iter_modules(package.__path__) if found.ispkg]


def main(arguments: Sequence[str]) -> None:
    """Declare the topology of the named service modules, or of all; a broker that is still starting is waited for."""
    from shared.settings import load

    modules = [importlib.import_module(name) for name in arguments or service_modules()]
    settings = load()
    _wait_for_broker(settings.amqp_uri)
    declare(settings.amqp_uri, [service_class(module) for module in modules])


def _wait_for_broker(uri: str) -> None:
    until = time.monotonic() + BROKER_SECONDS
    while True:
        try:
            connect(uri, name="topology").collect()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.3)


if __name__ == "__main__":
    import warnings

    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")  # known and accepted
    import eventlet

    eventlet.monkey_patch()  # service modules import nameko, which wants it first
    main(sys.argv[1:])
