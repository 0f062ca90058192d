"""The rules of technicians: whom an endpoint can call on, when they are away, and whom a meeting counts on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.holders import absence_holder, technician_thing
from services.conference_booking.domain.networks import minutes
from services.conference_booking.domain.occupancy import Claim, Want
from services.conference_booking.domain.spans import Span
from shared.errors import Conflict, FieldError, NotFound, field_error
from shared.working_time import VIETNAM

_FACTS = ("agency", "name", "phone", "mailbox", "account", "endpoints", "active")

Duty = Mapping[str, str]
"""Which technician a meeting counts on at which endpoint."""


def register(body: Mapping[str, Any]) -> Decision:
    """A new technician, who looks after endpoints from now on."""
    changes: Changes = {name: body[name] for name in _FACTS if name != "active"}
    return Decision("technician_registered", changes | {"network": body["network"], "active": True, "absences": []})


def change(technician: Document, body: Mapping[str, Any]) -> Decision:
    """Other facts; who is not active any more is given no more duties, and keeps those that are given."""
    changes = {name: body[name] for name in _FACTS if name in body and body[name] != technician[name]}
    if not changes:
        raise Conflict("technician_unchanged")
    return Decision("technician_changed", changes, reason=body["reason"])


def plan_absence(technician: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A time in which the technician is away, on the wall clock of Viet Nam."""
    start = datetime.fromisoformat(body["starts"]).replace(tzinfo=VIETNAM)
    if start <= occasion.now:
        raise Conflict("meeting_in_past")
    number = max((plan["n"] for plan in technician["absences"]), default=0) + 1
    plan = {"n": number, "from": start, "until": start + minutes(body["minutes"]), "reason": body["reason"]}
    changes = {"absences": [*technician["absences"], plan]}
    return Decision("technician_absence_planned", changes, {"absence": number}, body["reason"])


def cancel_absence(technician: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """An absence that will not be; what is over stays."""
    rest = [one for one in technician["absences"] if one["n"] != body["number"] or one["until"] <= occasion.now]
    if len(rest) == len(technician["absences"]):
        raise NotFound("absence_unknown", number=body["number"])
    data = {"absence": body["number"]}
    return Decision("technician_absence_cancelled", {"absences": rest}, data, body["reason"])


def absence_claims(technician: Document) -> list[Claim]:
    """What a technician's absences hold: the technician."""
    thing = frozenset({technician_thing(technician["_id"])})
    holder = absence_holder(technician["_id"])
    return [
        Claim(holder, plan["n"], Want(Span(plan["from"], plan["until"]), thing, {}))
        for plan in technician.get("absences", ())
    ]


def wrong_duties(
    duties: Iterable[Duty], connected: Iterable[str], technicians: Mapping[str, Document]
) -> Iterator[FieldError]:
    """What is wrong with the duties that a meeting wants: for endpoints not in it, of people not of the network."""
    there = set(connected)
    for number, duty in enumerate(duties):
        if duty["endpoint"] not in there:
            yield field_error(f"technicians.{number}.endpoint", "endpoint_not_in_meeting", endpoint=duty["endpoint"])
        known = technicians.get(duty["technician"])
        if known is None or not known["active"]:
            path = f"technicians.{number}.technician"
            yield field_error(path, "technician_not_here", technician=duty["technician"])


def without_technician(meeting: Document, wanted: Iterable[str]) -> list[str]:
    """Those of some endpoints at which the meeting counts on nobody."""
    manned = {duty["endpoint"] for duty in meeting.get("technicians", ())}
    return [endpoint for endpoint in wanted if endpoint not in manned]
