"""Prints Typst templates as PDF, each print in a process of its own that takes its memory with it when it ends.

A register of a thousand rows needs three hundred MiB while it is set; a service that printed it inside would
keep them. Text reaches a template only as JSON data, never as markup, so nothing that a person wrote can become
an instruction, and one order gives the same bytes on every machine.
"""

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.child_process import ChildFailed, run_script

TYPESET = Path(__file__).with_name("typeset.py")
PRINTS_AT_ONCE = 2
"""Of one process; the others wait their turn, so that printing never takes the machine from those who work."""
LONGEST_PRINT_SECONDS = 120


class PrintingError(Exception):
    """A template that cannot be set: a defect of the platform, told in the compiler's words."""


class Press:
    """Prints the templates of one folder."""

    def __init__(self, templates: Path) -> None:
        self._templates = templates
        self._turn = threading.BoundedSemaphore(PRINTS_AT_ONCE)

    def print(self, template: str, data: dict[str, Any], *, issued_at: datetime) -> bytes:
        """Set a template, named without its suffix, with the data that it reads as `sys.inputs.form`.

        Raises:
            PrintingError: the template and the data do not fit together, or the print takes too long.
        """
        order = {
            "root": str(self._templates),
            "template": str(self._templates / f"{template}.typ"),
            "inputs": {"form": json.dumps(data, ensure_ascii=False)},
            "timestamp": int(issued_at.timestamp()),
        }
        with self._turn:
            try:
                return run_script(TYPESET, json.dumps(order).encode(), seconds=LONGEST_PRINT_SECONDS)
            except ChildFailed as error:
                raise PrintingError(str(error)) from error
