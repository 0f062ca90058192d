"""One JSON line per request and its figures, without a name, an identity number or a query in it.

Written straight, in the form of `shared.observability`: the route's template stands for the path, and the caller
appears only by role, so there is nothing to mask and the line costs a tenth of the general pipeline.
"""

import sys
import time
from datetime import UTC, datetime
from functools import cache

import orjson
from flask import Flask, Response, request
from prometheus_client import Counter, Gauge, Histogram

from gateway.http.call import current_call
from shared.observability import correlation_id, describe_work, keep_work_quiet, traceparent

REQUESTS = Counter("trucchung_gateway_requests_total", "Requests answered.", ["route", "method", "status"])
SECONDS = Histogram(
    "trucchung_gateway_request_seconds",
    "Time from the first line of a request to its answer.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
IN_PROGRESS = Gauge("trucchung_gateway_requests_in_progress", "Requests not yet answered.", multiprocess_mode="livesum")
_QUIET = {"health.live", "health.ready", "health.metrics"}


def log_requests(app: Flask) -> None:
    """Count every request, and log all but the probes."""

    @app.before_request
    def begin() -> None:
        IN_PROGRESS.inc()

    @app.teardown_request
    def end(_: BaseException | None) -> None:
        IN_PROGRESS.dec()

    @app.after_request
    def note(response: Response) -> Response:
        seconds = time.perf_counter() - current_call().started
        route = request.url_rule.rule if request.url_rule else "unknown"
        counter, histogram = _figures(route, request.method, response.status_code)
        counter.inc()
        histogram.observe(seconds)
        status = response.status_code
        describe_work(f"{request.method} {route}", failed=status >= 500, **{"http.response.status_code": status})
        if request.endpoint in _QUIET:
            keep_work_quiet()
        else:
            _write(response, route, seconds)
        return response


@cache
def _figures(route: str, method: str, status: int) -> tuple[Counter, Histogram]:
    """Looked up once: routes, methods and statuses are few."""
    return REQUESTS.labels(route, method, status), SECONDS.labels(route)


def _write(response: Response, route: str, seconds: float) -> None:
    call = current_call()
    line = {
        "time": datetime.now(UTC).isoformat(),
        "service": "gateway",
        "level": "info",
        "logger": "access",
        "event": "request",
        "correlation": correlation_id(),
        "trace": traceparent()[3:35],
        "method": request.method,
        "route": route,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 2),
        "roles": sorted(call.principal.roles) if call.principal else [],
        "agency": call.principal.agency if call.principal else "",
    }
    if call.problem:
        line["code"] = call.problem
    if call.page:
        line["page"] = call.page
    sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()
