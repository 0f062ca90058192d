"""Services as processes of a test: started, watched through their health port, stopped or killed."""

import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import orjson

from local.processes import Process
from local.state import ROOT

T = TypeVar("T")


class RunningService(Process):
    """One process of a service in `tests/support/services`."""

    def __init__(self, name: str, environment: Mapping[str, str], folder: Path) -> None:
        (folder / "log").mkdir(exist_ok=True)
        argv = [sys.executable, "-m", "shared.messaging.run", f"tests.support.services.{name}"]
        super().__init__(f"{name}-{time.monotonic_ns()}", argv, folder=folder, env=environment, cwd=ROOT)

    def start_ready(self) -> "RunningService":
        """Start the process and wait until it is ready."""
        self.start()
        eventually(self.answers_ready, f"{self.name} is ready; its log is {self.log}")
        return self

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The log lines of one kind."""
        lines = self.log.read_bytes().splitlines()
        parsed = [orjson.loads(line) for line in lines if line.startswith(b"{") and line.endswith(b"}")]
        return [line for line in parsed if line["event"] == event]

    def get(self, path: str) -> httpx.Response | None:
        """Ask the health server; None while there is none."""
        for line in self.logged("service_started"):
            if line["pid"] == self.pid:
                return httpx.get(f"http://127.0.0.1:{line['health_port']}{path}", timeout=30)
        return None

    def metric(self, sample: str) -> float:
        """The value of a metric, as it is written on the metrics page with its labels; 0 before it is used."""
        page = self.get("/metrics")
        assert page is not None
        lines = (line for line in page.text.splitlines() if line.startswith(sample + " "))
        return float(next(lines, "0").split()[-1])

    def answers_ready(self) -> bool:
        """Whether it can work; one that ended never will."""
        assert self.alive, f"{self.name} ended with {self.exit_code}: {self.log.read_text('utf-8')[-3000:]}"
        answer = self.get("/ready")
        return answer is not None and answer.status_code == 200

    def terminate(self) -> int:
        """Ask the process to stop and wait until it has; returns its exit code."""
        self.signal(signal.SIGTERM)
        return eventually(lambda: (self.exit_code,) if not self.alive else None, f"{self.name} ends")[0] or 0

    def kill(self) -> None:
        """Kill the process without a warning."""
        if self.alive:
            self.signal(signal.SIGKILL)
        eventually(lambda: not self.alive, f"{self.name} is dead")


@contextmanager
def running(name: str, environment: Mapping[str, str], folder: Path) -> Iterator[RunningService]:
    """A service that is ready, and gone at the end."""
    service = RunningService(name, environment, folder)
    try:
        yield service.start_ready()
    finally:
        service.kill()


def eventually(look: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    """Wait until `look` answers something true, and return it."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.1)
    return found
