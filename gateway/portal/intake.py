"""Receiving at the counter: officers take down what somebody brings or sends by post, on the pages of an application.

The draft is the officer's, and the place is the agency for which they work.
"""

import secrets

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, look
from gateway.portal.catalogue import in_words, received_here
from gateway.portal.draft import INTAKE
from gateway.portal.follow import procedure_name
from gateway.portal.forms import entries_of, read_form, shown_fields
from gateway.portal.pages import Routes, go, page
from gateway.portal.readers import APPLY, receives_at
from gateway.portal.steps import channel_field
from shared.errors import FieldError, Forbidden

WORK = "applications:work"
LIMIT = 20


@page_for(WORK)
def show_intake() -> Response:
    """Find what somebody came for, or go on with what was begun."""
    agency = _counter()
    asked = {name: value for name in ("q", "cursor") if (value := request.args.get(name, "").strip())}
    found = look("list_procedures", {"limit": LIMIT, "agency": agency, **asked})
    drafts = look("list_drafts", {"limit": LIMIT})["items"]
    return page(
        "intake.html",
        wanted=asked,
        found=[{**row, "time": in_words(row["time_limit"])} for row in found["items"]],
        following=found["next_cursor"],
        drafts=[{**one, "name": procedure_name(str(one["content"].get("procedure")))} for one in drafts],
    )


@page_for(WORK)
def show_reception(code: str) -> Response:
    """The first question of an application that is taken down: how it came."""
    return _ask(code, [])


@page_for(WORK)
def begin_reception(code: str) -> Response:
    """Begin a draft; the same form sent twice begins one."""
    agency = _counter(code)
    values, wrong = read_form([channel_field()], request.form)
    if wrong:
        return _ask(code, wrong)
    content = {"procedure": code, "agency": agency, "channel": int(values["channel"])}
    draft = do("create_draft", {"content": content}, key=request.form.get("key", "") or secrets.token_hex(16))
    return go(f"/nhap/{draft['id']}")


def _ask(code: str, wrong: list[FieldError]) -> Response:
    _counter(code)
    procedure = look("get_procedure", code=code)
    fields = [channel_field()]
    return page(
        "intake_start.html",
        422 if wrong else 200,
        procedure=procedure,
        place=INTAKE,
        shown=shown_fields(fields, {}, request.form if wrong else None, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=secrets.token_hex(16),
    )


def _counter(code: str = "") -> str:
    """The agency at whose counter the reader receives, this procedure or any.

    Raises:
        Forbidden: they receive nothing, or their agency not this.
    """
    agency = receives_at()
    if not agency:
        raise Forbidden("scope_missing", scope=APPLY)
    if code and not received_here(code):
        raise Forbidden("other_agency")
    return agency


ROUTES: Routes = (
    ("GET", INTAKE, show_intake),
    ("GET", "/thu-tuc/<name:code>/tai-quay", show_reception),
    ("POST", "/thu-tuc/<name:code>/tai-quay", begin_reception),
)
