"""The set-up job that declares exchanges and queues before the first service starts."""

import os
import subprocess
import sys

import amqp

from local.state import ROOT

SERVICES = ["tests.support.services.teller", "tests.support.services.hearer"]


def declare(environment: dict[str, str], *modules: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "shared.messaging.topology", *modules],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def messages(channel: amqp.Channel, queue: str) -> int:
    return int(channel.queue_declare(queue, passive=True).message_count)


def test_an_event_finds_its_queue_before_any_service_has_started(
    environment: dict[str, str], channel: amqp.Channel
) -> None:
    for _ in range(2):  # the second time changes nothing
        assert declare(environment, *SERVICES).returncode == 0
    channel.basic_publish(amqp.Message(b"{}", delivery_mode=2), exchange="teller.story", routing_key="any")
    channel.basic_publish(amqp.Message(b"{}"), exchange="nameko-rpc", routing_key="hearer.anything")
    for queue, expected in (("inbox.hearer.teller.story", 1), ("rpc-hearer", 1), ("rpc-teller", 0)):
        while messages(channel, queue) != expected:
            pass
    for queue in ("replay.teller", "dlq.replay.teller", "dlq.inbox.hearer.teller.story"):
        assert messages(channel, queue) == 0


def test_trap_06_a_queue_with_other_arguments_fails_loudly(environment: dict[str, str], channel: amqp.Channel) -> None:
    channel.queue_delete("replay.teller")
    channel.queue_declare("replay.teller", durable=True, auto_delete=False)
    failed = declare(environment, *SERVICES)
    assert failed.returncode != 0
    assert "'replay.teller' exists with other arguments" in failed.stderr
    channel.exchange_delete("teller.story")
    channel.exchange_declare("teller.story", "fanout", durable=True, auto_delete=False)
    assert "exchange 'teller.story' exists" in declare(environment, *SERVICES).stderr
