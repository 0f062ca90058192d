"""Officers as a table describes them: new ones are stored together, the others changed one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.email_provisioning.domain import officers as rules
from services.email_provisioning.domain.access import sees_officer
from services.email_provisioning.domain.actors import SYSTEM, Actor
from services.email_provisioning.domain.decisions import Decision
from services.email_provisioning.domain.posts import Post, lasting
from services.email_provisioning.ports import AlreadyThere, Document
from services.email_provisioning.usecases.context import Context, occasion_of
from services.email_provisioning.usecases.loading import agencies_of_posts
from services.email_provisioning.usecases.officers import change, first_of, officer_id, taken
from shared.contracts.email_provisioning.requests import AppointOfficer
from shared.errors import Conflict, Error, Forbidden, Invalid, NotFound, Stale
from shared.history import Command
from shared.requests import read_request

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One row: the body that it describes, what was in it at all, and the command that it is."""

    described: Mapping[str, Any]
    command: Command
    reason: str
    sample: bool


Outcome = tuple[str, str] | Error
"""What became of a row and of whom, or why it was refused."""

REFUSALS = (Invalid, Conflict, Forbidden, NotFound)
"""What says that the row is wrong; anything else passes and is tried again."""


def bring_in_all(context: Context, rows: Sequence[OfficerRow], actor: Actor) -> list[Outcome]:
    """Make the officers what the rows describe; staff numbers tell who is who."""
    bodies = [_read(row) for row in rows]
    sound = [body for body in bodies if not isinstance(body, Error)]
    existing = context.officers.by_number(body["number"] for body in sound)
    posts = [body["post"] for body in sound] + [post for officer in existing.values() for post in officer["posts"]]
    agencies = agencies_of_posts(context, posts)
    outcomes: list[Outcome] = []
    new: dict[int, Document] = {}
    for number, (row, body) in enumerate(zip(rows, bodies, strict=True)):
        try:
            if isinstance(body, Error):
                raise body
            officer = existing.get(body["number"])
            if officer is None:
                identifier = officer_id(f"number:{body['number']}")
                new[number], _ = first_of(context, identifier, body, agencies, actor, row.command)
                outcomes.append((CREATED, identifier))
            else:
                outcomes.append((_change(context, officer, row, body, agencies, actor), officer["_id"]))
        except REFUSALS as error:
            outcomes.append(error)
    for number, refused in zip(new, context.officers.add_all(list(new.values())), strict=True):
        if refused is not None:
            outcomes[number] = _met(context, new[number], refused, rows[number].command)
    return outcomes


def _met(context: Context, document: Document, refused: AlreadyThere, command: Command) -> Outcome:
    """What became of a new officer who was there already when stored: another replica may work on the same row.

    Raises:
        Stale: somebody else appointed the same officer in this moment; the row is looked at again.
    """
    if refused.field != "_id":
        return taken(refused, document)
    loaded = context.officers.find(document["_id"], command["key"])
    if loaded is None or loaded.repeated is None:
        raise Stale("version_stale")
    return CREATED, document["_id"]


def _read(row: OfficerRow) -> Body | Error:
    try:
        body = read_request(AppointOfficer, {**row.described, "reason": row.reason, "sample": row.sample})
    except Invalid as error:
        return error
    return body


def _change(
    context: Context, officer: Document, row: OfficerRow, body: Body, agencies: dict[str, Document], actor: Actor
) -> str:
    if not actor.has(SYSTEM) and not sees_officer(actor, officer):
        raise Conflict("number_taken", number=body["number"])
    occasion = occasion_of(context, actor)
    outcome = UNCHANGED
    named = {name: body[name] for name in row.described if name in ("name", "account", "phone", "birth_date")}
    try:
        decision: Decision | None = rules.change_officer(officer, {**named, "reason": row.reason}, agencies, occasion)
    except Conflict as error:
        if error.code != "officer_unchanged":
            raise
        decision = None
    if decision is not None:
        officer, outcome = _store(context, officer, decision, agencies, actor, row.command), CHANGED
    decide = _how_to_post(lasting(officer["posts"], context.today()), body["post"], row.described["post"], agencies)
    if decide is not None:
        decision = decide(officer, {"post": body["post"], "reason": row.reason}, agencies, occasion)
        _store(context, officer, decision, agencies, actor, row.command)
        outcome = CHANGED
    return outcome if outcome == CHANGED else _outcome_before(context, officer, row.command)


def _how_to_post(
    held: Sequence[Post], post: Mapping[str, Any], named: Mapping[str, Any], agencies: Mapping[str, Document]
) -> Any:
    """Whether the row's post is held already, follows on the one held, or is the first after having left."""
    agency = agencies.get(post["agency"])
    code = agency["code"] if agency else post["agency"]
    wanted: dict[str, Any] = {"agency": code, "title": " ".join(post["title"].split())}
    if "unit" in named:
        wanted["unit"] = post["unit"]
    if "roles" in named:
        wanted["roles"] = sorted(set(post["roles"]))
    if any(all(known[name] == value for name, value in wanted.items()) for known in held):
        return None
    if len(held) > 1:
        raise Conflict("several_posts", count=len(held))
    return rules.move_officer if held else rules.give_post


def _store(
    context: Context,
    officer: Document,
    decision: Decision,
    agencies: dict[str, Document],
    actor: Actor,
    command: Command,
) -> Document:
    if change(context, officer, decision, agencies, actor, command) is None:
        raise Stale("version_stale")
    loaded = context.officers.find(officer["_id"])
    assert loaded is not None
    return loaded.document


def _outcome_before(context: Context, officer: Document, command: Command) -> str:
    """The outcome of the same row before a crash; nothing is left to do for it now."""
    loaded = context.officers.find(officer["_id"], command["key"])
    if loaded is None or loaded.repeated is None:
        return UNCHANGED
    return CREATED if loaded.repeated["seq"] == 1 else CHANGED
