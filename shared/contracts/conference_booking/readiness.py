"""Rehearsals and readiness: what was tried at each endpoint of a session, and who and what is there before it begins.

Loss is in per cent, times in milliseconds, throughput in megabits a second.
"""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.offers import OPERATE, get, post
from shared.contracts.conference_booking.requests import MEETING
from shared.contracts.conference_booking.values import key_of
from shared.contracts.operations import Operation
from shared.contracts.values import moment, one_of, text

QUALITIES = ("good", "poor", "none")
CONTENT = (*QUALITIES, "not_tried")
BACKUP = ("good", "failed", "not_tried")
VERDICTS = ("passed", "passed_with_remarks", "failed")
_REMARK = "Tiếng nhỏ, đã chỉnh lại micro"
_SESSION = "/meetings/{meeting}/sessions/{session}"


def _there() -> fields.Boolean:
    return fields.Boolean(allow_none=True, load_default=None, metadata={"example": True})


class ReportReadiness(Request):
    """What is there at an endpoint, false for what is not any more; what is left out stays as it was."""

    technician = _there()
    connected = _there()
    picture = _there()
    sound = _there()
    content = _there()

    @validates_schema
    def _says_something(self, data: dict[str, Any], **_: Any) -> None:
        if all(value is None for value in data.values()):
            raise ValidationError("nothing_reported", "connected")


def _amount(most: float, example: float) -> fields.Float:
    return fields.Float(
        allow_none=True, load_default=None, validate=validate.Range(0, most), metadata={"example": example}
    )


class MeasuredLine(Request):
    """What was measured on the line during the rehearsal: loss, round trip, jitter, throughput."""

    loss_percent = _amount(100, 0.2)
    rtt_ms = _amount(60_000, 18.5)
    jitter_ms = _amount(60_000, 2.4)
    mbps = _amount(1_000_000, 7.6)


class RecordRehearsal(Request):
    """What was tried at an endpoint. Without `measured`, what the line's probe measured last stands there."""

    technician = key_of("kt-hac-thanh", required=False, allow_none=True, load_default=None)
    present = fields.Boolean(required=True, metadata={"example": True})
    connected = fields.Boolean(required=True, metadata={"example": True})
    picture = one_of(*QUALITIES)
    sound_in = one_of(*QUALITIES)
    sound_out = one_of(*QUALITIES)
    content = one_of(*CONTENT, required=False, load_default="not_tried")
    backup_line = one_of(*BACKUP, required=False, load_default="not_tried")
    measured = fields.Nested(MeasuredLine, allow_none=True, load_default=None)
    verdict = one_of(*VERDICTS)
    remark = text(500, load_default="", example=_REMARK)

    @validates_schema
    def _fits_together(self, data: dict[str, Any], **_: Any) -> None:
        whole = data["connected"] and all(data[name] == "good" for name in ("picture", "sound_in", "sound_out"))
        if data["verdict"] == "passed" and not whole:
            raise ValidationError("rehearsal_contradicts", "verdict")
        if data["verdict"] != "passed" and not data["remark"]:
            raise ValidationError("verdict_needs_remark", "remark")


class ConcludeRehearsal(Request):
    """What came of the rehearsal; passed although some endpoint did not needs a remark."""

    verdict = one_of("passed", "failed")
    remark = text(1000, load_default="", example="Đủ điều kiện họp")


class ReadinessReceipt(View):
    """The answer to every report; a repeated one gets the same."""

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    version = fields.Integer(metadata={"example": 3})


class ChecksView(View):
    """Since when what is there, null for what is not."""

    technician = moment(allow_none=True)
    connected = moment(allow_none=True)
    picture = moment(allow_none=True)
    sound = moment(allow_none=True)
    content = moment(allow_none=True)


class StandingView(View):
    """How an endpoint stands at a mark: open before its moment, then ready, late or missing."""

    before = fields.Integer(metadata={"example": 30})
    state = fields.String(metadata={"example": "ready"})


class MeasuredView(View):
    """What was measured on the line; null where it was not."""

    loss_percent = fields.Float(allow_none=True, metadata={"example": 0.2})
    rtt_ms = fields.Float(allow_none=True, metadata={"example": 18.5})
    jitter_ms = fields.Float(allow_none=True, metadata={"example": 2.4})
    mbps = fields.Float(allow_none=True, metadata={"example": 7.6})


class RehearsalView(View):
    """What was tried at an endpoint last, and by whom it was written down; before the session was moved or since."""

    technician = fields.String(allow_none=True, metadata={"example": "kt-hac-thanh"})
    present = fields.Boolean()
    connected = fields.Boolean()
    picture = fields.String(metadata={"example": "good"})
    sound_in = fields.String(metadata={"example": "good"})
    sound_out = fields.String(metadata={"example": "good"})
    content = fields.String(metadata={"example": "not_tried"})
    backup_line = fields.String(metadata={"example": "good"})
    before_move = fields.Boolean(metadata={"example": False})
    measured = fields.Nested(MeasuredView, allow_none=True)
    verdict = fields.String(metadata={"example": "passed"})
    remark = fields.String(metadata={"example": ""})
    at = moment()
    by = fields.String(metadata={"example": "technician-thanh-hoa"})
    name = fields.String(metadata={"example": "Trần Minh Linh"})


class EndpointReadiness(View):
    """One endpoint of a session: who is on duty, what is there, how it stands at each mark, what was tried.

    `may_report` tells whether the caller may say what is there.
    """

    endpoint = fields.String(metadata={"example": "th-05"})
    name = fields.Dict(metadata={"example": {"vi": "Điểm cầu phường Hạc Thành", "en": "Hac Thanh ward"}})
    technicians = fields.List(fields.String(metadata={"example": "kt-hac-thanh"}))
    checks = fields.Nested(ChecksView)
    marks = fields.List(fields.Nested(StandingView))
    rehearsal = fields.Nested(RehearsalView, allow_none=True)
    may_report = fields.Boolean(metadata={"example": True})


class MarkView(View):
    """What was found at a mark: how many of the invited endpoints were connected, and which lacked something."""

    before = fields.Integer(metadata={"example": 30})
    due = moment()
    at = moment()
    invited = fields.Integer(metadata={"example": 31})
    connected = fields.Integer(metadata={"example": 30})
    not_ready = fields.List(fields.String(metadata={"example": "th-06"}))


class ResultView(View):
    """What came of the rehearsal as a whole, before the session was moved or since."""

    before_move = fields.Boolean(metadata={"example": False})
    verdict = fields.String(metadata={"example": "passed"})
    remark = fields.String(metadata={"example": ""})
    at = moment()
    by = fields.String(metadata={"example": "technician-thanh-hoa"})
    name = fields.String(metadata={"example": "Trần Minh Linh"})


class ReadinessBoard(View):
    """How ready a session is, endpoint by endpoint; `connected` are there now."""

    meeting = fields.String(metadata={"example": MEETING})
    session = fields.Integer(metadata={"example": 1})
    start = moment()
    state = fields.String(metadata={"example": "planned"})
    connected = fields.Integer(metadata={"example": 30})
    endpoints = fields.List(fields.Nested(EndpointReadiness))
    marks = fields.List(fields.Nested(MarkView))
    result = fields.Nested(ResultView, allow_none=True)
    not_passed = fields.List(fields.String(metadata={"example": "th-06"}))
    version = fields.Integer(metadata={"example": 3})


def _post(
    name: str, path: str, summary: str, summary_vi: str, body: type[Request], example: dict[str, Any]
) -> Operation:
    return post(name, f"{_SESSION}{path}", summary, summary_vi, body, ReadinessReceipt, OPERATE, example=example)


READINESS = [
    get(
        "read_readiness",
        f"{_SESSION}/readiness",
        "How ready a session is, endpoint by endpoint",
        "Bảng sẵn sàng của buổi họp theo từng điểm cầu",
        ReadinessBoard,
    ),
    _post(
        "report_readiness",
        "/endpoints/{endpoint}/readiness",
        "Say what is there at an endpoint",
        "Báo kỹ thuật có mặt, đã kết nối, có hình, có tiếng",
        ReportReadiness,
        {"technician": True, "connected": True},
    ),
    _post(
        "record_rehearsal",
        "/endpoints/{endpoint}/rehearsal",
        "Write down what was tried at an endpoint",
        "Ghi kết quả thử tại một điểm cầu",
        RecordRehearsal,
        {
            "technician": None,
            "present": True,
            "connected": True,
            "picture": "good",
            "sound_in": "good",
            "sound_out": "good",
            "backup_line": "good",
            "verdict": "passed",
        },
    ),
    _post(
        "conclude_rehearsal",
        "/rehearsal",
        "Say what came of the rehearsal",
        "Kết luận buổi tổng duyệt kỹ thuật",
        ConcludeRehearsal,
        {"verdict": "passed", "remark": "Đủ điều kiện họp"},
    ),
]
