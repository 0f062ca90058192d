"""Incidents at endpoints, lines and bridges: who may do what with one in which state, and what it cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from services.conference_booking.domain.actors import STAFF, Actor, Part
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.finding import EVERYBODY, eye_key, position
from services.conference_booking.domain.networks import Network
from services.conference_booking.domain.quality import Band
from shared.errors import Conflict, Forbidden, Invalid, NotFound, field_error


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ON_STANDBY = "on_standby"
    RESTORED = "restored"
    CLOSED = "closed"


STATE_NAMES = {
    State.OPEN: "Mới ghi nhận",
    State.ACKNOWLEDGED: "Đang xử lý",
    State.ON_STANDBY: "Đã chuyển dự phòng",
    State.RESTORED: "Đã khôi phục",
    State.CLOSED: "Đã đóng",
}
SYMPTOM_NAMES = {
    "no_video": {"vi": "mất hình", "en": "no picture"},
    "no_audio": {"vi": "mất tiếng", "en": "no sound"},
    "echo": {"vi": "vọng tiếng", "en": "echo"},
    "frozen": {"vi": "hình đứng", "en": "picture frozen"},
    "lost_link": {"vi": "mất kết nối", "en": "connection lost"},
    "poor_line": {"vi": "đường truyền xấu", "en": "poor line"},
    "power": {"vi": "mất điện", "en": "no power"},
    "bridge": {"vi": "hỏng MCU", "en": "bridge failed"},
}
UNDONE = "follow_up"
"""The key of what has follow-ups that nobody has done."""

UNCLOSED = "unclosed"
WORST, LOST, POOR = 1, 2, 3
"""1: the chair's endpoint or the bridge is lost; 2: another endpoint is; 3: it is worse than it should be."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row; `to` is None where the state stays."""

    action: str
    sources: frozenset[State]
    to: State | None
    event: str


_AFOOT = frozenset({State.OPEN, State.ACKNOWLEDGED})
_UNCLOSED = _AFOOT | {State.ON_STANDBY, State.RESTORED}

# fmt: off
TRANSITIONS: tuple[Transition, ...] = (
    Transition("acknowledge_incident", frozenset({State.OPEN}), State.ACKNOWLEDGED, "incident_acknowledged"),
    Transition("reassess_incident", _UNCLOSED, None, "incident_reassessed"),
    Transition("switch_to_standby", _AFOOT, State.ON_STANDBY, "standby_activated"),
    Transition("restore_incident", _AFOOT | {State.ON_STANDBY}, State.RESTORED, "incident_restored"),
    Transition("close_incident", frozenset({State.ON_STANDBY, State.RESTORED}), State.CLOSED, "incident_closed"),
    Transition("add_follow_up", frozenset(State), None, "follow_up_added"),
    Transition("finish_follow_up", frozenset(State), None, "follow_up_done"),
)
# fmt: on
BY_ACTION = {row.action: row for row in TRANSITIONS}


def check_allowed(incident: Document, action: str) -> Transition:
    """The row of an action.

    Raises:
        Conflict: not in this state.
    """
    row = BY_ACTION[action]
    if incident["state"] not in row.sources:
        state = State(incident["state"])
        told = {"vi": STATE_NAMES[state], "en": state.replace("_", " ")}
        raise Conflict("incident_action_not_allowed", action=action, state=told)
    return row


def allowed_actions(incident: Document) -> list[str]:
    """What those who run the network may do now, in the order of the table."""
    return [row.action for row in TRANSITIONS if incident["state"] in row.sources]


def open_incident(
    body: Mapping[str, Any], occasion: Occasion, endpoint: Document | None, meeting: Document | None, origin: str
) -> Decision:
    """Something is wrong, since `began_at` or now."""
    began = body["began_at"] or occasion.now
    if began > occasion.now:
        raise Conflict("incident_in_future")
    facts: Changes = {name: body[name] for name in ("endpoint", "line", "meeting", "session", "symptom", "what")}
    facts |= {
        "network": occasion.network.key,
        "agency": endpoint["agency"] if endpoint else None,
        "convener": meeting["convener"] if meeting else None,
        "severity": body["severity"] or severity_of(body["symptom"], body["endpoint"], body["line"], meeting),
        "origin": origin,
        "state": State.OPEN.value,
        "opened_at": occasion.now,
        "opened_by": occasion.actor.subject,
        "began_at": began,
    }
    empty = dict.fromkeys(
        ("acknowledged_at", "acknowledged_by", "standby", "standby_at", "restored_at", "closed_at", "impact_minutes")
    )
    return Decision("incident_opened", facts | empty | {"cause": "", "action": "", "report": "", "follow_ups": []})


def severity_of(symptom: str, endpoint: str | None, line: str | None, meeting: Document | None) -> int:
    """How bad it is until somebody says otherwise; a line that nobody uses takes nobody out of a meeting."""
    if symptom == "bridge" or endpoint is None:
        return WORST
    if symptom not in ("lost_link", "power") or (line and line != line_in_use(meeting, endpoint)):
        return POOR
    return WORST if meeting and meeting["chair"] == endpoint else LOST


def line_in_use(meeting: Document | None, endpoint: str) -> str:
    """The kind of the line by which an endpoint is in a meeting."""
    return "backup" if meeting and endpoint in meeting.get("on_backup", ()) else "primary"


def is_further(incident: Document, since: datetime) -> bool:
    """Whether what is bad since a moment is another failure: the incident was over before."""
    over = incident["restored_at"] or incident["closed_at"]
    return over is not None and since > over


def symptom_of(band: Band) -> str:
    """What a line in a bad band looks like."""
    return "lost_link" if band == Band.SILENT else "poor_line"


def acknowledge(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Somebody is at it."""
    by = {"acknowledged_at": occasion.now, "acknowledged_by": occasion.actor.subject}
    return _moved(incident, "acknowledge_incident", by, body)


def reassess(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """It is worse, or not as bad."""
    if body["severity"] == incident["severity"]:
        raise Conflict("incident_unchanged")
    return _moved(incident, "reassess_incident", {"severity": body["severity"]}, body)


def switch(incident: Document, meeting: Document | None, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """The meeting, as it is in the session, goes on over the endpoint's other line, or from the standby endpoint."""
    if incident["endpoint"] is None:
        raise Conflict("incident_without_standby")
    if body["endpoint"]:
        standby = {"kind": "endpoint", "endpoint": body["endpoint"], "line": None}
    else:
        standby = {"kind": "line", "endpoint": None, "line": line_instead(incident, meeting)}
    changes = {"standby": standby, "standby_at": occasion.now, **_impact(incident, occasion.now)}
    return _moved(incident, "switch_to_standby", changes, body)


def restore(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """It works again as it should."""
    at = body["at"] or occasion.now
    if not incident["began_at"] <= at <= occasion.now:
        raise Conflict("incident_restored_when")
    return _moved(incident, "restore_incident", {"restored_at": at, **_impact(incident, at)}, body)


def _impact(incident: Document, until: datetime) -> Changes:
    """Minutes, begun ones too, until the meeting could go on; what was noted first stays."""
    if incident["impact_minutes"] is not None:
        return {}
    return {"impact_minutes": -(-(until - incident["began_at"]) // timedelta(minutes=1))}


def close(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """What it was, what was done, and what is left to do."""
    told: Changes = {name: body[name] for name in ("cause", "action", "report")}
    if body["impact_minutes"] is not None:
        told["impact_minutes"] = body["impact_minutes"]
    follow_ups = incident["follow_ups"]
    for one in body["follow_ups"]:
        follow_ups = [*follow_ups, _follow_up(follow_ups, one)]
    return _moved(incident, "close_incident", told | {"closed_at": occasion.now, "follow_ups": follow_ups}, body)


def add_follow_up(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Something is left to do."""
    follow_ups = [*incident["follow_ups"], _follow_up(incident["follow_ups"], body)]
    return _moved(incident, "add_follow_up", {"follow_ups": follow_ups}, body)


def _follow_up(before: list[Mapping[str, Any]], body: Mapping[str, Any]) -> dict[str, Any]:
    plain = {"what": body["what"], "who": body["who"], "due": body["due"].isoformat() if body["due"] else None}
    return {"n": len(before) + 1, **plain, "done_at": None, "done_by": None}


def finish_follow_up(incident: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """It is done."""
    open_ones = {one["n"] for one in incident["follow_ups"] if one["done_at"] is None}
    if body["number"] not in open_ones:
        raise NotFound("follow_up_unknown", number=body["number"])
    done = {"done_at": occasion.now, "done_by": occasion.actor.subject}
    follow_ups = [{**one, **done} if one["n"] == body["number"] else one for one in incident["follow_ups"]]
    return _moved(incident, "finish_follow_up", {"follow_ups": follow_ups}, body)


def _moved(incident: Document, action: str, changes: Changes, body: Mapping[str, Any]) -> Decision:
    row = check_allowed(incident, action)
    state = {"state": row.to.value} if row.to else {}
    return Decision(row.event, changes | state, reason=body.get("reason", ""))


def line_instead(incident: Document, meeting: Document | None) -> str:
    """The line to which the endpoint goes over: to the other than the one by which it is in the meeting.

    Raises:
        Conflict: what failed is a line that it does not use.
    """
    used = line_in_use(meeting, incident["endpoint"])
    if incident["line"] not in (None, used):
        raise Conflict("line_not_in_use", line=incident["line"])
    return "primary" if used == "backup" else "backup"


def in_meeting(incident: Document, meeting: Document, standby: Mapping[str, Any]) -> Changes:
    """What the switch to standby changes in the session, as the meeting is in it: the line, or who is in whose place.

    The standby endpoint is held already, as is the line: nothing has to be free. Other sessions stay as they are.

    Raises:
        Invalid: the endpoint is none of the standby ones.
        Conflict: the endpoint is not in the meeting any more.
    """
    lost, endpoint = incident["endpoint"], standby["endpoint"]
    if endpoint is None:
        others = {one for one in meeting["on_backup"] if one != lost}
        return {"on_backup": sorted(others | {lost} if standby["line"] == "backup" else others)}
    if endpoint not in meeting["standby"]:
        raise Invalid("request_invalid", fields=[field_error("endpoint", "endpoint_not_on_standby", endpoint=endpoint)])
    if lost not in (meeting["chair"], *meeting["endpoints"]):
        raise Conflict("endpoint_left_meeting", endpoint=lost)

    def seat(key: str) -> str:
        return str(endpoint) if key == lost else str(lost) if key == endpoint else key

    seats = {name: [seat(key) for key in meeting[name]] for name in ("endpoints", "standby")}
    return {"instead": {"chair": seat(meeting["chair"]), **seats}}


def settle(before: Document, changes: Changes, now: datetime) -> Changes:
    """The changes with the keys under which the incident is found."""
    after = {**before, **changes}
    states = ["", after["state"]]
    states += [UNCLOSED] if after["state"] != State.CLOSED else []
    states += [UNDONE] if any(one["done_at"] is None for one in after["follow_ups"]) else []
    keys = [eye_key(eye, after["network"], state) for eye in eyes_of(after) for state in states]
    keys += [f"#{after['meeting']}"] if after["meeting"] else []
    found = {"search": keys, "position": position(after["opened_at"], after["_id"]), "begins": after["opened_at"]}
    return changes | found | {"next_due_at": None}


def eyes_of(incident: Document) -> list[str]:
    """Who sees it: who runs the network, the endpoint's agency, and who convenes the meeting."""
    own = (incident["agency"], incident["convener"])
    return [*dict.fromkeys(agency for agency in own if agency), EVERYBODY]


def sees(actor: Actor, incident: Document, network: Network) -> bool:
    """Whether somebody may read it."""
    house = {Part.APPROVER, Part.OPERATOR, Part.SYSTEM}
    own = bool(actor.agency) and actor.agency in eyes_of(incident) and actor.has(*STAFF)
    return bool(actor.parts(network) & house) or own


def check_opens(actor: Actor, network: Network, endpoint: Document | None, meeting: Document | None) -> None:
    """Refuse who has nothing to do with it: neither the network, nor the endpoint, nor the meeting.

    Raises:
        Forbidden: `role_not_allowed`.
    """
    agencies = {one[name] for one, name in ((endpoint, "agency"), (meeting, "convener")) if one}
    own = actor.agency in agencies and actor.has(*STAFF)
    if not own and not actor.parts(network) & {Part.APPROVER, Part.OPERATOR, Part.SYSTEM}:
        raise Forbidden("role_not_allowed", action="open_incident")
