"""Real servers and the real platform for tests, each started when the first test wants it."""

import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import yaml

from local.mail import MailHost
from local.platform import CLIENTS_FILE, Platform
from local.processes import Process, Supervisor, end_leftovers
from local.servers import Servers
from local.starting import start, wait_ready
from local.state import DEFAULT_FOLDER, State

_FOLDERS = DEFAULT_FOLDER / "test"


class Stack:
    """A started platform in a test's hands: clients with tokens, and the power to kill and restart its parts."""

    def __init__(self, servers: Servers, platform: Platform) -> None:
        self._servers = servers
        self._tokens: dict[str, tuple[str, float]] = {}
        self._told: list[str] = []
        self.platform = platform
        self.base_url = platform.base_url
        self.amqp_uri = platform.amqp_uri
        self.mongo_uri = platform.mongo_uri
        self.prefix = platform.prefix
        self.environment = platform.environment
        self.processes = {process.name: process for process in [*servers.processes, *platform.processes]}
        self.supervisor = Supervisor(self._told.append)

    def client(self, login: str | None = None) -> httpx.Client:
        """An HTTP client of the gateway, as one of the demo people or anonymous; the caller closes it."""
        headers = {"Authorization": f"Bearer {self.token(login)}"} if login else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=30)

    def token(self, login: str) -> str:
        """A token of a demo person, kept until shortly before it expires."""
        token, until = self._tokens.get(login, ("", 0.0))
        if time.monotonic() < until:
            return token
        answer = httpx.post(
            f"{self.base_url}/oauth/token",
            auth=(login, secret_of(login)),
            data={"grant_type": "client_credentials"},
            timeout=30,
        )
        body = answer.raise_for_status().json()
        self._tokens[login] = (body["access_token"], time.monotonic() + body["expires_in"] - 30)
        return self._tokens[login][0]

    def kill(self, name: str) -> None:
        """Kill a process without warning (SIGKILL) and wait until it is gone."""
        self.processes[name].signal(signal.SIGKILL)
        self.processes[name].wait_ended()

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Keep a process from running for a while, with its sockets open: the nastiest of failures."""
        self.processes[name].signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.processes[name].signal(signal.SIGCONT)

    def start(self, *names: str, seconds: float = 60) -> None:
        """Start ended processes again and wait until they are ready."""
        chosen = [self.processes[name] for name in names]
        for process in chosen:
            process.start()
        wait_ready(chosen, seconds)

    def stop(self, name: str) -> None:
        """Ask a process to end (SIGTERM) and wait until it has."""
        self.processes[name].stop()

    def supervise(self, until: Callable[[], bool], seconds: float = 120) -> list[str]:
        """Restart whatever dies, as the kubelet does, until a condition holds; answer what happened.

        Only for the thread that started the platform: the kernel kills children of a thread that ends.
        """
        for process in self.processes.values():
            self.supervisor.watch(process)
        deadline = time.monotonic() + seconds
        while not until():
            if time.monotonic() > deadline:
                raise TimeoutError(f"not reached within {seconds:.0f} s; {self._told}")
            self.supervisor.tick()
            time.sleep(0.1)
        return self._told

    def wait_ready(self, seconds: float = 60) -> None:
        """Wait until every process is ready."""
        wait_ready(self.processes.values(), seconds)


@contextmanager
def fresh_state() -> Iterator[State]:
    """A fresh folder of this test run, deleted in the end; what killed runs left behind is cleared away first."""
    for path in _FOLDERS.glob("*"):
        if not psutil.pid_exists(int(path.name.partition("-")[0])):
            end_leftovers(path)
            with suppress(FileNotFoundError):  # the other test process clears away too
                shutil.rmtree(path)
    state = State(_FOLDERS / f"{os.getpid()}-{uuid.uuid4().hex[:6]}")
    state.claim()
    try:
        yield state
    finally:
        state.release()
        state.remove()


@contextmanager
def started_servers(state: State) -> Iterator[Servers]:
    """A broker and a database, or those that the environment names."""
    servers = Servers(state)
    try:
        start(servers.plan())
        yield servers
    finally:
        discard(servers.processes)


@contextmanager
def started_stack(
    state: State, servers: Servers, mail: MailHost | None = None, *, replicas: int = 1
) -> Iterator[Stack]:
    """The platform on these servers, with a virtual host and databases of its own, and perhaps a mail host."""
    with fresh_vhost(servers) as amqp_uri:
        prefix = fresh_prefix()
        platform = Platform(state, amqp_uri, servers.mongo_uri, prefix=prefix, mail=mail, replicas=replicas)
        try:
            start({**(mail.plan() if mail else {}), **platform.plan()})
            yield Stack(servers, platform)
        finally:
            for gateway in platform.gateways:
                if gateway.alive:
                    gateway.signal(signal.SIGINT)  # it ends at once, and takes along what it keeps in memory
            discard([*platform.processes, *(mail.processes if mail else ())], spared=platform.gateways)


@contextmanager
def fresh_vhost(servers: Servers) -> Iterator[str]:
    """The address of an empty virtual host; of a real server, the one that it was given with."""
    if servers.broker is None:
        yield servers.amqp_uri
        return
    name = f"test_{uuid.uuid4().hex[:8]}"
    yield servers.broker.create_vhost(name)
    if servers.broker.node.alive:
        servers.broker.delete_vhost(name)


def fresh_prefix() -> str:
    """A beginning of database names that no other test has."""
    return f"test_{uuid.uuid4().hex[:8]}_"


def discard(processes: Collection[Process], *, spared: Collection[Process] = ()) -> None:
    """End processes whose data nobody wants any more, and wait for those that are ending by themselves."""
    for process in processes:
        if process.alive and process not in spared:
            process.signal(signal.SIGKILL)
    for process in processes:
        process.wait_ended()


def demo_clients(path: Path = CLIENTS_FILE) -> list[dict[str, Any]]:
    """The demo people with their secrets."""
    clients: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))["clients"]
    return clients


def secret_of(login: str) -> str:
    """The secret of a demo person."""
    return next(str(client["secret"]) for client in demo_clients() if client["id"] == login)
