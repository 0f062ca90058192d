"""Meetings, endpoints and networks as they are answered."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from services.conference_booking.domain.actors import Actor
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.endpoints import state_now
from services.conference_booking.domain.formal_letters import current, facts, says
from services.conference_booking.domain.networks import Network, Networks, capacity_of
from services.conference_booking.domain.news import of_convener
from services.conference_booking.domain.occupancy import STEP, Occupancy
from services.conference_booking.domain.rooms import dial_in_for
from services.conference_booking.domain.sessions import AHEAD
from services.conference_booking.domain.spans import Span
from services.conference_booking.domain.transitions import allowed_actions

View = dict[str, Any]
Names = Mapping[str, Mapping[str, str]]

_ROW = ("network", "title", "rank", "state", "convener", "chair", "endpoints", "version")
_MEETING = (
    *("note", "contact", "standby", "resolution", "recording", "starts", "minutes", "zone", "rule", "left_out"),
    *("set_up", "rehearsal", "tear_down", "urgent", "urgent_reason", "sequence", "hold_until", "answer"),
)
_NEWS = ("what", "at", "reason", "sessions", "alternatives")
_ENDPOINT = (
    *("network", "agency", "name", "level", "seats", "codec", "lines", "contact"),
    *("state_reason", "state_until", "version"),
)


def meeting_row(meeting: Document, names: Names) -> View:
    """One row of a list."""
    following = _following(meeting)
    return {
        "id": meeting["_id"],
        **{name: meeting[name] for name in _ROW},
        "convener_name": names.get(meeting["convener"], {}),
        "next_session": _session(following) if following else None,
        "sessions": len(meeting["sessions"]),
        "at_risk": bool(meeting["at_risk"]),
        "change_waits": bool(meeting.get("proposed")),
    }


def meeting_view(meeting: Document, names: Names, actor: Actor, network: Network) -> View:
    """One meeting."""
    decision = meeting["decision"]
    told = {name: decision[name] for name in ("by", "at", "verdict", "said")} if decision else None
    return {
        **meeting_row(meeting, names),
        **{name: meeting[name] for name in _MEETING},
        **{name: meeting.get(name, []) for name in ("delegates", "technicians", "standby_lines")},
        "on_backup": (_following(meeting) or {}).get("on_backup", []),
        "letters": [_letter(row, meeting) for row in meeting.get("letters", ())],
        "ports": meeting["counts"]["ports"],
        "decision": told,
        "news": [{name: row[name] for name in _NEWS} for row in of_convener(meeting)],
        "proposal": _proposal(meeting["proposed"]) if meeting.get("proposed") else None,
        "all_sessions": [_session(session) for session in meeting["sessions"]],
        "risks": meeting["at_risk"],
        "dial_in": dial_in_for(meeting, network, actor),
        "actions": allowed_actions(
            meeting, actor.parts(network, meeting["convener"]) | actor.as_host(meeting["taking_part"])
        ),
    }


def _proposal(proposed: Mapping[str, Any]) -> View:
    changes = {name: value for name, value in proposed["given"].items() if name != "session"}
    return {
        **{name: proposed[name] for name in ("by", "at", "reason", "hold_until")},
        "session": proposed["given"].get("session"),
        "questioned": bool(proposed.get("questioned")),
        "changes": changes,
        "sessions": [_session(one) for one in proposed["sessions"] or ()],
    }


def _following(meeting: Document) -> dict[str, Any] | None:
    """The session that is on, or the next."""
    ahead = (one for one in meeting["sessions"] if one["state"] in AHEAD)
    return min(ahead, key=lambda one: one["start"], default=None)


def _letter(row: Mapping[str, Any], meeting: Document) -> View:
    holds = current(meeting)
    names = ("status", "document", "code")
    outdated = holds is not None and holds["n"] == row["n"] and not says(row, facts(meeting))
    return {"number": row["n"], **{name: row[name] for name in names}, "outdated": outdated}


def _session(session: Mapping[str, Any]) -> View:
    return {
        "number": session["n"],
        "start": session["start"],
        "end": session["end"],
        "held_from": session["from"],
        "held_until": session["until"],
        "state": session["state"],
        "instead": session.get("instead"),
        "on_backup": session.get("on_backup", []),
    }


def endpoint_view(endpoint: Document, now: datetime) -> View:
    """One endpoint, with the work on it that is not over."""
    return {
        "key": endpoint["_id"],
        **{name: endpoint[name] for name in _ENDPOINT},
        "mailbox": endpoint.get("mailbox"),
        "probe": endpoint.get("probe"),
        "state": state_now(endpoint, now),
        "maintenance": plans_view(endpoint["maintenance"], now),
    }


def plans_view(plans: Iterable[Mapping[str, Any]], now: datetime) -> list[View]:
    """Work on an endpoint, or absences of a technician, that are not over."""
    return [
        {"number": one["n"], "held_from": one["from"], "held_until": one["until"], "reason": one["reason"]}
        for one in plans
        if one["until"] > now
    ]


def bridge_view(bridge: Document) -> View:
    """The bridge of a network."""
    names = ("network", "ports", "reserve", "cost", "recorders", "version")
    return {name: bridge[name] for name in names} | {"usable": capacity_of(bridge)["ports"]}


def network_view(network: Network, networks: Networks) -> View:
    """The rules of a network."""
    plain = ("key", "name", "province", "approver", "operator", "set_up", "rehearsal", "tear_down")
    return {
        **{name: getattr(network, name) for name in plain},
        **{name: str(getattr(network, name)) for name in ("lead", "urgent_lead", "hold")},
        "technicians": {"exclusive": network.technicians.exclusive, "required": network.technicians.required},
        "readiness": [{"before": mark.before, "needs": list(mark.needs)} for mark in network.marks],
        "opens": f"{network.opens:%H:%M}",
        "closes": f"{network.closes:%H:%M}",
        "ranks": [{"key": rank.key, "name": rank.name, "preempts": rank.preempts} for rank in networks.ranks.values()],
    }


def ports_view(occupancy: Occupancy, day: Span) -> list[View]:
    """From when to when how much of the bridge is taken, as long as it is the same; nothing where nothing is."""
    used = {name: occupancy.used.get(name, {}) for name in ("ports", "recorders")}
    step = timedelta(minutes=STEP)
    moments = [day.start + number * step for number in range((day.end - day.start) // step)]

    def amounts(moment: datetime) -> tuple[int, int]:
        return used["ports"].get(moment, 0), used["recorders"].get(moment, 0)

    runs = ((amount, list(group)) for amount, group in groupby(moments, amounts))
    return [
        {"held_from": run[0], "held_until": run[-1] + step, "ports": ports, "recorders": recorders}
        for (ports, recorders), run in runs
        if ports or recorders
    ]
