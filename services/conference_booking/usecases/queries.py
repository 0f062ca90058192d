"""Questions about meetings, endpoints and networks, each within what the caller may know."""

from collections.abc import Mapping
from typing import Any

from services.conference_booking.domain import finding
from services.conference_booking.domain.access import check_reads, check_sees, sees_all
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.endpoints import state_now
from services.conference_booking.domain.holdings import PROPOSED
from services.conference_booking.domain.networks import local_day
from services.conference_booking.domain.occupancy import Hold, Occupancy
from services.conference_booking.domain.spans import Span
from services.conference_booking.ports import Aggregates
from services.conference_booking.usecases.changes import DERIVED
from services.conference_booking.usecases.clashes import holder
from services.conference_booking.usecases.context import Context, actor_of
from services.conference_booking.usecases.days import look_at_day, meetings_within, whole_day
from services.conference_booking.usecases.meetings import load_meeting
from services.conference_booking.usecases.views import (
    bridge_view,
    endpoint_view,
    meeting_row,
    meeting_view,
    network_view,
    ports_view,
)
from shared.contracts.conference_booking.network_requests import ListEndpoints
from shared.contracts.conference_booking.requests import ListMeetings
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound
from shared.requests import answer_history, answer_page, answer_verified, page_of, read_query

Request = dict[str, Any]


def list_networks(context: Context, request: Request, principal: Principal) -> Request:
    """All networks with their finding."""
    actor = actor_of(principal)
    check_reads(actor)
    limit, after = page_of(request)
    networks = sorted(context.networks, key=lambda network: network.key)
    rest = [network for network in networks if network.key > (after or "")]
    items = [
        network_view(network, context.networks) | {"sees_all": sees_all(actor, network)} for network in rest[:limit]
    ]
    return answer_page(items, rest[limit - 1].key if len(rest) > limit else None)


def read_bridge(context: Context, request: Request, principal: Principal) -> Request:
    """The bridge of a network."""
    check_reads(actor_of(principal))
    found = context.bridges.find(request["network"])
    if found is None:
        raise NotFound("network_unknown", network=request["network"])
    return bridge_view(found.document)


def list_endpoints(context: Context, request: Request, principal: Principal) -> Request:
    """Endpoints in order of their keys."""
    query = read_query(ListEndpoints, request)
    check_reads(actor_of(principal))
    limit, after = page_of(request)
    found = [one for key, one in context.endpoints.of_network(query["network"]).items() if key > (after or "")]
    items = [endpoint_view(endpoint, context.now()) for endpoint in found[:limit]]
    return answer_page(items, found[limit - 1]["_id"] if len(found) > limit else None)


def read_endpoint(context: Context, request: Request, principal: Principal) -> Request:
    """One endpoint."""
    return endpoint_view(_endpoint(context, request, principal), context.now())


def _endpoint(context: Context, request: Request, principal: Principal) -> Document:
    check_reads(actor_of(principal))
    loaded = context.endpoints.find(request["endpoint"])
    if loaded is None:
        raise NotFound("endpoint_unknown", endpoint=request["endpoint"])
    return loaded.document


def list_meetings(context: Context, request: Request, principal: Principal) -> Request:
    """Meetings that the caller may know of, in order of their last ends.

    Raises:
        Forbidden: another agency's are listed for those who see all of a network.
    """
    query, actor = read_query(ListMeetings, request), actor_of(principal)
    check_reads(actor)
    network = query["network"]
    everything = network is not None and sees_all(actor, context.networks.get(network))
    agency = query["agency"] or (finding.EVERYBODY if everything else actor.agency)
    if agency != actor.agency and not everything:
        raise Forbidden("other_agency", action="read_conferences")
    limit, after = page_of(request)
    since = query["since"] or local_day(context.now())
    page = context.meetings.page(
        finding.eye_key(agency, network or "", "at_risk" if query["at_risk"] else query["state"] or ""),
        since=finding.position(whole_day(since).start),
        before=whole_day(query["until"]).end if query["until"] else None,
        after=after,
        limit=limit,
    )
    rows = [row for row in page.rows if not query["at_risk"] or query["state"] in (None, row["state"])]
    names = context.agencies.names({row["convener"] for row in rows})
    return answer_page([meeting_row(row, names) for row in rows], page.next)


def read_meeting(context: Context, request: Request, principal: Principal) -> Request:
    """One meeting."""
    actor = actor_of(principal)
    meeting = load_meeting(context, request["meeting"], actor).document
    names = context.agencies.names([meeting["convener"]])
    return meeting_view(meeting, names, actor, context.networks.get(meeting["network"]))


def read_meeting_history(context: Context, request: Request, principal: Principal) -> Request:
    """A meeting's history in order."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    return _history(context.meetings, meeting["_id"], request)


def verify_meeting_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether a meeting's history is what was written."""
    actor = actor_of(principal)

    def check(meeting: Mapping[str, Any]) -> None:
        check_sees(actor, {**meeting}, context.networks.get(meeting["network"]))

    found = context.meetings.whole(request["meeting"])
    return answer_verified(found, principal, check, NotFound("meeting_unknown"), DERIVED)


def read_endpoint_history(context: Context, request: Request, principal: Principal) -> Request:
    """An endpoint's history in order."""
    return _history(context.endpoints, _endpoint(context, request, principal)["_id"], request)


def verify_endpoint_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether an endpoint's history is what was written."""
    actor = actor_of(principal)
    check_reads(actor)
    unknown = NotFound("endpoint_unknown", endpoint=request["endpoint"])
    found = context.endpoints.whole(request["endpoint"])
    return answer_verified(found, principal, lambda _: check_reads(actor), unknown, DERIVED)


def _history(aggregates: Aggregates, identifier: str, request: Request) -> Request:
    return answer_history(request, lambda after, limit: aggregates.history(identifier, after=after, limit=limit))


def read_network_day(context: Context, request: Request, principal: Principal) -> Request:
    """Who holds what on one day of Viet Nam; of others' meetings only the convener is told.

    Raises:
        NotFound: there is no such network or day.
    """
    seen = look_at_day(context, request, principal)
    return {
        "network": seen.occasion.network.key,
        "day": seen.day.isoformat(),
        "usable_ports": seen.usable["ports"],
        "recorders": seen.usable["recorders"],
        "ports": ports_view(seen.occupancy, seen.whole),
        "endpoints": _grid(context, seen.occasion, seen.occupancy, seen.whole),
    }


def _grid(context: Context, occasion: Occasion, occupancy: Occupancy, whole: Span) -> list[Request]:
    meetings = meetings_within(context, occupancy, whole)
    names = context.agencies.names({meeting["convener"] for meeting in meetings.values()})

    def busy(hold: Hold) -> Request:
        told = holder(hold.meeting, meetings, names, occasion)
        state = meetings[hold.meeting]["state"] if told["meeting"] else None
        span = {"held_from": hold.span.start, "held_until": hold.span.end}
        return {**span, "session": hold.session % PROPOSED, "state": state, **told}

    return [
        {
            "endpoint": key,
            "name": endpoint["name"],
            "state": state_now(endpoint, occasion.now),
            "busy": [busy(hold) for hold in occupancy.holds.get(key, ()) if hold.span.overlaps(whole)],
        }
        for key, endpoint in context.endpoints.of_network(occasion.network.key).items()
    ]
