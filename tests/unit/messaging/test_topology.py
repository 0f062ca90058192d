import types

import pytest

from shared.contracts.base import Event, Payload
from shared.messaging import topology
from shared.messaging.topology import TopologyError


class Moved:
    """As an event class looks to the topology, without entering the register of all events."""

    @staticmethod
    def exchange() -> str:
        return "mover.thing"


class Listener:
    name = "listener"

    def on_moved(self) -> None:
        """Declared as `handles` does it."""


setattr(Listener.on_moved, topology.LISTENS_ATTRIBUTE, [Moved, Moved])


def test_a_listener_has_requests_one_inbox_per_exchange_and_its_dead_letters() -> None:
    names = [queue.name for queue in topology.queues_of(Listener)]
    assert names == ["rpc-listener", "dlq.inbox.listener.mover.thing", "inbox.listener.mover.thing"]


def test_the_inbox_takes_all_events_and_loses_none() -> None:
    queue = topology.inbox_queue("listener", "mover.thing")
    assert queue.bindings == [("mover.thing", "#")]
    assert queue.arguments["x-queue-type"] == "quorum"
    assert queue.arguments["x-dead-letter-strategy"] == "at-least-once"
    assert queue.arguments["x-overflow"] == "reject-publish"  # which at-least-once needs
    assert queue.arguments["x-delivery-limit"] > 0
    dead = topology.dead_letter_queue(queue.name)
    exchange, routing_key = queue.arguments["x-dead-letter-exchange"], queue.arguments["x-dead-letter-routing-key"]
    assert dead.bindings == [(exchange, routing_key)]


def test_late_requests_are_not_kept() -> None:
    assert "x-dead-letter-exchange" not in topology.rpc_queue("listener").arguments


def test_a_public_event_alone_expects_no_listener(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Event, "registry", {})

    class Shown(Event):
        owner, aggregate, name, payload, public = "shower", "thing", "shown", Payload, True

    assert not topology.has_listeners_expected("shower.thing")

    class Hidden(Event):
        owner, aggregate, name, payload = "shower", "thing", "hidden", Payload

    assert topology.has_listeners_expected("shower.thing")


def test_a_module_must_define_one_service() -> None:
    module = types.ModuleType("empty")
    with pytest.raises(TopologyError, match="exactly one class with a `name`, not 0"):
        topology.service_class(module)
    Found = type("Found", (), {"name": "found", "__module__": "empty"})
    module.Found = Found  # type: ignore[attr-defined]
    assert topology.service_class(module) is Found
