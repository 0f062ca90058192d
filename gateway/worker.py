"""The process that serves the gateway: told to end, it says so, and goes on until balancers have left it.

gunicorn imports this before its workers have set themselves up, so it takes nothing of the platform along.
"""

from types import FrameType

import gevent
from gunicorn.workers.ggevent import GeventWorker


class Worker(GeventWorker):  # type: ignore[misc]  # gunicorn publishes no types
    """Closes its socket only after DRAIN_SECONDS: who had just connected would be reset, which no balancer repeats."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Answer SIGTERM."""
        if self.wsgi is None:  # told while it starts
            super().handle_exit(sig, frame)
            return
        self.wsgi.extensions["readiness"].leave()
        gevent.spawn_later(self.wsgi.config["DRAIN_SECONDS"], super().handle_exit, sig, frame)
