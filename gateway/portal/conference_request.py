"""Asking for a meeting: try a time first, see what stands in its way and when it would be free, then ask for it."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.http.call import current_call
from gateway.portal.calls import do
from gateway.portal.conference_actions import lengths, ranks_of, wall
from gateway.portal.conference_clashes import in_the_way, moved
from gateway.portal.conference_places import ASK, Names, chosen_network, names_of, networks
from gateway.portal.forms import Field, Values, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from gateway.portal.pages import Routes, go, page
from shared.errors import Conflict, FieldError, Invalid, field_error

TRY, BOOK = "thu", "dat"
"""What the button pressed wants: try it, or ask for it; any other tries it at another beginning."""

_ONLY_ASKED = ("title", "note", "rank", "contact")
"""What plays no part in whether a time is free."""

_WEEKS = 52
_RESOLUTIONS = (("480p", "480p"), ("720p", "720p"), ("1080p", "1080p"))


def _fields(network: dict[str, Any], names: Names) -> list[Field]:
    return [
        Field("title", _("Tên cuộc họp"), limit=300),
        Field("starts", _("Bắt đầu lúc nào?"), "moment", _("Ngày, tháng, năm và giờ, ví dụ 7 12 2026 08:00")),
        Field("minutes", _("Họp bao lâu?"), "select", choices=lengths()),
        Field("weeks", _("Lặp lại hằng tuần, mấy buổi?"), "number", _("Để trống nếu chỉ họp một buổi"), required=False),
        Field("chair", _("Điểm cầu chủ trì"), "select", choices=tuple(names.items())),
        Field("rank", _("Mức ưu tiên"), "select", choices=ranks_of(network)),
        Field("resolution", _("Chất lượng hình"), "select", choices=_RESOLUTIONS),
        Field("recording", _("Ghi hình cuộc họp"), "tick"),
        Field("contact.name", _("Người liên hệ"), autocomplete="name"),
        Field("contact.phone", _("Điện thoại liên hệ"), autocomplete="tel", inputmode="tel"),
        Field("note", _("Ghi chú cho đơn vị vận hành"), "long", required=False, limit=2000),
        Field("urgent_reason", _("Họp gấp vì sao?"), "long", _("Chỉ ghi khi không kịp thời hạn đăng ký thông thường"),
              required=False, limit=1000),
    ]  # fmt: skip


@page_for(ASK)
def show_request() -> Response:
    """What a meeting needs; the calendar may have said where and when."""
    principal = current_call().principal
    known = {
        "minutes": "60",
        "rank": "department",
        "resolution": "720p",
        "contact.name": principal.name if principal else "",
        "chair": request.args.get("diem", ""),
        "starts": _given_start(),
    }
    return _show(known, [])


def _given_start() -> str:
    try:
        return datetime.fromisoformat(f"{request.args.get('ngay', '')}T{request.args.get('gio', '')}").isoformat()
    except ValueError:
        return ""


@page_for(ASK)
def send_request() -> Response:
    """Try the time, or ask for the meeting, once for each page."""
    all_of_them = networks()
    network = chosen_network(all_of_them)
    fields = _fields(network, names_of(network["key"]))
    wanted = request.form.get("lam", BOOK)
    typed = {**request.form.to_dict(), **moved(wanted)}
    values, wrong = read_form(_needed(fields, wanted), typed)
    wrong += _unusual(values)
    if wrong:
        return _show({}, wrong, typed)
    body = _wish(network["key"], values)
    if wanted != BOOK:
        return _try(fields, body, typed)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        made = do("request_meeting", body, key=f"hop-{key}")
    except Invalid as error:
        return _show({}, _faults(error, fields), typed)
    except Conflict as error:
        if "clashes" not in error.params:
            return _show({}, [field_error("starts", error.code, **error.params)], typed)
        return _show({}, [], typed, {"free": False, **error.params})
    return go(f"/hop/cuoc/{made['id']}")


def _needed(fields: Sequence[Field], wanted: str) -> list[Field]:
    """To try a time nobody need have a title yet."""
    return [field for field in fields if wanted == BOOK or field.name.partition(".")[0] not in _ONLY_ASKED]


def _unusual(values: Values) -> list[FieldError]:
    """More weeks than a form takes, or none: a rule of another kind, or a longer one, goes over REST."""
    weeks = values.get("weeks")
    if weeks is None or 1 <= weeks <= _WEEKS:
        return []
    return [field_error("weeks", "out_of_range", min=1, max=_WEEKS)]


def _wish(network: str, values: Values) -> dict[str, Any]:
    """The request that the form makes."""
    weeks = values["weeks"] or 1
    body: dict[str, Any] = {
        "network": network,
        **{name: values[name] for name in ("chair", "resolution", "recording")},
        "endpoints": [key for key in request.form.getlist("endpoints") if key != values["chair"]],
        "starts": wall(values["starts"]),
        "minutes": int(values["minutes"]),
        "rule": f"FREQ=WEEKLY;COUNT={weeks}" if weeks > 1 else "",
        "urgent": bool(values["urgent_reason"]),
    }
    if "title" in values:
        body |= {
            "title": values["title"],
            "note": values["note"] or "",
            "rank": values["rank"],
            "contact": {"name": values["contact.name"], "phone": values["contact.phone"]},
            "urgent_reason": values["urgent_reason"] or "",
        }
    return body


def _try(fields: Sequence[Field], body: Mapping[str, Any], typed: Mapping[str, str]) -> Response:
    try:
        return _show({}, [], typed, do("find_free_times", body) | {"starts": body["starts"]})
    except Invalid as error:
        return _show({}, _faults(error, fields), typed)
    except Conflict as error:
        return _show({}, [field_error("starts", error.code, **error.params)], typed)


def _faults(error: Invalid, fields: Sequence[Field]) -> list[FieldError]:
    """A refusal's faults, at the fields where they can be told."""
    names = {field.name for field in fields}
    places = {name: name for name in names} | {"rule": "weeks"}
    faults = error.fields or [field_error("", error.code, **error.params)]
    return [{**fault, "path": places.get(fault["path"], fault["path"])} for fault in faults]


def _show(
    known: Values,
    wrong: Sequence[FieldError],
    typed: Mapping[str, str] | None = None,
    tried: Mapping[str, Any] | None = None,
) -> Response:
    all_of_them = networks()
    network = chosen_network(all_of_them)
    names = names_of(network["key"])
    fields = _fields(network, names)
    shown = shown_fields(fields, known, typed, wrong)
    return page(
        "conference_request.html",
        422 if wrong else 409 if tried and not tried["free"] and request.form.get("lam", BOOK) == BOOK else 200,
        network=network,
        networks=[{"value": one["key"], "text": words(one["name"])} for one in all_of_them],
        names=names,
        shown={one["field"].name: one for one in shown},
        chosen=request.form.getlist("endpoints") or request.args.getlist("them"),
        tried=in_the_way(tried, network["key"], names) if tried else None,
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=(typed or {}).get("key") or secrets.token_hex(16),
    )


ROUTES: Routes = (
    ("GET", "/hop/dat", show_request),
    ("POST", "/hop/dat", send_request),
)
