"""What is on in a room: for officers, and for its screen, which hangs on a wall and signs in nowhere.

A screen is at a secret address. Officers of the endpoint's agency open and close such addresses at the room's page;
each is shown once.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from gateway.auth.access import open_page, page_for
from gateway.http.call import current_call
from gateway.portal.calls import do, look, look_all
from gateway.portal.conference_places import READ, network_of, networks, short_name
from gateway.portal.language import words
from gateway.portal.pages import Routes, go, page
from shared.errors import NotFound
from shared.working_time import VIETNAM

WHY = "Whoever has the secret address of a room's screen may see what is on there; it can be closed at any time."


@page_for(READ)
def show_room(endpoint: str) -> Response:
    """What is on in a room today, and where its screens are."""
    found = look("read_endpoint", None, endpoint=endpoint)
    now = datetime.now(VIETNAM)
    grid = look("read_network_day", None, network=found["network"], day=now.date().isoformat())
    busy: list[dict[str, Any]] = next((one["busy"] for one in grid["endpoints"] if one["endpoint"] == endpoint), [])
    held = _in_order(busy)
    on = _on(held, now)
    pointer = _pointer(on)
    mine = _may_open(found)
    return page(
        "conference_room.html",
        name=short_name(found["name"]),
        now=now,
        on=on,
        current=pointer["current"],
        next=pointer["next"],
        later=_later(held, now),
        phone=found["contact"]["phone"],
        place=f"/hop/phong/{endpoint}",
        may_open=mine,
        screens=_screens_of(endpoint) if mine else [],
        key=secrets.token_hex(16),
    )


@open_page(WHY)
def show_screen(address: str) -> Response:
    """The same, large enough to be read from the other end of the room; nothing can be done there."""
    try:
        found = look("read_screen", None, screen=address)
    except NotFound:
        if "HX-Request" in request.headers:  # it was closed while it was shown: nothing of it shall stay
            return Response(status=204, headers={"HX-Refresh": "true"})
        raise
    now = datetime.fromisoformat(found["at"]).astimezone(VIETNAM)
    held = _in_order(found["held"])
    return page(
        "conference_screen.html",
        name=short_name(found["name"]),
        now=now,
        on=_on(held, now),
        current=found["current"],
        next=found["next"],
        later=_later(held, now),
        phone=found["phone"],
        place=f"/phong/{address}",
    )


@page_for(READ)
def open_screen(endpoint: str) -> Response:
    """A new address, which is shown this once: a form that is sent again gets none."""
    found = look("read_endpoint", None, endpoint=endpoint)
    key = request.form.get("key", "") or secrets.token_hex(16)
    wish = {"network": found["network"], "endpoint": endpoint, "detail": "screen"}
    path = do("open_feed", wish, key=f"hop-man-hinh-{key}")["screen"]
    return page(
        "conference_screen_link.html",
        once=True,
        name=short_name(found["name"]),
        back=f"/hop/phong/{endpoint}",
        link=f"{current_app.config['SYSTEMS_URL']}{path}" if path else "",
    )


@page_for(READ)
def close_screen(endpoint: str, feed: str) -> Response:
    """Let an address lead nowhere from now on."""
    do("close_feed", {}, key=f"hop-dong-man-hinh-{feed}", feed=feed)
    return go(f"/hop/phong/{endpoint}")


def _screens_of(endpoint: str) -> list[dict[str, Any]]:
    return [one for one in look_all("list_feeds") if (one["endpoint"], one["detail"]) == (endpoint, "screen")]


def _may_open(endpoint: Mapping[str, Any]) -> bool:
    """Whether the reader's agency is the endpoint's, or they see all of its network."""
    principal = current_call().principal
    own = principal is not None and principal.agency == endpoint["agency"]
    return own or bool(network_of(endpoint["network"], networks())["sees_all"])


def _in_order(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def told(one: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **one,
            "from": datetime.fromisoformat(one["held_from"]).astimezone(VIETNAM),
            "until": datetime.fromisoformat(one["held_until"]).astimezone(VIETNAM),
            "by": words(one["convener_name"]),
        }

    return [told(one) for one in sorted(held, key=lambda one: str(one["held_from"]))]


def _on(held: list[dict[str, Any]], now: datetime) -> dict[str, Any] | None:
    return next((one for one in held if one["from"] <= now < one["until"]), None)


def _later(held: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    return [one for one in held if one["from"] > now]


def _pointer(on: Mapping[str, Any] | None) -> dict[str, Any]:
    """Where the run-of-show of what is on now stands; of what the reader may not see, nothing."""
    if not on or not on["meeting"]:
        return {"current": None, "next": None}
    found: dict[str, Any] = look("read_pointer", None, meeting=on["meeting"], session=str(on["session"]))
    return found


ROUTES: Routes = (
    ("GET", "/hop/phong/<name:endpoint>", show_room),
    ("POST", "/hop/phong/<name:endpoint>/man-hinh", open_screen),
    ("POST", "/hop/phong/<name:endpoint>/man-hinh/<name:feed>/dong", close_screen),
    ("GET", "/phong/<name:address>", show_screen),
)
