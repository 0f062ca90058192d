"""CalDAV under `/caldav/{secret address}/`: the account, its one calendar in it, and the events in that.

The account stands for principal and home at once, so that a program that is given its address finds all the rest
(RFC 6764, 6). Nothing can be written: meetings are asked for, approved and changed elsewhere.
"""

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, request

from gateway.api.mount import ask
from gateway.auth.access import public
from gateway.caldav.events import EventCollection, EventResource, take_apart
from gateway.caldav.multistatus import (
    CALDAV,
    SERVER,
    Element,
    Properties,
    cal,
    dav,
    element,
    read_asked,
    unknown_filter,
    write_error,
    write_multistatus,
)
from gateway.http.validation import read_body
from shared.contracts.conference_booking.feeds import CALENDAR
from shared.contracts.conference_booking.operations import SERVICE
from shared.errors import NotFound

ROOT, HOME = "/caldav", "lich"
METHODS = ("OPTIONS", "GET", "PROPFIND")
_SECRET = "Whoever has the secret address may read this one calendar; it can be closed at any time."
_REPORTS = ("calendar-query", "calendar-multiget")

caldav = Blueprint("caldav", __name__, url_prefix=ROOT)


def _calendar(secret: str) -> EventCollection:
    return take_apart(ask(SERVICE, "read_calendar", {"calendar": secret})["text"])


def _account_place(secret: str) -> str:
    return f"{ROOT}/{secret}/"


def _calendar_place(secret: str) -> str:
    return f"{_account_place(secret)}{HOME}/"


def _answer(body: bytes, status: int = 207) -> Response:
    response = Response(body, status, mimetype="application/xml")
    response.headers["DAV"] = "1, calendar-access"
    return response


def _options() -> Response:
    response = Response(status=200)
    response.headers["DAV"] = "1, calendar-access"
    response.headers["Allow"] = "OPTIONS, GET, HEAD, PROPFIND, REPORT"
    return response


@public(_SECRET)
def show_account(secret: str) -> Response:
    """The account: where its calendar is."""
    if request.method == "OPTIONS":
        return _options()
    calendar = _calendar(secret)
    if request.method in ("GET", "HEAD"):
        return _whole(secret)
    asked = read_asked(read_body(request))
    rows = [(_account_place(secret), _of_account(secret, calendar))]
    if _depth() != "0":
        rows.append((_calendar_place(secret), _of_calendar(secret, calendar)))
    return _answer(write_multistatus(rows, asked.names))


@public(_SECRET)
def show_calendar(secret: str) -> Response:
    """The calendar: what it is, which events are in it, or those of a time."""
    if request.method == "OPTIONS":
        return _options()
    if request.method in ("GET", "HEAD"):
        return _whole(secret)
    body = read_body(request)
    asked = read_asked(body)
    calendar = _calendar(secret)
    place = _calendar_place(secret)
    if request.method == "PROPFIND":
        rows: list[tuple[str, Properties | None]] = [(place, _of_calendar(secret, calendar))]
        if _depth() != "0":
            rows += [(place + event.name, _of_event(event)) for event in calendar.events.values()]
        return _answer(write_multistatus(rows, asked.names))
    if asked.kind not in _REPORTS:
        return _answer(write_error(dav("supported-report")), 403)
    if asked.kind == "calendar-multiget":
        return _answer(write_multistatus(_members(calendar, asked.members), asked.names))
    if unknown_filter(body):
        return _answer(write_error(cal("supported-filter")), 403)
    events = () if asked.other else calendar.events.values()
    found = [event for event in events if event.within(asked.first, asked.last)]
    return _answer(write_multistatus(((place + event.name, _of_event(event)) for event in found), asked.names))


@public(_SECRET)
def show_event(secret: str, event: str) -> Response:
    """One event."""
    if request.method == "OPTIONS":
        return _options()
    found = _calendar(secret).events.get(event)
    if found is None:
        raise NotFound("not_found")
    if request.method == "PROPFIND":
        place = _calendar_place(secret) + found.name
        return _answer(write_multistatus([(place, _of_event(found))], read_asked(read_body(request)).names))
    response = Response(found.text, mimetype=CALENDAR)
    response.set_etag(found.tag)
    response.make_conditional(request)
    return response


def _whole(secret: str) -> Response:
    return Response(ask(SERVICE, "read_calendar", {"calendar": secret})["text"], mimetype=CALENDAR)


def _depth() -> str:
    return request.headers.get("Depth", "0")


def _members(calendar: EventCollection, hrefs: Sequence[str]) -> list[tuple[str, Properties | None]]:
    found = [(href, calendar.events.get(unquote(urlsplit(href).path).rpartition("/")[2])) for href in hrefs]
    return [(href, _of_event(event) if event else None) for href, event in found]


def _of_account(secret: str, calendar: EventCollection) -> Properties:
    return {
        dav("resourcetype"): [element(dav("collection")), element(dav("principal"))],
        dav("displayname"): calendar.title,
        dav("current-user-principal"): _account(secret),
        dav("principal-URL"): _account(secret),
        dav("current-user-privilege-set"): _privileges(),
        cal("calendar-home-set"): _account(secret),
    }


def _account(secret: str) -> list[Element]:
    """The account's address; made anew each time, as an element stands in one place only."""
    return [element(dav("href"), text=_account_place(secret))]


def _of_calendar(secret: str, calendar: EventCollection) -> Properties:
    return {
        dav("resourcetype"): [element(dav("collection")), element(cal("calendar"))],
        dav("displayname"): calendar.title,
        dav("getcontenttype"): CALENDAR,
        dav("getetag"): f'"{calendar.tag}"',
        dav("current-user-principal"): _account(secret),
        dav("current-user-privilege-set"): _privileges(),
        dav("supported-report-set"): [
            element(dav("supported-report"), element(dav("report"), element(cal(name)))) for name in _REPORTS
        ],
        cal("supported-calendar-component-set"): [element(f"{{{CALDAV}}}comp", name="VEVENT")],
        f"{{{SERVER}}}getctag": calendar.tag,
    }


def _of_event(event: EventResource) -> Properties:
    return {
        dav("resourcetype"): (),
        dav("getcontenttype"): f"{CALENDAR}; component=VEVENT",
        dav("getetag"): f'"{event.tag}"',
        dav("getcontentlength"): str(len(event.text.encode())),
        dav("current-user-privilege-set"): _privileges(),
        cal("calendar-data"): event.text,
    }


def _privileges() -> list[Element]:
    return [element(dav("privilege"), element(dav("read")))]


for _rule, _view, _more in (
    ("/<name:secret>/", show_account, ()),
    (f"/<name:secret>/{HOME}/", show_calendar, ("REPORT",)),
    (f"/<name:secret>/{HOME}/<name:event>", show_event, ()),
):
    caldav.add_url_rule(_rule, _view.__name__, _view, methods=[*METHODS, *_more], provide_automatic_options=False)
