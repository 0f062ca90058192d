"""Sends traces to a collector of OpenTelemetry, over OTLP and HTTP; only where TRACES_URL says so.

The ids are our own (`shared.observability`), as they travel over HTTP and AMQP and stand in histories; the SDK is
asked for no more than batches, which a thread of its own sends. What the collector does not take is dropped.
"""

from time import time_ns
from typing import TYPE_CHECKING

from shared.observability import Span, Trace, logger, tell_spans
from shared.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

log = logger(__name__)

SEND_SECONDS = 5
_running: "list[BatchSpanProcessor]" = []


def begin_export(service: str, settings: Settings) -> None:
    """Tell the collector of this process's work from now on; to be called after any patching and forking."""
    if not settings.traces_url:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # costs a third of a second
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

    kinds = {"server": SpanKind.SERVER, "consumer": SpanKind.CONSUMER, "internal": SpanKind.INTERNAL}
    resource = Resource.create({"service.name": service, "service.namespace": "truc-chung"})
    processor = BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.traces_url, timeout=SEND_SECONDS))
    _running.append(processor)

    def context(trace: Trace, span_id: str, *, remote: bool) -> SpanContext:
        return SpanContext(int(trace.trace_id, 16), int(span_id, 16), remote, TraceFlags(int(trace.flags, 16)))

    def tell(trace: Trace, span: Span) -> None:
        processor.on_end(
            ReadableSpan(
                span.name,
                context=context(trace, trace.span_id, remote=False),
                parent=context(trace, span.parent, remote=True) if span.parent else None,
                resource=resource,
                attributes={**span.attributes, "correlation": trace.correlation},
                kind=kinds[span.kind],
                status=Status(StatusCode.ERROR if span.failed else StatusCode.UNSET),
                start_time=span.began,
                end_time=time_ns(),
            )
        )

    tell_spans(tell, settings.traces_share)
    log.info("traces_sent", share=settings.traces_share)


def end_export() -> None:
    """Send what is left, and end; no harm where nothing was begun."""
    tell_spans(None)
    while _running:
        _running.pop().shutdown()  # type: ignore[no-untyped-call]  # the SDK's
