"""How ready a session's endpoints are: what was tried before it, who and what is there at each mark before it begins.

Kept is when something became so. Whether an endpoint was ready at a mark, came late or is missing follows from that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.conference_booking.domain.actors import who
from services.conference_booking.domain.decisions import Changes, Decision, Document, Occasion
from services.conference_booking.domain.networks import Mark, minutes
from services.conference_booking.domain.sessions import AHEAD, Session
from services.conference_booking.domain.transitions import State
from shared.errors import Conflict, Invalid, field_error

CHECKS = ("technician", "connected", "picture", "sound", "content")
"""What can be there at an endpoint."""

OPEN, READY, LATE, MISSING = "open", "ready", "late", "missing"
PASSED, FAILED = "passed", "failed"

Check = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """A mark of a session whose moment has come."""

    session: Session
    before: int
    at: datetime


def marks_due(meeting: Document, now: datetime) -> list[Due]:
    """The marks whose moments have come since they were last looked at, in order."""
    return [due for due in _ahead(meeting) if due.at <= now]


def next_mark(meeting: Document) -> datetime | None:
    """When the next mark has to be looked at; None while the meeting is not approved, or when none is ahead."""
    return min((due.at for due in _ahead(meeting)), default=None)


def _ahead(meeting: Document) -> list[Due]:
    if meeting["state"] != State.APPROVED:
        return []
    looked = meeting.get("judged_until") or meeting["asked_at"]
    marks = [
        Due(session, before, session["start"] - minutes(before))
        for session in meeting["sessions"]
        if session["state"] in AHEAD
        for before in meeting.get("marks", ())
    ]
    return sorted((due for due in marks if due.at > looked), key=lambda due: due.at)


def begun(readiness: Document, meeting: Document, session: Session) -> Changes:
    """What a session's record has from its first entry on."""
    if readiness["version"]:
        return {}
    about = {"network": meeting["network"], "meeting": meeting["_id"], "session": session["n"]}
    return {**about, "checks": [], "records": [], "marks": [], "result": None}


def report(
    readiness: Document, meeting: Document, session: Session, endpoint: str, body: Mapping[str, Any], occasion: Occasion
) -> Decision:
    """What is there at an endpoint, or is not any more.

    Raises:
        Conflict: the session's endpoints are not held now, or nothing is otherwise than it was.
    """
    if not _is_held(session, occasion.now):
        raise Conflict("session_not_now", opens=session["from"].isoformat(), closes=session["until"].isoformat())
    said = {name: body[name] for name in CHECKS if body[name] is not None}
    checks = _noted(readiness, session, endpoint, said, occasion.now)
    if checks == list(readiness.get("checks", ())):
        raise Conflict("readiness_unchanged")
    changes = begun(readiness, meeting, session) | {"checks": checks}
    return Decision("readiness_reported", changes, {"endpoint": endpoint})


def _is_held(session: Session, now: datetime) -> bool:
    inside: bool = session["from"] <= now < session["until"]
    return inside and session["state"] in AHEAD


def _noted(
    readiness: Document, session: Session, endpoint: str, said: Mapping[str, bool], now: datetime
) -> list[dict[str, Any]]:
    """The checks with what is said of one endpoint now; what was so already keeps its moment."""
    former = check_of(readiness, session, endpoint)
    fresh = {"endpoint": endpoint, **{name: former[name] for name in CHECKS}}
    for name, there in said.items():
        fresh[name] = (former[name] or now) if there else None
    others = [one for one in readiness.get("checks", ()) if one["endpoint"] != endpoint]
    kept = [fresh] if any(fresh[name] for name in CHECKS) else []
    return sorted([*others, *kept], key=lambda one: one["endpoint"])


def check_of(readiness: Document, session: Session, endpoint: str) -> dict[str, datetime | None]:
    """Since when what is there at an endpoint, as far as the session's endpoints were held then."""
    found: Check = next((one for one in readiness.get("checks", ()) if one["endpoint"] == endpoint), {})
    moments = {name: found.get(name) for name in CHECKS}
    return {name: at if at and at >= session["from"] else None for name, at in moments.items()}


def record(
    readiness: Document,
    meeting: Document,
    session: Session,
    endpoint: str,
    body: Mapping[str, Any],
    measured: Mapping[str, Any] | None,
    occasion: Occasion,
) -> Decision:
    """What was tried at an endpoint, and with what verdict; during the set-up it also says what is there.

    Raises:
        Conflict: the session is over.
    """
    if session["state"] not in AHEAD:
        raise Conflict("session_over", session=session["n"])
    one = {"endpoint": endpoint, **body, "measured": measured, "at": occasion.now, **who(occasion.actor)}
    changes = begun(readiness, meeting, session)
    changes["records"] = [*(row for row in readiness.get("records", ()) if row["endpoint"] != endpoint), one]
    if _is_held(session, occasion.now):
        changes["checks"] = _noted(readiness, session, endpoint, _shown_by(body), occasion.now)
    data = {"endpoint": endpoint, "verdict": body["verdict"]}
    return Decision("rehearsal_recorded", changes, data, body["remark"])


def _shown_by(body: Mapping[str, Any]) -> dict[str, bool]:
    """What a rehearsal shows to be there; a content that was not tried says nothing."""
    shown = {
        "technician": body["present"],
        "connected": body["connected"],
        "picture": body["picture"] == "good",
        "sound": body["sound_in"] == body["sound_out"] == "good",
    }
    return shown | ({} if body["content"] == "not_tried" else {"content": body["content"] == "good"})


def conclude(
    readiness: Document,
    meeting: Document,
    session: Session,
    body: Mapping[str, Any],
    connected: Sequence[str],
    occasion: Occasion,
) -> Decision:
    """What came of the rehearsal as a whole.

    Raises:
        Conflict: the session is over.
        Invalid: it passed although somewhere it did not, and nobody says why.
    """
    if session["state"] not in AHEAD:
        raise Conflict("session_over", session=session["n"])
    failing = without_pass(readiness, session, connected)
    if body["verdict"] == PASSED and failing and not body["remark"]:
        wrong = field_error("remark", "rehearsal_needs_remark", endpoints=", ".join(failing))
        raise Invalid("request_invalid", fields=[wrong])
    result = {"verdict": body["verdict"], "remark": body["remark"], "at": occasion.now, **who(occasion.actor)}
    changes = begun(readiness, meeting, session) | {"result": result}
    return Decision("rehearsal_concluded", changes, {"verdict": body["verdict"]}, body["remark"])


def is_outdated(said: Mapping[str, Any], session: Mapping[str, Any]) -> bool:
    """Whether what was rehearsed was before the session was given another time: it is kept, and counts no more."""
    moved = session.get("moved_at")
    return moved is not None and said["at"] < moved


def without_pass(readiness: Document, session: Session, connected: Iterable[str]) -> list[str]:
    """The endpoints that did not pass the rehearsal, or at which there was none since the session was moved."""
    records = (row for row in readiness.get("records", ()) if not is_outdated(row, session))
    passed = {row["endpoint"] for row in records if row["verdict"] != FAILED}
    return [endpoint for endpoint in connected if endpoint not in passed]


def state_at(check: Mapping[str, datetime | None], needs: Iterable[str], due: datetime, now: datetime) -> str:
    """Whether an endpoint had in time what a mark needs: ready, late, or missing; open before the mark's moment."""
    moments = [at for need in needs if (at := check[need])]
    if len(moments) == len(list(needs)):
        return READY if max(moments, default=due) <= due else LATE
    return OPEN if now < due else MISSING


def lacking(check: Mapping[str, datetime | None], needs: Iterable[str], due: datetime) -> list[str]:
    """What an endpoint had not at the moment of a mark."""
    return [need for need in needs if (at := check[need]) is None or at > due]


def judge(
    readiness: Document, meeting: Document, due: Due, mark: Mark, connected: Sequence[str], occasion: Occasion
) -> tuple[Decision, dict[str, list[str]]]:
    """What a mark finds, and what each endpoint that is not ready lacks; the share connected is kept with it."""
    checks = {key: check_of(readiness, due.session, key) for key in connected}
    not_ready = {key: short for key, check in checks.items() if (short := lacking(check, mark.needs, due.at))}
    there = sum(not lacking(check, ("connected",), due.at) for check in checks.values())
    found = {"before": due.before, "due": due.at, "at": occasion.now, "invited": len(connected), "connected": there}
    others = [one for one in readiness.get("marks", ()) if one["before"] != due.before]
    changes = begun(readiness, meeting, due.session)
    changes["marks"] = [*others, {**found, "not_ready": sorted(not_ready)}]
    data = {name: found[name] for name in ("before", "invited", "connected")} | {"not_ready": sorted(not_ready)}
    return Decision("conference_not_ready" if not_ready else "conference_ready", changes, data), not_ready


def marks_found(readiness: Document, session: Session) -> list[Mapping[str, Any]]:
    """What was found at the marks of this time; of another, from which the session was moved, it says nothing."""
    marks = readiness.get("marks", ())
    return [mark for mark in marks if mark["due"] == session["start"] - minutes(mark["before"])]


def marks_view(
    readiness: Document, session: Session, marks: Iterable[Mark], endpoint: str, now: datetime
) -> Iterator[tuple[int, str]]:
    """How an endpoint stands at each mark."""
    check = check_of(readiness, session, endpoint)
    for mark in marks:
        yield mark.before, state_at(check, mark.needs, session["start"] - minutes(mark.before), now)
