"""Requests and answers: each trap of nameko's RPC that was found once stays closed.

The numbers are those of the list of traps in `docs/delivery-guarantees.md`.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import amqp
import orjson
import pytest

from gateway.bus import BusClient
from local.state import ROOT
from shared.errors import Conflict, Internal, NotFound, TimedOut, Unavailable
from tests.support.running import RunningService, eventually, running

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def echo(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    """One echo service for the tests that do it no harm."""
    with running("echo", environment, tmp_path_factory.mktemp("echo")) as service:
        yield service


def publish_raw(channel: amqp.Channel, body: bytes, *, routing_key: str = "echo.echo", **properties: Any) -> None:
    channel.basic_publish(amqp.Message(body, **properties), exchange="nameko-rpc", routing_key=routing_key)


def ask_raw(channel: amqp.Channel, body: bytes, **properties: Any) -> dict[str, Any]:
    """Send a malformed request with a return address and wait for the answer."""
    answers: list[amqp.Message] = []
    channel.basic_consume("amq.rabbitmq.reply-to", no_ack=True, callback=answers.append)
    publish_raw(channel, body, reply_to="amq.rabbitmq.reply-to", correlation_id="1", **properties)
    while not answers:
        channel.connection.drain_events(timeout=30)
    answer: dict[str, Any] = orjson.loads(answers[0].body)
    return answer


def test_answers_and_refusals_cross_the_bus_as_they_are(echo: RunningService, bus: Ask) -> None:
    assert bus("echo", "echo", {"text": "Hồ sơ"})["request"] == {"text": "Hồ sơ"}
    with pytest.raises(Conflict) as refused:
        bus("echo", "refuse")
    assert (refused.value.code, refused.value.params) == ("already_decided", {"dossier": "H13"})
    with pytest.raises(NotFound, match="method_unknown"):
        bus("echo", "no_such_method")


def test_a_defect_is_logged_with_its_correlation_and_not_told(echo: RunningService, bus: Ask) -> None:
    with pytest.raises(Internal) as answered:
        bus("echo", "crash", correlation_id="find-me")
    assert answered.value.to_dict() == {"kind": "Internal", "code": "internal_error", "params": {}, "fields": []}
    assert [line["correlation"] for line in echo.logged("request_failed")] == ["find-me"]
    with pytest.raises(Internal):
        bus("echo", "unwritable")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"args": [], "kwargs": {}}', "application/json"),
        (b"not json", "application/json"),
        (b'"a text"', "application/json"),
        (b"", "application/json"),
        (b"\x80\x04.", "application/x-python-serialize"),
        (b"{}", None),
    ],
)
def test_trap_03_a_poison_request_kills_nobody(
    echo: RunningService,
    bus: Ask,
    channel: amqp.Channel,
    depth: Callable[[str], int],
    body: bytes,
    content_type: str | None,
) -> None:
    properties = {"content_type": content_type} if content_type else {}
    publish_raw(channel, body, **properties)
    assert ask_raw(channel, body, **properties)["error"]["code"] == "request_malformed"
    assert bus("echo", "echo")["pid"] == echo.pid
    eventually(lambda: echo.metric("messages_in_progress") == 0, "nothing is left unsettled")
    assert depth("rpc-echo") == 0


def test_trap_06_a_queue_with_other_arguments_stops_the_start(
    module_broker_uri: str, environment: dict[str, str], mongo_uri: str, tmp_path: Path, channel: amqp.Channel
) -> None:
    channel.queue_declare("rpc-teller", durable=True, auto_delete=False)
    service = RunningService("teller", environment, tmp_path)
    service.start()
    eventually(lambda: not service.alive, "ends")
    assert service.exit_code == 1
    failure = service.logged("service_failed")[0]["exception"]
    assert "'rpc-teller' exists with other arguments" in failure
    assert "rabbitmqctl delete_queue rpc-teller" in failure
    channel.queue_delete("rpc-teller")


def test_trap_13_a_time_out_does_not_spoil_later_calls(echo: RunningService, bus: Ask, tmp_path: Path) -> None:
    late = {"seconds": 1.5, "file": str(tmp_path / "done"), "mark": 1}
    with pytest.raises(TimedOut, match="service_timed_out"):
        bus("echo", "slow", late, timeout=0.3)
    assert bus("echo", "echo", {"n": 1})["request"] == {"n": 1}
    eventually((tmp_path / "done").exists, "the late answer came")
    assert bus("echo", "echo", {"n": 2})["request"] == {"n": 2}


def test_trap_13_threads_share_a_client_and_each_gets_its_own_answer(echo: RunningService, bus: Ask) -> None:
    def ask(number: int) -> int:
        answer: int = bus("echo", "echo", {"n": number})["request"]["n"]
        return answer

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(800))) == list(range(800))


def test_trap_14_no_message_makes_kombu_prepare_a_connection(
    environment: dict[str, str], bus: Ask, tmp_path: Path
) -> None:
    with running("thrifty", environment, tmp_path):
        made = [bus("thrifty", "connections_made") for _ in range(20)]
    assert made[0] > 0
    assert made[-1] == made[0]


def test_nobody_answers_for_a_service_that_does_not_exist(bus: Ask) -> None:
    with pytest.raises(Unavailable, match="service_unavailable"):
        bus("nobody", "anything", timeout=600)


def test_no_broker_is_told_at_once() -> None:
    client = BusClient("pyamqp://guest:guest@127.0.0.1:9/none")
    with pytest.raises(Unavailable, match="service_unavailable"):
        client.call("echo", "echo", request={}, principal=None, timeout=600)
    assert not client.connected
    client.close()


def test_a_request_past_its_deadline_is_not_executed(
    echo: RunningService, channel: amqp.Channel, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    request = {"seconds": 0, "file": str(done), "mark": 1}
    body = orjson.dumps({"args": [], "kwargs": {"request": request, "principal": None}})
    json = {"content_type": "application/json", "routing_key": "echo.slow"}
    late = ask_raw(channel, body, application_headers={"nameko.deadline": time.time() - 1}, **json)
    assert late["error"]["code"] == "service_timed_out"
    assert not done.exists()


def test_one_bad_message_is_the_matter_of_its_caller_alone(echo: RunningService, bus: Ask) -> None:
    with pytest.raises(Internal):
        bus("echo", "e" * 300)  # a routing key is shorter
    assert bus("echo", "echo", {"n": 1})["request"] == {"n": 1}


def test_an_answer_that_nobody_can_read_is_the_matter_of_its_caller_alone(
    echo: RunningService, bus: Ask, channel: amqp.Channel
) -> None:
    channel.queue_declare("rpc-liar", exclusive=True)
    channel.queue_bind("rpc-liar", "nameko-rpc", "liar.*")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(bus, "liar", "lie")
        asking = eventually(lambda: channel.basic_get("rpc-liar", no_ack=True), "the request is there")
        properties = asking.properties
        answer = amqp.Message(b"not json", correlation_id=properties["correlation_id"])
        channel.basic_publish(answer, routing_key=properties["reply_to"])
        with pytest.raises(Internal):
            asked.result()
    assert bus("echo", "echo", {"n": 1})["request"] == {"n": 1}


FORK = """
import os, sys
from gateway.bus import BusClient
from local.state import ROOT

client = BusClient(sys.argv[1])

def asks(mark):
    return client.call("echo", "echo", request={"mark": mark}, principal=None)["request"] == {"mark": mark}

assert asks(1)
child = os.fork()
if child == 0:
    os._exit(0 if asks(2) else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert asks(3)
"""


def test_a_forked_child_makes_its_own_connection(echo: RunningService, module_broker_uri: str) -> None:
    subprocess.run([sys.executable, "-c", FORK, module_broker_uri], cwd=ROOT, check=True, timeout=120)
