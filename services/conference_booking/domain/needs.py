"""What a meeting needs: endpoints, the technicians and standby lines it counts on, its share of the bridge."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.conference_booking.domain.decisions import Changes, Document
from services.conference_booking.domain.holders import line_thing, technician_thing
from services.conference_booking.domain.technicians import wrong_duties
from shared.errors import FieldError, Invalid, field_error


@dataclass(frozen=True, slots=True)
class Resources:
    """What there is in a network: endpoints and technicians by their keys, what a place at a resolution costs in ports.

    Where technicians are exclusive, none is at two meetings at once.
    """

    endpoints: Mapping[str, Document]
    technicians: Mapping[str, Document]
    cost: Mapping[str, int]
    exclusive: bool


def connected(body: Mapping[str, Any]) -> list[str]:
    """The endpoints that a meeting connects; a standby is one of them."""
    return sorted({body["chair"], *body["endpoints"], *body["standby"]})


def without_gone(body: Mapping[str, Any]) -> Changes:
    """The duties and standby lines of those endpoints that are in the meeting still."""
    there = connected(body)
    return {
        "technicians": [duty for duty in body.get("technicians", ()) if duty["endpoint"] in there],
        "standby_lines": [key for key in body.get("standby_lines", ()) if key in there],
    }


def needed(body: Mapping[str, Any], resources: Resources) -> Changes:
    """The things that are held, and how much of the bridge; a standby is connected too, so it costs as much.

    Raises:
        Invalid: naming each field that asks for what is not there.
    """
    endpoints = connected(body)
    wrong = [*_wrong(body, resources), *wrong_duties(body.get("technicians", ()), endpoints, resources.technicians)]
    lines, wrong_lines = _lines(body, endpoints, resources)
    if wrong or wrong_lines:
        raise Invalid("request_invalid", fields=[*wrong, *wrong_lines])
    people = {technician_thing(duty["technician"]) for duty in body.get("technicians", ()) if resources.exclusive}
    counts = {"ports": resources.cost[body["resolution"]] * len(endpoints), "recorders": int(body["recording"])}
    agencies = sorted({resources.endpoints[key]["agency"] for key in endpoints})
    return {"things": sorted({*endpoints, *lines, *people}), "counts": counts, "taking_part": agencies}


def _wrong(body: Mapping[str, Any], resources: Resources) -> Iterator[FieldError]:
    paths = [("chair", body["chair"])]
    paths += [(f"{name}.{n}", key) for name in ("endpoints", "standby") for n, key in enumerate(body[name])]
    seats = enumerate(body.get("delegates", ()))
    paths += [(f"delegates.{n}.endpoint", one["endpoint"]) for n, one in seats if one["endpoint"]]
    for path, key in paths:
        if key not in resources.endpoints:
            yield field_error(path, "endpoint_not_here", endpoint=key)
    if body["resolution"] not in resources.cost:
        yield field_error("resolution", "not_a_choice", choices=", ".join(resources.cost))


def _lines(body: Mapping[str, Any], endpoints: list[str], resources: Resources) -> tuple[list[str], list[FieldError]]:
    """The standby lines as they are held; one that several endpoints share carries one of them."""
    held: list[str] = []
    wrong: list[FieldError] = []
    for number, key in enumerate(body.get("standby_lines", ())):
        path, known = f"standby_lines.{number}", resources.endpoints.get(key)
        line = next((line for line in known["lines"] if line["kind"] == "backup"), None) if known else None
        if key not in endpoints:
            wrong.append(field_error(path, "endpoint_not_in_meeting", endpoint=key))
        elif line is None:
            wrong.append(field_error(path, "endpoint_without_backup", endpoint=key))
        elif line_thing(key, line) in held:
            wrong.append(field_error(path, "line_shared", line=line["name"]))
        else:
            held.append(line_thing(key, line))
    return held, wrong
