"""Commands on agencies and their units: one write each; a repeated key gets the first answer."""

from collections.abc import Callable
from typing import Any

from services.email_provisioning.domain import agencies as rules
from services.email_provisioning.domain import units
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Decision, Document, Occasion
from services.email_provisioning.ports import AlreadyThere
from services.email_provisioning.usecases.changes import agency_receipt, record
from services.email_provisioning.usecases.context import Context, actor_of, occasion_of
from services.email_provisioning.usecases.loading import agencies_named, load_agency
from shared.commands import attempts, check_version, command_of, first_document, new_aggregate, repeated_answer
from shared.contracts.base import Request
from shared.contracts.email_provisioning.requests import (
    ChangeAgency,
    ChangeUnit,
    CloseAgency,
    OpenUnit,
    RegisterAgency,
)
from shared.contracts.principal import Principal
from shared.errors import Conflict, Stale
from shared.history import Command, Entry
from shared.requests import read_request

Body = dict[str, Any]
Decide = Callable[[Document, Body, Occasion], Decision]


def register_agency(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """A new agency in the directory."""
    body, command = read_request(RegisterAgency, request), command_of(request)
    return register(context, body, actor_of(principal), command)


def change_agency(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """Other facts about an agency, or another place in the hierarchy."""

    def decide(agency: Document, body: Body, occasion: Occasion) -> Decision:
        return rules.change_agency(agency, body, agencies_named(context, body), occasion)

    return _carry_out(context, request, principal, ChangeAgency, decide)


def close_agency(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """Its last day and its successors; its officers follow by the event."""

    def decide(agency: Document, body: Body, occasion: Occasion) -> Decision:
        return close(context, agency, body, occasion)

    return _carry_out(context, request, principal, CloseAgency, decide)


def open_unit(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """A new unit of an agency."""
    return _carry_out(context, request, principal, OpenUnit, units.open_unit)


def change_unit(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """Another name, place or last day of a unit."""

    def decide(agency: Document, body: Body, occasion: Occasion) -> Decision:
        return units.change_unit(agency, request["unit"], body, occasion)

    return _carry_out(context, request, principal, ChangeUnit, decide)


def register(context: Context, body: Body, actor: Actor, command: Command, *, seed: str = "") -> dict[str, Any]:
    """Register what a request, a row of a table or the seed file describes; `seed` marks the last of these."""
    code = rules.current_id(body["code"])
    earlier = context.agencies.find(code, command["key"])
    if earlier is not None and earlier.repeated is not None:
        return repeated_answer(earlier.repeated, command)
    decision = rules.register_agency(body, agencies_named(context, body), occasion_of(context, actor))
    before = new_aggregate(code)
    changes, entry, answered = _recorded(context, before, decision, actor, command, seed)
    try:
        context.agencies.add(first_document(before, changes, entry))
    except AlreadyThere:
        return _registered_meanwhile(context, code, command)
    return answered


def change(
    context: Context, agency: Document, decision: Decision, actor: Actor, command: Command, *, seed: str = ""
) -> dict[str, Any] | None:
    """Store one decision on an agency; None when somebody else changed it meanwhile."""
    changes, entry, answered = _recorded(context, agency, decision, actor, command, seed)
    try:
        saved = context.agencies.save(agency["_id"], agency["version"], changes, entry)
    except AlreadyThere as error:
        raise Conflict("agency_known", agency=", ".join(decision.changes.get("legacy_codes", ()))) from error
    return answered if saved else None


def _recorded(
    context: Context, agency: Document, decision: Decision, actor: Actor, command: Command, seed: str
) -> tuple[dict[str, Any], Entry, dict[str, Any]]:
    derived = {"seed": seed} if seed else {}
    return record(agency, decision, derived, at=context.now(), actor=actor, answer=agency_receipt, command=command)


def close(context: Context, agency: Document, body: Body, occasion: Occasion) -> Decision:
    """What closing an agency means, judged with those below it that would be left without it."""
    parts = context.agencies.parts(agency["code"], body["closed_on"].isoformat())
    return rules.close_agency(agency, body, agencies_named(context, body), parts, occasion)


def _carry_out(
    context: Context, request: Body, principal: Principal, schema: type[Request], decide: Decide
) -> dict[str, Any]:
    actor, command = actor_of(principal), command_of(request)
    body = read_request(schema, request, path=("agency", "unit"))
    for _ in attempts(request):
        loaded = load_agency(context, request["agency"], actor, command["key"])
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        agency = loaded.document
        check_version(agency, request)
        decision = decide(agency, body, occasion_of(context, actor))
        answered = change(context, agency, decision, actor, command)
        if answered is not None:
            return answered
    raise Stale("version_stale")


def _registered_meanwhile(context: Context, code: str, command: Command) -> dict[str, Any]:
    """The same command may have been faster on another way; anything else took the identifier."""
    found = context.agencies.find(code, command["key"])
    if found is not None and found.repeated is not None:
        return repeated_answer(found.repeated, command)
    raise Conflict("agency_known", agency=code)
