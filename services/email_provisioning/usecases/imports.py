"""Imports of tables: asked for, worked on in the background a few rows at a time, and looked at.

The rows themselves are the progress: whoever dies in between, the next one goes on with the first row that has no
outcome. A row is a command with a key of its own, so working on it twice has one effect.
"""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from services.email_provisioning.domain.actors import ADMINISTRATOR, OPERATOR, Actor
from services.email_provisioning.domain.row_effects import agency_changes
from services.email_provisioning.domain.tables import BODIES, key_of, name_columns, order_of
from services.email_provisioning.ports import Document
from services.email_provisioning.usecases import agency_rows
from services.email_provisioning.usecases.context import Context, actor_of
from services.email_provisioning.usecases.officer_rows import REFUSALS, Effect, OfficerRow, Outcome, bring_in_all
from services.email_provisioning.usecases.rehearsal import rehearsing
from shared.commands import command_of
from shared.contracts.email_provisioning.requests import OUTCOMES, ImportRowsQuery, StartImport
from shared.contracts.principal import Principal
from shared.errors import Error, Forbidden, Invalid, NotFound, TooLarge, field_error
from shared.history import Command
from shared.requests import answer_page, page_of, read_query, read_request

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:truc-chung:imports")
MOST_BYTES = 20 * 1024 * 1024
CHUNK = 100
"""How many rows are worked on together; other requests wait meanwhile."""

AT_A_TIME = timedelta(seconds=8)
"""For how long an import goes on before other due work has its turn; a replica has it to itself for 30 seconds."""

TABLES = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def start_import(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """Take a table in; the work begins at once, in the background."""
    actor, command, body = actor_of(principal), command_of(request), read_request(StartImport, request)
    if not actor.has(ADMINISTRATOR) and not (actor.has(OPERATOR) and body["kind"] == "agencies"):
        raise Forbidden("role_not_allowed", action="import_directory")
    identifier = uuid.uuid5(NAMESPACE, command["key"]).hex
    known = context.imports.find(identifier)
    if known is None:
        known = context.imports.add(_new_import(context, identifier, body, actor, command))
    if known["digest"] != command["digest"]:
        raise Invalid("idempotency_key_reused")
    return import_view(known)


def list_imports(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """One's own imports, newest first."""
    limit, after = page_of(request)
    page = context.imports.page(principal.subject, after=after, limit=limit)
    return answer_page([import_view(found) for found in page.rows], page.next)


def read_import(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """How far one's own import has come."""
    return import_view(_own(context, request["import"], principal))


def list_import_rows(context: Context, request: dict[str, Any], principal: Principal) -> dict[str, Any]:
    """What became of the rows, in the order in which they are worked on."""
    found = _own(context, request["import"], principal)
    query = read_query(ImportRowsQuery, request, path=("import",))
    limit, after = page_of(request)
    page = context.imports.rows_page(found["_id"], query["outcome"], after=after, limit=limit)
    bare = {"name": "", "changes": [], "warnings": []}  # of rows of before these were noted
    shown = ("line", "key", "name", "outcome", "subject", "problems", "changes", "warnings")
    return answer_page([{name: (bare | row)[name] for name in shown} for row in page.rows], page.next)


def fire_import(context: Context, identifier: str) -> None:
    """Go on with an import: read its table, or work on the next rows."""
    found = context.imports.find(identifier)
    if found is None:
        return
    if found["state"] in ("done", "failed"):  # a slower replica has put it back
        context.imports.update(identifier, {"next_due_at": None})
        return
    if found["state"] == "waiting":
        _read_in(context, found)
        return
    until = context.now() + AT_A_TIME
    more = _work_on(context, found)
    while more and context.now() < until:
        more = _work_on(context, found)
    ended = {"state": "done", "finished_at": context.now(), "next_due_at": None}
    progress = {"next_due_at": context.now()} if more else ended
    context.imports.update(identifier, {"counts": context.imports.count(identifier)} | progress)


def import_view(found: Mapping[str, Any]) -> dict[str, Any]:
    """An import as it is answered (`ImportView`)."""
    shown = ("kind", "file_name", "dry_run", "state", "problem", "rows", "started_at", "finished_at")
    counts = {outcome: found["counts"].get(outcome, 0) for outcome in OUTCOMES}
    return {"id": found["_id"], **{name: found[name] for name in shown}, **counts, "done": sum(counts.values())}


def _new_import(context: Context, identifier: str, body: dict[str, Any], actor: Actor, command: Command) -> Document:
    file = context.files.claim(body["file"], actor.subject)
    if file.type not in TABLES:
        raise Invalid("request_invalid", fields=[field_error("file", "not_a_table")])
    now = context.now()
    return {
        "_id": identifier,
        "position": f"{now.isoformat()}|{identifier}",
        "owner": actor.subject,
        "actor": {"subject": actor.subject, "roles": sorted(actor.roles), "agency": actor.agency},
        "digest": command["digest"],
        "kind": body["kind"],
        "file": file.id,
        "file_name": file.name,
        "file_type": file.type,
        "dry_run": body["dry_run"],
        "sample": body["sample"],
        "state": "waiting",
        "problem": None,
        "rows": 0,
        "counts": {},
        "started_at": now,
        "finished_at": None,
        "next_due_at": now,
    }


def _own(context: Context, identifier: str, principal: Principal) -> Document:
    found = context.imports.find(identifier)
    if found is None or found["owner"] != principal.subject:
        raise NotFound("import_not_here")
    return found


def _read_in(context: Context, found: Document) -> None:
    """Read the table once and keep its rows; a table that cannot be read ends the import."""
    try:
        header, table = context.read_table(context.files.read(found["file"], MOST_BYTES), found["file_type"])
        columns = name_columns(found["kind"], header)
    except (Invalid, NotFound, TooLarge) as error:
        problem = {"code": error.code, "params": error.params}
        changes = {"state": "failed", "problem": problem, "finished_at": context.now(), "next_due_at": None}
        context.imports.update(found["_id"], changes)
        return
    rows = [
        _new_row(found, line, {columns[name]: text for name, text in cells.items() if name in columns})
        for line, cells in table
    ]
    _refuse_repeated(rows)
    context.imports.keep_rows(found["_id"], rows)
    context.imports.update(found["_id"], {"state": "running", "rows": len(rows), "next_due_at": context.now()})


def _new_row(found: Document, line: int, values: dict[str, str]) -> Document:
    return {
        "_id": f"{found['_id']}/{order_of(found['kind'], values, line)}",
        "line": line,
        "key": key_of(found["kind"], values),
        "name": values.get("name", ""),
        "cells": values,
        "outcome": None,
        "subject": None,
        "problems": [],
        "changes": [],
        "warnings": [],
    }


def _refuse_repeated(rows: Sequence[Document]) -> None:
    """A table that names the same one twice contradicts itself; the first row counts."""
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(row["key"], row["line"])
        if row["key"] and first != row["line"]:
            row["outcome"] = "refused"
            row["problems"] = [field_error("", "row_repeated", line=first)]


def _work_on(context: Context, found: Document) -> bool:
    """Work on the next rows; whether there are more."""
    rows = context.imports.open_rows(found["_id"], CHUNK)
    acting = rehearsing(context) if found["dry_run"] else context
    actor = Actor(found["actor"]["subject"], frozenset(found["actor"]["roles"]), found["actor"]["agency"])
    if found["dry_run"] and found["kind"] == "agencies" and rows:
        _work(acting, found, context.imports.rows_before(found["_id"], rows[0]["_id"]), actor)
    context.imports.settle_rows(_work(acting, found, rows, actor))
    return len(rows) == CHUNK


def _work(context: Context, found: Document, rows: Sequence[Document], actor: Actor) -> list[Document]:
    """The rows with what became of them."""
    reason = f"Nhập từ tệp {found['file_name']}"[:1000]
    bodies = [BODIES[found["kind"]](row["cells"]) for row in rows]
    commands = [_command(found, row) for row in rows]
    if found["kind"] == "officers":
        described = [
            OfficerRow(body, command, reason, found["sample"]) for body, command in zip(bodies, commands, strict=True)
        ]
        outcomes = bring_in_all(context, described, actor)
        return [_settled(row, outcome) for row, outcome in zip(rows, outcomes, strict=True)]
    return [
        _settled(row, _agency(context, {**body, "sample": found["sample"]}, actor, command, reason))
        for row, body, command in zip(rows, bodies, commands, strict=True)
    ]


def _agency(context: Context, body: dict[str, Any], actor: Actor, command: Command, reason: str) -> Outcome:
    before = context.agencies.find(body.get("code", ""))
    try:
        outcome, code = agency_rows.bring_in(context, body, actor, command, reason=reason)
    except REFUSALS as error:
        return error
    after = context.agencies.find(code)
    assert after is not None
    return Effect(outcome, code, agency_changes(before.document if before else None, after.document))


def _command(found: Document, row: Document) -> Command:
    digest = hashlib.sha256(repr(sorted(row["cells"].items())).encode()).hexdigest()
    return {"key": f"import:{row['_id']}", "digest": digest, "answer": {}}


def _settled(row: Document, outcome: Outcome) -> Document:
    if isinstance(outcome, Error):
        problems = list(outcome.fields) or [field_error("", outcome.code, **outcome.params)]
        return {**row, "outcome": "refused", "subject": None, "problems": problems, "changes": [], "warnings": []}
    changes, warnings = list(outcome.changes), list(outcome.warnings)
    became = {"outcome": outcome.outcome, "subject": outcome.subject, "changes": changes, "warnings": warnings}
    return {**row, **became, "problems": []}
