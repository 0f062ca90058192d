"""Parked events: the list, one with its error, and the decision to try it again or to leave it out."""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.console import READ, asked, console_page, seconds_since
from gateway.portal.console_audit import WRITE
from gateway.portal.console_words import age, decision_words, part_name
from gateway.portal.event_words import event_words
from gateway.portal.failure_words import failure_words
from gateway.portal.forms import Field, entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import said
from gateway.portal.pages import Routes, go, page
from gateway.portal.queue_words import kind_of
from shared.errors import FieldError, Invalid, NotFound

GONE = "gone"
"""In an address of the list: the event that was asked for is no longer held."""


@page_for(READ)
def list_parked() -> Response:
    """The parked events, the oldest first."""
    answer = asked("list_parked_events")
    rows = [
        {**_in_words(one), "age": age(seconds_since(one["since"])),
         "href": f"/van-hanh/su-kien/mot?{urlencode({'service': one['service'], 'key': one['key']})}"}
        for one in (answer or {"events": ()})["events"]
    ]  # fmt: skip
    return console_page(
        "console_parked.html",
        "parked",
        _("Sự kiện bị giữ"),
        rows=rows,
        decided=_decided(rows),
        asked=answer is not None,
        told={"list_parked_events": answer},
    )


def _decided(rows: list[dict[str, Any]]) -> str:
    """What the reader has just decided, by the address, and whether the event is held again since; "" without it."""
    action, which = request.args.get("da", ""), _which()
    name = part_name(which["service"])
    if action == GONE:
        return _("Sự kiện này không còn bị giữ ở %(name)s: đã được xử lý lại hoặc bỏ hẳn.", name=name)
    if action not in _ORDERS:
        return ""
    what = event_words(request.args.get("loai", ""))
    if action == "discard":
        return _("Đã bỏ hẳn sự kiện ở %(name)s: %(event)s.", name=name, event=what)
    again = next((one for one in rows if {name: one[name] for name in which} == which), None)
    if again:
        failure = again["failure"].what
        return _("Đã cho xử lý lại: %(event)s. Sự kiện lại bị giữ: %(failure)s", event=what, failure=failure)
    return _("Đã cho xử lý lại: %(event)s.", event=what)


def _in_words(event: dict[str, Any]) -> dict[str, Any]:
    """An event with what it is called, whose it is, and why it is held."""
    return {
        **event,
        "name": part_name(event["service"]),
        "what": event_words(event["type"]),
        "about": kind_of(event["exchange"]),
        "failure": failure_words(event["error"]),
    }


def _which() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("service", "key")}


def _or_list(answer: Callable[..., Response]) -> Callable[..., Response]:
    """An event that is gone meanwhile leads to the list, which says so."""

    @wraps(answer)
    def answered(*arguments: Any, **named: Any) -> Response:
        try:
            return answer(*arguments, **named)
        except NotFound as error:
            if error.code != "parked_event_unknown":
                raise
            return go(f"/van-hanh/su-kien?{urlencode({'da': GONE, **_which()})}")

    return answered


@page_for(READ)
@_or_list
def show_parked() -> Response:
    """One parked event: its error, what waits behind it, what was decided before."""
    which = _which()
    found = look("read_parked_event", which)
    return page(
        "console_event.html",
        event=_in_words(found),
        decisions=[{**one, "words": decision_words(one["action"])} for one in found["decisions"]],
        asked=urlencode(which),
    )


_ORDERS = {
    "replay": (
        "replay_parked_event",
        said("Xử lý lại"),
        said("Chỉ xử lý lại sau khi nguyên nhân đã được khắc phục. Các sự kiện đứng sau được xử lý tiếp."),
    ),
    "discard": (
        "discard_parked_event",
        said("Bỏ hẳn sự kiện"),
        said("Sự kiện không bao giờ được áp dụng; các sự kiện đứng sau được xử lý tiếp. Việc này không thể hoàn tác."),
    ),
}
"""For each decision its operation, its name and what to bear in mind."""


def _order(action: str) -> tuple[str, str, str]:
    if action not in _ORDERS:
        raise NotFound("route_unknown")
    return _ORDERS[action]


@page_for(READ)
@_or_list
def ask_decision(action: str) -> Response:
    """Ask why an event is to be tried again, or left out."""
    return _ask_reason(action, [])


@page_for(WRITE)
@_or_list
def decide(action: str) -> Response:
    """Carry the decision out, once for each page."""
    operation, _name, _hint = _order(action)
    values, wrong = read_form([_reason()], request.form)
    if wrong:
        return _ask_reason(action, wrong)
    try:
        do(operation, {**_which(), **values}, key=f"van-hanh-{request.form.get('key') or secrets.token_hex(16)}")
    except Invalid as error:
        return _ask_reason(action, error.fields)
    done = {"da": action, "loai": request.args.get("loai", ""), **_which()}
    return go(f"/van-hanh/su-kien?{urlencode(done)}")


def _reason() -> Field:
    return Field("reason", _("Lý do"), "long", _("Được lưu cùng sự kiện, với tên bạn và thời điểm"), limit=500)


def _ask_reason(action: str, wrong: list[FieldError]) -> Response:
    _operation, name, hint = _order(action)
    which, field = _which(), _reason()
    found = look("read_parked_event", which)
    typed = request.form if wrong else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=f"/van-hanh/su-kien/{action}?{urlencode({**which, 'loai': found['type'] or ''})}",
        back=f"/van-hanh/su-kien/mot?{urlencode(which)}",
        back_name=_("Sự kiện bị giữ"),
        caption=f"{part_name(found['service'])} · {event_words(found['type'])}",
        version="",
        title=_(name),
        hint=_(hint),
        grave=action == "discard",
        shown=shown_fields([field], {}, typed, wrong),
        wrong=entries_of([field], wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


ROUTES: Routes = (
    ("GET", "/van-hanh/su-kien", list_parked),
    ("GET", "/van-hanh/su-kien/mot", show_parked),
    ("GET", "/van-hanh/su-kien/<name:action>", ask_decision),
    ("POST", "/van-hanh/su-kien/<name:action>", decide),
)
