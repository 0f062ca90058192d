"""One change of one aggregate: the entry that is also the event, and the answer to whoever asked for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.feeds import said_of_feed
from services.conference_booking.domain.finding import settle
from services.conference_booking.domain.holdings import swap_of
from services.conference_booking.domain.incidents import settle as settle_incident
from services.conference_booking.domain.networks import capacity_of
from services.conference_booking.domain.news import note
from services.conference_booking.domain.training import PASSED
from services.conference_booking.domain.training import settle as settle_training
from services.conference_booking.ports import Aggregates
from services.conference_booking.usecases.context import Context
from shared.actors import Signature
from shared.commands import first_document, write_entry
from shared.contracts.base import Event
from shared.contracts.conference_booking import (  # noqa: F401  # what decisions announce by its name
    incident_events,
    readiness_events,
    script_events,
    training_events,
)
from shared.contracts.conference_booking.events import OWNER
from shared.errors import Stale
from shared.history import Command, Entry

DERIVED = frozenset(
    {
        *("looks", "told", "judged_until", "lines_looked", "lines_kept", "bridged", "present", "stays", "looked_at"),
        *("tries", "news_told"),
    }
)
"""Fields that change without an entry."""

WITHOUT_END = {"ports": 2**40, "recorders": 2**40}
"""The capacity under which what is held already is held on, though there may be less by now."""

Answer = Callable[[Document], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What sets meetings, endpoints and bridges apart."""

    unknown: str
    kept_in: Callable[[Context], Aggregates]
    settle: Callable[[Document, Changes, datetime], Changes]
    said: Callable[[Document, Mapping[str, Any]], dict[str, Any]]
    touched: Callable[[Document, Document], dict[str, Any]] = lambda _, __: {}
    noted: Callable[[Document, Decision, Occasion], Changes] = lambda _, decision, __: decision.changes


@dataclass(frozen=True, slots=True)
class Written:
    """What a decision means for the stored aggregate, and the answer to it."""

    before: Document
    changes: Changes
    entry: Entry
    answer: dict[str, Any]

    @property
    def after(self) -> Document:
        """The aggregate as it will be."""
        return {**self.before, **self.changes}


def meeting_receipt(meeting: Document, preempted: tuple[str, ...] = ()) -> dict[str, Any]:
    """Where a meeting stands now (`MeetingReceipt`), as plain JSON values."""
    return {
        "id": meeting["_id"],
        "state": meeting["state"],
        "version": meeting["version"],
        "sequence": meeting["sequence"],
        "hold_until": hold.isoformat() if (hold := _held_until(meeting)) else None,
        "preempted": list(preempted),
    }


def _held_until(meeting: Document) -> datetime | None:
    """Until when something is held without being approved: the meeting, or a change of it."""
    until: datetime | None = meeting["hold_until"] or (meeting.get("proposed") or {}).get("hold_until")
    return until


def resource_receipt(resource: Document) -> dict[str, Any]:
    """Where an endpoint or a bridge stands now (`ResourceReceipt`)."""
    return {"key": resource["_id"], "version": resource["version"], "state": resource.get("state")}


_SAID = (
    "network",
    "title",
    "rank",
    "state",
    "convener",
    "chair",
    "endpoints",
    "standby",
    "starts",
    "minutes",
    "zone",
    "rule",
    "sequence",
)


def _said_of_meeting(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    said = {name: after[name] for name in _SAID} | {"at_risk": bool(after["at_risk"])}
    said["hold_until"] = _held_until(after)
    return said | {"sessions_in_all": len(after["sessions"]), "alternatives": [], **data}


def _touched_sessions(before: Document, after: Document) -> dict[str, Any]:
    """Only the sessions that are otherwise now: a long series is not told anew in each of its many entries."""
    former = {one["n"]: _said_of_session(one) for one in before.get("sessions", ())}
    return {"sessions": [one for one in map(_said_of_session, after["sessions"]) if one != former.get(one["n"])]}


def _said_of_session(session: Mapping[str, Any]) -> dict[str, Any]:
    return {name: session[name] for name in ("n", "start", "end", "state")}


def _said_of_endpoint(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    names = ("network", "agency", "name", "level", "seats", "state")
    return {name: after[name] for name in names} | {"until": after["state_until"], **data}


def _said_of_technician(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: after[name] for name in ("network", "agency", "endpoints", "active")} | dict(data)


def _said_of_script(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    newest = after["releases"][-1]["n"] if after["releases"] else None
    said = {"network": after["network"], "state": after["state"], "items": len(after["items"]), "release": newest}
    return said | dict(data)


def _said_of_run(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: after[name] for name in ("network", "meeting", "session")} | dict(data)


def _said_of_room(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    names = ("network", "meeting", "session", "wanted", "state", "capacity")
    return {name: after[name] for name in names} | dict(data)


def _said_of_readiness(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: after[name] for name in ("network", "meeting", "session")} | dict(data)


def _said_of_bridge(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: after[name] for name in ("network", "ports", "reserve", "recorders")} | dict(data)


def _said_of_course(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: after[name] for name in ("network", "name", "months", "required", "active")} | dict(data)


def _said_of_training(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    results = [row["result"] for row in after["attendance"]]
    counts = {"attended": len(results) - results.count("absent"), "passed": results.count(PASSED)}
    return {name: after[name] for name in ("network", "course", "day", "state")} | counts | dict(data)


def _said_of_incident(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    names = ("network", "endpoint", "line", "meeting", "session", "severity", "symptom", "origin", "state", "began_at")
    return {name: after[name] for name in (*names, "impact_minutes")} | dict(data)


def _said_of_invitation(after: Document, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"network": after["network"], **data}


def _as_it_is(before: Document, changes: Changes, now: datetime) -> Changes:
    return changes


MEETING = Kind("meeting_unknown", lambda context: context.meetings, settle, _said_of_meeting, _touched_sessions, note)
ENDPOINT = Kind("endpoint_unknown", lambda context: context.endpoints, _as_it_is, _said_of_endpoint)
TECHNICIAN = Kind("technician_unknown", lambda context: context.technicians, _as_it_is, _said_of_technician)
INVITATION = Kind("meeting_unknown", lambda context: context.invitations, _as_it_is, _said_of_invitation)
FEED = Kind("feed_unknown", lambda context: context.feeds, _as_it_is, said_of_feed)
SCRIPT = Kind("meeting_unknown", lambda context: context.scripts, _as_it_is, _said_of_script)
RUN = Kind("session_unknown", lambda context: context.runs, _as_it_is, _said_of_run)
ROOM = Kind("session_unknown", lambda context: context.rooms, _as_it_is, _said_of_room)
READINESS = Kind("session_unknown", lambda context: context.readiness, _as_it_is, _said_of_readiness)
COURSE = Kind("course_unknown", lambda context: context.courses, _as_it_is, _said_of_course)
TRAINING = Kind("training_unknown", lambda context: context.trainings, settle_training, _said_of_training)
INCIDENT = Kind("incident_unknown", lambda context: context.incidents, settle_incident, _said_of_incident)
BRIDGE = Kind("network_unknown", lambda context: context.bridges, _as_it_is, _said_of_bridge)


def write(
    kind: Kind,
    before: Document,
    decision: Decision,
    occasion: Occasion,
    signature: Signature,
    answer: Answer,
    command: Command | None = None,
) -> Written:
    """The changed fields, the history entry and the answer of a decision; `before` may be without anything yet."""
    changes = kind.settle(before, kind.noted(before, decision, occasion), occasion.now)
    after = {**before, **changes, "version": before["version"] + 1}
    answered = answer(after)
    event = Event.registry[f"{OWNER}.{decision.event}.v1"]
    entry = write_entry(
        before,
        event,
        event.dump(**kind.said(after, kind.touched(before, after) | decision.data)),
        at=occasion.now,
        actor={**signature},
        reason=decision.reason,
        command=command,
        answered=answered,
        after=after,
        aside=DERIVED,
    )
    return Written(before, changes, entry, answered)


def keep(context: Context, kind: Kind, written: Written) -> bool:
    """Store it; False when somebody changed the aggregate meanwhile, or made one of this id."""
    before = written.before
    if not before["version"]:
        return kind.kept_in(context).add(first_document(before, written.changes, written.entry))
    return kind.kept_in(context).save(before["_id"], before["version"], written.changes, written.entry)


def follow(context: Context, meeting: Document, decision: Decision, occasion: Occasion) -> None:
    """Let the platform itself change a meeting, which gives back what the change no longer holds and takes nothing new.

    Raises:
        Stale: somebody changed it meanwhile; whoever looks for what is due looks again.
    """
    written = write(MEETING, meeting, decision, occasion, CLOCKWORK.sign(), meeting_receipt)
    swap = swap_of(meeting, written.after)
    network = occasion.network.key

    def work() -> None:
        context.claims.give_back(network, swap.given)
        held_on = context.claims.take(network, [*swap.taken, *swap.kept], WITHOUT_END)
        if not held_on or not keep(context, MEETING, written):
            raise Stale("version_stale")

    context.together(work)


def capacity(context: Context, network: str) -> dict[str, int]:
    """What may be claimed of a network's bridge; nothing where none was set up."""
    found = context.bridges.find(network)
    return capacity_of(found.document) if found else {"ports": 0, "recorders": 0}
