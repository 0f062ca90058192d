"""The broker goes away, freezes or raises an alarm while services work: nobody dies, hangs or stays away."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway.bus import BusClient
from shared.errors import Error, TimedOut, Unavailable
from tests.support import stack
from tests.support.proxy import Proxy, proxied
from tests.support.running import RunningService, eventually, running

Ask = Callable[..., Any]


@pytest.fixture
def proxy(module_broker_uri: str) -> Iterator[tuple[Proxy, str]]:
    """Only the service of the test is behind it."""
    with proxied(module_broker_uri) as found:
        yield found


@pytest.fixture
def echo(
    proxy: tuple[Proxy, str], environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[RunningService, Proxy]]:
    """An echo service that reaches the broker through the proxy."""
    with running("echo", environment | {"AMQP_URI": proxy[1], "HEARTBEAT": "2"}, tmp_path) as service:
        yield service, proxy[0]


def answers_again(ask: Ask, service: RunningService) -> None:
    """The same process answers, and is ready."""

    def answered() -> bool:
        try:
            return bool(ask("echo", "echo", timeout=5)["pid"] == service.pid)
        except Error:
            return False

    eventually(answered, "the same process answers again")
    eventually(service.answers_ready, "it is ready again")


def test_trap_02_an_outage_during_an_answer_does_not_kill_the_service(
    echo: tuple[RunningService, Proxy], bus: Ask, tmp_path: Path
) -> None:
    service, proxy = echo
    done = tmp_path / "done"
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(bus, "echo", "slow", {"seconds": 3, "file": str(done), "mark": 1}, timeout=20)
        eventually(lambda: service.metric("messages_in_progress") == 1, "it works")
        proxy.cut()
        eventually(done.exists, "the work is done while there is no broker")
        proxy.mend()
        assert asked.result() == 1  # the broker delivered the request again, and this time the answer came through
    # Whether the lost answer is noticed while it is written or only by the closed connection is a matter of moments.
    answers_again(bus, service)


def test_trap_08_a_frozen_broker_is_given_up_and_used_again(echo: tuple[RunningService, Proxy], bus: Ask) -> None:
    service, proxy = echo
    proxy.freeze()
    eventually(lambda: service.logged("broker_unreachable"), "the silent connection is given up and a new one tried")
    assert service.get("/live").status_code == 200
    eventually(lambda: service.get("/ready").status_code == 503, "it is not ready")
    assert service.get("/ready").json()["broker"] is False
    proxy.thaw()
    answers_again(bus, service)


def test_trap_09_the_pauses_between_attempts_to_connect_stay_short(
    echo: tuple[RunningService, Proxy], bus: Ask
) -> None:
    service, proxy = echo
    proxy.cut()
    eventually(lambda: len(service.logged("broker_unreachable")) >= 7, "it tries again and again")
    assert max(line["retry_in"] for line in service.logged("broker_unreachable")) <= 2
    proxy.mend()
    answers_again(bus, service)


def test_the_gateway_tells_an_outage_at_once_and_comes_back(
    echo: tuple[RunningService, Proxy], proxy: tuple[Proxy, str]
) -> None:
    service, _ = echo
    client = BusClient(proxy[1], heartbeat=2)

    def ask(service_name: str, method: str, timeout: float = 600) -> Any:
        return client.call(service_name, method, request={}, principal=None, timeout=timeout)

    assert ask("echo", "echo")["pid"] == service.pid
    assert client.connected
    proxy[0].cut()
    with pytest.raises(Unavailable):
        ask("echo", "echo")
    assert not client.connected
    proxy[0].mend()
    answers_again(ask, service)
    proxy[0].freeze()
    with pytest.raises(TimedOut):
        ask("echo", "echo", timeout=0.5)
    with pytest.raises(Unavailable):
        ask("echo", "echo")  # the heartbeat found out
    proxy[0].thaw()
    answers_again(ask, service)
    client.close()


@pytest.fixture
def own_servers(monkeypatch: pytest.MonkeyPatch) -> Iterator["stack.Servers"]:
    """Servers of its own, because an alarm stops everybody."""
    monkeypatch.delenv("AMQP_URI", raising=False)
    with stack.fresh_state() as state, stack.started_servers(state) as servers:
        yield servers


def control(servers: "stack.Servers", *arguments: str) -> str:
    """Use the broker's own tool."""
    assert servers.broker is not None
    tool = subprocess.run(
        ["/usr/lib/rabbitmq/bin/rabbitmqctl", *arguments],
        env=servers.broker.node.env,
        check=True,
        capture_output=True,
        text=True,
    )
    return tool.stdout


@contextmanager
def alarm(servers: "stack.Servers") -> Iterator[None]:
    """The broker is short of memory and reads from nobody who publishes."""
    control(servers, "set_vm_memory_high_watermark", "0.00001")
    try:
        yield
    finally:
        control(servers, "set_vm_memory_high_watermark", "0.6")


def test_trap_10_an_alarm_of_the_broker_does_not_stop_acknowledging(
    own_servers: "stack.Servers", environment: dict[str, str], tmp_path: Path
) -> None:
    """What is published blocks; if answers went over the connection that reads, so would acknowledgements."""
    settings = environment | {"AMQP_URI": own_servers.amqp_uri, "MONGO_URI": own_servers.mongo_uri}
    work = {"file": str(tmp_path / "done")}
    client = BusClient(own_servers.amqp_uri)

    def ask(mark: int) -> int:
        request = work | {"mark": mark, "seconds": 0 if mark == 0 else 8}
        answer: int = client.call("echo", "slow", request=request, principal=None, timeout=120)
        return answer

    with running("echo", settings, tmp_path) as service, ThreadPoolExecutor(20) as pool:
        assert ask(0) == 0
        asked = [pool.submit(ask, mark) for mark in range(1, 21)]
        eventually(lambda: service.metric("messages_in_progress") == 20, "it works on all")
        with alarm(own_servers):
            eventually(lambda: queue_is_empty(own_servers), "all is acknowledged during the alarm")
            assert not any(answer.done() for answer in asked)
        assert [answer.result() for answer in asked] == list(range(1, 21))
    client.close()


def queue_is_empty(servers: "stack.Servers") -> bool:
    """Whether the broker has neither ready nor unacknowledged requests, as its own tool says."""
    listed = control(servers, "list_queues", "--quiet", "--vhost", "truc_chung", "name", "messages")
    return "rpc-echo\t0" in listed
