"""What every change of an aggregate has in common: the command behind it, its entry in the history, its version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.actors import Signature
from shared.contracts.base import Event
from shared.errors import Invalid, Stale
from shared.history import Command, Entry, as_stored, next_entry, state_digest
from shared.observability import correlation_id, traceparent

ATTEMPTS = 5
"""How often a command that named no version is tried when others change the aggregate at the same time."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An aggregate without its history, and the entry of an earlier command with the same key, if there is one."""

    document: dict[str, Any]
    repeated: Entry | None


def command_of(request: dict[str, Any]) -> Command:
    """The idempotency key and digest that came with a command; the answer is filled in by whoever answers."""
    command = request["_command"]
    return {"key": command["key"], "digest": command["digest"], "answer": {}}


def repeated_answer(repeated: Entry | None, command: Command) -> dict[str, Any]:
    """What was answered the first time, out of the entry that the key of this command left.

    Raises:
        Invalid: when the key was used for something else.
    """
    if repeated is None or repeated["command"]["digest"] != command["digest"]:
        raise Invalid("idempotency_key_reused")
    return repeated["command"]["answer"]


def attempts(request: dict[str, Any]) -> range:
    """One for each time that a command is tried: it is tried once when it named the version that it is about."""
    return range(1 if "_version" in request else ATTEMPTS)


def check_version(aggregate: Mapping[str, Any], request: dict[str, Any]) -> None:
    """Refuse a command that was given in view of another version.

    Raises:
        Stale: somebody changed the aggregate since.
    """
    if request.get("_version", aggregate["version"]) != aggregate["version"]:
        raise Stale("version_stale", version=aggregate["version"])


def new_aggregate(identifier: str) -> dict[str, Any]:
    """An aggregate to which nothing has happened yet."""
    return {"_id": identifier, "version": 0, "head": ""}


def write_entry(
    before: Mapping[str, Any],
    event: type[Event],
    data: dict[str, Any],
    *,
    at: datetime,
    actor: Signature,
    reason: str = "",
    command: Command | None = None,
    answered: dict[str, Any],
    after: Mapping[str, Any],
    aside: frozenset[str] = frozenset(),
) -> Entry:
    """The entry, which is the event too, that follows the history of `before`, inside the trace of what runs now.

    Both aggregates are whole, as far as no field stands `aside` (`shared.history.state_digest`).
    """
    return next_entry(
        before["_id"],
        before["version"],
        before["head"],
        type=event.type(),
        at=at,
        actor=actor,
        data=data,
        reason=reason,
        correlation=correlation_id(),
        traceparent=traceparent(),
        command={**command, "answer": answered} if command else None,
        found=state_digest(before, aside) if before["version"] else "",
        left=state_digest(_as_stored(before, after), aside),
    )


def _as_stored(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """An aggregate as it will be read again; what stays as it was has been read already."""
    return {name: value if value is before.get(name) else as_stored(value) for name, value in after.items()}


def first_document(before: Mapping[str, Any], changes: Mapping[str, Any], entry: Entry) -> dict[str, Any]:
    """The document of a new aggregate with its first entry, not announced yet."""
    return {
        **before,
        **changes,
        "version": entry["seq"],
        "head": entry["hash"],
        "history": [entry],
        "outbox": [entry["seq"]],
    }
