"""The internal steps of an application: planned at reception, each with its own time and its own outcome.

Their times sum up to the legal one, but never move it.
"""

from collections.abc import Sequence
from typing import Any

from services.one_stop_shop.domain.actors import RECEPTION_OFFICER
from services.one_stop_shop.domain.application import Occasion
from services.one_stop_shop.domain.procedure import Case
from services.one_stop_shop.domain.read_model import outcome_of
from shared.working_time import Duration

StepRecord = dict[str, Any]


def plan(case: Case) -> list[StepRecord]:
    """All steps of the case, none of them begun."""
    return [
        {
            "key": step.key,
            "name": step.name.vi,
            "role": step.role,
            "time": str(step.time),
            "started_at": None,
            "due_at": None,
            "done_at": None,
            "outcome": None,
            "officer": None,
            "officer_name": None,
            "note": "",
        }
        for step in case.steps
    ]


def begin_reception(steps: Sequence[StepRecord], occasion: Occasion) -> list[StepRecord]:
    """Begin with the work at the counter, where the procedure counts it as its first step."""
    if steps and steps[0]["role"] == RECEPTION_OFFICER:
        return begin_next(steps, occasion)
    return list(steps)


def begin_next(steps: Sequence[StepRecord], occasion: Occasion) -> list[StepRecord]:
    """Begin the first step that has not begun; with none left nothing changes."""
    waiting = next((step for step in steps if not step["started_at"]), None)
    return [_begun(step, occasion) if step is waiting else step for step in steps]


def begin_again(steps: Sequence[StepRecord], occasion: Occasion) -> list[StepRecord]:
    """Take up the last step again after its result was recalled."""
    last = next((step for step in reversed(steps) if step["done_at"]), None)
    return [_begun({**step, "done_at": None, "outcome": None}, occasion) if step is last else step for step in steps]


def complete_current(steps: Sequence[StepRecord], occasion: Occasion, note: str = "") -> list[StepRecord]:
    """The present step is done by the actor, early, on time or late."""
    done = {
        "done_at": occasion.now,
        "officer": occasion.actor.subject,
        "officer_name": occasion.actor.name,
        "note": note,
    }
    present = current(steps)
    return [
        {**step, **done, "outcome": outcome_of(occasion.now, step["due_at"], step["due_at"])}
        if step is present
        else step
        for step in steps
    ]


def current(steps: Sequence[StepRecord]) -> StepRecord | None:
    """The step that is being worked on."""
    return next((step for step in steps if step["started_at"] and not step["done_at"]), None)


def current_key(steps: Sequence[StepRecord]) -> str | None:
    """The key of the step that is being worked on."""
    step = current(steps)
    return step["key"] if step else None


def _begun(step: StepRecord, occasion: Occasion) -> StepRecord:
    due_at = occasion.working_time.add(occasion.now, Duration.parse(step["time"]))
    return {**step, "started_at": occasion.now, "due_at": due_at}
