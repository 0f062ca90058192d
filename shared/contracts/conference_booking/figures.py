"""Figures of a network's meetings in a period, as numbers, as a picture, and as a report."""

from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from shared.contracts.base import Request, View
from shared.contracts.conference_booking.offers import get
from shared.contracts.operations import FileTicket, Operation
from shared.contracts.values import day, moment

SVG = "image/svg+xml"
_PATH = "/networks/{network}/figures"
_MOST_DAYS = 366


class ConferencePeriod(Request):
    """First and last day in Viet Nam, both included; at most a year."""

    first_day = day(required=True, example="2026-11-01")
    last_day = day(required=True, example="2026-11-30")

    @validates_schema
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        if not 0 <= (data["last_day"] - data["first_day"]).days <= _MOST_DAYS:
            raise ValidationError("period", "last_day")


class HeldView(View):
    """How many meetings, how many sessions of them, and their hours times connected endpoints."""

    meetings = fields.Integer(metadata={"example": 12})
    sessions = fields.Integer(metadata={"example": 15})
    endpoint_hours = fields.Float(metadata={"example": 310.5})


class RankFigures(HeldView):
    """Of one rank."""

    rank = fields.String(metadata={"example": "department"})
    name = fields.Dict(metadata={"example": {"vi": "Họp của sở, ban, ngành, xã, phường", "en": "Departments"}})


class MonthFigures(HeldView):
    """Of one month."""

    month = fields.String(metadata={"example": "2026-11"})


class LeadFigures(View):
    """Of the meetings: asked for in time, as urgent in time, or later than that."""

    on_time = fields.Integer(metadata={"example": 10})
    urgent = fields.Integer(metadata={"example": 1})
    late = fields.Integer(metadata={"example": 1})


class ConnectedFigures(View):
    """Half an hour before sessions: how many endpoints were invited where that was judged, and how many connected."""

    invited = fields.Integer(metadata={"example": 400})
    connected = fields.Integer(metadata={"example": 392})


class CalmFigures(View):
    """Of the meetings that have begun: how many, and how many without an incident of severity 1 or 2.

    An incident counts against the meeting that it names, if its session lies in the period or it names none.
    """

    meetings = fields.Integer(metadata={"example": 11})
    without = fields.Integer(metadata={"example": 10})


class IncidentFigures(View):
    """Incidents of one severity that were opened in the period, also outside of meetings.

    The time to restore is the minutes from when it began until the meeting could go on, be it from standby; its mean
    and its longest are of those restored, null when there are none.
    """

    severity = fields.Integer(metadata={"example": 2})
    incidents = fields.Integer(metadata={"example": 3})
    restored = fields.Integer(metadata={"example": 3})
    mean_minutes = fields.Float(allow_none=True, metadata={"example": 4.3})
    longest_minutes = fields.Integer(allow_none=True, metadata={"example": 9})


class ConferenceFigures(HeldView):
    """What took, or takes, place in the period; sessions that were cancelled or gave way are counted apart.

    `peak_ports` is the most that was held at a time, set-up and tear-down included.
    """

    network = fields.String(metadata={"example": "thanh-hoa"})
    first_day = fields.Date(metadata={"example": "2026-11-01"})
    last_day = fields.Date(metadata={"example": "2026-11-30"})
    counted_at = moment()
    ranks = fields.List(fields.Nested(RankFigures))
    months = fields.List(fields.Nested(MonthFigures))
    cancelled = fields.Integer(metadata={"example": 2})
    preempted = fields.Integer(metadata={"example": 1})
    lead = fields.Nested(LeadFigures)
    connected = fields.Nested(ConnectedFigures)
    without_severe = fields.Nested(CalmFigures)
    incidents = fields.List(fields.Nested(IncidentFigures))
    peak_ports = fields.Integer(metadata={"example": 62})
    usable_ports = fields.Integer(metadata={"example": 144})


class ConferenceChart(View):
    """A picture as browsers and the report show it."""

    text = fields.String(metadata={"example": "<svg xmlns='http://www.w3.org/2000/svg'/>"})


def _get(name: str, path: str, summary: str, summary_vi: str, view: type[View], **rest: Any) -> Operation:
    return get(name, f"{_PATH}{path}", summary, summary_vi, view, query=ConferencePeriod, **rest)


FIGURES = [
    _get(
        "read_conference_figures",
        "",
        "Figures of a network's meetings in a period",
        "Số liệu hội nghị truyền hình trong kỳ",
        ConferenceFigures,
    ),
    _get(
        "draw_conference_figures",
        "/chart",
        "The sessions of each month, as a picture",
        "Biểu đồ số buổi họp theo tháng",
        ConferenceChart,
        text=SVG,
    ),
    _get(
        "print_conference_report",
        "/report",
        "The figures and the picture as PDF",
        "In báo cáo hội nghị truyền hình",
        FileTicket,
    ),
]
