"""Officers as a table describes them: new ones are stored together, the others changed one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.email_provisioning.domain import officers as rules
from services.email_provisioning.domain.access import sees_officer
from services.email_provisioning.domain.actors import SYSTEM, Actor
from services.email_provisioning.domain.decisions import Changes, Decision, Occasion
from services.email_provisioning.domain.posts import Post, lasting
from services.email_provisioning.domain.row_effects import officer_changes, officer_warnings
from services.email_provisioning.ports import AlreadyThere, Document
from services.email_provisioning.usecases.context import Context, occasion_of
from services.email_provisioning.usecases.loading import agencies_of_posts
from services.email_provisioning.usecases.officers import change, first_of, officer_id, taken
from shared.contracts.email_provisioning.requests import AppointOfficer
from shared.errors import Conflict, Error, FieldError, Forbidden, Invalid, NotFound, Stale, field_error
from shared.history import Command
from shared.requests import read_request

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
Body = dict[str, Any]
Decide = Callable[[Document, Body, Mapping[str, Document], Occasion], Decision]


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """One row: the body that it describes, what was in it at all, and the command that it is."""

    described: Mapping[str, Any]
    command: Command
    reason: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of a row and of whom, what it changes value by value, and what of that deserves a second look."""

    outcome: str
    subject: str
    changes: Sequence[Changes] = ()
    warnings: Sequence[FieldError] = ()


Outcome = Effect | Error
"""What a row did, or why it was refused."""

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
                outcomes.append(_created(context, new[number]))
            else:
                outcomes.append(_change(context, officer, row, body, agencies, actor))
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
    return _created(context, document)


def _created(context: Context, document: Document) -> Effect:
    return Effect(CREATED, document["_id"], officer_changes(None, document, context.today()))


def _read(row: OfficerRow) -> Body | Error:
    try:
        body = read_request(AppointOfficer, {**row.described, "reason": row.reason, "sample": row.sample})
    except Invalid as error:
        return error
    return body


def _change(
    context: Context, officer: Document, row: OfficerRow, body: Body, agencies: dict[str, Document], actor: Actor
) -> Effect:
    if not actor.has(SYSTEM) and not sees_officer(actor, officer):
        raise Conflict("number_taken", number=body["number"])
    occasion, today = occasion_of(context, actor), context.today()
    decisions: list[Decision] = []
    named = {name: body[name] for name in row.described if name in ("name", "account", "phone", "birth_date")}
    try:
        decisions.append(rules.change_officer(officer, {**named, "reason": row.reason}, agencies, occasion))
    except Conflict as error:
        if error.code != "officer_unchanged":
            raise
    found = _how_to_post(lasting(officer["posts"], today), body["post"], row.described["post"], agencies, today)
    if found is not None:
        decide, post = found
        decisions.append(decide(officer, {"post": post, "reason": row.reason}, agencies, occasion))
    if not decisions:
        return Effect(_outcome_before(context, officer, row.command), officer["_id"])
    after = officer
    for decision in decisions:  # all of a row is judged before any of it is stored
        after = _store(context, after, decision, agencies, actor, row.command)
    changes, warnings = officer_changes(officer, after, today), officer_warnings(officer, after, today)
    return Effect(CHANGED, officer["_id"], changes, warnings)


def _how_to_post(
    held: Sequence[Post], post: Body, named: Mapping[str, Any], agencies: Mapping[str, Document], today: str
) -> tuple[Decide, Body] | None:
    """How the row's post becomes the officer's; None when it is held already.

    It follows on the one held, or is the first after having left. What the row does not name stays as it is while the
    post stays at its agency; elsewhere roles are given anew or not at all, for they are of a place.

    Raises:
        Conflict: `several_posts`, the row does not say which of them changes.
        Invalid: `starts_before_held`, the post held would end before it began.
    """
    agency = agencies.get(post["agency"])
    code = agency["code"] if agency else post["agency"]
    wanted: Body = {"agency": code, "title": " ".join(post["title"].split())}
    if "unit" in named:
        wanted["unit"] = post["unit"]
    if "roles" in named:
        wanted["roles"] = sorted(set(post["roles"]))
    if any(all(known[name] == value for name, value in wanted.items()) for known in held):
        return None
    if len(held) > 1:
        raise Conflict("several_posts", count=len(held))
    if not held:
        return rules.give_post, post
    starts_on = post["starts_on"].isoformat() if post["starts_on"] else today
    if starts_on <= held[0]["starts_on"]:
        facts = {"title": held[0]["title"], "since": held[0]["starts_on"]}
        raise Invalid("request_invalid", fields=[field_error("post.starts_on", "starts_before_held", **facts)])
    stays = held[0] if held[0]["agency"] == code else {}
    return rules.move_officer, {**post, **_unnamed(stays, named, starts_on)}


def _unnamed(held: Post, named: Mapping[str, Any], starts_on: str) -> Body:
    """What stays of the post held; its last day only when that has not come before the new one begins."""
    kept = {name: held[name] for name in ("unit", "roles") if name in held and name not in named}
    last_day = held.get("ends_on")
    if last_day and last_day >= starts_on and "ends_on" not in named:
        kept["ends_on"] = date.fromisoformat(last_day)
    return kept


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
