"""Technicians: registered, changed and away; and who is on duty where on a day."""

from collections.abc import Iterable, Mapping
from typing import Any

from services.conference_booking.domain import technicians as rules
from services.conference_booking.domain.access import check_reads, sees
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.holdings import HOLDING
from services.conference_booking.domain.needs import connected
from services.conference_booking.domain.spans import Span
from services.conference_booking.usecases.changes import TECHNICIAN
from services.conference_booking.usecases.context import Context, actor_of
from services.conference_booking.usecases.days import look_at_day, meetings_within
from services.conference_booking.usecases.resources import begin, carry_out
from services.conference_booking.usecases.views import plans_view
from shared.commands import command_of
from shared.contracts.conference_booking import technicians as t
from shared.contracts.principal import Principal
from shared.errors import Conflict, Invalid, NotFound, field_error
from shared.requests import answer_page, page_of, read_query, read_request

Request = dict[str, Any]

_VIEW = ("network", "agency", "name", "phone", "mailbox", "account", "endpoints", "active", "version")


def register_technician(context: Context, request: Request, principal: Principal) -> Request:
    """A new technician of a network."""
    body = read_request(t.RegisterTechnician, request)
    _check_endpoints(context, body["network"], body["endpoints"])
    known = Conflict("technician_known", technician=body["key"])
    decision = rules.register(body)
    return begin(context, TECHNICIAN, body, decision, actor_of(principal), command_of(request), known)


def change_technician(context: Context, request: Request, principal: Principal) -> Request:
    """Other facts about a technician."""

    def decide(technician: Document, body: Request, occasion: Occasion) -> Decision:
        _check_endpoints(context, occasion.network.key, body.get("endpoints", ()))
        return rules.change(technician, body)

    return carry_out(context, TECHNICIAN, "technician", t.ChangeTechnician, decide, request, principal)


def _check_endpoints(context: Context, network: str, keys: Iterable[str]) -> None:
    known = context.endpoints.of_network(context.networks.get(network).key)
    wrong = [
        field_error(f"endpoints.{number}", "endpoint_not_here", endpoint=key)
        for number, key in enumerate(keys)
        if key not in known
    ]
    if wrong:
        raise Invalid("request_invalid", fields=wrong)


def plan_absence(context: Context, request: Request, principal: Principal) -> Request:
    """A technician is away, if no meeting counts on them."""
    plan, claims = rules.plan_absence, rules.absence_claims
    return carry_out(context, TECHNICIAN, "technician", t.PlanAbsence, plan, request, principal, claims)


def cancel_absence(context: Context, request: Request, principal: Principal) -> Request:
    """A technician is not away after all."""
    cancel, claims = rules.cancel_absence, rules.absence_claims
    return carry_out(context, TECHNICIAN, "technician", t.CancelAbsence, cancel, request, principal, claims)


def list_technicians(context: Context, request: Request, principal: Principal) -> Request:
    """Technicians in order of their keys."""
    query = read_query(t.ListTechnicians, request)
    check_reads(actor_of(principal))
    limit, after = page_of(request)
    found = [
        one
        for key, one in context.technicians.of_network(query["network"]).items()
        if key > (after or "") and query["endpoint"] in (None, *one["endpoints"])
    ]
    items = [_view(context, one) for one in found[:limit]]
    return answer_page(items, found[limit - 1]["_id"] if len(found) > limit else None)


def read_technician(context: Context, request: Request, principal: Principal) -> Request:
    """One technician."""
    check_reads(actor_of(principal))
    loaded = context.technicians.find(request["technician"])
    if loaded is None:
        raise NotFound("technician_unknown", technician=request["technician"])
    return _view(context, loaded.document)


def _view(context: Context, technician: Document) -> Request:
    facts = {"key": technician["_id"], **{name: technician[name] for name in _VIEW}}
    return facts | {"absences": plans_view(technician["absences"], context.now())}


def read_roster(context: Context, request: Request, principal: Principal) -> Request:
    """Who is on duty where on one day of Viet Nam, of the meetings that the caller sees.

    Raises:
        NotFound: there is no such network or day.
    """
    asked = look_at_day(context, request, principal)
    occasion, whole = asked.occasion, asked.whole
    held = meetings_within(context, asked.occupancy, whole)
    seen = [meeting for meeting in held.values() if sees(occasion.actor, meeting, occasion.network)]
    people = context.technicians.find_all(
        {duty["technician"] for meeting in seen for duty in meeting.get("technicians", ())}
    )
    places = context.endpoints.of_network(occasion.network.key)
    rows = [row for meeting in seen for row in _duties(meeting, whole, people, places)]
    rows.sort(key=lambda row: (row["held_from"], row["endpoint"]))
    return {"network": occasion.network.key, "day": asked.day.isoformat(), "duties": rows}


def _duties(
    meeting: Document, whole: Span, people: Mapping[str, Document], places: Mapping[str, Document]
) -> Iterable[Request]:
    for session in meeting["sessions"]:
        if session["state"] not in HOLDING or not Span(session["from"], session["until"]).overlaps(whole):
            continue
        for endpoint in connected(meeting):
            there = [duty["technician"] for duty in meeting.get("technicians", ()) if duty["endpoint"] == endpoint]
            yield {
                "endpoint": endpoint,
                "agency": places[endpoint]["agency"],
                "meeting": meeting["_id"],
                "title": meeting["title"],
                "session": session["n"],
                "held_from": session["from"],
                "held_until": session["until"],
                "technicians": [
                    {"key": key, **{name: people[key][name] for name in ("name", "phone")}} for key in there
                ],
            }
