"""Making an application wait and letting it go on, with the time that it had left.

Before reception the eight hours of the reception decision stand, afterwards the legal clock and the time of the
internal step. However often that happens, number, status and unused time stay what they were.
"""

from datetime import datetime, timedelta
from typing import Any

from services.one_stop_shop.domain import clock as clocks
from services.one_stop_shop.domain.application import Application, Changes, Occasion, clock_of
from services.one_stop_shop.domain.clock import PauseReason
from services.one_stop_shop.domain.statuses import RUNNING, Status


def stand(application: Application, occasion: Occasion, reason: PauseReason) -> Changes:
    """Let whatever clock runs stand from now; one that stands already goes on standing."""
    clock = clock_of(application)
    if application["status"] == Status.SUBMITTED:
        left = occasion.working_time.working_minutes_between(occasion.now, application["reception_due_at"])
        return {"reception_left": max(left, 0)}
    if clock is None or clock.paused:
        return {}
    return {"clock": clocks.pause(clock, occasion.now, reason, occasion.actor.subject).to_dict()}


def go_on(application: Application, occasion: Occasion, status: Status) -> Changes:
    """Return to `status` and let its clock run on; where it only waits for something else, nothing runs yet."""
    changes: Changes = {"status": int(status)}
    if status is Status.SUBMITTED:
        left = timedelta(minutes=application["reception_left"])
        changes["reception_due_at"] = occasion.working_time.add(occasion.now, left)
        return changes
    clock = clock_of(application)
    if status in RUNNING and clock is not None and clock.paused:
        paused_from = clock.intervals[-1].paused_from
        changes["clock"] = clocks.resume(clock, occasion.working_time, occasion.now).to_dict()
        changes["steps"] = [_step_after_pause(step, paused_from, occasion) for step in application["steps"]]
    return changes


def _step_after_pause(step: dict[str, Any], paused_from: datetime, occasion: Occasion) -> dict[str, Any]:
    due_at = step["due_at"]
    if due_at is None or step["done_at"] is not None or due_at <= paused_from:
        return step
    left = occasion.working_time.between(paused_from, due_at)
    return {**step, "due_at": occasion.working_time.add(occasion.now, left)}
