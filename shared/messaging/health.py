"""Liveness, readiness and metrics of a service, on a server of their own: workers that are all busy must not
make a healthy process look dead.

It answers before the process has started, so that a start that waits shows what for.
/live says whether the loop that reads from the broker turns; a database that is away is no reason to restart.
/ready says whether the process can do its work: it reads all its queues, which shows that broker and topology are
there, the database answers, and it is not stopping.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import eventlet
import orjson
from eventlet import wsgi

from shared.observability import logger, metrics_page

log = logger(__name__)

READY_SILENCE = 15.0
LIVE_SILENCE = 60.0
CHECK_EVERY = 2.0

Check = Callable[[], bool]


class HealthServer:
    """Answers /live, /ready and /metrics; `silence` tells how long the consumer's loop has not turned."""

    def __init__(self, address: str, port: int, silence: Callable[[], float], checks: Mapping[str, Check]) -> None:
        self.started = self.draining = False
        self._silence = silence
        self._checks = checks
        self._results: dict[str, bool] = {}
        self._checked_at = float("-inf")
        self._socket = eventlet.listen((address, port))
        self.port: int = self._socket.getsockname()[1]

    def serve(self) -> None:
        """Answer for ever."""
        wsgi.server(self._socket, self._answer, log_output=False)

    def _answer(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            body, content_type = metrics_page()
            start_response("200 OK", [("Content-Type", content_type)])
            return [body]
        if path not in ("/live", "/ready"):
            start_response("404 Not Found", [("Content-Length", "0")])
            return []
        report = self.live() if path == "/live" else self.ready()
        start_response(
            "200 OK" if all(report.values()) else "503 Service Unavailable", [("Content-Type", "application/json")]
        )
        return [orjson.dumps(report)]

    def live(self) -> dict[str, bool]:
        """Whether a restart would not help; a start ends by itself, with an error if it has to."""
        return {"consumer": not self.started or self._silence() < LIVE_SILENCE}

    def ready(self) -> dict[str, bool]:
        """Whether the process can work now; what the checks say is kept for two seconds."""
        if time.monotonic() - self._checked_at > CHECK_EVERY:
            self._results = {name: check() for name, check in self._checks.items()}
            self._checked_at = time.monotonic()
        consumer = self._silence() < READY_SILENCE
        return {"started": self.started, "serving": not self.draining, "consumer": consumer, **self._results}
