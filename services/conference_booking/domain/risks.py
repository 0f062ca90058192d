"""What threatens a meeting: endpoints that are down, a bridge that has less than was claimed of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.occupancy import Occupancy
from services.conference_booking.domain.sessions import AHEAD
from services.conference_booking.domain.spans import Span

TOO_FEW = "Năng lực MCU không đủ"
"""Why sessions are at risk that no longer fit the bridge."""

Risk = dict[str, Any]


def risks_of(
    meeting: Document, endpoints: Mapping[str, Document], occupancy: Occupancy | None, now: datetime
) -> list[Risk]:
    """Everything that threatens sessions which are not over; without an occupancy what was known of the bridge stays.

    An endpoint that is down until some moment threatens what begins before it; one without an end, all.
    """
    ahead = [one for one in meeting["sessions"] if one["state"] in AHEAD and one["until"] > now]
    found = [_of_endpoint(endpoints[key], ahead) for key in meeting["things"] if key in endpoints]
    if occupancy is None:
        found += [risk for risk in meeting.get("at_risk", ()) if risk["kind"] == "bridge"]
    else:
        found.append(_of_bridge(meeting, occupancy, ahead))
    return [risk for risk in found if risk["sessions"]]


def _of_endpoint(endpoint: Document, ahead: list[dict[str, Any]]) -> Risk:
    until = endpoint["state_until"]
    hit = [one["n"] for one in ahead if endpoint["state"] == "down" and (until is None or one["from"] < until)]
    return {"kind": "endpoint", "endpoint": endpoint["_id"], "sessions": hit, "reason": endpoint["state_reason"]}


def _of_bridge(meeting: Document, occupancy: Occupancy, ahead: list[dict[str, Any]]) -> Risk:
    names = [name for name, count in meeting["counts"].items() if count]
    hit = [
        one["n"]
        for one in ahead
        if any(occupancy.least_left(name, Span(one["from"], one["until"])) < 0 for name in names)
    ]
    return {"kind": "bridge", "endpoint": None, "sessions": hit, "reason": TOO_FEW}
