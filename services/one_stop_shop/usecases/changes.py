"""One change of one application: settle what follows, write the entry that is also the event, save, answer."""

from collections.abc import Callable
from typing import Any

from services.one_stop_shop.domain.actors import Signature
from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion, settle
from services.one_stop_shop.domain.read_model import arrival_fields
from services.one_stop_shop.usecases.receipts import receipt
from shared.contracts.base import Event
from shared.contracts.one_stop_shop.events import OWNER
from shared.history import Command, Entry, next_entry
from shared.observability import correlation_id, traceparent

Answer = Callable[[Application], dict[str, Any]]


def record(
    before: Application,
    decision: Decision,
    occasion: Occasion,
    signature: Signature,
    command: Command | None = None,
    answer: Answer = receipt,
) -> tuple[Changes, Entry, dict[str, Any]]:
    """The changed fields, the history entry and the answer of a decision; `before` may be without anything yet."""
    changes = settle(before, decision.changes, occasion)
    after = {**before, **changes, "version": before["version"] + 1}
    answered = answer(after)
    entry = next_entry(
        before["_id"],
        before["version"],
        before["head"],
        type=_event(decision).type(),
        at=occasion.now,
        actor={**signature},
        data=_payload(decision, after),
        reason=decision.reason,
        correlation=correlation_id(),
        traceparent=traceparent(),
        command={**command, "answer": answered} if command else None,
    )
    return changes, entry, answered


def first_document(
    application: str, code: str, decision: Decision, occasion: Occasion, signature: Signature, command: Command | None
) -> dict[str, Any]:
    """The document of a new application with its first entry, not announced yet."""
    before = new_application(application, code)
    changes, entry, _ = record(before, decision, occasion, signature, command)
    document = {
        **before,
        **changes,
        "version": entry["seq"],
        "head": entry["hash"],
        "history": [entry],
        "outbox": [entry["seq"]],
    }
    return document | arrival_fields(document)


def new_application(application: str, code: str) -> Application:
    """An application to which nothing has happened yet."""
    return {"_id": application, "code": code, "version": 0, "head": ""}


def _event(decision: Decision) -> type[Event]:
    return Event.registry[f"{OWNER}.{decision.event}.v1"]


def _payload(decision: Decision, after: Application) -> dict[str, Any]:
    return _event(decision).dump(
        **{
            "code": after["code"],
            "procedure": after["procedure"]["code"],
            "agency": after["received_agency"],
            "status": after["status"],
            "previous_status": after["previous_status"],
            "due_at": after["due_at"],
            **decision.data,
        }
    )
