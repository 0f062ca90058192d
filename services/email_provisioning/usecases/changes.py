"""One change of one aggregate: the entry that is also the event, carrying the whole public state after it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from services.email_provisioning.domain.actors import Actor
from services.email_provisioning.domain.decisions import Changes, Decision
from shared.commands import write_entry
from shared.contracts.base import Event, Payload
from shared.contracts.email_provisioning.events import OWNER, AgencyPayload, OfficerPayload
from shared.contracts.email_provisioning.mail_events import MailboxPayload
from shared.history import Command, Entry

DERIVED = frozenset(
    {"within", "position"}
    | {"places", "serving"}  # of officers
    | {"held", "owner", "person", "hosts", "waiting", "waiting_since"}  # of mailboxes
)
"""Fields that follow from others, from agencies further up, or from what hosts report, and change without an entry."""

Document = Mapping[str, Any]
Answer = Callable[[Document], dict[str, Any]]


def record(
    before: Document,
    decision: Decision,
    derived: Changes,
    *,
    at: datetime,
    actor: Actor,
    answer: Answer,
    command: Command | None = None,
) -> tuple[Changes, Entry, dict[str, Any]]:
    """The changed fields, the history entry and the answer of a decision; `derived` follows from the changes."""
    changes = {**decision.changes, **derived}
    after = {**before, **changes, "version": before["version"] + 1}
    answered = answer(after)
    event = Event.registry[f"{OWNER}.{decision.event}.v1"]
    entry = write_entry(
        before,
        event,
        event.dump(**_public_state(event, after)),
        at=at,
        actor={**actor.sign()},
        reason=decision.reason,
        command=command,
        answered=answered,
        after=after,
        aside=DERIVED,
    )
    return changes, entry, answered


def agency_receipt(agency: Document) -> dict[str, Any]:
    """Where an agency stands now (`AgencyReceipt`)."""
    return {"code": agency["code"], "version": agency["version"], "closed_on": agency["closed_on"]}


def officer_receipt(officer: Document) -> dict[str, Any]:
    """Where an officer stands now (`OfficerReceipt`)."""
    return {"id": officer["_id"], "version": officer["version"], "posts": len(officer["posts"])}


def _public_state(event: type[Event], after: Document) -> dict[str, Any]:
    """What the payload declares, out of the document; days are typed again."""
    state = {name: after.get(name) for name in _names(event.payload)}
    if event.payload is AgencyPayload:
        return {**_typed(state, "opened_on", "closed_on"), "units": [_typed_unit(unit) for unit in after["units"]]}
    if event.payload is MailboxPayload:
        aliases = [_typed(alias, "until") for alias in after["aliases"]]
        return {**_typed(state, "revoke_on", "revoked_on"), "aliases": aliases}
    assert event.payload is OfficerPayload
    return {**state, "posts": [_typed(post, "starts_on", "ends_on") for post in after["posts"]]}


@cache
def _names(payload: type[Payload]) -> tuple[str, ...]:
    """The fields of a payload; making a schema costs more than using it."""
    return tuple(payload().fields)


def _typed_unit(unit: Mapping[str, Any]) -> dict[str, Any]:
    return _typed(unit, "opened_on", "closed_on")


def _typed(values: Mapping[str, Any], *days: str) -> dict[str, Any]:
    return {**values, **{name: date.fromisoformat(values[name]) if values[name] else None for name in days}}
