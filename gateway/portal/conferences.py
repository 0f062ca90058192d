"""Video conferences for officers: what is ahead, the calendar of endpoints, one page for each meeting."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.downloads import send_stored
from gateway.http.call import current_call
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import look
from gateway.portal.conference_actions import ranks_of
from gateway.portal.conference_change import ACTIONS, MOVE, movable, offered, waiting_change
from gateway.portal.conference_places import (
    ASK,
    READ,
    Names,
    chosen_network,
    names_of,
    network_of,
    networks,
    part_of,
    short_name,
)
from gateway.portal.conference_words import told
from gateway.portal.language import gettext as _
from gateway.portal.language import said, words
from gateway.portal.pages import Routes, page
from gateway.portal.timetable import Hours, row_of
from shared.errors import NotFound
from shared.working_time import VIETNAM

LIMIT = 25
WEEK = 7
_STATES = ("submitted", "needs_info", "approved", "cancelled", "ended")
_QUEUES = (
    (said("Chờ duyệt"), {"state": "submitted"}),
    (said("Cần bổ sung"), {"state": "needs_info"}),
    (said("Đã duyệt"), {"state": "approved"}),
    (said("Có rủi ro"), {"at_risk": "true"}),
)
_FILTERS = ("state", "at_risk", "since", "cursor")


@page_for(READ)
def list_conferences() -> Response:
    """Meetings that the reader may know of, from today on unless another day was asked for."""
    all_of_them = networks()
    network = chosen_network(all_of_them)
    wanted = {name: value for name in _FILTERS if (value := request.args.get(name, "").strip())}
    asked = {**wanted, "at_risk": wanted.get("at_risk") == "true", "network": network["key"], "limit": LIMIT}
    found = look("list_meetings", asked)
    names = names_of(network["key"])
    kept = {"mang": network["key"], **wanted}
    return page(
        "conferences.html",
        network=network,
        networks=_choices(all_of_them),
        wanted=wanted,
        queues=[
            {"name": _(name), "href": f"/hop?{urlencode({'mang': network['key'], **filters})}",
             "current": filters == {key: wanted[key] for key in ("state", "at_risk") if key in wanted}}
            for name, filters in _QUEUES
        ],
        states=[{"value": "", "text": _("Mọi trạng thái")}]
        + [{"value": state, "text": told("meeting", state)} for state in _STATES],
        found=[{**one, "chair_name": names.get(one["chair"], one["chair"])} for one in found["items"]],
        may_ask=_may(ASK),
        more=f"/hop?{urlencode({**kept, 'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
    )  # fmt: skip


def _choices(all_of_them: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"value": one["key"], "text": words(one["name"])} for one in all_of_them]


def _may(scope: str) -> bool:
    principal = current_call().principal
    return bool(principal and may(principal, scope))


@page_for(READ)
def show_calendar() -> Response:
    """A day of all endpoints of a network, or a week of one of them."""
    all_of_them = networks()
    network = chosen_network(all_of_them)
    day = _day(request.args)
    endpoint = request.args.get("diem", "").strip()
    names = names_of(network["key"])
    if endpoint and endpoint not in names:
        raise NotFound("endpoint_unknown", endpoint=endpoint)
    if endpoint:
        first = day - timedelta(days=day.weekday())
        days = [first + timedelta(days=number) for number in range(WEEK)]
        rows = [_row_of_week(network, endpoint, one) for one in days]
    else:
        rows = _rows_of_day(network, day)
    rows, around = part_of(rows)
    step = WEEK if endpoint else 1
    return page(
        "conference_calendar.html",
        network=network,
        networks=_choices(all_of_them),
        names=names,
        endpoint=endpoint,
        day=day.isoformat(),
        heading=_heading(day, names.get(endpoint, "")),
        rows=rows,
        around=around,
        marks=Hours.of(day, network).marks(),
        before=_calendar(network, day - timedelta(days=step), endpoint),
        after=_calendar(network, day + timedelta(days=step), endpoint),
        now=_calendar(network, now().date(), endpoint),
        may_ask=_may(ASK),
    )


def _heading(day: date, name: str) -> str:
    if name:
        return _("Tuần của %(name)s", name=name)
    return _("Ngày %(day)s", day=f"{day:%d/%m/%Y}")


def _calendar(network: dict[str, Any], day: date, endpoint: str) -> str:
    chosen = {"mang": network["key"], "ngay": day.isoformat(), **({"diem": endpoint} if endpoint else {})}
    return f"/hop/lich?{urlencode(chosen)}"


def now() -> datetime:
    """The moment by the server's clock, as Viet Nam reads it; browsers' clocks are not asked."""
    return datetime.now(VIETNAM)


def _day(given: Any) -> date:
    """The day that the address names; today, unless it is one."""
    try:
        return date.fromisoformat(given.get("ngay", ""))
    except ValueError:
        return now().date()


def _rows_of_day(network: dict[str, Any], day: date) -> list[dict[str, Any]]:
    grid = look("read_network_day", None, network=network["key"], day=day.isoformat())
    hours = Hours.of(day, network)
    return [
        row_of(short_name(one["name"]), one["endpoint"], one["state"], one["busy"], hours, now())
        | {"href": _calendar(network, day, one["endpoint"]), "day": day.isoformat()}
        for one in grid["endpoints"]
    ]


def _row_of_week(network: dict[str, Any], endpoint: str, day: date) -> dict[str, Any]:
    (found,) = (row for row in _rows_of_day(network, day) if row["key"] == endpoint)
    weekday = _(_WEEKDAYS[day.weekday()])
    return found | {"name": f"{weekday} {day:%d/%m}", "state": "ready", "href": _calendar(network, day, "")}


_WEEKDAYS = (
    said("Thứ hai"), said("Thứ ba"), said("Thứ tư"), said("Thứ năm"), said("Thứ sáu"), said("Thứ bảy"),
    said("Chủ nhật"),
)  # fmt: skip


@page_for(READ)
def show_meeting(meeting: str) -> Response:
    """One meeting: when, where, who comes, what threatens it, and what may be done now."""
    found = look("read_meeting", None, meeting=meeting)
    network = network_of(found["network"], networks())
    names = names_of(found["network"])
    return page(
        "conference.html",
        meeting=found,
        names=names,
        rank=dict(ranks_of(network)).get(found["rank"], found["rank"]),
        guests=_guests(meeting, names),
        risks=[{**one, "name": names.get(one["endpoint"], "MCU")} for one in found["risks"]],
        place=f"/hop/cuoc/{meeting}",
        move=MOVE,
        actions=buttons_of(ACTIONS, offered(found)),
        movable={one["number"] for one in found["all_sessions"] if movable(found, one)},
        waiting=waiting_change(found, names) if found.get("proposal") else [],
    )  # fmt: skip


def _guests(meeting: str, names: Names) -> dict[str, Any]:
    invited = look("read_invitations", None, meeting=meeting)
    return {
        "rows": invited["guests"],
        "without": [names.get(key, key) for key in invited["without_mailbox"]],
    }


@page_for(READ)
def print_run_of_show(meeting: str) -> Response:
    """The run-of-show as PDF."""
    return send_stored(look("print_script", None, meeting=meeting))


ROUTES: Routes = (
    ("GET", "/hop", list_conferences),
    ("GET", "/hop/lich", show_calendar),
    ("GET", "/hop/cuoc/<name:meeting>", show_meeting),
    ("GET", "/hop/cuoc/<name:meeting>/kich-ban/in", print_run_of_show),
)
