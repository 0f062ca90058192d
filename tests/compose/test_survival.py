"""Containers are killed and stopped under load: each comes back, and every promise is kept exactly once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.compose.composed import Composed, run
from tests.faults.load import Clients
from tests.faults.oracle import judge, known_applications, settle

pytestmark = pytest.mark.timeout(900)

KILLED = ["gateway", "one_stop_shop", "document_routing", "document_routing_webhooks", "email_provisioning",
          "conference_booking", "line_reflector", "watch", "clock", "rabbitmq", "mongo"]  # fmt: skip
STOPPED = [name for name in KILLED if name not in ("rabbitmq", "mongo")]


@contextmanager
def load(platform: Composed) -> Iterator[Clients]:
    """Citizens submit all the while; in the end what they were promised is there, once."""
    before = known_applications(platform)
    with Clients(platform.base_url, platform.token("citizen-an"), count=4) as clients:
        yield clients
    assert not clients.given_up, clients.ledger.trouble
    verdict = judge(platform, clients, before, settle(platform))
    assert verdict.clean, verdict
    assert verdict.accepted > 20


def come_back(platform: Composed, clients: Clients, service: str, signal: str) -> None:
    """Signal a part while it works, and wait until Docker has started it again and citizens get through."""
    time.sleep(2)
    before = platform.container(service)
    platform.signal(service, signal)
    platform.wait_until(lambda: platform.container(service).restarts > before.restarts, f"{service} started again")
    platform.wait_until(lambda: platform.is_healthy(service) and platform.answers(), f"{service} healthy again")
    accepted = clients.ledger.accepted
    platform.wait_until(lambda: clients.ledger.accepted > accepted + 10, "new applications", 60)


@pytest.mark.parametrize("service", KILLED)
def test_a_killed_container_comes_back_and_nothing_is_lost(platform: Composed, service: str) -> None:
    with load(platform) as clients:
        come_back(platform, clients, service, "KILL")


def test_a_service_that_is_stopped_beside_another_fails_no_request(platform: Composed) -> None:
    with platform.two_of("one_stop_shop"), load(platform) as clients:
        come_back(platform, clients, "one_stop_shop", "TERM")
    assert clients.ledger.trouble == {}


@pytest.mark.parametrize("service", [name for name in STOPPED if name not in ("gateway", "one_stop_shop")])
def test_a_service_that_is_stopped_disturbs_nobody_else(platform: Composed, service: str) -> None:
    with load(platform) as clients:
        come_back(platform, clients, service, "TERM")
    assert clients.ledger.trouble == {}


def test_a_stopped_gateway_refuses_connections_but_answers_no_error(platform: Composed) -> None:
    with load(platform) as clients:
        come_back(platform, clients, "gateway", "TERM")
    assert [answer for answer in clients.ledger.trouble if answer.isdigit()] == []


def test_containers_are_what_the_file_says(platform: Composed) -> None:
    for service in STOPPED:
        container = platform.container(service).id
        assert run_in(container, "id -u") == "10001"
        assert "Read-only file system" in run_in(container, "touch /app/x 2>&1 || true")
        assert run_in(container, "command -v gcc cc c++ || echo none") == "none"
        assert run_in(container, "env | grep -E 'PASSWORD=|SECRET=|KEY=' || echo none") == "none"


def run_in(container: str, script: str) -> str:
    """What a shell in a container answers."""
    return run("docker", "exec", container, "sh", "-c", script).strip()
