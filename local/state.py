"""The folder in which one local platform keeps its data, logs, ports, secrets and the record of its run."""

import fcntl
import json
import os
import random
import secrets
import shutil
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TextIO

import psutil

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FOLDER = ROOT / ".local"
# Below the range from which Linux takes the ports of outgoing connections, so that none of those is in the way.
_PORTS = range(20000, 32000)


class AlreadyRunning(Exception):
    """Another process uses this folder; the message says which."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a running platform tells others about itself, in `run.json`."""

    pid: int
    started: float
    base_url: str
    amqp_uri: str
    mongo_uri: str
    mongo_database_prefix: str
    folder: str
    health: dict[str, str] = field(default_factory=dict)


class State:
    """One folder of local state; `claim` it before use and `release` it in the end."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self.folder = folder
        self._lock: TextIO | None = None
        self._claims: list[socket.socket] = []

    def claim(self) -> None:
        """Make this process the only user of the folder until `release` or its death.

        Raises:
            AlreadyRunning: when a living process has it.
        """
        self.path("log").mkdir(parents=True, exist_ok=True)
        lock = self.path("lock").open("a", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            run = self.running()
            where = f" at {run.base_url} (process {run.pid})" if run else ""
            raise AlreadyRunning(f"the platform of {self.folder} is already running{where}") from None
        self._lock = lock

    def release(self) -> None:
        """Let others use the folder and its ports."""
        self.path("run.json").unlink(missing_ok=True)
        for claim in self._claims:
            claim.close()
        self._claims.clear()
        if self._lock:
            self._lock.close()
            self._lock = None

    def path(self, *parts: str) -> Path:
        """A path inside the folder."""
        return self.folder.joinpath(*parts)

    def port(self, name: str, *preferred: int) -> int:
        """A free port of 127.0.0.1 for `name`, kept away from all other local platforms of this machine.

        The one used last time comes first, then those preferred, then any.
        """
        ports = self._ports()
        others = {port for owner, port in ports.items() if owner != name}
        candidates = [*([] if preferred else [ports.get(name, 0)]), *preferred, *random.sample(_PORTS, 50)]
        port = next(p for p in candidates if p and p not in others and self._claim_port(p))
        self.path("ports.json").write_text(json.dumps(ports | {name: port}, indent=1), "utf-8")
        return port

    def _ports(self) -> dict[str, int]:
        book = self.path("ports.json")
        ports: dict[str, int] = json.loads(book.read_text("utf-8")) if book.exists() else {}
        return ports

    def _claim_port(self, port: int) -> bool:
        """Take a name that only one process of the machine can have, then see whether the port itself is free."""
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0truc-chung:{port}")
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            return False
        self._claims.append(claim)
        return True

    def secret_file(self, name: str, make: Callable[[], str] = secrets.token_urlsafe) -> Path:
        """A file with a secret that only the present user can read, made on first use."""
        path = self.path("secrets", name)
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(make(), "utf-8")
        return path

    def write_run(self, run: Run) -> None:
        """Tell others where the platform is."""
        draft = self.path("run.json.new")
        draft.write_text(json.dumps(asdict(run), indent=1), "utf-8")
        draft.rename(self.path("run.json"))

    def running(self) -> Run | None:
        """The platform that runs from this folder, or None; what a dead process left behind does not count."""
        try:
            run = Run(**json.loads(self.path("run.json").read_text("utf-8")))
            return run if psutil.Process(run.pid).create_time() == run.started else None
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None

    def remove(self) -> None:
        """Delete the folder with all its data."""
        shutil.rmtree(self.folder)


def own_start_time() -> float:
    """When this process began, which together with its id names it for ever."""
    return psutil.Process(os.getpid()).create_time()
