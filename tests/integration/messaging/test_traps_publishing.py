"""Publishing with confirms: each trap that was found once stays closed."""

import select
from collections.abc import Iterator

import amqp
import pytest
from nameko.amqp.publish import Publisher

from shared.amqp import CONNECTION_ERRORS, ConfirmBatch, Fate, Outgoing
from tests.support.proxy import proxied

FULL = {"x-max-length": 0, "x-overflow": "reject-publish"}


@pytest.fixture
def queues(channel: amqp.Channel) -> tuple[str, str]:
    """A queue that takes messages and one that refuses every message."""
    names = []
    for arguments in ({}, FULL):
        names.append(channel.queue_declare("", exclusive=True, arguments=arguments).queue)
    return names[0], names[1]


@pytest.fixture
def batch(module_broker_uri: str) -> Iterator[ConfirmBatch]:
    """A publisher."""
    publisher = ConfirmBatch(module_broker_uri, name="test")
    yield publisher
    publisher.close()


def message(number: int, queue: str, **options: bool) -> Outgoing:
    return Outgoing(f"message-{number}", "", queue, b"{}", **options)


def depth(channel: amqp.Channel, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def test_every_message_has_its_own_fate(batch: ConfirmBatch, channel: amqp.Channel, queues: tuple[str, str]) -> None:
    takes, refuses = queues
    targets = [takes, refuses, "nowhere"] * 40
    fates = batch.publish([message(number, queue) for number, queue in enumerate(targets)])
    expected = [Fate.CONFIRMED, Fate.NACKED, Fate.RETURNED] * 40
    assert [fates[f"message-{number}"] for number in range(len(targets))] == expected
    assert depth(channel, takes) == 40


def test_what_need_not_be_mandatory_may_go_nowhere(batch: ConfirmBatch) -> None:
    assert batch.publish([message(1, "nowhere", mandatory=False)]) == {"message-1": Fate.CONFIRMED}


def test_trap_04_a_late_confirm_is_not_taken_for_that_of_another_message(
    module_broker_uri: str, channel: amqp.Channel, queues: tuple[str, str]
) -> None:
    takes, refuses = queues
    with proxied(module_broker_uri) as (proxy, uri):
        batch = ConfirmBatch(uri, name="test")
        batch.publish([message(1, takes)])
        proxy.freeze()
        with pytest.raises(TimeoutError):
            batch.publish([message(2, takes)], timeout=0.5)
        proxy.thaw()
        assert batch.publish([message(3, refuses)]) == {"message-3": Fate.NACKED}
        batch.close()


def test_trap_05_nobody_else_can_turn_confirms_off(
    module_broker_uri: str, batch: ConfirmBatch, queues: tuple[str, str]
) -> None:
    careless = Publisher(module_broker_uri, use_confirms=False)
    careless.publish({}, routing_key=queues[0])
    assert batch.publish([message(1, queues[1])]) == {"message-1": Fate.NACKED}


def test_trap_08_a_frozen_broker_does_not_hold_a_publisher_for_ever(
    module_broker_uri: str, queues: tuple[str, str]
) -> None:
    huge = Outgoing("huge", "", queues[0], b"x" * 20_000_000)  # more than sockets take without a reader
    with proxied(module_broker_uri) as (proxy, uri):
        waits, sends, connects = (ConfirmBatch(uri, name="test") for _ in range(3))
        for batch in (waits, sends):
            batch.publish([message(1, queues[0])])
        proxy.freeze()
        for batch, outgoing in ((waits, message(2, queues[0])), (sends, huge), (connects, message(3, queues[0]))):
            with pytest.raises(CONNECTION_ERRORS):
                batch.publish([outgoing], timeout=1)
        proxy.thaw()
        for batch in (waits, sends, connects):
            assert batch.publish([message(4, queues[0])]) == {"message-4": Fate.CONFIRMED}
            batch.close()


def test_trap_11_publishing_does_not_read(channel: amqp.Channel) -> None:
    received: list[amqp.Message] = []
    queue = channel.queue_declare("", exclusive=True).queue
    channel.basic_consume(queue, no_ack=True, callback=received.append)
    for _ in range(30):  # the first messages come back while the last are sent
        channel.basic_publish(amqp.Message(b"{}"), routing_key=queue)
        select.select([channel.connection.sock], [], [], 0.05)
    assert received == []  # nothing was read behind the back of the one whose task it is
    while len(received) < 30:
        channel.connection.drain_events(timeout=30)


def test_a_broken_connection_is_replaced_before_publishing(module_broker_uri: str, queues: tuple[str, str]) -> None:
    with proxied(module_broker_uri) as (proxy, uri):
        batch = ConfirmBatch(uri, name="test")
        batch.publish([message(1, queues[0])])
        proxy.cut()
        with pytest.raises(CONNECTION_ERRORS):
            batch.publish([message(2, queues[0])])
        proxy.mend()
        assert batch.publish([message(3, queues[0])]) == {"message-3": Fate.CONFIRMED}
        proxy.cut()
        proxy.mend()
        assert batch.publish([message(4, queues[0])]) == {"message-4": Fate.CONFIRMED}
        batch.close()
