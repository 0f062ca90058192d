"""Nameko's container, leaner, and with the trace of the message around every worker."""

import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pymongo
from eventlet.timeout import Timeout
from nameko.containers import ServiceContainer, WorkerContext
from nameko.extensions import Entrypoint, SharedExtension

from shared.observability import tracing

OF_THE_REST = 0.8
"""How much of the time that a caller still waits the database may take: the rest is for telling that it is away."""


class Part(SharedExtension):
    """What a process holds beside its service class; the runner asks it whether all is well, and to end its work."""

    def checks(self) -> Mapping[str, Callable[[], bool]]:
        """What must be true for the process to be ready, by name."""
        return {}

    def drain(self) -> None:
        """Begin nothing new; what runs goes on."""


class Container(ServiceContainer):
    """Runs every worker inside the trace that came with its message.

    Leaner than nameko's: no call-id stack, no timers, and dependencies have no life per worker.
    """

    def _run_worker(self, worker_ctx: WorkerContext, handle_result: Any) -> None:
        headers = worker_ctx.data
        trace = str(headers.get("correlation_id", "")), str(headers.get("traceparent", ""))
        with tracing(*trace, worker_ctx.entrypoint.method_name, "server"), _in_time(headers):
            result = exc_info = None
            try:
                result = self._call(worker_ctx)
            except (Exception, Timeout):  # eventlet's time-out is no Exception, but must be answered too
                exc_info = sys.exc_info()
            handle_result(worker_ctx, result, exc_info)

    def requests_in_progress(self) -> int:
        """How many requests are being worked on."""
        return len(self._worker_threads)

    def invoke(self, entrypoint: Entrypoint, *args: Any) -> Any:
        """Call the service method of an entrypoint in the present green thread."""
        return self._call(WorkerContext(self, self.service_cls(), entrypoint, args))

    def _call(self, worker_ctx: WorkerContext) -> Any:
        self._inject_dependencies(worker_ctx)
        return getattr(worker_ctx.service, worker_ctx.entrypoint.method_name)(*worker_ctx.args, **worker_ctx.kwargs)


def _in_time(headers: dict[str, Any]) -> AbstractContextManager[None]:
    """All database operations of a worker end before its caller has given up."""
    deadline = headers.get("deadline")
    return pymongo.timeout(max(deadline - time.time(), 0.1) * OF_THE_REST) if deadline else nullcontext()
