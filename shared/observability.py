"""What a process tells about itself: JSON log lines, the trace they belong to, and metrics. Never personal data.

Trace and correlation live in context variables, which hold in threads and in the green threads of eventlet and
gevent alike; whoever starts a green thread for a message opens the trace inside it.
"""

import json
import logging
import re
import secrets
import sys
import time
import uuid
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import IO, Any, Literal, ParamSpec, TypeVar

import orjson
import structlog
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Gauge, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from shared.contracts.base import events

P = ParamSpec("P")
T = TypeVar("T")
MetricsPage = tuple[bytes, str]
Kind = Literal["server", "consumer", "internal"]


@dataclass(frozen=True, slots=True)
class Trace:
    """Where the present work belongs: the correlation id people quote, and W3C Trace Context ids."""

    correlation: str
    trace_id: str
    span_id: str
    flags: str = "01"

    @property
    def traceparent(self) -> str:
        """The header that hands this span on as the parent (https://www.w3.org/TR/trace-context/)."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"


@dataclass(slots=True)
class Span:
    """What is told of a piece of work when it has ended: `began` in nanoseconds of Unix time, `parent` a span's id."""

    name: str
    kind: Kind
    began: int
    parent: str
    attributes: dict[str, str | int]
    failed: bool = False
    told: bool = True


TellSpan = Callable[[Trace, Span], None]
"""Hears of each piece of work of a sampled trace, after it has ended; must neither wait nor fail."""


@dataclass(slots=True)
class _Telling:
    """To whom spans are told, and of which share of all traces that begin here."""

    tell: TellSpan | None = None
    share: float = 1.0


_NO_TRACE = Trace("", "", "")
_telling = _Telling()
_span: ContextVar[Span | None] = ContextVar("span", default=None)
_trace: ContextVar[Trace] = ContextVar("trace", default=_NO_TRACE)
_TRACEPARENT = re.compile(
    r"(?!ff|00.{53}.)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
_CORRELATION = re.compile(r"[A-Za-z0-9._:-]{1,128}")


@contextmanager
def tracing(
    correlation: str = "", traceparent: str = "", name: str = "work", kind: Kind = "internal"
) -> Iterator[Trace]:
    """Do the work inside as a new span, child of `traceparent` if that is well formed, else of a new trace.

    A missing or strange correlation id is replaced, so that nothing a caller sends can break the log.
    """
    match = _TRACEPARENT.fullmatch(traceparent)
    trace_id, flags = (match[1], match[3]) if match else _new_trace()
    sound = correlation if _CORRELATION.fullmatch(correlation) else str(uuid.uuid4())
    trace = Trace(sound, trace_id, secrets.token_hex(8), flags)
    tell = _telling.tell if int(flags, 16) & 1 else None
    span = Span(name, kind, time.time_ns(), match[2] if match else "", {}) if tell else None
    tokens = _trace.set(trace), _span.set(span)
    try:
        yield trace
    except BaseException:
        describe_work(failed=True)
        raise
    finally:
        _trace.reset(tokens[0])
        _span.reset(tokens[1])
        if tell and span and span.told:
            tell(trace, span)


def _new_trace() -> tuple[str, str]:
    """Its id, and whether it is one of those that are told, which the id itself decides."""
    trace_id = secrets.token_hex(16)
    return trace_id, "01" if int(trace_id[16:], 16) < _telling.share * 2**64 else "00"


def describe_work(name: str = "", *, failed: bool = False, **attributes: str | int) -> None:
    """Say more of the present work than was known when it began; never anything personal."""
    span = _span.get()
    if span is not None:
        span.name = name or span.name
        span.failed = span.failed or failed
        span.attributes.update(attributes)


def keep_work_quiet() -> None:
    """Nobody wants to hear of the present work: it is a probe."""
    span = _span.get()
    if span is not None:
        span.told = False


def tell_spans(tell: TellSpan | None, share: float = 1.0) -> None:
    """From now on, tell of work in this process, and of such a share of the traces that begin in it."""
    _telling.tell, _telling.share = tell, share


def correlation_id() -> str:
    """The correlation id of the present work, empty outside of any."""
    return _trace.get().correlation


def traceparent() -> str:
    """The `traceparent` to hand on with a message or to store with an event, empty outside of any work."""
    trace = _trace.get()
    return trace.traceparent if trace.trace_id else ""


def within_present_trace(act: Callable[P, T]) -> Callable[P, T]:
    """`act` as a part of the present work, wherever it is called later, as where writes of many are put together."""
    kept = _trace.get(), _span.get()

    def acting(*args: P.args, **kwargs: P.kwargs) -> T:
        tokens = _trace.set(kept[0]), _span.set(kept[1])
        try:
            return act(*args, **kwargs)
        finally:
            _trace.reset(tokens[0])
            _span.reset(tokens[1])

    return acting


def configure_logging(service: str, level: str = "INFO", stream: IO[str] | None = None) -> None:
    """Write everything that is logged, by libraries too, as one JSON line per event to `stream` (standard output).

    Our own loggers write directly, which costs a third of the way through `logging`.
    """
    _PERSONAL.update(name for event in events() for name in event.personal)
    target = stream or sys.stdout
    first: list[structlog.types.Processor] = [
        _add_context(service),
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    last: list[structlog.types.Processor] = [
        structlog.processors.format_exc_info,
        redact,
        structlog.processors.JSONRenderer(serializer=_to_json),
    ]
    structlog.configure(
        processors=[*first, *last],
        logger_factory=lambda name: _Lines(target, name),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=first,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)


class _Lines(structlog.WriteLogger):
    """Writes lines under the name of a logger."""

    def __init__(self, target: IO[str], name: str) -> None:
        super().__init__(target)  # type: ignore[arg-type]  # any text stream will do
        self.name = name


def logger(name: str) -> structlog.typing.FilteringBoundLogger:
    """A logger: `log.info("application_received", code=…)`, an event name and fields, never a sentence."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(name)
    return bound


def _add_context(service: str) -> structlog.types.Processor:
    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        trace = _trace.get()
        event["service"] = service
        if trace.trace_id:
            event.update(correlation=trace.correlation, trace=trace.trace_id, span=trace.span_id)
        return event

    return add


def _to_json(event: Any, **_: Any) -> str:
    try:
        return orjson.dumps(event, default=repr).decode()
    except TypeError:  # half a character, a number beyond 64 bits
        return json.dumps(event, default=repr, ensure_ascii=False).encode(errors="replace").decode()


_PERSONAL = set(
    re.findall(
        r"\w+",
        """address applicant authorization birth_date date_of_birth email full_name identity identity_number name
        owner owner_name password phone place_of_birth principal receiver secret submitter tax_code token""",
    )
)
_OURS = {"time", "service", "level", "logger", "correlation", "trace", "span", "traceparent", "event_id", "digest"}
_MASK = "***"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_NUMBER = re.compile(
    r"(?<![\w.-])(?:\+84|0084|0)(?:[\s.-]?\d){8,10}(?!\w)"  # a telephone number
    r"|(?<![\w-])\d{10}-\d{3}(?![\w-])"  # a tax code of a branch
    r"|(?<![\w-])(?:\d{9}|\d{10}|\d{12})(?![\w-])"  # CMND, tax code, CCCD
)
_NINE_DIGITS = re.compile(r"\d(?:[\s.-]?\d){8}")


def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Mask fields with personal names, and whatever looks like an identity number, telephone or e-mail."""
    return {key: value if key in _OURS else _mask(key, value) for key, value in event.items()}


def _mask(key: str, value: Any) -> Any:
    if key.lower() in _PERSONAL and value not in (None, ""):
        return _MASK
    if isinstance(value, str):
        return _mask_text(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(inner): _mask(str(inner), part) for inner, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_mask("", part) for part in value]
    return _mask_text(str(value))


def _mask_text(text: str) -> str:
    """Most texts hold neither an @ nor nine digits; only the others are worth a closer look."""
    if "@" in text:
        text = _EMAIL.sub(_MASK, text)
    return _NUMBER.sub(_MASK, text) if _NINE_DIGITS.search(text) else text


def tell_start() -> None:
    """Have workers that share their metrics tell when the youngest of them started; other processes tell it anyway."""
    words = "Start time of the process since unix epoch in seconds."  # as prometheus_client's own collector says
    started = Gauge("process_start_time_seconds", words, multiprocess_mode="livemax", registry=None)
    started.set_to_current_time()


def metrics_page(multiprocess_dir: str | None = None) -> MetricsPage:
    """All metrics of this process, or of all workers that share the directory, and their content type.

    gunicorn with more than one worker needs PROMETHEUS_MULTIPROC_DIR set before the first import.
    """
    registry = REGISTRY
    if multiprocess_dir:
        registry = CollectorRegistry()
        MultiProcessCollector(registry, path=multiprocess_dir)  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST
