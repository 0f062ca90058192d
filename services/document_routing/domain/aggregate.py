"""A document or an arrival as the rules see it: a mapping in the shape of what is stored, and a decision about it.

A decision never changes the mapping. It says which fields change and which fact is announced.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.document_types import DocumentTypes
from shared.actors import Actor
from shared.working_time import VIETNAM, WorkingTime

Aggregate = Mapping[str, Any]
Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a decision may look at beside the aggregate and the request: who acts, when, under which rules."""

    now: datetime
    actor: Actor
    directory: Directory
    types: DocumentTypes
    working_time: WorkingTime

    @property
    def today(self) -> date:
        """The day in Viet Nam."""
        return self.now.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Decision:
    """One fact: the event's name, the changed fields, the event's own data, and why."""

    event: str
    changes: Changes
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
