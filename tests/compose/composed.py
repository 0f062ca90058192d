"""The platform as Docker Compose runs it, in a folder and under a name of its own, in a test's hands."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import yaml

from local.state import ROOT
from tests.support.stack import Stack

IMAGE = "truc-chung"  # that docker-compose.yml names
START_SECONDS = 180.0


class Container(NamedTuple):
    """What Docker says of one container."""

    id: str
    pid: int
    restarts: int
    health: str


class NoSupervisor:
    """Docker brings back what dies; nobody else does."""

    def tick(self) -> None:
        """Do nothing."""


class Composed(Stack):
    """A started project; `folder` holds what a person who deploys has: the file, .env and the secrets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tokens: dict[str, tuple[str, float]] = {}
        self._name = f"truc-chung-test-{os.getpid()}"
        gateway, broker, database = _free_ports(3)
        (reflector,) = _free_ports(1, socket.SOCK_DGRAM)
        self.base_url = f"http://127.0.0.1:{gateway}"
        self.mongo_uri, self.prefix = f"mongodb://127.0.0.1:{database}/?directConnection=true", "trucchung_"
        self.supervisor = NoSupervisor()
        ports = {"GATEWAY": gateway, "BROKER": broker, "DATABASE": database, "REFLECTOR": reflector}
        self._lay_out(PUBLIC_URL=self.base_url, **{f"{name}_PORT": port for name, port in ports.items()})
        self.environment = {"PAYMENT_SECRET_FILE": str(folder / "secrets/payment_secret")}
        inside = (folder / "secrets/amqp_uri").read_text("utf-8").strip()
        self.amqp_uri = inside.replace("rabbitmq:5672", f"127.0.0.1:{broker}")

    def _lay_out(self, **values: Any) -> None:
        for name in ("docker-compose.yml", ".env.example", "local/prepare-compose.sh", "local/demo/clients.yaml"):
            target = self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        shutil.copy(ROOT / "tests/compose/ports.yml", self.folder)
        subprocess.run(["sh", "local/prepare-compose.sh"], cwd=self.folder, check=True)
        with (self.folder / ".env").open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in values.items())
            file.write(f"COMPOSE_PROJECT_NAME={self._name}\n")

    def compose(self, *arguments: str) -> str:
        """Run Compose over the project and answer what it printed."""
        return run(*self._words(*arguments), cwd=self.folder)

    def command_line(self, *arguments: str) -> str:
        """What a person would type in the project's folder, for a pipe."""
        return shlex.join(self._words(*arguments))

    def _words(self, *arguments: str) -> list[str]:
        return [*compose_command(), "-f", "docker-compose.yml", "-f", "ports.yml", *arguments]

    def services(self) -> list[str]:
        """The parts that stay up and that nobody has to ask for."""
        return staying(yaml.safe_load((self.folder / "docker-compose.yml").read_text("utf-8")))

    def container(self, service: str) -> Container:
        """The container of a part, the first of several."""
        identifier = self.compose("ps", "-q", service).split()[0]
        told = inspect(identifier)
        state = told["State"]
        return Container(identifier, state["Pid"], told["RestartCount"], state.get("Health", {}).get("Status", ""))

    def signal(self, service: str, signal: str) -> None:
        """Send a signal to a part's first process; `docker kill` would count as stopped by a person, for good."""
        pid = self.container(service).pid
        assert pid, f"{service} does not run"
        options = ["--rm", "--pid=host", "--network=none", "--user=0"]
        run("docker", "run", *options, IMAGE, "sh", "-c", f"kill -s {signal} {pid}")

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = START_SECONDS) -> None:
        """Wait for something that has to come true."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"{what} within {seconds:.0f} s: no\n{self.compose('ps')}"
            time.sleep(0.5)

    @contextmanager
    def two_of(self, service: str) -> Iterator[None]:
        """A second container of a part, healthy, while the block runs."""
        self._scale(service, 2)
        both = self.compose("ps", "-q", service).split()
        self.wait_until(lambda: all(inspect(one)["State"]["Health"]["Status"] == "healthy" for one in both), service)
        yield
        self._scale(service, 1)

    def _scale(self, service: str, count: int) -> None:
        self.compose("up", "-d", "--no-build", "--no-deps", "--no-recreate", "--scale", f"{service}={count}", service)

    def is_healthy(self, service: str) -> bool:
        """Whether Docker found the part healthy at its last look."""
        return self.container(service).health == "healthy"

    def answers(self) -> bool:
        """Whether the gateway is reached and ready."""
        try:
            return httpx.get(f"{self.base_url}/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False


def staying(file: dict[str, Any]) -> list[str]:
    """The parts of a file of Compose that stay up and that nobody has to ask for."""
    return [name for name, part in file["services"].items() if part["restart"] != "no" and "profiles" not in part]


def compose_command() -> list[str]:
    """`docker compose`, or where Docker has no such plugin docker-compose 1.29."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode == 0
    return ["docker", "compose"] if plugin else ["docker-compose"]


def run(*command: str, cwd: Path = ROOT) -> str:
    """The output of a command that has to succeed."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def inspect(container: str) -> dict[str, Any]:
    """All that Docker says of a container."""
    told: list[dict[str, Any]] = json.loads(run("docker", "inspect", container))
    return told[0]


@contextmanager
def composed(folder: Path) -> Iterator[Composed]:
    """The project, started and healthy; everything of it is removed in the end."""
    project = Composed(folder)
    try:
        project.compose("up", "-d", "--no-build")
        for service in project.services():
            project.wait_until(lambda service=service: project.is_healthy(service), f"{service} healthy")
        yield project
    finally:
        print(project.compose("logs", "--no-color", "--tail", "20"))  # noqa: T201 # seen when a test failed
        project.compose("down", "--volumes", "--timeout", "5")


def _free_ports(count: int, kind: int = socket.SOCK_STREAM) -> list[int]:
    probes = [socket.socket(type=kind) for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
