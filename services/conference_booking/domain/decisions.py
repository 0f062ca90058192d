"""What a rule decided about one aggregate, and what it may look at while deciding."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import Actor
from services.conference_booking.domain.networks import Network, Networks
from shared.working_time import WorkingTime

Document = Mapping[str, Any]
"""A meeting, an endpoint or a bridge in the shape in which it is stored."""

Changes = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who acts, when, in which network and under which rules."""

    now: datetime
    actor: Actor
    network: Network
    networks: Networks
    working_time: WorkingTime


@dataclass(frozen=True, slots=True)
class Decision:
    """One fact: the event's name, the changed fields, the event's own data, and why. It changes nothing by itself."""

    event: str
    changes: Changes
    data: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
