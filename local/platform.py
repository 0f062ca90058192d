"""The whole platform as processes of one machine: servers, jobs, services, gateway, in their order.

`make run`, the tests and the benchmarks start the same thing; they differ in the folder they give and in what
they do when a process dies.
"""

import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from local import broker, database
from local.broker import Broker
from local.database import Database
from local.processes import Process, StartFailed, run_to_end, wait_ready
from local.state import ROOT, Run, State, own_start_time

CLIENTS_FILE = ROOT / "local" / "demo" / "clients.yaml"
_GATEWAY_PORT = 8080
_START_SECONDS = 60.0

Tell = Callable[[str, float, str], None]
"""Hears of each part that became ready: its name, the seconds it took, where it is."""


class Servers:
    """RabbitMQ and MongoDB: own ones, or the real ones that AMQP_URI and MONGO_URI name, which are never stopped."""

    def __init__(self, state: State) -> None:
        amqp_uri, mongo_uri = os.environ.get("AMQP_URI"), os.environ.get("MONGO_URI")
        self.broker = None if amqp_uri else Broker(state)
        self.database = None if mongo_uri else Database(state)
        self.amqp_uri = amqp_uri or (self.broker.uri if self.broker else "")
        self.mongo_uri = mongo_uri or (self.database.uri if self.database else "")

    @property
    def processes(self) -> list[Process]:
        """The own servers' processes that must be kept alive."""
        own = [self.broker.port_mapper, self.broker.node] if self.broker else []
        return [*own, *([self.database.node] if self.database else [])]

    def start(self, tell: Tell) -> None:
        """Start both at the same time and wait until they answer."""
        began = time.monotonic()
        for process in self.processes:
            process.start()
        wait_ready(
            [process for process in self.processes if process.name != "epmd"],
            _START_SECONDS,
            lambda process: tell(process.name, time.monotonic() - began, f"process {process.pid}"),
        )
        for name, own, answers, uri in (
            ("broker", self.broker, broker.answers, self.amqp_uri),
            ("database", self.database, database.answers, self.mongo_uri),
        ):
            if own is None:
                _check_external(name, answers, uri)
                tell(name, time.monotonic() - began, "as the environment says; not ours to stop")

    def stop(self) -> None:
        """Stop the own servers, both at the same time, the port mapper last."""
        stop_together([process for process in self.processes if process.name != "epmd"])
        stop_together(self.processes)


class Platform:
    """The jobs, services and gateway on given servers; `prefix` keeps its databases apart from others'."""

    def __init__(
        self, state: State, amqp_uri: str, mongo_uri: str, *, prefix: str, ports: tuple[int, ...] = ()
    ) -> None:
        self._state = state
        self.amqp_uri, self.mongo_uri, self.prefix = amqp_uri, mongo_uri, prefix
        self.port = state.port("gateway", *ports)
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.environment = self._common_environment()
        self.health: dict[str, str] = {}
        self.services = [self._service(name) for name in service_names()]
        self.gateway = self._gateway()
        self._jobs = [self._job("topology", "shared.messaging.topology")]
        self._jobs += [
            self._job(f"{name}-setup", f"services.{name}.setup")
            for name in service_names()
            if (ROOT / "services" / name / "setup.py").exists()
        ]

    @property
    def processes(self) -> list[Process]:
        """All that must be kept alive, in the order in which it is started."""
        return [*self.services, self.gateway]

    def start(self, tell: Tell) -> None:
        """Run the jobs, start services and gateway, and wait until all are ready."""
        for job in self._jobs:
            began = time.monotonic()
            run_to_end(job)
            tell(job.name, time.monotonic() - began, "done")
        began = time.monotonic()
        for process in self.processes:
            process.start()
        wait_ready(
            self.processes,
            _START_SECONDS,
            lambda process: tell(process.name, time.monotonic() - began, f"process {process.pid}"),
        )
        self._state.write_run(self._as_run())

    def stop(self) -> None:
        """Stop the gateway first, so that nothing new comes in, then the services, which finish what they have."""
        self.gateway.stop()
        stop_together(self.services)

    def _common_environment(self) -> dict[str, str]:
        return {
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "AMQP_URI": self.amqp_uri,
            "MONGO_URI": self.mongo_uri,
            "MONGO_DATABASE_PREFIX": self.prefix,
            "PUBLIC_URL": self.base_url,
            "ISSUER_KEY_FILE": str(self._state.secret_file("issuer_key.pem", _signing_key)),
            "PAYMENT_SECRET_FILE": str(self._state.secret_file("payment_secret")),
            "CLIENTS_FILE": str(CLIENTS_FILE),
        }

    def _service(self, name: str) -> Process:
        port = self._state.port(f"{name}-health")
        self.health[name] = f"http://127.0.0.1:{port}"
        return self._process(
            name,
            [sys.executable, "-m", "shared.messaging.run", f"services.{name}.service"],
            {"HEALTH_PORT": str(port)},
            is_ready=lambda: _says_ok(f"http://127.0.0.1:{port}/ready"),
        )

    def _gateway(self) -> Process:
        internal = self._state.port("gateway-health")
        self.health["gateway"] = f"http://127.0.0.1:{internal}"
        return self._process(
            "gateway",
            [sys.executable, "-m", "gunicorn", "-c", "gateway/gunicorn.conf.py", "gateway.app:create_app()"],
            {"GATEWAY_BIND": f"127.0.0.1:{self.port}", "HEALTH_PORT": str(internal)},
            is_ready=lambda: _says_ok(f"{self.base_url}/ready"),
        )

    def _job(self, name: str, module: str) -> Process:
        return self._process(name, [sys.executable, "-m", module], {})

    def _process(
        self, name: str, argv: list[str], env: dict[str, str], is_ready: Callable[[], bool] = lambda: True
    ) -> Process:
        return Process(name, argv, folder=self._state.folder, env=self.environment | env, is_ready=is_ready, cwd=ROOT)

    def _as_run(self) -> Run:
        return Run(
            pid=os.getpid(),
            started=own_start_time(),
            base_url=self.base_url,
            amqp_uri=self.amqp_uri,
            mongo_uri=self.mongo_uri,
            mongo_database_prefix=self.prefix,
            folder=str(self._state.folder),
            health=self.health,
        )


@contextmanager
def running_platform(
    folder: Path, tell: Tell, *, prefix: str = "trucchung_", ports: tuple[int, ...] = (_GATEWAY_PORT,)
) -> Iterator[tuple[Servers, Platform]]:
    """A started platform with its servers, stopped in order at the end, also when its start is interrupted."""
    state = State(folder)
    state.claim()
    try:
        servers = Servers(state)
        try:
            servers.start(tell)
            platform = Platform(state, servers.amqp_uri, servers.mongo_uri, prefix=prefix, ports=ports)
            try:
                platform.start(tell)
                yield servers, platform
            finally:
                platform.stop()
        finally:
            servers.stop()
    finally:
        state.release()


def service_names() -> list[str]:
    """The services of this platform: every folder of services/ with a service.py."""
    return sorted(path.parent.name for path in (ROOT / "services").glob("*/service.py"))


def stop_together(processes: list[Process]) -> None:
    """Ask all to end, then wait for each."""
    for process in processes:
        process.ask_to_end()
    for process in processes:
        process.wait_ended()


def _check_external(name: str, answers: Callable[[str], bool], uri: str) -> None:
    deadline = time.monotonic() + 15
    while not answers(uri):
        if time.monotonic() > deadline:
            variable = "AMQP_URI" if name == "broker" else "MONGO_URI"
            raise StartFailed(f"the {name} that {variable} names does not answer")
        time.sleep(0.5)


def _says_ok(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def _signing_key() -> str:
    """A new private key of the built-in issuer, ES256 (RFC 7518 section 3.4)."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
