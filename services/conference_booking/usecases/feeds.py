"""Calendars and screens behind secret addresses, opened and closed by those who may see them."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid5

from services.conference_booking.domain import feeds as rules
from services.conference_booking.domain.appointments import booked, uid_of
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.finding import EVERYBODY, eye_key, position, thing_key
from services.conference_booking.domain.spans import Span
from services.conference_booking.domain.transitions import ACTIVE, State
from services.conference_booking.usecases.changes import FEED, Written, capacity, keep, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.meetings import NAMESPACE
from shared.commands import ATTEMPTS, command_of, new_aggregate, repeated_answer
from shared.contracts.conference_booking.feeds import OpenFeed
from shared.contracts.conference_booking.requests import PerhapsWithReason
from shared.contracts.principal import Principal
from shared.errors import NotFound, Stale
from shared.history import Command
from shared.requests import answer_page, page_of, read_request

Request = dict[str, Any]

AHEAD = timedelta(days=90)
"""How far ahead a calendar says when something is held."""

MOST = 1000
"""Sessions in one calendar; of more, those that are last are left out."""

BATCH, BATCHES = 200, 5
"""How many meetings are read at a time, and how often for each way of finding them."""

OVER = frozenset({State.ENDED, State.CANCELLED, State.PREEMPTED})
"""States of meetings of which sessions may have taken place."""

CALENDAR, CALDAV, SCREEN = "/api/v1/conferences/calendars", "/caldav", "/phong"


def open_feed(context: Context, request: Request, principal: Principal) -> Request:
    """A calendar, or a screen, with an address that is shown this once."""
    body, command = read_request(OpenFeed, request), command_of(request)
    occasion = occasion_for(context, actor_of(principal), body["network"])
    endpoint = _endpoint(context, body["network"], body["endpoint"])
    before = new_aggregate(uuid5(NAMESPACE, f"feed {command['key']}").hex)
    token = f"{before['_id']}.{secrets.token_urlsafe(16)}"
    written = _written(before, rules.open_feed(body, endpoint, token, occasion), occasion, command)
    if keep(context, FEED, written):
        return written.answer | _places(body["detail"], token)
    found = context.feeds.find(before["_id"], command["key"])
    return repeated_answer(found.repeated if found else None, command)


def _places(detail: str, token: str) -> Request:
    if detail == rules.SCREEN:
        return {"screen": f"{SCREEN}/{token}"}
    calendar = f"{CALENDAR}/{token}"
    return {"calendar": calendar, "free_busy": f"{calendar}/free-busy", "caldav": f"{CALDAV}/{token}/"}


def close_feed(context: Context, request: Request, principal: Principal) -> Request:
    """An address that leads nowhere any more."""
    body, command = read_request(PerhapsWithReason, request, path=("feed",)), command_of(request)
    for _ in range(ATTEMPTS):
        loaded = context.feeds.find(request["feed"], command["key"])
        if loaded is None:
            raise NotFound("feed_unknown")
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        occasion = occasion_for(context, actor_of(principal), loaded.document["network"])
        decision = rules.close_feed(loaded.document, body, occasion)
        written = _written(loaded.document, decision, occasion, command)
        if keep(context, FEED, written):
            return written.answer
    raise Stale("version_stale")


def list_feeds(context: Context, request: Request, principal: Principal) -> Request:
    """The open calendars of the caller's agency."""
    limit, after = page_of(request)
    found = context.feeds.of_agency(actor_of(principal).agency, after=after or "", limit=limit + 1)
    names = ("network", "endpoint", "agency", "detail", "opened_by", "opened_at", "version")
    items = [{"id": one["_id"], **{name: one[name] for name in names}} for one in found[:limit]]
    return answer_page(items, found[limit - 1]["_id"] if len(found) > limit else None)


def read_calendar(context: Context, request: Request, _: Principal | None) -> Request:
    """What is booked, to whoever has the address."""
    feed, endpoint = feed_of(context, request["calendar"])
    full = rules.shows_all(feed, endpoint)
    places = context.endpoints.of_network(feed["network"])
    now = context.now()
    within = Span(now - context.calendar_past, now + context.calendar_ahead)
    entries = (
        entry
        for meeting in _meetings(context, feed, within)
        for entry in booked(
            meeting, _name(places.get(meeting["chair"])), context.organizer, meeting["history"][-1]["at"], full=full
        )
        if entry.span.overlaps(within)
    )
    nearest = sorted(entries, key=lambda entry: (entry.span, entry.uid))[:MOST]
    name = _name(endpoint) or context.networks.get(feed["network"]).name["vi"]
    return {"text": context.calendars.write_calendar(name, nearest)}


def read_free_busy(context: Context, request: Request, _: Principal | None) -> Request:
    """When the endpoint, or those of the agency, are held, to whoever has the address."""
    feed, endpoint = feed_of(context, request["calendar"])
    now, network = context.now(), feed["network"]
    within = Span(now, now + AHEAD)
    usable = capacity(context, network)
    occupancy = context.claims.occupancy(network, within.start.date(), within.end.date(), usable)
    all_of_them = context.endpoints.of_network(network)
    things = [endpoint["_id"]] if endpoint else [k for k, one in all_of_them.items() if one["agency"] == feed["agency"]]
    busy = [hold.span for thing in things for hold in occupancy.holds.get(thing, ()) if hold.span.overlaps(within)]
    uid = uid_of(f"{feed['_id']}-busy", context.organizer)
    return {"text": context.calendars.write_free_busy(uid, now, within, busy)}


def _written(before: Document, decision: Decision, occasion: Occasion, command: Command) -> Written:
    def answer(after: Document) -> Request:
        hidden = dict.fromkeys(("calendar", "free_busy", "caldav", "screen"))
        return {"id": after["_id"], "version": after["version"], **hidden}

    return write(FEED, before, decision, occasion, occasion.actor.sign(), answer, command)


def feed_of(context: Context, token: str, *, screen: bool = False) -> tuple[Document, Document | None]:
    """The open calendar, or screen, to which an address leads, and its endpoint if it is of one.

    Raises:
        NotFound: it leads nowhere, or to the other of the two.
    """
    loaded = context.feeds.find(token.partition(".")[0])
    found = loaded is not None and rules.leads_to(token, loaded.document)
    if loaded is None or not found or screen is not (loaded.document["detail"] == rules.SCREEN):
        raise NotFound("feed_unknown")
    return loaded.document, _endpoint(context, loaded.document["network"], loaded.document["endpoint"])


def _endpoint(context: Context, network: str, key: str | None) -> Document | None:
    found = context.endpoints.find(key) if key else None
    if key and (found is None or found.document["network"] != network):
        raise NotFound("endpoint_unknown", endpoint=key)
    return found.document if found else None


def _meetings(context: Context, feed: Document, within: Span) -> Iterator[Document]:
    """Meetings of which something may lie within a time, each with its newest entry."""
    network, endpoint = feed["network"], feed["endpoint"]
    if endpoint is None:
        for state in sorted(ACTIVE | OVER):
            yield from _under(context, eye_key(feed["agency"], network, state), within)
        return
    yield from _under(context, thing_key(endpoint), within)
    for state in sorted(OVER):
        over = _under(context, eye_key(EVERYBODY, network, state), within)
        yield from (meeting for meeting in over if endpoint in meeting["things"])


def _under(context: Context, key: str, within: Span) -> Iterator[Document]:
    since, after = position(within.start), None
    for _ in range(BATCHES):
        page = context.meetings.page(key, since=since, before=within.end, after=after, limit=BATCH, newest=True)
        yield from page.rows
        after = page.next
        if after is None:
            return


def _name(endpoint: Document | None) -> str:
    return str(endpoint["name"]["vi"]) if endpoint else ""
