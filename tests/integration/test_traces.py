"""One trace leads from a request at the gateway through the services to what its events did, at a collector."""

import gzip
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.observability import describe_work, tell_spans, tracing
from tests.benchmarks.work import BODY
from tests.support import stack
from tests.support.running import eventually
from tests.support.stack import Stack

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
pytestmark = pytest.mark.timeout(300)


@dataclass(frozen=True)
class Seen:
    """A span as the collector got it."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, Any]


@dataclass
class Collector:
    """Takes traces as a real one does, over HTTP in protobuf."""

    url: str = ""
    seen: list[Seen] = field(default_factory=list)

    def take(self, body: bytes) -> None:
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            service = next(one.value.string_value for one in resource.resource.attributes if one.key == "service.name")
            for span in (span for scope in resource.scope_spans for span in scope.spans):
                ids = span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()
                attributes = {one.key: one.value.string_value or one.value.int_value for one in span.attributes}
                self.seen.append(Seen(service, span.name, *ids, span.status.code == 2, attributes))

    def of(self, trace: str) -> dict[tuple[str, str], Seen]:
        """What belongs to a trace, by service and name."""
        return {(one.service, one.name): one for one in list(self.seen) if one.trace == trace}


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    taken = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.take(gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        taken.url = f"http://127.0.0.1:{server.server_port}/v1/traces"
        yield taken
        server.shutdown()


@pytest.fixture(scope="module")
def traced(servers: stack.Servers, collector: Collector) -> Iterator[Stack]:
    """The platform, with every process sending its traces."""
    with stack.fresh_state() as state, pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRACES_URL", collector.url)
        with stack.started_stack(state, servers) as running:
            yield running


def test_one_trace_leads_through_everything(traced: Stack, collector: Collector) -> None:
    with traced.client("citizen-an") as citizen:
        headers = {"Idempotency-Key": "traced-0001", "traceparent": PARENT, "X-Request-Id": "who-asked"}
        citizen.post("/api/v1/applications", json=BODY, headers=headers).raise_for_status()
        citizen.post("/api/v1/applications", json={}, headers={"traceparent": PARENT, "Idempotency-Key": "traced-0002"})
    trace = PARENT.split("-")[1]
    wanted = {
        ("gateway", "POST /api/v1/applications"),
        ("one_stop_shop", "submit_application"),
        ("one_stop_shop", "application_submitted.v1"),
    }
    eventually(lambda: wanted <= collector.of(trace).keys(), "all parts told of it", seconds=60)
    spans = collector.of(trace)
    request = next(
        one for one in collector.seen if one.trace == trace and one.attributes.get("http.response.status_code") == 201
    )
    asked, applied = (spans["one_stop_shop", name] for name in ("submit_application", "application_submitted.v1"))
    assert (request.parent, asked.parent, applied.parent) == (PARENT.split("-")[2], request.id, asked.id)
    assert (asked.attributes["outcome"], asked.attributes["correlation"]) == ("ok", "who-asked")
    assert not any(one.failed for one in spans.values())
    assert "Nguyễn" not in str(collector.seen)
    assert not {one.name for one in collector.seen} & {"GET /ready", "GET /live", "GET /metrics"}


def test_what_is_not_sampled_is_not_told(traced: Stack, collector: Collector) -> None:
    quiet, loud = "1" * 32, "2" * 32
    with traced.client() as anybody:
        for trace, flags in ((quiet, "00"), (loud, "01")):
            anybody.get("/api/v1/procedures", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-{flags}"})
    eventually(lambda: len(collector.of(loud)) >= 2, "the other is told")
    assert collector.of(quiet) == {}


def test_what_is_left_is_sent_at_the_end_and_work_goes_on_without_a_collector(
    traced: Stack, collector: Collector
) -> None:
    trace = "3" * 32
    with traced.client() as anybody:
        parent = f"00-{trace}-b7ad6b7169203331-01"
        anybody.get("/api/v1/procedures", headers={"traceparent": parent}).raise_for_status()
    traced.stop("one_stop_shop")
    traced.stop("gateway")
    assert {service for service, _ in collector.of(trace)} == {"gateway", "one_stop_shop"}
    traced.processes["one_stop_shop"].env["TRACES_URL"] = "http://127.0.0.1:1/v1/traces"
    traced.start("one_stop_shop", "gateway")
    with traced.client() as anybody:
        for _ in range(20):
            anybody.get("/api/v1/procedures").raise_for_status()


@pytest.mark.parametrize(("share", "told"), [(1.0, 200), (0.0, 0)])
def test_a_share_of_the_traces_is_told(share: float, told: int) -> None:
    heard: list[str] = []
    tell_spans(lambda trace, span: heard.append(span.name), share)
    try:
        for _ in range(200):
            with tracing(name="outer"):
                describe_work("renamed")
    finally:
        tell_spans(None)
    assert heard == ["renamed"] * told


def test_a_share_is_decided_by_the_trace_for_all_its_parts() -> None:
    heard: list[str] = []
    tell_spans(lambda trace, span: heard.append(trace.trace_id), 0.5)
    try:
        for _ in range(400):
            with tracing() as outer, tracing(traceparent=outer.traceparent):
                pass
    finally:
        tell_spans(None)
    assert len(heard) == 2 * len(set(heard))
    assert 120 < len(set(heard)) < 280
