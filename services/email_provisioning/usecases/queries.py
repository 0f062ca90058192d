"""Questions to the directory, each within the caller's own agency and those below it."""

from typing import Any

from services.email_provisioning.domain.access import (
    EVERYWHERE,
    agencies_scope,
    check_sees_agency,
    check_sees_officer,
    is_open,
    officers_scope,
)
from services.email_provisioning.domain.actors import ADMINISTRATOR, Actor
from services.email_provisioning.domain.agencies import successors_on
from services.email_provisioning.ports import AgencyFilter, Aggregates, Document, OfficerFilter
from services.email_provisioning.usecases.changes import DERIVED
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.loading import agency_key, load_agency, load_officer
from services.email_provisioning.usecases.views import agency_row, agency_view, officer_row, officer_view
from shared.agency_codes import agency_id
from shared.contracts.email_provisioning.requests import AgencyQuery, OfficerQuery, ResolveQuery
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, NotFound
from shared.requests import answer_page, answer_verified, page_of, read_query
from shared.words import words

_MOST_HOPS = 20
"""More mergers in a row than ever happened; a longer chain is followed no further."""


def find_agencies(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Agencies in order of their codes; a search that is an identifier finds that very agency."""
    actor, query = actor_of(principal), read_query(AgencyQuery, request)
    scope = _narrowed(context, actor, agencies_scope(actor), query["agency"])
    known = _named_agency(context, query["q"] or "", scope)
    if known is not None:
        return answer_page([agency_row(known)], None)
    wanted = AgencyFilter(
        scope=scope,
        day=context.today(),
        words=tuple(dict.fromkeys(words(query["q"] or ""))),
        level=query["level"],
        kind=query["kind"],
        closed=query["closed"],
    )
    limit, after = page_of(request)
    page = context.agencies.page(wanted, after=after, limit=limit)
    return answer_page([agency_row(agency) for agency in page.rows], page.next)


def read_agency(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One agency."""
    return agency_view(load_agency(context, request["agency"], actor_of(principal)).document)


def resolve_agency(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Who acts under an identifier on a day. What became of an agency is public, so nobody's scope binds it."""
    query = read_query(ResolveQuery, request, path=("agency",))
    asked = agency_id(request["agency"])
    day = query["on"].isoformat() if query["on"] else context.today()
    known = context.agencies.known([asked])
    agency = known.get(asked)
    if agency is None:
        raise NotFound("agency_not_here")
    known = _with_successors(context, agency)
    acting = [agency_row(known[code]) for code in successors_on(agency, day, known)]
    return {"asked": asked, "code": agency["code"], "on": day, "open": is_open(agency, day), "acting": acting}


def find_officers(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Officers by given name; those who have left are shown to administrators only."""
    actor, query = actor_of(principal), read_query(OfficerQuery, request)
    own = officers_scope(actor)
    if query["left"] and not actor.has(ADMINISTRATOR):
        raise Forbidden("role_not_allowed", action="read_directory")
    wanted = OfficerFilter(
        scope=_narrowed(context, actor, own, query["agency"]),
        words=tuple(dict.fromkeys(words(query["q"] or ""))),
        role=query["role"],
        unit=query["unit"],
        left=query["left"],
    )
    limit, after = page_of(request)
    page = context.officers.page(wanted, after=after, limit=limit)
    today = context.today()
    return answer_page([officer_row(officer, today) for officer in page.rows], page.next)


def read_officer(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One officer; telephone, account and birth date for administrators only."""
    actor = actor_of(principal)
    officer = load_officer(context, request["officer"], actor).document
    return officer_view(officer, context.today(), private=actor.has(ADMINISTRATOR))


def read_agency_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """An agency's history in order."""
    agency = load_agency(context, request["agency"], actor_of(principal)).document
    return history_page(context.agencies, agency["_id"], request)


def read_officer_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """An officer's history in order, for administrators: it says on which ground."""
    actor = actor_of(principal)
    officer = load_officer(context, request["officer"], actor).document
    _require_administrator(actor)
    return history_page(context.officers, officer["_id"], request)


def verify_agency_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Whether an agency's history is what was written."""
    actor, found = actor_of(principal), context.agencies.whole(agency_key(context, request["agency"]))
    unknown = NotFound("agency_not_here")
    return answer_verified(found, principal, lambda agency: check_sees_agency(actor, {**agency}), unknown, DERIVED)


def verify_officer_history(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Whether an officer's history is what was written."""
    actor = actor_of(principal)
    found, unknown = context.officers.whole(request["officer"]), NotFound("officer_not_here")
    answer = answer_verified(found, principal, lambda one: check_sees_officer(actor, {**one}), unknown, DERIVED)
    _require_administrator(actor)
    return answer


def _narrowed(context: Context, actor: Actor, scope: str, asked: str | None) -> str:
    """The agency that was asked for, if it is within the actor's scope."""
    if asked is None:
        return scope
    agency = context.agencies.known([asked]).get(asked)
    if agency is not None and (scope == EVERYWHERE or scope in agency["within"]):
        return str(agency["code"])
    check_sees_agency(actor, None)
    raise NotFound("agency_not_here")


def _named_agency(context: Context, text: str, scope: str) -> Document | None:
    try:
        code = agency_id(text)
    except Invalid:
        return None
    agency = context.agencies.known([code]).get(code)
    return agency if agency is not None and (scope == EVERYWHERE or scope in agency["within"]) else None


def _with_successors(context: Context, agency: Document) -> dict[str, Document]:
    """An agency and all that can be reached by its successors and theirs."""
    known = {agency["code"]: agency}
    for _ in range(_MOST_HOPS):
        missing = {code for found in known.values() for code in found["successors"]} - known.keys()
        if not missing:
            break
        known |= context.agencies.known(missing)
    return known


def _require_administrator(actor: Actor) -> None:
    if not actor.has(ADMINISTRATOR):
        raise Forbidden("role_not_allowed", action="read_directory")


def history_page(aggregates: Aggregates, identifier: str, request: dict[str, Any]) -> dict[str, Any]:
    """The entries of an aggregate's history in order."""
    limit, after = page_of(request)
    entries = aggregates.history(identifier, after=after or 0, limit=limit)
    shown = ("seq", "type", "at", "actor", "reason", "data", "prev", "hash")
    items = [{name: entry[name] for name in shown} for entry in entries]
    return answer_page(items, items[-1]["seq"] if len(items) == limit else None)
