"""One agency as a table or the seed file describes it: registered, changed, closed, or as it is already."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain import agencies as rules
from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Decision
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases.agencies import change, close, register
from services.email_provisioning.usecases.context import Context, occasion_of
from services.email_provisioning.usecases.loading import agencies_named
from shared.contracts.email_provisioning.requests import ChangeAgency, CloseAgency, RegisterAgency
from shared.errors import Conflict, Stale
from shared.history import Command
from shared.requests import read_request

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"


def bring_in(
    context: Context, described: Mapping[str, Any], actor: Actor, command: Command, *, reason: str, seed: str = ""
) -> tuple[str, str]:
    """Make an agency what it is described as; answers the outcome and its code.

    `described` is a body of `RegisterAgency`; what it does not name stays as it is. `command` identifies the row:
    the same row again, after a crash, has the same outcome and no second effect.
    """
    body = read_request(RegisterAgency, dict(described))
    code = rules.current_id(body["code"])
    loaded = context.agencies.find(code, command["key"])
    if loaded is None:
        register(context, body, actor, command, seed=seed)
        return CREATED, code
    if loaded.repeated is not None and loaded.repeated["seq"] == 1:
        return CREATED, code
    outcome = CHANGED if loaded.repeated is not None else UNCHANGED
    outcome = _change(context, loaded.document, described, actor, command, reason, seed) or outcome
    outcome = _close(context, code, described, actor, command, reason, seed) or outcome
    return outcome, code


def _change(
    context: Context,
    agency: Document,
    described: Mapping[str, Any],
    actor: Actor,
    command: Command,
    reason: str,
    seed: str,
) -> str:
    fields = ChangeAgency().fields
    named = {name: value for name, value in described.items() if name in fields}
    body = read_request(ChangeAgency, {**named, "reason": reason})
    try:
        decision = rules.change_agency(agency, body, agencies_named(context, body), occasion_of(context, actor))
    except Conflict as error:
        if error.code == "agency_unchanged":
            return ""
        raise
    return _store(context, agency, decision, actor, command, seed)


def _close(
    context: Context, code: str, described: Mapping[str, Any], actor: Actor, command: Command, reason: str, seed: str
) -> str:
    loaded = context.agencies.find(code)
    assert loaded is not None
    agency = loaded.document
    if not described.get("closed_on"):
        return ""
    plain = {"closed_on": described["closed_on"], "successors": described.get("successors", []), "reason": reason}
    body = read_request(CloseAgency, plain)
    if agency["closed_on"] == body["closed_on"].isoformat() and agency["successors"] == body["successors"]:
        return ""
    return _store(context, agency, close(context, agency, body, occasion_of(context, actor)), actor, command, seed)


def _store(context: Context, agency: Document, decision: Decision, actor: Actor, command: Command, seed: str) -> str:
    if change(context, agency, decision, actor, command, seed=seed) is None:
        raise Stale("version_stale")
    return CHANGED
