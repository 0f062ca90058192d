"""The pages on which a mailbox or an officer's posts are changed: each action for the version that was seen.

Whom and what somebody may change is decided by the service: their own agency and what is below it.
"""

from collections.abc import Callable
from typing import Any

from flask import current_app
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.asking import Asked, action_of, carry_out, show
from gateway.portal.calls import look
from gateway.portal.directory import HERE, WRITE
from gateway.portal.directory_words import mailbox_state_words
from gateway.portal.language import gettext as _
from gateway.portal.mailbox_actions import MAILBOX, mailbox_known, mailbox_offered
from gateway.portal.pages import Routes, page
from gateway.portal.post_actions import POSTS, posts_offered
from shared.errors import NotFound


@page_for(WRITE)
def show_directory_action(side: str, thing: str, action: str) -> Response:
    """What an action asks."""
    return show(_asked(side, thing, action))


@page_for(WRITE)
def act_in_directory(side: str, thing: str, action: str) -> Response:
    """Carry it out; mail hosts apply what concerns them a moment later."""
    return carry_out(_asked(side, thing, action))


def _asked(side: str, thing: str, action: str) -> Asked:
    if side not in _SIDES:
        raise NotFound("route_unknown")
    return _SIDES[side](thing, action)


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
        known=mailbox_known(action, found),
        still=action in mailbox_offered(found),
        done=_show_link if action == "issue_password_link" else None,
    )


def _show_link(made: dict[str, Any]) -> Response:
    """The one-time link, this once: it is stored nowhere, and a form that is sent again gets none."""
    mailbox, _dot, secret = (made["token"] or "").partition(".")
    return page(
        "password_link.html",
        once=True,
        back=f"{HERE}/hop-thu/{made['id']}",
        box=made["address"],
        link=f"{current_app.config['PUBLIC_URL']}/mat-khau/{mailbox}/{secret}" if secret else "",
        expires_at=made["expires_at"],
    )


def _of_officer(officer: str, action: str) -> Asked:
    chosen = action_of(action, POSTS)
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


_SIDES: dict[str, Callable[[str, str], Asked]] = {"hop-thu": _of_mailbox, "can-bo": _of_officer}

ROUTES: Routes = (
    ("GET", "/danh-ba/<name:side>/<name:thing>/<name:action>", show_directory_action),
    ("POST", "/danh-ba/<name:side>/<name:thing>/<name:action>", act_in_directory),
)
