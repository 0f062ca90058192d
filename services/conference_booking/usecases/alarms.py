"""What is bad while a meeting needs it opens an incident: a line, or the bridge."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import uuid5

from services.conference_booking.domain import incidents as rules
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.alarms import calls, lines_of, sessions_begun
from services.conference_booking.domain.decisions import Document
from services.conference_booking.domain.finding import position, settle, thing_key
from services.conference_booking.domain.quality import Band
from services.conference_booking.domain.sessions import AHEAD, in_session
from services.conference_booking.domain.transitions import State
from services.conference_booking.usecases.context import Context, occasion_for
from services.conference_booking.usecases.incidents import begin_incident, write_incident
from services.conference_booking.usecases.meetings import NAMESPACE
from shared.commands import new_aggregate
from shared.errors import Stale

BATCH = 50
"""How many meetings are read at a time."""


def sessions_on(context: Context, endpoint: str) -> list[tuple[Document, Document]]:
    """The meetings, with their sessions, that have an endpoint now, from the set-up on."""
    now = context.now()
    return [
        (meeting, session)
        for meeting in _around(context, endpoint, now)
        if meeting["state"] == State.APPROVED
        for session in meeting["sessions"]
        if session["state"] in AHEAD and session["from"] <= now < session["until"]
    ]


def _around(context: Context, endpoint: str, now: datetime) -> Iterator[Document]:
    """The meetings of an endpoint that could be on, among them all series that have begun and go on."""
    day, after = timedelta(days=1), None
    while True:
        page = context.meetings.page(
            thing_key(endpoint), since=position(now - day), before=now + day, after=after, limit=BATCH
        )
        yield from page.rows
        after = page.next
        if after is None:
            return


def look_at_lines(context: Context, meeting: Document) -> None:
    """Sessions whose set-up has begun: lines of theirs that are bad already open incidents, once for each session.

    Raises:
        Stale: somebody changed the meeting meanwhile; whoever looks for what is due looks again.
    """
    now = context.now()
    begun = sessions_begun(meeting, now)
    on = [(meeting, session) for session in begun if session["state"] in AHEAD and now < session["until"]]
    measured = [key for key, one in context.endpoints.find_all(meeting["things"]).items() if one.get("probe")]
    tell_bad_lines(context, lines_of(measured), on)
    looked = settle(meeting, {"lines_looked": max(session["from"] for session in begun)}, now)
    if not context.meetings.derive(meeting["_id"], meeting["version"], looked):
        raise Stale("version_stale")


def tell_bad_lines(context: Context, lines: Iterable[str], on: Sequence[tuple[Document, Document]]) -> None:
    """Open an incident for each of these lines that is bad now while these sessions need it."""
    now = context.now()
    for line in context.lines.standing(lines).values() if on else ():
        if calls(line, context.networks.get(line["network"]).quality, now):
            for meeting, session in on:
                open_by_line(context, line, meeting, session)


def open_by_line(context: Context, line: Document, meeting: Document, session: Document) -> None:
    """A line is bad while a meeting needs it: one incident for each time that it fails, however often it is said."""
    about = f"line {line['endpoint']}:{line['line']} {meeting['_id']} {session['n']}"
    for number in count():
        identifier = uuid5(NAMESPACE, f"{about} {number}" if number else about).hex
        found = context.incidents.find(identifier)
        if found is None:
            break
        if not rules.is_further(found.document, line["since"]):
            return
    occasion = occasion_for(context, CLOCKWORK, line["network"])
    loaded = context.endpoints.find(line["endpoint"])
    band = Band(line["band"])
    body = {
        "endpoint": line["endpoint"],
        "line": line["line"],
        "meeting": meeting["_id"],
        "session": session["n"],
        "symptom": rules.symptom_of(band),
        "severity": None,
        "began_at": min(max(line["since"], session["from"]), occasion.now),
        "what": _told(line) if band != Band.SILENT else "Không nhận được kết quả đo",
    }
    hit = in_session(meeting, session)
    decision = rules.open_incident(body, occasion, loaded.document if loaded else None, hit, "probe")
    begin_incident(context, write_incident(new_aggregate(identifier), decision, occasion), occasion)


def open_by_bridge(context: Context, room: Document, said: str, meeting: Document) -> None:
    """A bridge does not do what a live session needs of it: one incident for the room, however often it fails."""
    identifier = uuid5(NAMESPACE, f"room {room['_id']}").hex
    if context.incidents.find(identifier) is not None:
        return
    occasion = occasion_for(context, CLOCKWORK, room["network"])
    body = {
        "endpoint": None,
        "line": None,
        "meeting": room["meeting"],
        "session": room["session"],
        "symptom": "bridge",
        "severity": None,
        "began_at": room["trouble"]["since"],
        "what": said,
    }
    decision = rules.open_incident(body, occasion, None, meeting, "bridge")
    begin_incident(context, write_incident(new_aggregate(identifier), decision, occasion), occasion)


def _told(line: Document) -> str:
    """What was measured last, in words of figures."""
    last = line["last"]
    parts = [("mất gói", last["loss_percent"], "%"), ("trễ", last["rtt_ms"], "ms"), ("jitter", last["jitter_ms"], "ms")]
    parts += [("thông lượng", line.get("train_mbps"), "Mb/s")] if line.get("slow") else []
    return ", ".join(f"{name} {value:.1f} {unit}".replace(".", ",") for name, value, unit in parts if value is not None)
