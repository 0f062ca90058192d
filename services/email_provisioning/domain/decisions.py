"""What a rule decided: which fact is announced, and which fields of the aggregate change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.email_provisioning.domain.actors import Actor

Document = Mapping[str, Any]
"""An aggregate in the shape in which it is stored; days are ISO texts, which compare as days do."""

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Decision:
    """One fact about one aggregate; a decision never changes what it was made from."""

    event: str
    changes: Changes
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a decision may look at beside the aggregate and the request: who acts, and which day it is."""

    actor: Actor
    today: date


def plain_day(day: date | None) -> str | None:
    """A day as it is stored."""
    return day.isoformat() if day else None
