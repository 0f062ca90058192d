"""Events that arrive twice and in the wrong order have each their effect once, in the right order."""

import random
import time

import amqp
import orjson
from kombu.utils.url import parse_url

from local.demo.bus_tap import Envelope, tapped
from tests.faults.load import Clients
from tests.faults.oracle import database_of, judge, known_applications, settle
from tests.support.stack import Stack

EXCHANGE = "one_stop_shop.application"
QUEUE = f"inbox.one_stop_shop.{EXCHANGE}"


def test_doubled_and_shuffled_events_change_nothing(fault_platform: Stack) -> None:
    stack, before = fault_platform, known_applications(fault_platform)
    with (
        tapped(stack.amqp_uri, EXCHANGE) as tap,
        Clients(stack.base_url, stack.token("citizen-an"), count=4) as clients,
    ):
        events = list(tap.wait(lambda heard: len(heard) >= 100, seconds=30))
    assert len(events) >= 100
    settle(stack)
    with database_of(stack) as database:
        told = database["notices"].count_documents({})

    doubled = events * 3
    random.Random(7).shuffle(doubled)
    send(stack, doubled)
    wait_until_consumed(stack)

    with database_of(stack) as database:
        assert database["notices"].count_documents({}) == told
    verdict = judge(stack, clients, before, settle(stack))
    assert verdict.clean, verdict


def send(stack: Stack, events: list[Envelope]) -> None:
    """Put events straight into the listener's queue, past every exchange."""
    parts = parse_url(stack.amqp_uri)
    with amqp.Connection(
        f"{parts['hostname']}:{parts['port']}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"],
    ) as connection:
        channel = connection.channel()
        for event in events:
            message = amqp.Message(
                orjson.dumps(event),
                content_type="application/cloudevents+json",
                content_encoding="utf-8",
                delivery_mode=2,
            )
            channel.basic_publish(message, "", QUEUE)


def wait_until_consumed(stack: Stack) -> None:
    """Until the listener's queue is empty and nothing of it is unacknowledged."""
    parts = parse_url(stack.amqp_uri)
    end = time.monotonic() + 60
    with amqp.Connection(
        f"{parts['hostname']}:{parts['port']}",
        userid=parts["userid"],
        password=parts["password"],
        virtual_host=parts["virtual_host"],
    ) as connection:
        channel = connection.channel()
        while channel.queue_declare(QUEUE, passive=True).message_count:
            assert time.monotonic() < end, "the queue is not being consumed"
            time.sleep(0.2)
    time.sleep(2)
