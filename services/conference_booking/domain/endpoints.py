"""The rules of endpoints and bridges: who looks after them, what state they are in, when they are worked on."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.holders import maintenance_holder
from services.conference_booking.domain.networks import minutes
from services.conference_booking.domain.occupancy import Claim, Want
from services.conference_booking.domain.spans import Span
from shared.errors import Conflict, NotFound
from shared.working_time import VIETNAM

LOOKS = 2
LOOK_AGAIN = timedelta(seconds=60)
"""What an endpoint or bridge can no longer give is looked at twice: a meeting asked for before the change may be
stored after the first look. Longer than any request may take."""

_FACTS = ("agency", "name", "level", "seats", "codec", "lines", "mailbox", "probe", "contact")
_OF_BRIDGE = ("ports", "reserve", "recorders")


def register(body: Mapping[str, Any], network: str) -> Decision:
    """A new endpoint, ready for use."""
    changes: Changes = {name: body[name] for name in _FACTS}
    changes |= {"network": network, "state": "ready", "state_reason": "", "state_until": None}
    return Decision("endpoint_registered", changes | {"maintenance": [], "looks": 0, "next_due_at": None})


def change(endpoint: Document, body: Mapping[str, Any], now: datetime) -> Decision:
    """Other facts about an endpoint; with another mailbox its meetings are looked at, to invite that one."""
    changes: Changes = {name: body[name] for name in _FACTS if name in body and body[name] != endpoint.get(name)}
    if not changes:
        raise Conflict("endpoint_unchanged")
    if "mailbox" in changes:
        changes |= to_look_at(now)
    return Decision("endpoint_changed", changes, reason=body["reason"])


def report(endpoint: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The state in which an endpoint is; meetings that count on it are looked at."""
    if body["until"] is not None and body["until"] <= occasion.now:
        raise Conflict("state_over_already")
    until = body["until"] if body["state"] != "ready" else None
    changes = {"state": body["state"], "state_reason": body["reason"], "state_until": until}
    return Decision("endpoint_state_reported", changes | to_look_at(occasion.now), reason=body["reason"])


def to_look_at(now: datetime) -> Changes:
    """What makes the meetings be looked at, at once and once more."""
    return {"looks": LOOKS, "next_due_at": now}


def plan_maintenance(endpoint: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A time in which the endpoint is held for work on it, on the wall clock of Viet Nam."""
    start = datetime.fromisoformat(body["starts"]).replace(tzinfo=VIETNAM)
    if start <= occasion.now:
        raise Conflict("meeting_in_past")
    number = max((plan["n"] for plan in endpoint["maintenance"]), default=0) + 1
    plan = {"n": number, "from": start, "until": start + minutes(body["minutes"]), "reason": body["reason"]}
    changes = {"maintenance": [*endpoint["maintenance"], plan]}
    return Decision("endpoint_maintenance_planned", changes, {"maintenance": number}, body["reason"])


def cancel_maintenance(endpoint: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Work that will not be; what is over stays."""
    rest = [plan for plan in endpoint["maintenance"] if plan["n"] != body["number"] or plan["until"] <= occasion.now]
    if len(rest) == len(endpoint["maintenance"]):
        raise NotFound("maintenance_unknown", number=body["number"])
    data = {"maintenance": body["number"]}
    return Decision("endpoint_maintenance_cancelled", {"maintenance": rest}, data, body["reason"])


def maintenance_claims(endpoint: Document) -> list[Claim]:
    """What an endpoint's maintenance holds: the endpoint itself, nothing of the bridge."""
    return [
        Claim(
            maintenance_holder(endpoint["_id"]), plan["n"], Want(Span(plan["from"], plan["until"]), _one(endpoint), {})
        )
        for plan in endpoint.get("maintenance", ())
    ]


def _one(endpoint: Document) -> frozenset[str]:
    return frozenset({endpoint["_id"]})


def state_now(endpoint: Document, now: datetime) -> str:
    """The state in which it is: `maintenance` while a planned one lasts."""
    if any(plan["from"] <= now < plan["until"] for plan in endpoint["maintenance"]):
        return "maintenance"
    state: str = endpoint["state"]
    return state


def register_bridge(plain: Mapping[str, Any]) -> Decision:
    """The bridge of a network."""
    changes: Changes = {name: plain[name] for name in (*_OF_BRIDGE, "cost", "network")}
    return Decision("bridge_registered", changes | {"looks": 0, "next_due_at": None})


def change_bridge(bridge: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A bridge that can do more or less; meetings beyond that are marked."""
    changes: Changes = {name: body[name] for name in _OF_BRIDGE if name in body and body[name] != bridge[name]}
    if not changes:
        raise Conflict("bridge_unchanged")
    return Decision("bridge_changed", changes | to_look_at(occasion.now), reason=body["reason"])
