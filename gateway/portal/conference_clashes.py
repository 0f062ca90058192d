"""What stands in the way of a meeting, and the buttons of the nearest times at which nothing does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.portal.calls import look_all
from gateway.portal.conference_places import Names
from gateway.portal.language import gettext as _
from gateway.portal.language import words
from shared.working_time import VIETNAM

AT = "gio-"
"""What the value of a button begins with that wants another beginning."""


def in_the_way(tried: Mapping[str, Any], network: str, names: Names) -> dict[str, Any]:
    """What stands in the way, in words: who holds what when, or what of the bridge is too little; and what is free."""
    return {
        "free": tried.get("free", False),
        "earliest": _too_soon(tried),
        "clashes": _clashes_in_words(tried["clashes"], network, names),
        "instead": [
            {"value": f"{AT}{one['starts']}", "starts": _on_the_wall(one["starts"])} for one in tried["alternatives"]
        ],
    }


def _clashes_in_words(clashes: Sequence[Mapping[str, Any]], network: str, names: Names) -> list[dict[str, Any]]:
    """What is held by whom, or is too little."""
    people = _people(network) if any(one["technicians"] for one in clashes) else {}
    return [{**one, "things": _things(one, names, people), "by": words(one["convener_name"])} for one in clashes]


def _too_soon(tried: Mapping[str, Any]) -> datetime | None:
    """When it could begin at the earliest, if what was tried lies before that."""
    if "earliest" not in tried:
        return None
    earliest = datetime.fromisoformat(tried["earliest"]).astimezone(VIETNAM)
    return earliest if _on_the_wall(tried["starts"]) < earliest else None


def _on_the_wall(told: str) -> datetime:
    """Beginnings are asked for and answered as the clocks of the rooms show them."""
    return datetime.fromisoformat(told).replace(tzinfo=VIETNAM)


def _people(network: str) -> Names:
    return {one["key"]: str(one["name"]) for one in look_all("list_technicians", {"network": network})}


def _things(clash: Mapping[str, Any], names: Names, people: Names) -> list[str]:
    """All that one holder has of what is wanted."""
    return [
        *(names.get(key, key) for key in clash["endpoints"]),
        *(_("kỹ thuật viên %(name)s", name=people.get(key, key)) for key in clash["technicians"]),
        *(_("đường truyền dự phòng của %(name)s", name=names.get(key, key)) for key in clash["lines"]),
    ]


def moved(wanted: str) -> dict[str, str]:
    """The parts of another beginning that was chosen."""
    if not wanted.startswith(AT):
        return {}
    try:
        at = datetime.fromisoformat(wanted.removeprefix(AT))
    except ValueError:
        return {}
    parts = {"day": str(at.day), "month": str(at.month), "year": str(at.year), "hour": f"{at:%H:%M}"}
    return {f"starts-{part}": value for part, value in parts.items()}
