"""What can be held beside endpoints, and who holds: meetings, work on an endpoint, a technician's absence.

Endpoints are held under their own keys; technicians and lines under keys with a mark, so that none is another.
"""

from collections.abc import Mapping
from typing import Any

MAINTENANCE, ABSENCE, MEETING = "maintenance", "absence", "meeting"

_ENDPOINT, _TECHNICIAN = "endpoint:", "technician:"
_MARKS = {"t:": "technician", "l:": "line"}


def technician_thing(key: str) -> str:
    """Under what a technician is held."""
    return f"t:{key}"


def line_thing(endpoint: str, line: Mapping[str, Any]) -> str:
    """Under what a line is held: one that stands by for several endpoints is the same thing for all of them."""
    return f"l:{line.get('shared') or endpoint}"


def kind_of(thing: str) -> str:
    """Whether a thing is an endpoint, a technician or a line."""
    return _MARKS.get(thing[:2], "endpoint")


def key_of(thing: str) -> str:
    """The key of the endpoint, technician or line."""
    return thing[2:] if thing[:2] in _MARKS else thing


def maintenance_holder(endpoint: str) -> str:
    """Who holds an endpoint that is worked on."""
    return f"{_ENDPOINT}{endpoint}"


def absence_holder(technician: str) -> str:
    """Who holds a technician who is away."""
    return f"{_TECHNICIAN}{technician}"


def held_by(holder: str) -> str:
    """What kind of holder it is."""
    if holder.startswith(_ENDPOINT):
        return MAINTENANCE
    return ABSENCE if holder.startswith(_TECHNICIAN) else MEETING


def is_meeting(holder: str) -> bool:
    """Whether a meeting holds."""
    return held_by(holder) == MEETING
