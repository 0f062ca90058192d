"""Publishing: a new version of a procedure, and the last day of one. What was received keeps its version."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.domain.bundles import check_parts
from services.one_stop_shop.domain.codes import national_procedure_code
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_reading import build
from services.one_stop_shop.domain.procedure_versions import close_version, latest_end, too_far_ahead, withdraw_version
from services.one_stop_shop.usecases.context import Context, actor_of
from services.one_stop_shop.usecases.queries_catalogue import all_versions, procedure_view, today
from shared.commands import command_of, repeated_answer
from shared.contracts.one_stop_shop.catalogue_requests import ClosePeriod, PublishProcedure
from shared.contracts.one_stop_shop.procedure import ProcedureDefinition
from shared.contracts.principal import Principal
from shared.errors import Conflict, FieldError, Forbidden, Invalid, NotFound, field_error
from shared.history import Command, Entry
from shared.requests import read_request

EDITOR = "catalogue_editor"


def publish_procedure(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Add a version; its number follows from those before, which stay for what was received under them."""
    actor, command = actor_of(principal), command_of(request)
    require_editor(context, actor)
    definition = read_request(PublishProcedure, request)["definition"]
    code = _code_of(definition)
    published = context.procedures.published(code, command["key"])
    if published.repeated is not None:
        return _repeated(context, code, published.repeated, command)
    version = read_definition({**definition, "version": published.last + 1})
    _refuse_unknown(context, version)
    _refuse_too_far_ahead(version, today(context))
    _refuse_overlap(context.procedures.versions(code), version, today(context))
    context.procedures.publish(version, at=context.now(), actor=actor.sign((EDITOR,)), command=command)
    return procedure_view(version, context.procedures.sectors())


def _code_of(definition: Mapping[str, Any]) -> str:
    if not definition.get("code"):
        raise Invalid("procedure_invalid", fields=[field_error("definition.code", "required")])
    try:
        return national_procedure_code(str(definition.get("code", "")))
    except Invalid as error:
        wrong = field_error("definition.code", error.code, **error.params)
        raise Invalid("procedure_invalid", fields=[wrong]) from error


def close_procedure(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Give a version its last day, today at the earliest; nothing that was received before moves.

    A last day before the first withdraws a version that has not begun: it never holds, and bars none.
    """
    actor, command = actor_of(principal), command_of(request)
    require_editor(context, actor)
    body = read_request(ClosePeriod, request, path=("code", "version"))
    versions = all_versions(context, request["code"])
    published = context.procedures.published(versions[0].code, command["key"])
    if published.repeated is not None:
        return _repeated(context, versions[0].code, published.repeated, command)
    version = next((known for known in versions if str(known.version) == request["version"]), None)
    if version is None:
        raise NotFound("procedure_version_unknown", procedure=versions[0].code, version=request["version"])
    if body["effective_to"] < today(context):
        raise Invalid("request_invalid", fields=[field_error("effective_to", "not_in_future")])
    latest = latest_end(today(context))
    if body["effective_to"] > latest:
        wrong = field_error("effective_to", "too_far_ahead", latest=latest.strftime("%d/%m/%Y"))
        raise Invalid("request_invalid", fields=[wrong])
    if version.withdrawn:
        raise Conflict("procedure_version_withdrawn", version=version.version)
    early = body["effective_to"] < version.effective_from
    closed = withdraw_version(version) if early else close_version(version, body["effective_to"])
    context.procedures.close(closed, at=context.now(), actor=actor.sign((EDITOR,)), command=command)
    return procedure_view(closed, context.procedures.sectors())


def require_editor(context: Context, actor: Actor) -> None:
    """Only editors change the catalogue and the calendar; all provinces share them, so one agency's editors do."""
    if not actor.has(EDITOR):
        raise Forbidden("role_not_allowed", action="edit_catalogue")
    if actor.agency != context.terms.catalogue_agency:
        raise Forbidden("catalogue_shared", agency=context.terms.catalogue_agency)


def read_definition(definition: Mapping[str, Any]) -> ProcedureVersion:
    """The version that a definition describes, or every path at which it is wrong."""
    try:
        read_request(ProcedureDefinition, dict(definition))
        return build(definition)
    except Invalid as error:
        raise Invalid("procedure_invalid", fields=_within_definition(error.fields)) from error


def _within_definition(wrong: Iterable[FieldError]) -> list[FieldError]:
    return [field_error(f"definition.{field['path']}", field["code"], **field["params"]) for field in wrong]


def _repeated(context: Context, code: str, entry: Entry, command: Command) -> dict[str, Any]:
    number = repeated_answer(entry, command)["version"]
    version = next(known for known in all_versions(context, code) if known.version == number)
    return procedure_view(version, context.procedures.sectors())


def _refuse_unknown(context: Context, version: ProcedureVersion) -> None:
    """What a definition names beside itself must be there, as in the data files."""
    sectors, life_events = context.procedures.sectors(), context.procedures.life_events()
    wrong = []
    if version.sector not in sectors:
        wrong.append(field_error("definition.sector", "unknown_sector", key=version.sector))
    wrong += [
        field_error(f"definition.life_events.{n}", "unknown_life_event", key=key)
        for n, key in enumerate(version.life_events)
        if key not in life_events
    ]
    children = {key: known[-1] for key in version.children if (known := context.procedures.versions(key))}
    wrong += [
        field_error(f"definition.children.{n}", "unknown_procedure", key=key)
        for n, key in enumerate(version.children)
        if key not in children
    ]
    wrong += _within_definition(check_parts(version, children))
    if wrong:
        raise Invalid("procedure_invalid", fields=wrong)


def _refuse_too_far_ahead(version: ProcedureVersion, day: date) -> None:
    far = too_far_ahead(version, day)
    if far:
        name, latest = far
        wrong = field_error(f"definition.{name}", "too_far_ahead", latest=latest.strftime("%d/%m/%Y"))
        raise Invalid("procedure_invalid", fields=[wrong])


def _refuse_overlap(versions: tuple[ProcedureVersion, ...], version: ProcedureVersion, day: date) -> None:
    """A new version never reaches back, neither into the past nor before another, and says something new."""
    standing = [known for known in versions if not known.withdrawn]
    if not standing:
        return
    last = max(standing, key=lambda known: (known.effective_from, known.version))
    if version.effective_from < last.effective_from:
        first_day = last.effective_from.strftime("%d/%m/%Y")
        raise Conflict("procedure_day_overlaps", version=last.version, effective_from=first_day)
    if _content(last) == _content(version):
        raise Conflict("procedure_version_unchanged", version=last.version)
    if version.effective_from < day:
        raise Invalid("procedure_invalid", fields=[field_error("definition.effective_from", "in_past")])


def _content(version: ProcedureVersion) -> dict[str, Any]:
    return {name: value for name, value in version.definition.items() if name != "version"}
