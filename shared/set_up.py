"""How set-up jobs speak: a line for everything that changed, in Vietnamese and English; some a person must not miss."""

import sys
from collections.abc import Callable, Iterable

_MARK = "! "


class NotSetUp(Exception):
    """Nothing can be prepared as things are; `problems` says why, a sentence each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def carry_out(job: Callable[[], Iterable[str]]) -> int:
    """Do a job and tell what it changed, or why it could not; the exit code says which."""
    try:
        say(job())
    except NotSetUp as refused:
        say(refused.problems)
        return 1
    return 0


def say(lines: Iterable[str]) -> None:
    """Tell whoever started the job; it goes into the job's log."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def needs_attention(line: str) -> str:
    """A line for what was left undone until somebody does something, though the job went well otherwise."""
    return f"{_MARK}{line}"


def attention_needed(said: Iterable[str]) -> list[str]:
    """Of all that a job said, what a person must not miss."""
    return [line.removeprefix(_MARK) for line in said if line.startswith(_MARK)]
