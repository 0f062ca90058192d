"""Figures of a network's meetings in a period: as numbers, as a picture, and as a report that shows both."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from services.conference_booking.domain import figures as rules
from services.conference_booking.domain import finding
from services.conference_booking.domain.access import sees_all
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.networks import local_day
from services.conference_booking.domain.spans import DAY, Span
from services.conference_booking.ports import Bar, Meetings, Paper
from services.conference_booking.usecases.changes import capacity
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.days import whole_day
from services.conference_booking.usecases.scripts import MOST_BYTES, PDF, PRINTER
from shared.contracts.conference_booking.figures import ConferencePeriod
from shared.contracts.principal import Principal
from shared.errors import Forbidden
from shared.requests import read_query
from shared.working_time import VIETNAM

BATCH = 200
SEVERITY_NAMES = {
    1: "Mức 1: mất điểm cầu chủ trì hoặc MCU",
    2: "Mức 2: mất điểm cầu khác",
    3: "Mức 3: chất lượng kém",
}
CHART_TITLE = "Số buổi họp theo tháng"

_OF_INCIDENTS = ("incidents", "restored", "mean_minutes", "longest_minutes")

Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of which network and period figures are wanted."""

    occasion: Occasion
    query: Request
    period: Span


def read_conference_figures(context: Context, request: Request, principal: Principal) -> Request:
    """The figures, for those who see all meetings of the network."""
    return _figures(context, _asked(context, request, principal))


def draw_conference_figures(context: Context, request: Request, principal: Principal) -> Request:
    """The sessions of each month."""
    return {"text": _chart(context, _figures(context, _asked(context, request, principal)))}


def print_conference_report(context: Context, request: Request, principal: Principal) -> Request:
    """The figures and the picture as PDF."""
    asked = _asked(context, request, principal)
    found = _figures(context, asked)
    data = _printed(context, asked, found) | {"chart": _chart(context, found), "chart_title": CHART_TITLE}
    content = context.papers.print(Paper("report", data, found["counted_at"]))
    name = f"bao-cao-hop-{asked.occasion.network.key}-{asked.query['first_day']}.pdf"
    stored = context.files.put(io.BytesIO(content), limit=MOST_BYTES, name=name, declared_type=PDF, owner=PRINTER)
    return {"file": stored.id, "name": stored.name, "type": stored.type, "size": stored.size}


def _asked(context: Context, request: Request, principal: Principal) -> _Asked:
    query = read_query(ConferencePeriod, request, path=("network",))
    occasion = occasion_for(context, actor_of(principal), request["network"])
    if not sees_all(occasion.actor, occasion.network):
        raise Forbidden("role_not_allowed", action="read_conference_figures")
    period = Span(whole_day(query["first_day"]).start, whole_day(query["last_day"]).end)
    return _Asked(occasion, query, period)


def _figures(context: Context, asked: _Asked) -> Request:
    network, period = asked.occasion.network, asked.period
    meetings = list(_all(context.meetings, network.key, period.start, period.end))
    incidents = list(_all(context.incidents, network.key, period.start - DAY, None))
    held = list(rules.held_in(meetings, period))
    readiness = context.readiness.find_all({f"{one.meeting['_id']}-{one.session['n']}" for one in held})
    lost = rules.lost_in(meetings, period)
    ranks = asked.occasion.networks.ranks
    usable = capacity(context, network.key)
    return {
        "network": network.key,
        **asked.query,
        "counted_at": asked.occasion.now,
        **rules.totals(held),
        "ranks": [{**row, "name": ranks[row["rank"]].name} for row in rules.by_rank(held, ranks)],
        "months": rules.by_month(held, period),
        "cancelled": lost["cancelled"],
        "preempted": lost["preempted"],
        "lead": rules.lead_times(held, network, asked.occasion.working_time),
        "connected": rules.connected_at_mark(held, readiness),
        "without_severe": rules.without_severe(held, incidents, asked.occasion.now),
        "incidents": rules.times_to_restore(incidents, period),
        "peak_ports": _peak(context, network.key, period),
        "usable_ports": usable["ports"],
    }


def _all(kept_in: Meetings, network: str, since: datetime, before: datetime | None) -> Iterator[Document]:
    """The meetings of which some session may lie in a time; incidents from a moment on, as some are told of late."""
    key, after = finding.eye_key(finding.EVERYBODY, network), None
    while True:
        page = kept_in.page(key, since=finding.position(since), before=before, after=after, limit=BATCH)
        yield from page.rows
        if page.next is None:
            return
        after = page.next


def _peak(context: Context, network: str, period: Span) -> int:
    """The most ports that were held at a time."""
    first, last = (moment.astimezone(UTC).date() for moment in (period.start, period.end))  # as claims are kept
    used = context.claims.occupancy(network, first, last, {}).used.get("ports", {})
    return max((ports for moment, ports in used.items() if period.start <= moment < period.end), default=0)


def _chart(context: Context, found: Request) -> str:
    return context.charts.bars(CHART_TITLE, [Bar(_month(row["month"]), row["sessions"]) for row in found["months"]])


def _month(month: str) -> str:
    return f"{month[5:]}/{month[:4]}"


def _printed(context: Context, asked: _Asked, found: Request) -> Request:
    agency, lead, connected = asked.occasion.network.operator, found["lead"], found["connected"]
    calm = found["without_severe"]
    facts = {
        "Cuộc họp, buổi họp:": f"{found['meetings']} cuộc, {found['sessions']} buổi",
        "Giờ điểm cầu:": _decimal(found["endpoint_hours"]),
        "Hủy, nhường chỗ:": f"{found['cancelled']} buổi, {found['preempted']} buổi",
        "Đăng ký đúng hạn:": f"{lead['on_time']}; đột xuất {lead['urgent']}; muộn {lead['late']}",
        "Kết nối trước 30 phút:": f"{connected['connected']}/{connected['invited']} điểm cầu",
        "Không sự cố mức 1, 2:": f"{calm['without']}/{calm['meetings']} cuộc họp đã diễn ra",
        "Cổng MCU cao nhất:": f"{found['peak_ports']}/{found['usable_ports']}",
    }
    return {
        "agency": context.agencies.names([agency]).get(agency, {}).get("vi", agency),
        "title": asked.occasion.network.name["vi"],
        **{name: f"{asked.query[name]:%d/%m/%Y}" for name in ("first_day", "last_day")},
        "counted_at": _moment(found["counted_at"]),
        "facts": [{"name": name, "value": value} for name, value in facts.items()],
        "ranks": [
            {
                "name": row["name"]["vi"],
                "meetings": row["meetings"],
                "sessions": row["sessions"],
                "hours": _decimal(row["endpoint_hours"]),
            }
            for row in found["ranks"]
        ],
        "incidents": [
            {
                "name": SEVERITY_NAMES[row["severity"]],
                **{name: "–" if row[name] is None else _decimal(row[name]) for name in _OF_INCIDENTS},
            }
            for row in found["incidents"]
        ],
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M} ngày {local_day(moment):%d/%m/%Y}"


def _decimal(value: float) -> str:
    return f"{value:g}".replace(".", ",")
