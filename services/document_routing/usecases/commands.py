"""Commands on one document or arrival: who may do it now, what follows, and one write that carries all of it.

A command that is repeated with the same key gets the answer of the first time, whatever happened since.
"""

from collections.abc import Callable
from typing import Any

from services.document_routing.domain.access import check_own
from services.document_routing.domain.aggregate import Aggregate, Decision, Occasion
from services.document_routing.domain.transitions import check_allowed
from services.document_routing.ports import Document
from services.document_routing.usecases.changes import Kind, begun, record
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from shared.actors import Actor
from shared.commands import Loaded, attempts, check_version, command_of, repeated_answer
from shared.contracts.document_routing.operations import OPERATIONS
from shared.contracts.principal import Principal
from shared.errors import NotFound, Stale
from shared.history import Command
from shared.requests import read_request

_BODIES = {operation.name: operation.body for operation in OPERATIONS if operation.body}

Decide = Callable[[Aggregate, Occasion, dict[str, Any]], Decision]


def carry_out(
    context: Context, kind: Kind, action: str, decide: Decide, request: dict[str, Any], principal: Principal
) -> dict[str, Any]:
    """Do what one row of a transition table says; the answer is the receipt of its kind."""
    actor, command = actor_of(principal), command_of(request)
    name = "document" if kind.unknown == "document_unknown" else "arrival"
    body = read_request(_BODIES[action], request, path=(name,))
    for _ in attempts(request):
        loaded = load_own(context, kind, request[name], actor, command)
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        aggregate = loaded.document
        check_version(aggregate, request)
        row = check_allowed(aggregate, actor, action)
        occasion = occasion_for(context, actor, aggregate["agency"])
        decision = decide(aggregate, occasion, body)
        changes, entry, answered = record(kind, aggregate, decision, occasion, actor.sign(row.roles), command)
        if kind.kept_in(context).save(aggregate["_id"], aggregate["version"], changes, entry):
            return answered
    raise Stale("version_stale")


def begin(
    context: Context,
    kind: Kind,
    identifier: str,
    decide: Callable[[], Decision],
    occasion: Occasion,
    command: Command,
    roles: tuple[str, ...],
) -> dict[str, Any]:
    """Keep a new aggregate; its id follows from the command's key, so that a repetition makes no second one."""
    repeated = find_repeated(context, kind, identifier, command)
    if repeated is not None:
        return repeated
    document: Document = begun(kind, identifier, decide(), occasion, occasion.actor.sign(roles), command)
    if kind.kept_in(context).add(document):
        answer: dict[str, Any] = document["history"][0]["command"]["answer"]
        return answer
    repeated = find_repeated(context, kind, identifier, command)
    if repeated is None:
        raise NotFound(kind.unknown)
    return repeated


def find_repeated(context: Context, kind: Kind, identifier: str, command: Command) -> dict[str, Any] | None:
    """The answer of the first time, or None when this is the first time."""
    loaded = kind.kept_in(context).find(identifier, command["key"])
    return repeated_answer(loaded.repeated, command) if loaded is not None else None


def load_own(context: Context, kind: Kind, identifier: str, actor: Actor, command: Command | None = None) -> Loaded:
    """The aggregate, if it belongs to the actor's agency."""
    loaded = kind.kept_in(context).find(identifier, command["key"] if command else "")
    check_own(loaded.document if loaded else None, actor, kind.unknown)
    if loaded is None:
        raise NotFound(kind.unknown)
    return loaded
