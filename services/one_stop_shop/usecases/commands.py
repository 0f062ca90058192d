"""Commands on one application: who may do it now, what follows, and one write that carries all of it.

A command that is repeated with the same key gets the answer of the first time, whatever happened since.
"""

from collections.abc import Callable, Sequence
from typing import Any

from services.one_stop_shop.domain.access import check_visible
from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion
from services.one_stop_shop.domain.decisions import DECISIONS
from services.one_stop_shop.domain.transitions import check_allowed
from services.one_stop_shop.usecases.attachments import attach_files, names_files
from services.one_stop_shop.usecases.changes import Answer, record
from services.one_stop_shop.usecases.context import Context, actor_of, occasion_on, signed
from services.one_stop_shop.usecases.receipts import receipt
from services.one_stop_shop.usecases.staffing import with_officer
from shared.commands import Loaded, attempts, check_version, command_of, repeated_answer
from shared.contracts.one_stop_shop.operations import OPERATIONS
from shared.contracts.principal import Principal
from shared.errors import NotFound, Stale
from shared.history import Command, Entry
from shared.requests import read_request

BODIES = {operation.name: operation.body for operation in OPERATIONS if operation.body}


Write = tuple[Application, Changes, Entry]
Done = Callable[[Application, Occasion], bool]


def command(action: str) -> Callable[[Context, dict[str, Any], Principal], dict[str, Any]]:
    """The use case of one row of the transition table."""
    return lambda context, request, principal: carry_out(context, action, request, principal)


def never(application: Application, occasion: Occasion) -> bool:
    """Every command does something, unless said otherwise."""
    return False


def carry_out(
    context: Context,
    action: str,
    request: dict[str, Any],
    principal: Principal,
    answer: Answer = receipt,
    *,
    is_done: Done = never,
) -> dict[str, Any]:
    """Do what one row of the transition table says; the answer is an `ApplicationReceipt` unless said otherwise.

    What `is_done` already is answered alike, and nothing is written.
    """
    actor, repeatable = actor_of(principal), command_of(request)
    body = read_request(BODIES[operation_of(action)], request, path=("application",))
    for _ in attempts(request):
        loaded = load_visible(context, request["application"], actor, repeatable)
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, repeatable)
        application = loaded.document
        check_version(application, request)
        row = check_allowed(application, actor, action)
        occasion = occasion_on(context, actor, application)
        if is_done(application, occasion):
            return answer(application)
        decision = decide(context, action, application, occasion, body)
        signature = signed(context, actor, row.roles)
        changes, entry, answered = record(application, decision, occasion, signature, repeatable, answer)
        writes: list[Write] = [(application, changes, entry)]
        for other, follows in decision.beside:
            changes, entry, _ = record(other, follows, occasion_on(context, actor, other), signature)
            writes.append((other, changes, entry))
        if _saved(context, writes):
            return answered
    raise Stale("version_stale")


def _saved(context: Context, writes: Sequence[Write]) -> bool:
    """Whether all were written, together; False when somebody had changed one of them, and nothing was."""

    def write() -> None:
        for application, changes, entry in writes:
            if not context.applications.save(application["_id"], application["version"], changes, entry):
                raise Stale("version_stale")

    try:
        if len(writes) == 1:
            write()
        else:
            context.together(write)
    except Stale:
        return False
    return True


def load_visible(context: Context, application: str, actor: Actor, command: Command | None = None) -> Loaded:
    """The application, if the actor may know of it."""
    loaded = context.applications.find(application, command["key"] if command else "")
    if loaded is None:
        raise NotFound("application_unknown")
    check_visible(loaded.document, actor)
    return loaded


def decide(
    context: Context, action: str, application: Application, occasion: Occasion, body: dict[str, Any]
) -> Decision:
    """What the rules make of a command; nothing is written, but files that it names are kept from now on."""
    if action == "link":
        other = load_visible(context, body["other"], occasion.actor).document
        return DECISIONS["link"](application, occasion, {"other": other, "kind": body["kind"]})
    if action == "unlink":
        known = context.applications.find_all([body["other"]]).get(body["other"])
        return DECISIONS["unlink"](application, occasion, {**body, "other": known})
    judge = DECISIONS[action]
    body = with_officer(context, action, occasion.actor, body)
    if names_files(body):
        judge(application, occasion, body)  # what is refused must not keep files that nothing refers to
        body = attach_files(context, body, occasion.actor.subject)
    return judge(application, occasion, body)


def operation_of(action: str) -> str:
    """The operation that carries an action out."""
    return action if "_" in action else f"{action}_application"
