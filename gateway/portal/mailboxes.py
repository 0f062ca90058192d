"""Mailboxes: the list, one of them with where it stands on its hosts, and asking for a new one.

Whose mailboxes somebody sees is decided by the service: those of their own agency and of what is below it.
"""

import secrets
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.agencies import names_of
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import do, look
from gateway.portal.directory import (
    HERE,
    LIMIT,
    MAIL,
    MAIL_WRITE,
    agencies_for,
    allowed,
    box_of,
    common,
    more_of,
    wanted_of,
)
from gateway.portal.directory_choices import units_of
from gateway.portal.directory_words import MAILBOX_STATES, mailbox_state_words, role_words
from gateway.portal.forms import entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import look_up, ngettext
from gateway.portal.mailbox_actions import (
    MAILBOX,
    POSTERS,
    SUSPENSIONS,
    mailbox_offered,
    request_body,
    request_fields,
)
from gateway.portal.pages import Routes, go, page
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, field_error


@page_for(MAIL)
def list_mailboxes() -> Response:
    """Mailboxes of the reader's agency and below it, by words and by state."""
    wanted = wanted_of("q", "agency", "state", "cursor")
    found = look("find_mailboxes", {"limit": LIMIT, **wanted})
    agencies = agencies_for(wanted)
    return page(
        "mailboxes.html",
        wanted=wanted,
        agencies=agencies,
        names=names_of((one["agency"] for one in found["items"]), agencies),
        states=[{"value": "", "text": _("Mọi trạng thái")}]
        + [{"value": state, "text": mailbox_state_words(state)} for state in MAILBOX_STATES],
        found=[box_of(one) for one in found["items"]],
        more=more_of(f"{HERE}/hop-thu", wanted, found["next_cursor"]),
        **common(),
    )


@page_for(MAIL)
def show_mailbox(mailbox: str) -> Response:
    """One mailbox: who answers for it, how full it is, and how far each mail host has come with it."""
    found = look("read_mailbox", mailbox=mailbox)
    names = names_of([found["agency"], *([found["members"]["agency"]] if found["members"] else [])])
    return page(
        "mailbox.html",
        mailbox=box_of(found),
        names=names,
        owner=_owner(found["owner"]),
        group=_group(found, names) if found["members"] else None,
        suspension=look_up(SUSPENSIONS, found["suspension"]) if found["suspension"] else "",
        place=f"{HERE}/hop-thu/{mailbox}",
        actions=buttons_of(MAILBOX, mailbox_offered(found) if allowed(MAIL_WRITE) else []),
        **common(),
    )  # fmt: skip


def _owner(officer: str | None) -> dict[str, Any] | None:
    """Who answers for a mailbox; None where nobody does, or the reader may not know who."""
    if not officer:
        return None
    try:
        found = look("read_officer", officer=officer)
    except (Forbidden, NotFound):
        return None
    return {"id": officer, "name": found["name"]}


def _group(found: dict[str, Any], names: dict[str, str]) -> dict[str, list[str]]:
    """Who is in a group and who may write to it, in words."""
    members, posters = found["members"], found["posters"]
    agency, chosen = names[members["agency"]], members["officers"]
    who = [
        _("Ai giữ chức vụ ở %(agency)s và các cơ quan bên dưới", agency=agency)
        if members["below"]
        else _("Ai giữ chức vụ ở %(agency)s", agency=agency)
    ]
    if members["unit"]:
        unit = units_of(members["agency"]).get(members["unit"], members["unit"])
        who.append(_("đơn vị %(unit)s", unit=unit))
    if members["role"]:
        who.append(role_words(members["role"]))
    if chosen is not None:
        who.append(ngettext("%(num)s người được chọn", "%(num)s người được chọn", len(chosen)))
    return {"members": who, "posters": [look_up(POSTERS, posters["who"]), *posters["addresses"]]}


@page_for(MAIL_WRITE)
def show_mailbox_request(officer: str) -> Response:
    """What a mailbox that an officer will answer for needs: their own, a unit's or a title's."""
    return _request(officer, [])


@page_for(MAIL_WRITE)
def request_mailbox(officer: str) -> Response:
    """Ask for it, once for each page; it then waits for approval."""
    found = look("read_officer", officer=officer)
    values, wrong = read_form(request_fields(found), request.form)
    if wrong:
        return _request(officer, wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        made = do("request_mailbox", request_body(found, values), key=f"hop-thu-{key}")
    except (Conflict, Invalid) as error:
        return _request(officer, error.fields or [field_error("", error.code, **error.params)])
    return go(f"{HERE}/hop-thu/{made['id']}")


def _request(officer: str, wrong: list[FieldError]) -> Response:
    found = look("read_officer", officer=officer)
    fields = request_fields(found)
    typed = request.form if wrong else None
    return page(
        "action.html",
        422 if wrong else 200,
        place=f"{HERE}/can-bo/{officer}/hop-thu",
        back=f"{HERE}/can-bo/{officer}",
        back_name=_("Cán bộ"),
        caption=found["name"],
        caption_vi=True,
        version="",
        title=_("Đề nghị cấp hộp thư"),
        hint=_("Người này chịu trách nhiệm về hộp thư. Hộp thư được tạo sau khi đơn vị vận hành thư duyệt."),
        shown=shown_fields(fields, {"kind": "personal"}, typed, wrong),
        wrong=entries_of(fields, wrong),
        failed=bool(wrong),
        key=(typed.get("key") if typed else "") or secrets.token_hex(16),
    )


ROUTES: Routes = (
    ("GET", "/danh-ba/hop-thu", list_mailboxes),
    ("GET", "/danh-ba/hop-thu/<name:mailbox>", show_mailbox),
    ("GET", "/danh-ba/can-bo/<name:officer>/hop-thu", show_mailbox_request),
    ("POST", "/danh-ba/can-bo/<name:officer>/hop-thu", request_mailbox),
)
