"""What those who run a network do with its endpoints and its bridge."""

from collections.abc import Callable
from typing import Any

from services.conference_booking.domain import endpoints as rules
from services.conference_booking.domain.access import check_looks_after
from services.conference_booking.domain.actors import ROLES, Actor, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.occupancy import Claim
from services.conference_booking.usecases.booking import hold_away
from services.conference_booking.usecases.changes import BRIDGE, ENDPOINT, Kind, Written, keep, resource_receipt, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from shared.commands import attempts, check_version, command_of, new_aggregate, repeated_answer
from shared.contracts.base import Request as Contract
from shared.contracts.conference_booking import network_requests as r
from shared.contracts.principal import Principal
from shared.errors import Conflict, NotFound, Stale
from shared.history import Command
from shared.requests import read_request

Request = dict[str, Any]
Decide = Callable[[Document, Request, Occasion], Decision]
Claims = Callable[[Document], list[Claim]]


def register_endpoint(context: Context, request: Request, principal: Principal) -> Request:
    """A new endpoint of a network."""
    body, command = read_request(r.RegisterEndpoint, request), command_of(request)
    return register(context, body, actor_of(principal), command)


def register(context: Context, body: Request, actor: Actor, command: Command) -> Request:
    """Register what a request or the data file describes.

    Raises:
        Conflict: the key is taken.
    """
    decision = rules.register(body, body["network"])
    known = Conflict("endpoint_known", endpoint=body["key"])
    return begin(context, ENDPOINT, body, decision, actor, command, known)


def begin(
    context: Context, kind: Kind, body: Request, decision: Decision, actor: Actor, command: Command, known: Conflict
) -> Request:
    """Keep something new of a network under the key that the body gives it.

    Raises:
        Conflict: `known`, something has this key.
    """
    occasion = occasion_for(context, actor, body["network"])
    check_looks_after(actor, occasion.network)
    written = _written(kind, new_aggregate(body["key"]), decision, occasion, actor, command)
    if keep(context, kind, written):
        return written.answer
    found = kind.kept_in(context).find(body["key"], command["key"])
    if found is None or found.repeated is None:
        raise known
    return repeated_answer(found.repeated, command)


def register_bridge(context: Context, plain: Request, actor: Actor, command: Command) -> bool:
    """Begin with the bridge of a network; False when it is there already."""
    occasion = occasion_for(context, actor, plain["network"])
    decision = rules.register_bridge(plain)
    return keep(context, BRIDGE, _written(BRIDGE, new_aggregate(plain["network"]), decision, occasion, actor, command))


def change_endpoint(context: Context, request: Request, principal: Principal) -> Request:
    """Other facts about an endpoint."""

    def decide(endpoint: Document, body: Request, occasion: Occasion) -> Decision:
        return rules.change(endpoint, body, occasion.now)

    return carry_out(context, ENDPOINT, "endpoint", r.ChangeEndpoint, decide, request, principal)


def report_endpoint(context: Context, request: Request, principal: Principal) -> Request:
    """The state in which an endpoint is."""
    return carry_out(context, ENDPOINT, "endpoint", r.ReportEndpoint, rules.report, request, principal)


def plan_maintenance(context: Context, request: Request, principal: Principal) -> Request:
    """Hold an endpoint for work on it, if no meeting has it."""
    plan = rules.plan_maintenance
    claims = rules.maintenance_claims
    return carry_out(context, ENDPOINT, "endpoint", r.PlanMaintenance, plan, request, principal, claims)


def cancel_maintenance(context: Context, request: Request, principal: Principal) -> Request:
    """Free an endpoint from work that will not be."""
    cancel = rules.cancel_maintenance
    claims = rules.maintenance_claims
    return carry_out(context, ENDPOINT, "endpoint", r.CancelMaintenance, cancel, request, principal, claims)


def change_bridge(context: Context, request: Request, principal: Principal) -> Request:
    """What the bridge of a network can do."""
    return carry_out(context, BRIDGE, "network", r.ChangeBridge, rules.change_bridge, request, principal)


def carry_out(
    context: Context,
    kind: Kind,
    name: str,
    contract: type[Contract],
    decide: Decide,
    request: Request,
    principal: Principal,
    claims: Claims | None = None,
) -> Request:
    """Let those who run a network change what belongs to it; with `claims`, also when it is away."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(contract, request, path=(name,))
    for _ in attempts(request):
        loaded = kind.kept_in(context).find(request[name], command["key"])
        if loaded is None:
            raise NotFound(kind.unknown, **{name: request[name]})
        occasion = occasion_for(context, actor, loaded.document["network"])
        check_looks_after(actor, occasion.network)
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        check_version(loaded.document, request)
        decision = decide(loaded.document, body, occasion)
        written = _written(kind, loaded.document, decision, occasion, actor, command)
        if hold_away(context, kind, claims, written, occasion) if claims else keep(context, kind, written):
            return written.answer
    raise Stale("version_stale")


def _written(
    kind: Kind, before: Document, decision: Decision, occasion: Occasion, actor: Actor, command: Command
) -> Written:
    part = Part.SYSTEM if actor.has("system") else Part.OPERATOR
    return write(kind, before, decision, occasion, actor.sign(ROLES[part]), resource_receipt, command)
