"""How set-up jobs speak: a line for everything that changed, in Vietnamese and English; some a person must not miss."""

import sys
from collections.abc import Iterable

_MARK = "! "


def say(lines: Iterable[str]) -> None:
    """Tell whoever started the job; it goes into the job's log."""
    sys.stdout.writelines(f"{line}\n" for line in lines)


def needs_attention(line: str) -> str:
    """A line for what was left undone until somebody does something, though the job went well otherwise."""
    return f"{_MARK}{line}"


def attention_needed(said: Iterable[str]) -> list[str]:
    """Of all that a job said, what a person must not miss."""
    return [line.removeprefix(_MARK) for line in said if line.startswith(_MARK)]
