"""A session while it is prepared and held: who is ready, where the run-of-show stands, how good the lines are."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.conference_change import END, session_of
from gateway.portal.conference_places import READ, Names, names_of
from gateway.portal.conference_words import CHECKS
from gateway.portal.forms import Field, read_form, version_in
from gateway.portal.language import gettext as _
from gateway.portal.pages import Routes, field_sentence, go, page
from shared.errors import Conflict, Invalid, NotFound, Stale, field_error
from shared.working_time import VIETNAM

LONGER = (15, 30, 60)
RUN = ("start_session", "extend_session", "cancel_session")
MOVES = ("start", "next", "back", "jump")


@page_for(READ)
def show_session(meeting: str, session: str) -> Response:
    """The board of one session; it renews itself where scripts run."""
    return _show(meeting, session)


def _show(meeting: str, session: str, status: int = 200, told: str = "") -> Response:
    """The board as it is now, and why what was pressed on an older one was not done."""
    found = look("read_meeting", None, meeting=meeting)
    this = session_of(found, session)
    where = {"meeting": meeting, "session": session}
    names = names_of(found["network"])
    place = f"/hop/cuoc/{meeting}/buoi/{session}"
    return page(
        "conference_session.html",
        status,
        told_now=told,
        here=place,
        meeting=found,
        session=this,
        names=names,
        board=_board(look("read_readiness", None, **where), names),
        pointer=look("read_pointer", None, **where),
        script=look("read_script", None, meeting=meeting),
        lines=look("read_session_lines", None, **where)["lines"],
        checks=CHECKS,
        longer=LONGER,
        place=place,
        may={name: name in found["actions"] for name in (*RUN, "end_session", "move_pointer")},
        end=END,
        length=_minutes_of(this),
        key=secrets.token_hex(16),
        now=datetime.now(VIETNAM),
    )


def _minutes_of(session: Mapping[str, Any]) -> int:
    start, end = (datetime.fromisoformat(session[name]) for name in ("start", "end"))
    return round((end - start).total_seconds() / 60)


def _board(board: dict[str, Any], names: Names) -> dict[str, Any]:
    rows = [{**one, "name": names.get(one["endpoint"], one["endpoint"])} for one in board["endpoints"]]
    return {**board, "endpoints": rows, "invited": len(rows)}


@page_for(READ)
def run_session(meeting: str, session: str, action: str) -> Response:
    """Begin a session, let it go on longer or call it off, on the version that the page showed."""
    if action not in RUN:
        raise NotFound("route_unknown")
    body: dict[str, Any] = {}
    if action == "extend_session":
        body["minutes"] = _number("minutes")
    if action == "cancel_session":
        body["reason"] = _reason()
    return _press(action, body, meeting, session)


@page_for(READ)
def move(meeting: str, session: str, action: str) -> Response:
    """Go to the next item of the run-of-show, back, or to a certain one."""
    if action not in MOVES:
        raise NotFound("route_unknown")
    body: dict[str, Any] = {"action": action}
    if action == "jump":
        body["item"] = _number("item")
    return _press("move_pointer", body, meeting, session)


@page_for(READ)
def report(meeting: str, session: str, endpoint: str) -> Response:
    """Say what is there at an endpoint, or is not any more."""
    name, value = request.form.get("kiem", ""), request.form.get("co", "")
    if name not in CHECKS:
        raise NotFound("route_unknown")
    key = request.form.get("key", "") or secrets.token_hex(16)
    do(
        "report_readiness",
        {name: value == "1"},
        key=f"hop-{endpoint}-{name}-{value}-{key}",
        meeting=meeting,
        session=session,
        endpoint=endpoint,
    )
    return go(f"/hop/cuoc/{meeting}/buoi/{session}#{endpoint}")


def _press(name: str, body: dict[str, Any], meeting: str, session: str) -> Response:
    """Command it; a meeting goes on, so whoever was overtaken gets the newest board and not a page beside it."""
    key = request.form.get("key", "") or secrets.token_hex(16)
    seen = version_in(request.form)
    try:
        do(name, body, key=f"hop-{name}-{key}", version=seen, meeting=meeting, session=session)
    except Stale:
        told = _("Người khác vừa bấm trước bạn. Dưới đây là diễn biến mới nhất; nếu vẫn cần, hãy bấm lại.")
        return _show(meeting, session, 412, told)
    except Conflict as error:
        return _show(meeting, session, 409, field_sentence(field_error("", error.code, **error.params)))
    return go(f"/hop/cuoc/{meeting}/buoi/{session}")


def _number(name: str) -> int:
    values, wrong = read_form([Field(name, "", "number")], request.form)
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return int(values[name])


def _reason() -> str:
    values, wrong = read_form([Field("reason", _("Lý do"), limit=1000)], request.form)
    if wrong:
        raise Invalid("request_invalid", fields=wrong)
    return str(values["reason"])


ROUTES: Routes = (
    ("GET", "/hop/cuoc/<name:meeting>/buoi/<name:session>", show_session),
    ("POST", "/hop/cuoc/<name:meeting>/buoi/<name:session>/<name:action>", run_session),
    ("POST", "/hop/cuoc/<name:meeting>/buoi/<name:session>/kich-ban/<name:action>", move),
    ("POST", "/hop/cuoc/<name:meeting>/buoi/<name:session>/diem-cau/<name:endpoint>", report),
)
