"""How good the lines of endpoints are: what probes report, and what is answered about it.

Loss is in per cent (`_percent`), times in milliseconds (`_ms`), throughput in megabits a second (`mbps`).
"""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.offers import MEASURE, get, post
from shared.contracts.conference_booking.values import LINES, key_of
from shared.contracts.values import Page, code, moment, one_of

BANDS = ("unknown", "green", "amber", "red", "silent")
MOST_SAMPLES = 200
_SLOWEST_MS, _FASTEST_MBPS = 60_000, 1_000_000
_SOURCE = "5f2c8b1e9a7d4036"
_LARGEST = 2**53 - 1


def _count(most: int, example: int, *, least: int = 0, **options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), metadata={"example": example}, **options)


def _amount(most: float, example: float | None, **options: Any) -> fields.Float:
    return fields.Float(
        allow_none=True, load_default=None, validate=validate.Range(0, most), metadata={"example": example}, **options
    )


class Sample(Request):
    """What a probe measured on one line from a moment on, for so many seconds.

    Of `sent` packets `received` came back; `lost_there` did not reach the centre, `lost_back` were answered and did not
    return, both null when nothing came back. Round trip and jitter (RFC 3550) are of those that did.
    """

    sequence = _count(_LARGEST, 1, least=1, required=True)
    line = one_of(*LINES)
    at = moment(required=True)
    seconds = fields.Float(required=True, validate=validate.Range(0.1, 600), metadata={"example": 5.0})
    sent = _count(1_000_000, 100, least=1, required=True)
    received = _count(1_000_000, 99, required=True)
    lost_there = _count(1_000_000, 1, allow_none=True, load_default=None)
    lost_back = _count(1_000_000, 0, allow_none=True, load_default=None)
    rtt_p50_ms = _amount(_SLOWEST_MS, 12.4)
    rtt_p95_ms = _amount(_SLOWEST_MS, 18.9)
    rtt_max_ms = _amount(_SLOWEST_MS, 31.0)
    jitter_there_ms = _amount(_SLOWEST_MS, 1.8)
    jitter_back_ms = _amount(_SLOWEST_MS, 2.1)
    mbps_there = _amount(_FASTEST_MBPS, 7.9)
    mbps_back = _amount(_FASTEST_MBPS, 7.6)

    @validates_schema
    def _adds_up(self, data: dict[str, Any], **_: object) -> None:
        lost = (data["lost_there"] or 0) + (data["lost_back"] or 0)
        if data["received"] + lost > data["sent"]:
            raise ValidationError("more_than_sent", "received")


class ReportMeasurements(Request):
    """Samples of one endpoint in order; `source` names the probe's store, in which `sequence` counts.

    What was reported before is known by both and not counted again.
    """

    source = code(r"^[0-9a-f]{16}$", example=_SOURCE)
    samples = fields.List(fields.Nested(Sample), required=True, validate=validate.Length(min=1, max=MOST_SAMPLES))


class MeasurementReceipt(View):
    """How many samples are kept, and how many were there before.

    Trains of packets, which fill the line, should wait while `trains` is false: a meeting is on.
    """

    kept = fields.Integer(metadata={"example": 3})
    known = fields.Integer(metadata={"example": 0})
    trains = fields.Boolean(metadata={"example": True})


class ListLines(Page):
    """The lines of a network that are measured; all of those, or of one band."""

    network = key_of("thanh-hoa")
    band = one_of(*BANDS, required=False, allow_none=True, load_default=None)


class ListMeasurements(Page):
    """Samples from a moment on, or until one; the oldest first, unless the newest are asked for first."""

    since = moment(allow_none=True, load_default=None)
    until = moment(allow_none=True, load_default=None)
    newest_first = fields.Boolean(allow_none=True, load_default=None, metadata={"example": False})


def _shown(example: float | None) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"example": example})


class FiguresView(View):
    """What one sample says: loss on the worse way, the round trip's median, jitter on the worse way."""

    loss_percent = _shown(1.0)
    rtt_ms = _shown(12.4)
    jitter_ms = _shown(2.1)
    mbps = _shown(7.6)


class LineState(View):
    """One line of an endpoint: its band since when, and the last sample.

    The band follows several samples in a row, as the network's rules say; `silent` when nothing is heard any more.
    """

    endpoint = fields.String(metadata={"example": "th-05"})
    line = fields.String(metadata={"example": "primary"})
    band = fields.String(metadata={"example": "green"})
    since = moment()
    heard_at = moment()
    measured_at = moment()
    last = fields.Nested(FiguresView)


class MeasurementView(View):
    """One sample: its own band, and that of the line after it."""

    at = moment()
    seconds = fields.Float(metadata={"example": 5.0})
    sent = fields.Integer(metadata={"example": 100})
    received = fields.Integer(metadata={"example": 99})
    lost_there = fields.Integer(allow_none=True, metadata={"example": 1})
    lost_back = fields.Integer(allow_none=True, metadata={"example": 0})
    rtt_p50_ms = _shown(12.4)
    rtt_p95_ms = _shown(18.9)
    rtt_max_ms = _shown(31.0)
    jitter_there_ms = _shown(1.8)
    jitter_back_ms = _shown(2.1)
    mbps_there = _shown(7.9)
    mbps_back = _shown(7.6)
    loss_percent = _shown(1.0)
    band = fields.String(metadata={"example": "amber"})
    line_band = fields.String(metadata={"example": "green"})


class SpreadView(View):
    """What half of the samples, nineteen of twenty, and all did not exceed."""

    p50 = _shown(0.0)
    p95 = _shown(1.0)
    max = _shown(4.0)


class LineOfSession(View):
    """How good one line was while a session held its endpoint: samples, how many of each band, and their spreads."""

    endpoint = fields.String(metadata={"example": "th-05"})
    line = fields.String(metadata={"example": "primary"})
    samples = fields.Integer(metadata={"example": 720})
    green = fields.Integer(metadata={"example": 700})
    amber = fields.Integer(metadata={"example": 15})
    red = fields.Integer(metadata={"example": 5})
    loss_percent = fields.Nested(SpreadView)
    rtt_ms = fields.Nested(SpreadView)
    jitter_ms = fields.Nested(SpreadView)


class SessionLines(View):
    """The lines of a session's endpoints, from its set-up until its end or now; lines without a probe are missing."""

    session = fields.Integer(metadata={"example": 1})
    measured_from = moment()
    measured_until = moment()
    lines = fields.List(fields.Nested(LineOfSession))


_SAMPLE_EXAMPLE = {
    "sequence": 1,
    "line": "primary",
    "at": "2026-12-07T08:00:00+07:00",
    "seconds": 5.0,
    "sent": 100,
    "received": 99,
    "lost_there": 1,
    "lost_back": 0,
    "rtt_p50_ms": 12.4,
    "rtt_p95_ms": 18.9,
    "rtt_max_ms": 31.0,
    "jitter_there_ms": 1.8,
    "jitter_back_ms": 2.1,
    "mbps_there": None,
    "mbps_back": None,
}

LINE_OPERATIONS = [
    post(
        "report_measurements",
        "/endpoints/{endpoint}/measurements",
        "A line probe reports what it measured",
        "Thiết bị đo báo kết quả đo đường truyền của điểm cầu",
        ReportMeasurements,
        MeasurementReceipt,
        MEASURE,
        example={"source": _SOURCE, "samples": [_SAMPLE_EXAMPLE]},
    ),
    get(
        "list_lines",
        "/lines",
        "How good the lines of a network are now",
        "Chất lượng hiện tại của các đường truyền",
        LineState,
        query=ListLines,
        paged=True,
        example={"network": "thanh-hoa"},
    ),
    get(
        "list_measurements",
        "/endpoints/{endpoint}/lines/{line}/measurements",
        "What was measured on a line",
        "Kết quả đo một đường truyền",
        MeasurementView,
        query=ListMeasurements,
        paged=True,
    ),
    get(
        "read_session_lines",
        "/meetings/{meeting}/sessions/{session}/lines",
        "How good the lines were during a session",
        "Chất lượng đường truyền trong buổi họp",
        SessionLines,
    ),
]
