"""How long each step of a long test took: shown with `-rP` and written under `.local/`, never asserted."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from local.state import DEFAULT_FOLDER

FOLDER = DEFAULT_FOLDER / "measured"


class Timetable:
    """Takes the time of steps, and further figures."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._rows: list[tuple[str, str]] = []

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Time what is done inside; a step that fails is not noted."""
        began = time.monotonic()
        yield
        self.note(what, f"{time.monotonic() - began:.3f} s")

    def note(self, what: str, figure: object) -> None:
        """Note a figure."""
        self._rows.append((what, str(figure)))

    def write(self) -> None:
        """Show what was noted, and keep it as `.local/measured/NAME.md`."""
        width = max(len(what) for what, _ in self._rows)
        table = "".join(f"| {what:<{width}} | {figure:>9} |\n" for what, figure in self._rows)
        sys.stdout.write(table)
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / f"{self._name}.md").write_text(f"| step | figure |\n|---|---|\n{table}", "utf-8")
