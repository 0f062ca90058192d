"""Brings processes up in the order of their needs, and ends several at the same time."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping

from local.processes import Process, StartFailed

_POLL_SECONDS = 0.05
_OPTIONAL_SECONDS = 30.0
_START_SECONDS = 120.0


Plan = Mapping[Process, Collection[Process]]
"""What to start, each with those that must be ready before it."""


def bring_up(
    plan: Plan,
    seconds: float,
    on_ready: Callable[[Process, float], object] = lambda process, seconds: None,
    *,
    optional: Collection[Process] = (),
) -> dict[Process, str]:
    """Start everything as early as its plan allows, and tell of each part that is ready and how long it took.

    Answers what of the `optional` was left out and why: it ended or took too long, or needs one that did.

    Raises:
        StartFailed: when another one ended or was not ready in time.
    """
    deadline = time.monotonic() + seconds
    started: dict[Process, float] = {}
    ready: set[Process] = set()
    left_out: dict[Process, str] = {}
    while len(ready) + len(left_out) < len(plan):
        for process in [each for each in plan if each not in ready and each not in left_out]:
            try:
                if process not in started:
                    _start_in_turn(process, plan[process], ready, left_out, started)
                elif _has_become_ready(process, min(deadline, started[process] + _limit(process, optional))):
                    ready.add(process)
                    on_ready(process, time.monotonic() - started[process])
            except StartFailed as error:
                if process not in optional:
                    raise
                left_out[process] = str(error)
        time.sleep(_POLL_SECONDS)
    return left_out


def _limit(process: Process, optional: Collection[Process]) -> float:
    """How many seconds a process may take; the platform does not wait long for what it can do without."""
    return _OPTIONAL_SECONDS if process in optional else float("inf")


def _start_in_turn(
    process: Process,
    before: Collection[Process],
    ready: Collection[Process],
    left_out: Collection[Process],
    started: dict[Process, float],
) -> None:
    """Start a process once those before it are ready.

    Raises:
        StartFailed: one of those was left out.
    """
    if missing := [each for each in before if each in left_out]:
        raise StartFailed(f"{process.name} needs {missing[0].name}")
    if all(each in ready for each in before):
        process.start()
        started[process] = time.monotonic()


def wait_ready(processes: Iterable[Process], seconds: float) -> None:
    """Wait until processes that were started are ready.

    Raises:
        StartFailed: when one ended or was not ready in time.
    """
    deadline = time.monotonic() + seconds
    for process in processes:
        while not _has_become_ready(process, deadline):
            time.sleep(_POLL_SECONDS)


def _has_become_ready(process: Process, deadline: float) -> bool:
    if process.ready:
        return True
    if not process.alive and not process.ready:
        raise StartFailed(_told(process, f"ended with code {process.exit_code}"))
    if time.monotonic() > deadline:
        raise StartFailed(_told(process, "was not ready in time"))
    return False


def _told(process: Process, what: str) -> str:
    return f"{process.name} {what}. The end of {process.log}:\n{process.last_words()}"


Tell = Callable[[str, float, str], None]
"""Hears of each part that became ready: its name, the seconds it took, where it is."""


def start(
    plan: Plan, tell: Tell = lambda name, seconds, where: None, optional: Collection[Process] = ()
) -> dict[Process, str]:
    """Bring up a plan and wait until all of it is ready; answers what of the optional was left out, and why."""
    return bring_up(
        plan,
        _START_SECONDS,
        lambda process, seconds: tell(process.name, seconds, f"process {process.pid}" if process.alive else "done"),
        optional=optional,
    )


def stop_together(processes: list[Process]) -> None:
    """Ask all to end, then wait for each."""
    for process in processes:
        process.ask_to_end()
    for process in processes:
        process.wait_ended()
