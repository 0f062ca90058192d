"""Mailboxes and posts as administrators look after them: each action on a page, for the version that was seen.

Whom and what somebody may change is decided by the service: their own agency and what is below it.
"""

import secrets
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.actions import Action
from gateway.portal.agencies import names_of
from gateway.portal.asking import Asked, action_of, carry_out, show
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import do, look
from gateway.portal.directory import (
    HERE,
    LIMIT,
    MAIL,
    MAIL_WRITE,
    WRITE,
    agencies_for,
    allowed,
    box_of,
    common,
    more_of,
    wanted_of,
)
from gateway.portal.directory_actions import (
    MAILBOX,
    POSTS,
    SUSPENSIONS,
    mailbox_offered,
    posts_offered,
    request_body,
    request_fields,
)
from gateway.portal.directory_words import MAILBOX_STATES, mailbox_state_words
from gateway.portal.forms import entries_of, read_form, shown_fields
from gateway.portal.language import gettext as _
from gateway.portal.language import look_up
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
    return page(
        "mailbox.html",
        mailbox=box_of(found),
        names=names_of([found["agency"]]),
        owner=_owner(found["owner"]),
        suspension=look_up(SUSPENSIONS, found["suspension"]) if found["suspension"] else "",
        place=f"{HERE}/hop-thu/{mailbox}",
        actions=buttons_of(MAILBOX, _offered(found)),
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


def _offered(found: dict[str, Any]) -> list[str]:
    return mailbox_offered(found) if allowed(MAIL_WRITE) else []


@page_for(MAIL_WRITE)
def show_mailbox_action(mailbox: str, action: str) -> Response:
    """What an action asks."""
    return show(_of_mailbox(mailbox, action))


@page_for(MAIL_WRITE)
def act_on_mailbox(mailbox: str, action: str) -> Response:
    """Carry an action out; mail hosts apply it a moment later."""
    return carry_out(_of_mailbox(mailbox, action))


def _of_mailbox(mailbox: str, action: str) -> Asked:
    chosen = action_of(action, MAILBOX)
    found = look("read_mailbox", mailbox=mailbox)
    state = mailbox_state_words(found["state"])
    return Asked(
        action,
        chosen,
        found,
        {"mailbox": mailbox},
        back=f"{HERE}/hop-thu/{mailbox}",
        back_name=_("Hộp thư"),
        caption=found["address"],
        once="hop-thu",
        changed=_("Hộp thư đã thay đổi sau khi bạn mở trang này. Nay là: %(state)s.", state=state),
        known={"quota": found["quota"]} if action == "change_quota" else {},
        still=action in _offered(found),
    )


@page_for(WRITE)
def show_post_action(officer: str, action: str) -> Response:
    """What a change of posts asks."""
    return show(_of_officer(officer, action))


@page_for(WRITE)
def act_on_posts(officer: str, action: str) -> Response:
    """Give a post or end one."""
    return carry_out(_of_officer(officer, action))


def _of_officer(officer: str, action: str) -> Asked:
    chosen: Action = action_of(action, POSTS)
    found = look("read_officer", officer=officer)
    return Asked(
        action,
        chosen,
        found,
        {"officer": officer},
        back=f"{HERE}/can-bo/{officer}",
        back_name=_("Cán bộ"),
        caption=found["name"],
        once="can-bo",
        changed=_("Chức vụ đã thay đổi sau khi bạn mở trang này."),
        known={},
        still=action in posts_offered(found),
        caption_vi=True,
    )


@page_for(MAIL_WRITE)
def show_mailbox_request(officer: str) -> Response:
    """What a mailbox that an officer will answer for needs: their own, a unit's or a title's."""
    return _request(officer, [])


@page_for(MAIL_WRITE)
def request_mailbox(officer: str) -> Response:
    """Ask for it, once for each page; it then waits for approval."""
    values, wrong = read_form(request_fields(look("read_officer", officer=officer)), request.form)
    if wrong:
        return _request(officer, wrong)
    key = request.form.get("key", "") or secrets.token_hex(16)
    try:
        made = do("request_mailbox", request_body(officer, values), key=f"hop-thu-{key}")
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
    ("GET", "/danh-ba/hop-thu/<name:mailbox>/<name:action>", show_mailbox_action),
    ("POST", "/danh-ba/hop-thu/<name:mailbox>/<name:action>", act_on_mailbox),
    ("GET", "/danh-ba/can-bo/<name:officer>/hop-thu", show_mailbox_request),
    ("POST", "/danh-ba/can-bo/<name:officer>/hop-thu", request_mailbox),
    ("GET", "/danh-ba/can-bo/<name:officer>/<name:action>", show_post_action),
    ("POST", "/danh-ba/can-bo/<name:officer>/<name:action>", act_on_posts),
)
