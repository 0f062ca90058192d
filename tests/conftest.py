"""Fixtures that need real servers; they start with the first test that asks for one, and end with the session."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support import stack
from tests.support.name_server import SAMPLE_ZONE, name_server
from tests.support.stack import Stack

settings.register_profile("unhurried", deadline=None)  # a busy machine must not make a right answer wrong
settings.load_profile("unhurried")


@pytest.fixture(scope="session", autouse=True)
def sample_names() -> Iterator[None]:
    """A name server that every service asks which a test starts: the sample domains are real ones of others."""
    with name_server(SAMPLE_ZONE) as serving, pytest.MonkeyPatch.context() as patch:
        patch.setenv("NAME_SERVERS", serving.place)
        yield


@pytest.fixture(scope="session")
def servers() -> Iterator["stack.Servers"]:
    """A RabbitMQ node and a MongoDB replica set."""
    with stack.fresh_state() as state, stack.started_servers(state) as servers:
        yield servers


@pytest.fixture(scope="session")
def broker_uri(servers: "stack.Servers") -> Iterator[str]:
    """The address of a virtual host for the whole session."""
    with stack.fresh_vhost(servers) as uri:
        yield uri


@pytest.fixture(scope="module")
def module_broker_uri(servers: "stack.Servers") -> Iterator[str]:
    """The address of a virtual host that only this module uses."""
    with stack.fresh_vhost(servers) as uri:
        yield uri


@pytest.fixture(scope="session")
def mongo_uri(servers: "stack.Servers") -> str:
    """The address of the replica set."""
    return servers.mongo_uri


@pytest.fixture(scope="module")
def mongo_prefix() -> str:
    """The beginning of database names for one module."""
    return stack.fresh_prefix()


@pytest.fixture(scope="session")
def platform(servers: "stack.Servers") -> Iterator[Stack]:
    """The whole platform on the session's servers; whoever harms a part brings it back."""
    with stack.fresh_state() as state, stack.started_stack(state, servers) as running:
        yield running


@pytest.fixture(scope="module")
def own_platform(servers: "stack.Servers") -> Iterator[Stack]:
    """A platform for one module that counts what there is, or leaves behind what others would stumble over."""
    with stack.fresh_state() as state, stack.started_stack(state, servers) as running:
        yield running


@pytest.fixture(scope="module")
def fault_platform() -> Iterator[Stack]:
    """The whole platform with servers of its own, all of which a fault test may kill."""
    with (
        stack.fresh_state() as state,
        stack.started_servers(state) as own_servers,
        stack.started_stack(state, own_servers) as running,
    ):
        yield running
