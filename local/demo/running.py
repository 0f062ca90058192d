"""The platform that the demo uses."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.demo.telling import console
from local.platform import running_platform
from local.processes import StartFailed
from local.state import DEFAULT_FOLDER, Run, State


@contextmanager
def platform_to_use() -> Iterator[Run]:
    """The platform that runs from this folder, or one that lives as long as the block."""
    run = State(DEFAULT_FOLDER).running()
    if run:
        console.print(f"Using the platform at {run.base_url}")
        yield run
        return
    console.print("No platform runs from this folder; starting one for the demo")
    with running_platform(DEFAULT_FOLDER, lambda name, seconds, where: console.print(f"  [dim]{name}: {where}[/dim]")):
        started = State(DEFAULT_FOLDER).running()
        if started is None:
            raise StartFailed("the platform started and did not say where")
        yield started
