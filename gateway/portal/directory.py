"""The directory and its mailboxes: people with posts, mailboxes with their state at each host.

Whom and what somebody sees is decided by the service: their own agency and what is below it.
"""

from typing import Any
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import may, page_for
from gateway.http.call import current_call
from gateway.portal.agencies import agency_choices, names_of
from gateway.portal.buttons import buttons_of
from gateway.portal.calls import look
from gateway.portal.directory_words import (
    leaving_words,
    mailbox_kind_words,
    mailbox_state_words,
    role_words,
    tone_of,
)
from gateway.portal.language import gettext as _
from gateway.portal.menu import sees_people
from gateway.portal.pages import Routes, page
from gateway.portal.post_actions import POSTS, posts_offered

READ, WRITE, MAIL, MAIL_WRITE = "directory:read", "directory:write", "mail:read", "mail:write"
LIMIT = 25
HERE = "/danh-ba"


def wanted_of(*names: str) -> dict[str, str]:
    """The filters of this list that are in the address."""
    return {name: value for name in names if (value := request.args.get(name, "").strip())}


def agencies_for(wanted: dict[str, str]) -> list[dict[str, str]]:
    """The agencies of a filter."""
    return agency_choices(wanted.get("agency", ""), _("Mọi cơ quan"))


def more_of(path: str, wanted: dict[str, str], following: str | None) -> str:
    """Where the list goes on."""
    return f"{path}?{urlencode({**wanted, 'cursor': following})}" if following else ""


def allowed(scope: str) -> bool:
    """Whether the reader has a scope."""
    principal = current_call().principal
    return principal is not None and may(principal, scope)


def common() -> dict[str, Any]:
    """What every page of the directory shows of its reader."""
    people = sees_people(current_call().principal)
    return {"sees_people": people, "sees_mail": allowed(MAIL), "imports": allowed(WRITE)}


@page_for(READ)
def list_officers() -> Response:
    """People with the posts that they hold, at the reader's agency and below it."""
    wanted = wanted_of("q", "agency", "left", "cursor")
    found = look("find_officers", {"limit": LIMIT, **wanted})
    agencies = agencies_for(wanted)
    return page(
        "officers.html",
        wanted=wanted,
        found=found["items"],
        agencies=agencies,
        names=names_of((post["agency"] for one in found["items"] for post in one["posts"]), agencies),
        more=more_of(HERE, wanted, found["next_cursor"]),
        **common(),
    )


@page_for(READ)
def show_officer(officer: str) -> Response:
    """One person: every post with its roles, and the mailboxes that they answer for."""
    found = look("read_officer", officer=officer)
    boxes = look("find_mailboxes", {"owner": officer})["items"] if allowed(MAIL) else []
    posts = [{**post, "roles_words": ", ".join(role_words(role) for role in post["roles"])} for post in found["posts"]]
    return page(
        "officer.html",
        officer={**found, "posts": posts},
        cause=leaving_words(found["left"]["cause"]) if found["left"] else "",
        boxes=[box_of(one) for one in boxes],
        names=names_of(post["agency"] for post in posts),
        place=f"{HERE}/can-bo/{officer}",
        asks=allowed(MAIL_WRITE) and found["serving"],
        actions=buttons_of(POSTS, posts_offered(found) if allowed(WRITE) else ()),
        **common(),
    )  # fmt: skip


def box_of(row: dict[str, Any]) -> dict[str, Any]:
    """A mailbox in words."""
    return {
        **row,
        "state_words": mailbox_state_words(row["state"]),
        "tone": tone_of(row["state"]),
        "kind_words": mailbox_kind_words(row["kind"]),
    }


ROUTES: Routes = (
    ("GET", "/danh-ba", list_officers),
    ("GET", "/danh-ba/can-bo/<name:officer>", show_officer),
)
