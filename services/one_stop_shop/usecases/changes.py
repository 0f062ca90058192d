"""One change of one application: settle what follows, write the entry that is also the event, save, answer."""

from collections.abc import Callable
from typing import Any

from services.one_stop_shop.domain.application import Application, Changes, Decision, Occasion, settle
from services.one_stop_shop.domain.read_model import found_by
from services.one_stop_shop.usecases.receipts import receipt
from shared.actors import Signature
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.base import Event
from shared.contracts.one_stop_shop import payment_events, result_events  # noqa: F401  # what decisions announce
from shared.contracts.one_stop_shop.events import OWNER
from shared.history import Command, Entry

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
    if "matter" in decision.changes:
        changes |= found_by({**before, **changes})
    after = {**before, **changes, "version": before["version"] + 1}
    answered = answer(after)
    event = Event.registry[f"{OWNER}.{decision.event}.v1"]
    entry = write_entry(
        before,
        event,
        event.dump(**_said(after, decision)),
        at=occasion.now,
        actor={**signature},
        reason=decision.reason,
        command=command,
        answered=answered,
        after=after,
    )
    return changes, entry, answered


def begun(
    application: str, code: str, decision: Decision, occasion: Occasion, signature: Signature, command: Command | None
) -> dict[str, Any]:
    """The document of a new application with its first entry, not announced yet."""
    before = new_application(application, code)
    changes, entry, _ = record(before, decision, occasion, signature, command)
    return first_document(before, changes, entry)


def new_application(application: str, code: str) -> Application:
    """An application to which nothing has happened yet."""
    return {**new_aggregate(application), "code": code}


def _said(after: Application, decision: Decision) -> dict[str, Any]:
    return {
        "code": after["code"],
        "procedure": after["procedure"]["code"],
        "agency": after["received_agency"],
        "status": after["status"],
        "previous_status": after["previous_status"],
        "due_at": after["due_at"],
        **decision.data,
    }
