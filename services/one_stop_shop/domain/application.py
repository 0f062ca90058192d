"""An application as the rules see it: a mapping in the shape of its document, and a decision about it.

A decision never changes the mapping. It says which fields change and which fact is announced; `settle` adds the
fields that follow from the others, so that no decision has to remember them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from services.one_stop_shop.domain.actors import Actor
from services.one_stop_shop.domain.agencies import Directory
from services.one_stop_shop.domain.clock import Clock, nearly_due
from services.one_stop_shop.domain.forms import Lookup
from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.read_model import queue_fields
from services.one_stop_shop.domain.statuses import RUNNING, Status
from shared.errors import Invalid, field_error
from shared.working_time import WorkingTime

Application = Mapping[str, Any]
Changes = dict[str, Any]

_CLOCKS_APART = timedelta(minutes=5)
"""How far the clock of another system may be from ours."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a decision may look at beside the application and the request: who acts, when, under which rules."""

    now: datetime
    actor: Actor
    version: ProcedureVersion
    working_time: WorkingTime
    directory: Directory
    lookup: Lookup
    longest_to_pay: timedelta


@dataclass(frozen=True, slots=True)
class Decision:
    """One fact about an application: the event's name, the changed fields, the event's own data, and why.

    `beside` are decisions on other applications that become true together with this one or not at all.
    """

    event: str
    changes: Changes
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    beside: tuple[tuple[Application, "Decision"], ...] = ()


def clock_of(application: Application) -> Clock | None:
    """The legal clock, or None before reception."""
    return Clock.from_dict(application["clock"]) if application.get("clock") else None


def check_past(path: str, moment: datetime, occasion: Occasion, *, since: datetime) -> None:
    """Refuse a fact that lies in the future, or before what it can only follow."""
    if moment > occasion.now + _CLOCKS_APART:
        raise Invalid("request_invalid", fields=[field_error(path, "in_future")])
    if moment < since - _CLOCKS_APART:
        raise Invalid("request_invalid", fields=[field_error(path, "too_long_ago", earliest=since.isoformat())])


def settle(before: Application, changes: Changes, occasion: Occasion) -> Changes:
    """The changes of a decision with everything that follows from them: due moments, queues, due work."""
    after = {**before, **changes}
    if after["status"] != before.get("status"):
        after["previous_status"] = before.get("status")
    if "synchronisation" not in changes:
        after["synchronisation"] = {**before.get("synchronisation", {}), "state": "pending"}
    clock = clock_of(after)
    after["open"] = after["status"] in RUNNING
    after["due_at"] = clock.due_at if clock else None
    after["deadline_at"] = _deadline(after)
    after["near_due_at"] = _near_due(after, clock, occasion.working_time)
    after["due_work"] = _due_work(before, after, clock, occasion)
    after["next_due_at"] = min((work["at"] for work in after["due_work"]), default=None)
    after |= queue_fields(after)
    return {name: value for name, value in after.items() if name in _ALWAYS or before.get(name, _ABSENT) != value}


_ALWAYS = frozenset({"due_work", "next_due_at"})  # whoever looks for due work moves these without a new version
_ABSENT = object()


def _deadline(after: Application) -> datetime | None:
    match Status(after["status"]):
        case Status.SUBMITTED:
            return cast(datetime, after["reception_due_at"])
        case Status.RECEIVED | Status.IN_PROCESS:
            return cast("datetime | None", after["due_at"])
        case Status.SUPPLEMENT:
            return cast(datetime, after["supplements"][-1]["supply_by"])
        case Status.PAYMENT:
            return cast(datetime, after["payment"]["expires_at"])
    return None


def _near_due(after: Application, clock: Clock | None, working_time: WorkingTime) -> datetime | None:
    """From when the agency's own deadline is near: that of the reception, then that of the result."""
    if after["status"] == Status.SUBMITTED:
        due_at = after["reception_due_at"]
        return nearly_due(working_time, due_at, working_time.between(after["submitted_at"], due_at))
    return clock.near_due_at(working_time) if clock and clock.running else None


_STAYS_TRUE = frozenset({"reception_late", "deadline_missed"})


def _due_work(before: Application, after: Application, clock: Clock | None, occasion: Occasion) -> list[Changes]:
    """What the platform itself must do later.

    A deadline that has passed but was not yet told stays: that an application was late remains true when it is
    paused or finished a minute afterwards. A moment in the past is never entered anew, so nothing is told twice.
    """
    now = occasion.now
    untold = [work for work in before.get("due_work", ()) if work["at"] <= now and work["kind"] in _STAYS_TRUE]
    return untold + [{"kind": kind, "at": at} for kind, at in _coming(after, clock, occasion) if at and at > now]


def _coming(after: Application, clock: Clock | None, occasion: Occasion) -> Iterator[tuple[str, datetime | None]]:
    match Status(after["status"]):
        case Status.SUBMITTED:
            yield "reception_late", after["reception_due_at"]
        case Status.SUPPLEMENT:
            yield "supplement_expired", after["supplements"][-1]["supply_by"]
        case Status.PAYMENT:
            yield "payment_expired", after["payment"]["expires_at"]
    if clock is not None and clock.running:
        yield "deadline_near", clock.near_due_at(occasion.working_time)
        yield "deadline_missed", clock.due_at
