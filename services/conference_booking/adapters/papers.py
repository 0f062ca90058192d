"""Prints papers of meetings as tagged PDF."""

from pathlib import Path
from typing import Any

from services.conference_booking.ports import Paper
from shared.printed_text import clean
from shared.printing import Press

TEMPLATES = Path(__file__).parent / "papers"


class TypstPapers:
    """Implements `ports.Papers`: a template for each kind of paper."""

    def __init__(self) -> None:
        self._press = Press(TEMPLATES)

    def print(self, paper: Paper) -> bytes:
        """Set it, whatever letters people used."""
        return self._press.print(paper.kind, _clean(paper.data), issued_at=paper.printed_at)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(one) for one in value]
    return {name: _clean(one) for name, one in value.items()} if isinstance(value, dict) else value
