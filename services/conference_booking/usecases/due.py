"""What becomes due: holds expire, marks and set-ups of sessions come, meetings end, what is lost is marked."""

from datetime import timedelta

from services.conference_booking.domain import endpoints as resources
from services.conference_booking.domain import finding
from services.conference_booking.domain import meetings as rules
from services.conference_booking.domain.actors import CLOCKWORK
from services.conference_booking.domain.alarms import sessions_begun
from services.conference_booking.domain.decisions import Document, Occasion
from services.conference_booking.domain.formal_letters import is_true
from services.conference_booking.domain.invitations import is_told
from services.conference_booking.domain.measured import sessions_measured
from services.conference_booking.domain.news import is_noticed
from services.conference_booking.domain.occupancy import Occupancy
from services.conference_booking.domain.readiness import marks_due
from services.conference_booking.domain.risks import risks_of
from services.conference_booking.domain.rooms import is_bridged
from services.conference_booking.domain.sessions import sessions_ahead
from services.conference_booking.domain.spans import DAY
from services.conference_booking.domain.transitions import ACTIVE
from services.conference_booking.ports import Aggregates
from services.conference_booking.usecases.alarms import look_at_lines
from services.conference_booking.usecases.changes import capacity, follow
from services.conference_booking.usecases.context import Context, occasion_for
from services.conference_booking.usecases.formal_letters import correct_letter
from services.conference_booking.usecases.invitations import note_others, tell_guests
from services.conference_booking.usecases.lines import keep_session_lines
from services.conference_booking.usecases.news import tell_concerned
from services.conference_booking.usecases.readiness import judge_marks
from services.conference_booking.usecases.rooms import tell_rooms
from shared.commands import ATTEMPTS
from shared.errors import Stale

BATCH = 200
"""How many meetings are looked at at a time."""

WHILE_SHORT = timedelta(minutes=1)
"""How often a bridge is compared again with what was claimed of it, while it has too little."""


_TOLD = (
    (is_told, tell_guests),
    (is_true, correct_letter),
    (is_bridged, tell_rooms),
    (is_noticed, tell_concerned),
)
"""Who has to know what is true of a meeting, and how they get to know it."""


def fire_meeting(context: Context, identifier: str) -> None:
    """Whoever has to know is told what is true; marks are judged; a hold expires, or all is over.

    Raises:
        Stale: somebody changed the meeting meanwhile; the loop looks again.
    """
    loaded = context.meetings.find(identifier)
    if loaded is None:
        return
    meeting, now = loaded.document, context.now()
    for is_known, tell in _TOLD:
        if not is_known(meeting):
            tell(context, meeting)
            return
    marks = marks_due(meeting, now)
    if marks:
        judge_marks(context, meeting, marks)
        return
    if sessions_begun(meeting, now):
        look_at_lines(context, meeting)
        return
    if sessions_measured(meeting, now):
        keep_session_lines(context, meeting)
        return
    decision = rules.expire(meeting, now) or rules.finish(meeting, now)
    if decision is not None:
        follow(context, meeting, decision, occasion_for(context, CLOCKWORK, meeting["network"]))
    elif not context.meetings.derive(identifier, meeting["version"], finding.settle(meeting, {}, now)):
        raise Stale("version_stale")


def fire_endpoint(context: Context, key: str) -> None:
    """Mark the meetings that count on an endpoint, or take the marks away."""
    loaded = context.endpoints.find(key)
    if loaded is not None:
        occasion = occasion_for(context, CLOCKWORK, loaded.document["network"])
        _look(context, occasion, finding.thing_key(key), None)
        _settle(context.endpoints, loaded.document, occasion, short=False)


def fire_bridge(context: Context, network: str) -> None:
    """Mark the meetings that no longer fit a bridge, or take the marks away."""
    loaded = context.bridges.find(network)
    if loaded is not None:
        occasion = occasion_for(context, CLOCKWORK, network)
        usable = capacity(context, network)
        short = _look(context, occasion, finding.thing_key(f"{network}:"), usable)
        _settle(context.bridges, loaded.document, occasion, short=short)


def _look(context: Context, occasion: Occasion, key: str, usable: dict[str, int] | None) -> bool:
    """Look at all active meetings under a key; whether the bridge has too little for one of them."""
    since, after, short = finding.position(occasion.now - DAY), None, False
    while True:
        page = context.meetings.page(key, since=since, before=None, after=after, limit=BATCH)
        for meeting in page.rows:
            occupancy = _occupancy(context, meeting, usable) if usable is not None else None
            risks = _mark(context, occasion, meeting, occupancy)
            short = short or any(risk["kind"] == "bridge" for risk in risks)
        if usable is None:
            note_others(context, context.meetings.find_all([one["_id"] for one in page.rows]).values(), occasion.now)
        if page.next is None:
            return short
        after = page.next


def _occupancy(context: Context, meeting: Document, usable: dict[str, int]) -> Occupancy:
    """What is held on the days that are ahead of a meeting."""
    ahead = sessions_ahead(meeting)
    if not ahead:
        return Occupancy(usable)
    first, last = min(session["from"] for session in ahead), max(session["until"] for session in ahead)
    return context.claims.occupancy(meeting["network"], first.date(), last.date(), usable)


def _mark(
    context: Context, occasion: Occasion, meeting: Document, occupancy: Occupancy | None
) -> list[dict[str, object]]:
    """Bring the marks of one meeting up to date, whoever else changes it."""
    for _ in range(ATTEMPTS):
        endpoints = context.endpoints.find_all(meeting["things"])
        risks = risks_of(meeting, endpoints, occupancy, occasion.now)
        decision = rules.threatened(meeting, risks)
        if decision is None or meeting["state"] not in ACTIVE:
            return risks
        try:
            follow(context, meeting, decision, occasion)
        except Stale:
            loaded = context.meetings.find(meeting["_id"])
            assert loaded is not None, "meetings are never deleted"
            meeting = loaded.document
        else:
            return risks
    raise Stale("version_stale")


def _settle(kept_in: Aggregates, resource: Document, occasion: Occasion, *, short: bool) -> None:
    """Note that the meetings were looked at; a change meanwhile has asked for looks of its own."""
    looks = max(resource["looks"] - 1, 0)
    again = resources.LOOK_AGAIN if looks else WHILE_SHORT if short else None
    due = {"looks": looks, "next_due_at": occasion.now + again if again else None}
    kept_in.derive(resource["_id"], resource["version"], due)
