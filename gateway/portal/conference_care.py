"""Lines and incidents of a network: how good each line is, and what is being done about what failed."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.downloads import send_stored
from gateway.portal.asking import Asked, action_of, carry_out, show
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import do, look, look_all
from gateway.portal.conference_actions import INCIDENT, known_values
from gateway.portal.conference_places import (
    ASK,
    READ,
    chosen_network,
    names_of,
    networks,
    part_of,
    short_name,
)
from gateway.portal.conference_words import LINES, SEVERITIES, SYMPTOMS, told
from gateway.portal.forms import Field, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import said, words
from gateway.portal.pages import Routes, go, page
from shared.errors import FieldError, Invalid, NotFound, field_error
from shared.wall_clock import current_moment

LIMIT = 25
SAMPLES = 120
HOUR = timedelta(hours=1)
_WORST_FIRST = ("red", "silent", "amber", "unknown", "green")
_LIMITS = {"loss_percent": (said("Mất gói"), "%", 10.0), "rtt_p50_ms": (said("Trễ khứ hồi"), " ms", 400.0)}
"""What is drawn, in which unit, and up to where at least, so that a small value looks small."""

_INCIDENT_STATES = (
    ("unclosed", said("Chưa đóng")),
    ("follow_up", said("Còn việc phải làm")),
    ("closed", said("Đã đóng")),
)


@page_for(READ)
def list_lines() -> Response:
    """All measured lines of a network, the worst first."""
    all_of_them = networks()
    network = chosen_network(all_of_them)
    names = names_of(network["key"])
    rows = look_all("list_lines", {"network": network["key"]})
    shown, around = part_of(sorted(rows, key=lambda one: _WORST_FIRST.index(one["band"])))
    return page(
        "conference_lines.html",
        network=network,
        networks=[{"value": one["key"], "text": words(one["name"])} for one in all_of_them],
        lines=[{**one, "name": names.get(one["endpoint"], one["endpoint"])} for one in shown],
        around=around,
        counts=[(band, sum(one["band"] == band for one in rows)) for band in _WORST_FIRST],
        unmeasured=len(names) - len({one["endpoint"] for one in rows}),
    )


@page_for(READ)
def show_line(endpoint: str, line: str) -> Response:
    """What was measured on one line lately, as small charts with the numbers beside them."""
    if line not in LINES:
        raise NotFound("route_unknown")
    found = look("read_endpoint", None, endpoint=endpoint)
    samples = _latest(endpoint, line)
    return page(
        "conference_line.html",
        endpoint=found,
        name=short_name(found["name"]),
        line=line,
        charts=[_chart(samples, name) for name in _LIMITS],
        samples=samples[::-1][:LIMIT],
    )


def _latest(endpoint: str, line: str) -> list[dict[str, Any]]:
    """The last samples of the last hour, the oldest first."""
    asked = {"since": (current_moment() - HOUR).isoformat(), "newest_first": True, "limit": SAMPLES}
    found: list[dict[str, Any]] = look("list_measurements", asked, endpoint=endpoint, line=line)["items"]
    return found[::-1]


def _chart(samples: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """One figure over time as points of a line in a box of 100 by 30, with its scale; gaps where nothing came back."""
    title, unit, least = _LIMITS[name]
    values = [one[name] for one in samples]
    known = [value for value in values if value is not None]
    top = max([least, *known])
    step = 100 / max(len(values) - 1, 1)
    runs: list[list[str]] = [[]]
    for number, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(f"{number * step:.2f},{29.5 - value / top * 29:.2f}")
    return {
        "title": _(title),
        "unit": unit,
        "runs": [" ".join(run if len(run) > 1 else run * 2) for run in runs if run],
        "top": round(top, 1),
        "first_at": samples[0]["at"] if samples else None,
        "last_at": samples[-1]["at"] if samples else None,
        "last": known[-1] if known else None,
        "worst": max(known, default=None),
    }


@page_for(READ)
def list_incidents() -> Response:
    """Incidents of a network that are not closed, or those that were asked for."""
    all_of_them = networks()
    network = chosen_network(all_of_them)
    names = names_of(network["key"])
    state = request.args.get("trang-thai", "unclosed")
    cursor = request.args.get("cursor")
    asked = {"network": network["key"], "state": state or None, "limit": LIMIT}
    found = look("list_incidents", asked | ({"cursor": cursor} if cursor else {}))
    kept = {"mang": network["key"], "trang-thai": state}
    return page(
        "conference_incidents.html",
        network=network,
        networks=[{"value": one["key"], "text": words(one["name"])} for one in all_of_them],
        state=state,
        states=[{"value": value, "text": _(name)} for value, name in _INCIDENT_STATES]
        + [{"value": "", "text": _("Mọi trạng thái")}],
        found=[{**one, "name": names.get(one["endpoint"], "MCU")} for one in found["items"]],
        more=f"/hop/su-co?{urlencode({**kept, 'cursor': found['next_cursor']})}" if found["next_cursor"] else "",
    )


@page_for(READ)
def show_incident(incident: str) -> Response:
    """One incident: what failed, since when, what was done, and what may be done now."""
    found = look("read_incident", None, incident=incident)
    names = names_of(found["network"])
    return page(
        "conference_incident.html",
        incident=found,
        name=names.get(found["endpoint"], "MCU"),
        names=names,
        place=f"/hop/su-co/{incident}",
        actions=buttons_of(INCIDENT, found["actions"]),
    )  # fmt: skip


@page_for(READ)
def show_incident_action(incident: str, action: str) -> Response:
    """What an action asks."""
    return show(_asked(incident, action))


@page_for(READ)
def act_on_incident(incident: str, action: str) -> Response:
    """Carry an action out."""
    return carry_out(_asked(incident, action))


def _asked(incident: str, action: str) -> Asked:
    chosen = action_of(action, INCIDENT)
    found = look("read_incident", None, incident=incident)
    state = told("incident", found["state"])
    return Asked(
        action,
        chosen,
        found,
        {"incident": incident},
        back=f"/hop/su-co/{incident}",
        back_name=_("Sự cố"),
        caption=told("symptom", found["symptom"]),
        once="su-co",
        changed=_("Sự cố đã thay đổi sau khi bạn mở trang này. Nay là: %(state)s.", state=state),
        known=known_values(action, found),
        still=action in found["actions"],
    )


@page_for(READ)
def print_incident(incident: str) -> Response:
    """The report of an incident as PDF."""
    return send_stored(look("print_incident", None, incident=incident))


@page_for(ASK)
def show_failure() -> Response:
    """What somebody tells who sees that something is wrong."""
    return _tell([])


@page_for(ASK)
def send_failure() -> Response:
    """Open an incident, once for each page."""
    network = chosen_network(networks())
    values, wrong = read_form(_failure(network["key"]), request.form)
    if wrong:
        return _tell(wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    body = {name: value for name, value in values.items() if value is not None}
    if "severity" in body:
        body["severity"] = int(body["severity"])
    try:
        made = do("open_incident", {"network": network["key"], **body}, key=f"su-co-{key}")
    except Invalid as error:
        return _tell(error.fields or [field_error("", error.code, **error.params)])
    return go(f"/hop/su-co/{made['id']}")


def _failure(network: str) -> list[Field]:
    return [
        Field("endpoint", _("Ở điểm cầu nào?"), "select", _("Để trống nếu là sự cố MCU"),
              tuple(names_of(network).items()), required=False),
        Field("symptom", _("Hiện tượng"), "select", choices=tuple((key, told("symptom", key)) for key in SYMPTOMS)),
        Field("severity", _("Mức độ"), "select", _("Để trống để hệ thống tự xác định"),
              tuple((key, told("severity", key)) for key in SEVERITIES), required=False),
        Field("what", _("Mô tả"), "long", required=False, limit=2000),
    ]  # fmt: skip


def _tell(wrong: list[FieldError]) -> Response:
    network = chosen_network(networks())
    fields = _failure(network["key"])
    typed = request.form if wrong else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=f"/hop/bao-su-co?{urlencode({'mang': network['key']})}",
        back=f"/hop/su-co?{urlencode({'mang': network['key']})}",
        back_name=_("Sự cố"),
        caption=words(network["name"]),
        version="",
        title=_("Báo sự cố"),
        shown=shown_fields(fields, {"endpoint": request.args.get("diem", "")}, typed, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


ROUTES: Routes = (
    ("GET", "/hop/duong-truyen", list_lines),
    ("GET", "/hop/duong-truyen/<name:endpoint>/<name:line>", show_line),
    ("GET", "/hop/su-co", list_incidents),
    ("GET", "/hop/bao-su-co", show_failure),
    ("POST", "/hop/bao-su-co", send_failure),
    ("GET", "/hop/su-co/<name:incident>", show_incident),
    ("GET", "/hop/su-co/<name:incident>/in", print_incident),
    ("GET", "/hop/su-co/<name:incident>/<name:action>", show_incident_action),
    ("POST", "/hop/su-co/<name:incident>/<name:action>", act_on_incident),
)
