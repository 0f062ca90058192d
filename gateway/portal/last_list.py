"""The list in which somebody was last: from one of its things they go back to it, filters and page as they were.

The browser remembers it until it is closed; what was searched for is not kept, for it mostly names a person.
"""

from collections.abc import Collection, Mapping
from urllib.parse import parse_qsl, urlencode

from flask import Response, current_app, request

from gateway.portal.sessions import Sessions

COOKIE = "danh-sach"
_NOT_KEPT = "q"


def remember_list(response: Response, place: str, wanted: Mapping[str, str]) -> Response:
    """Let the browser keep which part of the list at `place` was shown; it says so only at that list and its things."""
    sessions: Sessions = current_app.extensions["sessions"]
    kept = urlencode({name: value for name, value in wanted.items() if name != _NOT_KEPT})
    return sessions.remember(response, COOKIE, kept, place)


def last_list(place: str, filters: Collection[str]) -> str:
    """The address of the list at `place` as it was last seen; its beginning where nothing is remembered."""
    kept = dict(parse_qsl(request.cookies.get(COOKIE, "")))
    known = {name: kept[name] for name in filters if name in kept}
    return f"{place}?{urlencode(known)}" if known else place
