"""By what meetings are found, and when something about one is due: derived from it with every change."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.conference_booking.domain.alarms import next_look
from services.conference_booking.domain.decisions import Changes, Document
from services.conference_booking.domain.formal_letters import is_true
from services.conference_booking.domain.invitations import is_told
from services.conference_booking.domain.measured import next_keeping
from services.conference_booking.domain.news import is_noticed
from services.conference_booking.domain.proposals import settle_proposal
from services.conference_booking.domain.readiness import next_mark
from services.conference_booking.domain.rooms import is_bridged
from services.conference_booking.domain.sessions import next_finish, sessions_ahead
from services.conference_booking.domain.transitions import ACTIVE, WAITING, State

EVERYBODY = "*"
"""Stands in the keys for those who see all meetings of a network."""


def settle(before: Document, changes: Changes, now: datetime) -> Changes:
    """The changes with what follows from them: by what the meeting is found, and what is due when."""
    changes = settle_proposal(before, changes)
    after = {**before, **changes}
    ahead = sessions_ahead(after)
    work = []
    if after["state"] in WAITING:
        work.append({"kind": "expire", "at": after["hold_until"]})
    elif after["state"] == State.APPROVED:
        work.append({"kind": "finish", "at": next_finish(after)})
        mark = next_mark(after)
        work += [{"kind": "judge", "at": mark}] if mark else []
        look = next_look(after)
        work += [{"kind": "lines", "at": look}] if look else []
        work += [{"kind": "expire", "at": after["proposed"]["hold_until"]}] if after.get("proposed") else []
    keeping = next_keeping(after)
    work += [{"kind": "keep_lines", "at": keeping}] if keeping else []
    if not is_told(after):
        work.append({"kind": "tell", "at": now})
    if not is_true(after):
        work.append({"kind": "letter", "at": now})
    if not is_bridged(after):
        work.append({"kind": "bridge", "at": now})
    if not is_noticed(after):
        work.append({"kind": "notice", "at": now})
    work.sort(key=lambda one: one["at"])
    last = max(session["end"] for session in after["sessions"])
    changes = changes | {"at_risk": _still_at_risk(after["at_risk"], {session["n"] for session in ahead})}
    after |= changes
    return changes | {
        "search": _keys(after),
        "position": position(last, after["_id"]),
        "begins": min(session["start"] for session in after["sessions"]),
        "due_work": work,
        "next_due_at": work[0]["at"] if work else None,
    }


def _still_at_risk(risks: Iterable[Mapping[str, Any]], ahead: set[int]) -> list[Mapping[str, Any]]:
    """What is over, or off, is not at risk any more."""
    rest = ({**risk, "sessions": [number for number in risk["sessions"] if number in ahead]} for risk in risks)
    return [risk for risk in rest if risk["sessions"]]


def _keys(meeting: Document) -> list[str]:
    """Whoever sees it, alone and with its state; active ones under what they hold too."""
    network = meeting["network"]
    eyes = [*dict.fromkeys((meeting["convener"], *meeting["taking_part"])), EVERYBODY]
    keys = [key for eye in eyes for key in (eye_key(eye, network), eye_key(eye, network, meeting["state"]))]
    keys += [key for eye in eyes[:-1] for key in (eye_key(eye, ""), eye_key(eye, "", meeting["state"]))]
    if proposed := meeting.get("proposed"):  # whoever decides finds it among what waits, and who has to answer
        waits = State.NEEDS_INFO if proposed.get("questioned") else State.SUBMITTED
        keys += [eye_key(eye, scope, waits) for eye in eyes for scope in ("", network)]
    if meeting["at_risk"]:
        keys += [eye_key(eye, scope, "at_risk") for eye in eyes for scope in ("", network)]
    if meeting["state"] in ACTIVE:
        keys += [thing_key(thing) for thing in meeting["things"]] + [thing_key(f"{network}:")]
    return keys


def eye_key(eye: str, network: str, state: str = "") -> str:
    """The key of those meetings in a network ("" for any), in a state ("" for any), which an agency sees."""
    return f"{eye}/{network}/{state}"


def thing_key(thing: str) -> str:
    """The key of active meetings that hold an endpoint; of all of a network for `network:`."""
    return f"#{thing}"


def position(moment: datetime, identifier: str = "") -> str:
    """A string that sorts by moment and then by id."""
    return f"{round(moment.timestamp() * 1000):011x}{identifier}"
