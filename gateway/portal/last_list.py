"""The list in which somebody was last: from one of its things they go back to it, filters and page as they were,
or on to the next one.

The browser remembers it until it is closed; what was searched for is not kept, for it mostly names a person, and so
which page of that was seen is not.
"""

from collections.abc import Collection, Iterable, Mapping
from urllib.parse import parse_qsl, urlencode

from flask import Response, current_app, request

from gateway.portal.list_pages import PLACE
from gateway.portal.sessions import Sessions

COOKIE = "danh-sach"
_NOT_KEPT = "q"
_ROWS = "hang"


def remember_list(response: Response, place: str, wanted: Mapping[str, str], rows: Iterable[str] = ()) -> Response:
    """Let the browser keep which part of the list at `place` was shown, and the identifiers of its `rows`.

    It says so only at that list and its things.
    """
    sessions: Sessions = current_app.extensions["sessions"]
    left_out = (_NOT_KEPT, *PLACE) if _NOT_KEPT in wanted else ()
    kept = {name: value for name, value in wanted.items() if name not in left_out} | {_ROWS: ".".join(rows)}
    return sessions.remember(response, COOKIE, urlencode(kept), place)


def last_list(place: str, filters: Collection[str]) -> str:
    """The address of the list at `place` as it was last seen; its beginning where nothing is remembered."""
    kept = _kept()
    known = {name: kept[name] for name in filters if name in kept}
    return f"{place}?{urlencode(known)}" if known else place


def next_in_list(thing: str) -> str:
    """What stood behind this thing on the page of the list that was last seen, though it may have left it since."""
    rows = _kept().get(_ROWS, "").split(".")
    following = rows[rows.index(thing) + 1 :][:1] if thing in rows else []
    return following[0] if following and following[0].isalnum() else ""


def _kept() -> dict[str, str]:
    return dict(parse_qsl(request.cookies.get(COOKIE, "")))
