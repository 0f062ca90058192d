"""The legal clock of one application: from reception to result, with every interval in which it stood.

A clock is a value: each command gives a new one and keeps what held before. `due_at` is stored when it is set,
so that neither a new procedure version nor a new calendar ever moves a promise that was made.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from shared.errors import Conflict, Invalid
from shared.working_time import Duration, Unit, WorkingTime

RECEPTION_TIME = Duration(8, Unit.WORKING_HOURS)
NEAR_DUE = timedelta(hours=8)
"""A deadline is near when less working time than that is left: one working day (D 2.5)."""


class ClockPolicy(StrEnum):
    """What waiting for the applicant does to the time limit; the law differs by procedure."""

    PAUSE_REMAINING = "PAUSE_REMAINING"
    RESTART = "RESTART"
    NONE = "NONE"


class PauseReason(StrEnum):
    """Why a clock stands. Only a supplement can restart it, the other reasons keep the time that is left."""

    SUPPLEMENT = "supplement"
    OBLIGATION = "obligation"
    STOP = "stop"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch in which the clock stood, and who made it stand; it lasts while `paused_to` is missing."""

    paused_from: datetime
    paused_to: datetime | None
    reason: PauseReason
    actor: str


@dataclass(frozen=True, slots=True)
class Extension:
    """A new due moment given with an apology (form 04)."""

    at: datetime
    former_due: datetime
    new_due: datetime
    reason: str
    actor: str


@dataclass(frozen=True, slots=True)
class FormerDue:
    """A due moment that held until `replaced_at`; `cause` is a pause reason or "extension"."""

    due_at: datetime
    replaced_at: datetime
    cause: str


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time limit of one application stands; without `time` the procedure has no due moment.

    `counted_from` is the start, or the last restart under `RESTART`.
    """

    policy: ClockPolicy
    time: Duration | None
    started_at: datetime
    counted_from: datetime
    due_at: datetime | None
    intervals: tuple[Interval, ...] = ()
    extensions: tuple[Extension, ...] = ()
    former_due: tuple[FormerDue, ...] = ()
    stopped_at: datetime | None = None

    @property
    def paused(self) -> bool:
        """Whether an interval is open."""
        return bool(self.intervals) and self.intervals[-1].paused_to is None

    @property
    def running(self) -> bool:
        """Whether time is being counted against the agency."""
        return self.stopped_at is None and not (self.paused and self.policy is not ClockPolicy.NONE)

    @property
    def first_due_at(self) -> datetime | None:
        """The due moment that was promised at reception."""
        return self.former_due[0].due_at if self.former_due else self.due_at

    @property
    def supplements(self) -> int:
        """How often more was asked after reception."""
        return sum(interval.reason is PauseReason.SUPPLEMENT for interval in self.intervals)

    def is_overdue(self, now: datetime) -> bool:
        """Whether the due moment passed while the clock ran."""
        return self.due_at is not None and self._reckoned_at(now) > self.due_at

    def counts_as_late(self, now: datetime) -> bool:
        """Late as Decision 766 counts it: also when more was asked twice, or the apology came after the due moment."""
        apologised_late = any(extension.at > extension.former_due for extension in self.extensions)
        return self.is_overdue(now) or apologised_late or self.supplements > 1

    def used_minutes(self, working_time: WorkingTime, now: datetime) -> int:
        """Working minutes that count against the time limit so far."""
        end = self._reckoned_at(now)
        used = working_time.between(self.counted_from, end)
        if self.policy is not ClockPolicy.NONE:
            for interval in self.intervals:
                if interval.paused_from >= self.counted_from:
                    used -= working_time.between(interval.paused_from, min(interval.paused_to or end, end))
        return used // timedelta(minutes=1)

    def remaining_minutes(self, working_time: WorkingTime, now: datetime) -> int | None:
        """Working minutes until the due moment, negative once it is missed, None when there is none."""
        if self.due_at is None:
            return None
        return working_time.working_minutes_between(self._reckoned_at(now), self.due_at)

    def near_due_at(self, working_time: WorkingTime, ahead: timedelta = NEAR_DUE) -> datetime | None:
        """From when the application is nearly due: `ahead` of it, for short limits at half of the time."""
        if self.due_at is None or self.time is None:
            return None
        whole = self.time.working_time or working_time.between(self.counted_from, self.due_at)
        return nearly_due(working_time, self.due_at, whole, ahead)

    def to_dict(self) -> dict[str, Any]:
        """The form in which a clock is stored; moments stay moments."""
        plain = asdict(self)
        plain["policy"] = str(self.policy)
        plain["time"] = str(self.time) if self.time else None
        for name in ("intervals", "extensions", "former_due"):
            plain[name] = list(plain[name])
        for interval in plain["intervals"]:
            interval["reason"] = str(interval["reason"])
        return plain

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild what `to_dict` gave."""
        rows = {
            "intervals": tuple(Interval(**{**row, "reason": PauseReason(row["reason"])}) for row in plain["intervals"]),
            "extensions": tuple(Extension(**row) for row in plain["extensions"]),
            "former_due": tuple(FormerDue(**row) for row in plain["former_due"]),
        }
        time = Duration.parse(plain["time"]) if plain["time"] else None
        return cls(**{**plain, **rows, "policy": ClockPolicy(plain["policy"]), "time": time})

    def _reckoned_at(self, now: datetime) -> datetime:
        """The moment up to which time counts: a clock that stands is where it was when it began to stand."""
        if self.stopped_at is not None:
            return self.stopped_at
        return now if self.running else self.intervals[-1].paused_from


def reception_due(working_time: WorkingTime, submitted_at: datetime, time: Duration = RECEPTION_TIME) -> datetime:
    """Until when reception of what was submitted at `submitted_at` must be decided."""
    return working_time.add(submitted_at, time)


def nearly_due(working_time: WorkingTime, due_at: datetime, whole: timedelta, ahead: timedelta = NEAR_DUE) -> datetime:
    """From when a deadline is near: `ahead` of it, but at half of a short time, else all would be near at once."""
    return working_time.subtract(due_at, min(ahead, whole / 2))


def start(working_time: WorkingTime, received_at: datetime, time: Duration | None, policy: ClockPolicy) -> Clock:
    """Start the clock at reception; reception outside hours counts from when the counter opens."""
    started_at = working_time.normalise_reception(received_at)
    due_at = working_time.add(started_at, time) if time else None
    return Clock(policy, time, started_at, started_at, due_at)


def pause(clock: Clock, at: datetime, reason: PauseReason, actor: str) -> Clock:
    """Let the clock stand from `at`."""
    _refuse_stopped(clock)
    _refuse_paused(clock)
    return replace(clock, intervals=(*clock.intervals, Interval(at, None, reason, actor)))


def resume(clock: Clock, working_time: WorkingTime, at: datetime) -> Clock:
    """Let a standing clock go on and set the due moment after its policy; a missed due moment stays missed."""
    _refuse_stopped(clock)
    if not clock.paused:
        raise Conflict("clock_not_paused")
    paused_from, reason = clock.intervals[-1].paused_from, clock.intervals[-1].reason
    at = max(at, paused_from)
    resumed = replace(clock, intervals=(*clock.intervals[:-1], replace(clock.intervals[-1], paused_to=at)))
    if clock.due_at is None or clock.time is None:
        return resumed
    if clock.policy is ClockPolicy.NONE or paused_from > clock.due_at:
        return resumed
    if clock.policy is ClockPolicy.RESTART and reason is PauseReason.SUPPLEMENT:
        restarted = replace(resumed, counted_from=working_time.normalise_reception(at))
        return _with_due(restarted, working_time.add(at, clock.time), at, reason)
    if clock.time.working_time is None:
        due_at = working_time.add(clock.due_at + (at - paused_from), timedelta())
    else:
        due_at = working_time.add(at, working_time.between(paused_from, clock.due_at))
    return _with_due(resumed, due_at, at, reason)


def extend(clock: Clock, at: datetime, new_due: datetime, reason: str, actor: str, *, limit: int = 1) -> Clock:
    """Give a later due moment with an apology, not more often than the procedure allows."""
    _refuse_stopped(clock)
    _refuse_paused(clock)
    if clock.due_at is None:
        raise Conflict("clock_without_due")
    if len(clock.extensions) >= limit:
        raise Conflict("extension_limit_reached", limit=limit)
    if new_due <= max(clock.due_at, at):
        raise Invalid("new_due_not_later", due_at=max(clock.due_at, at).isoformat())
    extension = Extension(at, clock.due_at, new_due, reason, actor)
    return replace(_with_due(clock, new_due, at, "extension"), extensions=(*clock.extensions, extension))


def stop(clock: Clock, at: datetime) -> Clock:
    """End the count with the result; a clock that stands has stopped when it began to stand."""
    _refuse_stopped(clock)
    if not clock.paused:
        return replace(clock, stopped_at=at)
    last = clock.intervals[-1]
    closed = (*clock.intervals[:-1], replace(last, paused_to=at))
    return replace(clock, intervals=closed, stopped_at=at if clock.running else last.paused_from)


def reopen(clock: Clock) -> Clock:
    """Count on after a result was recalled: the agency's own mistake gives it no more time."""
    if clock.stopped_at is None:
        raise Conflict("clock_not_stopped")
    return replace(clock, stopped_at=None)


def _with_due(clock: Clock, due_at: datetime, at: datetime, cause: str) -> Clock:
    if clock.due_at is None or due_at == clock.due_at:
        return clock
    return replace(clock, due_at=due_at, former_due=(*clock.former_due, FormerDue(clock.due_at, at, cause)))


def _refuse_stopped(clock: Clock) -> None:
    if clock.stopped_at is not None:
        raise Conflict("clock_stopped")


def _refuse_paused(clock: Clock) -> None:
    if clock.paused:
        raise Conflict("clock_paused")
