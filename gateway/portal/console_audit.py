"""The audit: what the histories say of something, and whether all of them are as they were written."""

import secrets
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from gateway.auth.access import page_for
from gateway.portal.calls import do, is_wordless, look
from gateway.portal.console import READ, agencies_by_name, asked, console_page
from gateway.portal.console_words import part_name, thing_words
from gateway.portal.event_words import event_choices, event_words
from gateway.portal.language import gettext as _
from gateway.portal.language import look_up
from gateway.portal.pages import Routes, go
from gateway.portal.plain_words import ROLES

WRITE = "operations:write"


@page_for(READ)
def show_audit() -> Response:
    """What the histories say of something, and whether all of them are as they were written."""
    wanted = {name: value for name in ("q", "by", "type") if (value := request.args.get(name, "").strip())}
    chains = asked("read_chains")
    found = look("search_audit", wanted)["found"] if "q" in wanted and not is_wordless(wanted["q"]) else []
    agencies = agencies_by_name({entry["actor"]["agency"] for one in found for entry in one["history"]} - {""})
    return console_page(
        "console_audit.html",
        "chains",
        _("Nhật ký"),
        wanted=wanted,
        groups=event_choices(),
        found=[_told(one, agencies) for one in found],
        chains=chains,
        rows=[
            {**one, "name": part_name(one["service"]), "what": thing_words(one["service"], one["what"])}
            for one in (chains or {"found": ()})["found"]
        ],
        told={"read_chains": chains},
        key=secrets.token_hex(16),
    )


def _told(one: dict[str, Any], agencies: dict[str, str]) -> dict[str, Any]:
    history = [
        {
            **entry,
            "what": event_words(entry["type"]),
            "role": look_up(ROLES, entry["actor"]["role"]) if entry["actor"]["role"] else "",
            "agency": agencies.get(entry["actor"]["agency"], ""),
        }
        for entry in one["history"]
    ]
    what = thing_words(one["service"], one["kind"])
    return {**one, "name": part_name(one["service"]), "what": what, "history": history}


@page_for(WRITE)
def verify_chains() -> Response:
    """Begin to read all histories."""
    do("verify_chains", {}, key=f"van-hanh-{request.form.get('key') or secrets.token_hex(16)}")
    return go("/van-hanh/nhat-ky")


ROUTES: Routes = (
    ("GET", "/van-hanh/nhat-ky", show_audit),
    ("POST", "/van-hanh/nhat-ky", verify_chains),
)
