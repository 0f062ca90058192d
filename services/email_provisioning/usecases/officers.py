"""Commands on officers: one write each; a repeated key gets the first answer."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from services.email_provisioning.domain import officers as rules
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Decision, Document, Occasion
from services.email_provisioning.ports import AlreadyThere
from services.email_provisioning.usecases.changes import officer_receipt, record
from services.email_provisioning.usecases.context import Context, actor_of, occasion_of
from services.email_provisioning.usecases.loading import agencies_of_posts, load_officer
from shared.commands import attempts, check_version, command_of, first_document, new_aggregate, repeated_answer
from shared.contracts.base import Request
from shared.contracts.email_provisioning.requests import (
    AppointOfficer,
    ChangeOfficer,
    EndPost,
    GivePost,
    MoveOfficer,
    RecordLeaving,
)
from shared.contracts.principal import Principal
from shared.errors import Conflict, Stale
from shared.history import Command, Entry
from shared.requests import read_request

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:truc-chung:officers")

Body = dict[str, Any]
Agencies = Mapping[str, Document]
Decide = Callable[[Document, Body, Agencies, Occasion], Decision]


def appoint_officer(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """A new officer; the identifier follows from the key of the command, so that a repetition makes no second one."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(AppointOfficer, request)
    identifier = officer_id(command["key"])
    earlier = context.officers.find(identifier, command["key"])
    if earlier is not None:
        return repeated_answer(earlier.repeated, command)
    agencies = agencies_of_posts(context, (), body)
    document, answered = first_of(context, identifier, body, agencies, actor, command)
    try:
        context.officers.add(document)
    except AlreadyThere as error:
        if error.field == "_id":
            return appoint_officer(context, request, principal)
        raise taken(error, document) from error
    return answered


def give_post(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """A further post, or one again."""
    return _carry_out(context, request, principal, GivePost, rules.give_post)


def move_officer(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """Another post instead of all those held."""
    return _carry_out(context, request, principal, MoveOfficer, rules.move_officer)


def end_post(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """The last day of one of several posts."""
    return _carry_out(context, request, principal, EndPost, rules.end_post)


def record_leaving(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """The last day of all posts."""
    return _carry_out(context, request, principal, RecordLeaving, rules.leave)


def change_officer(context: Context, request: Body, principal: Principal) -> dict[str, Any]:
    """Another name, number, account or telephone."""
    return _carry_out(context, request, principal, ChangeOfficer, rules.change_officer)


def officer_id(key: str) -> str:
    """The identifier of the officer whom the command of this key makes."""
    return uuid.uuid5(NAMESPACE, key).hex


def first_of(
    context: Context, identifier: str, body: Body, agencies: Agencies, actor: Actor, command: Command
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The document of a new officer and the answer to the command."""
    decision = rules.appoint_officer(body, agencies, occasion_of(context, actor))
    before = new_aggregate(identifier)
    changes, entry, answered = recorded(context, before, decision, agencies, actor, command)
    return first_document(before, changes, entry), answered


def recorded(
    context: Context,
    officer: Document,
    decision: Decision,
    agencies: Agencies,
    actor: Actor,
    command: Command | None = None,
) -> tuple[dict[str, Any], Entry, dict[str, Any]]:
    """A decision on an officer with everything that follows from it; `agencies` holds those of all posts."""
    derived = rules.settle({**officer, **decision.changes}, agencies, context.today())
    return record(officer, decision, derived, at=context.now(), actor=actor, answer=officer_receipt, command=command)


def change(
    context: Context,
    officer: Document,
    decision: Decision,
    agencies: Agencies,
    actor: Actor,
    command: Command | None = None,
) -> dict[str, Any] | None:
    """Store one decision on an officer; None when somebody else changed them meanwhile."""
    changes, entry, answered = recorded(context, officer, decision, agencies, actor, command)
    try:
        saved = context.officers.save(officer["_id"], officer["version"], changes, entry)
    except AlreadyThere as error:
        raise taken(error, {**officer, **changes}) from error
    return answered if saved else None


def taken(error: AlreadyThere, officer: Document) -> Conflict:
    """Which identifier of an officer belongs to somebody else."""
    if error.field == "account":
        return Conflict("account_taken", account=officer["account"])
    return Conflict("number_taken", number=officer["number"])


def _carry_out(
    context: Context, request: Body, principal: Principal, schema: type[Request], decide: Decide
) -> dict[str, Any]:
    actor, command = actor_of(principal), command_of(request)
    body = read_request(schema, request, path=("officer",))
    for _ in attempts(request):
        loaded = load_officer(context, request["officer"], actor, command["key"])
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        officer = loaded.document
        check_version(officer, request)
        if body.get("successor"):
            heir = context.officers.find(body["successor"])
            rules.check_successor(officer, heir.document if heir else None, occasion_of(context, actor))
        agencies = agencies_of_posts(context, officer["posts"], body)
        decision = decide(officer, body, agencies, occasion_of(context, actor))
        answered = change(context, officer, decision, agencies, actor, command)
        if answered is not None:
            return answered
    raise Stale("version_stale")
