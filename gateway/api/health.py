"""Whether the process lives and can work, and its figures.

`/metrics` answers only on the internal port (HEALTH_PORT), which no ingress routes to: figures tell strangers
nothing they need. `/live` and `/ready` answer on both.
"""

import threading
import time
from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from gateway.auth.access import public
from shared.errors import Error, NotFound
from shared.observability import metrics_page

health = Blueprint("health", __name__)

CHECK_EVERY = 2.0


class Readiness:
    """What `probe` last found, kept for two seconds: strangers may ask as often as they like."""

    def __init__(self, probe: Callable[[], None]) -> None:
        self._probe = probe
        self._one_asks = threading.Lock()
        self._problem: str | None = None
        self._checked_at = float("-inf")
        self._ends = False

    def leave(self) -> None:
        """From now on nobody shall come any more; who does is still answered."""
        self._ends = True

    def problem(self) -> str | None:
        """Why the gateway cannot work now or shall get no more work, in a word; or None."""
        if self._ends:
            return "ending"
        with self._one_asks:
            if time.monotonic() - self._checked_at > CHECK_EVERY:
                self._problem = self._look()
                self._checked_at = time.monotonic()
            return self._problem

    def _look(self) -> str | None:
        try:
            self._probe()
        except Error as error:
            return error.code
        return None


@public("A probe of our own machines; tells nothing but yes.", limited=False)
def live() -> Response:
    """The event loop turns, or this would not be answered."""
    return _say("ok", 200)


@public("A probe of our own machines; tells nothing but yes or no.", limited=False)
def ready() -> Response:
    """The bus and the file store can be reached."""
    problem: str | None = current_app.extensions["readiness"].problem()
    return _say(problem, 503) if problem else _say("ok", 200)


@public("Only on the internal port.", limited=False)
def metrics() -> Response:
    """The figures of all workers."""
    if request.environ["SERVER_PORT"] != str(current_app.config["HEALTH_PORT"]):
        raise NotFound("route_unknown")
    page, content_type = metrics_page(current_app.config["METRICS_FOLDER"])
    return Response(page, content_type=content_type)


def _say(word: str, status: int) -> Response:
    return Response(word + "\n", status, mimetype="text/plain")


for view in (live, ready, metrics):
    health.add_url_rule(f"/{view.__name__}", view.__name__, view)
