"""On the running platform, every queue of the topology is there and has somebody who reads it."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator

import amqp
import pytest

from shared.amqp import connect
from tests.architecture.sources import REPO
from tests.support.stack import Stack

LIST_QUEUES = """
import importlib, json
from shared.messaging.topology import queues_of, service_class, service_modules

services = [service_class(importlib.import_module(module)) for module in service_modules()]
print(json.dumps([queue.name for service in services for queue in queues_of(service)]))
"""


def declared_queues() -> list[str]:
    """The queues that the services declare; asked in a process that may import nameko."""
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LIST_QUEUES], cwd=REPO, check=True, capture_output=True, text=True
    )
    names: list[str] = json.loads(answer.stdout)
    return names


def complaints(amqp_uri: str, queues: Iterable[str]) -> Iterator[str]:
    """Name queues that are not there, and those that nobody reads; dead letters wait for a person."""
    connection = connect(amqp_uri, name="guard")
    try:
        for queue in queues:
            try:
                found = connection.channel().queue_declare(queue, passive=True)
            except amqp.NotFound:
                yield f"{queue} is not there"
                continue
            if not found.consumer_count and not queue.startswith("dlq."):
                yield f"{queue} has no reader"
    finally:
        connection.collect()


def test_every_queue_has_a_reader(platform: Stack) -> None:
    queues = declared_queues()
    assert {"rpc-one_stop_shop", "inbox.one_stop_shop.one_stop_shop.application", "replay.one_stop_shop"} < set(queues)
    assert list(complaints(platform.amqp_uri, queues)) == []


def test_every_inbox_has_a_place_for_what_cannot_be_read() -> None:
    queues = declared_queues()
    assert [queue for queue in queues if not queue.startswith(("dlq.", "rpc-")) and f"dlq.{queue}" not in queues] == []


@pytest.fixture
def unread(broker_uri: str) -> Iterator[str]:
    """A queue that nobody reads."""
    connection = connect(broker_uri, name="guard")
    connection.channel().queue_declare("unread", durable=True, auto_delete=False)
    yield "unread"
    connection.channel().queue_delete("unread")
    connection.collect()


def test_queues_without_reader_and_absent_ones_are_named(broker_uri: str, unread: str) -> None:
    assert list(complaints(broker_uri, [unread, "absent"])) == ["unread has no reader", "absent is not there"]
