"""What probes and people do about incidents; the switch to standby changes the meeting in the same write."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid5

from services.conference_booking.domain import incidents as rules
from services.conference_booking.domain.access import check_looks_after, check_reads, looks_after, sees_all
from services.conference_booking.domain.actors import ROLES, Actor, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.finding import EVERYBODY, eye_key, position
from services.conference_booking.domain.networks import Network, local_day
from services.conference_booking.domain.sessions import (
    Session,
    in_session,
    session_meant,
    session_of,
    with_session,
)
from services.conference_booking.domain.transitions import ACTIVE
from services.conference_booking.usecases.changes import (
    DERIVED,
    INCIDENT,
    MEETING,
    Written,
    keep,
    meeting_receipt,
    write,
)
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.days import whole_day
from services.conference_booking.usecases.meetings import NAMESPACE, load_meeting
from services.conference_booking.usecases.notices import notices_of, takeover_notices
from shared.commands import Loaded, attempts, check_version, command_of, new_aggregate, repeated_answer
from shared.contracts.base import Request as Contract
from shared.contracts.conference_booking import incidents as i
from shared.contracts.conference_booking.requests import PerhapsWithReason
from shared.contracts.principal import Principal
from shared.errors import Conflict, NotFound, Stale
from shared.history import Command
from shared.requests import answer_history, answer_page, answer_verified, page_of, read_query, read_request

Request = dict[str, Any]
Decide = Callable[[Document, Request, Occasion], Decision]

LOOK_BACK = timedelta(days=30)

_VIEW = (
    *("network", "endpoint", "line", "meeting", "session", "symptom", "severity", "origin", "state", "what"),
    *("began_at", "opened_at", "acknowledged_at", "standby", "standby_at", "restored_at", "closed_at"),
    *("impact_minutes", "cause", "action", "report", "version"),
)


def open_incident(context: Context, request: Request, principal: Principal) -> Request:
    """Somebody says that something is wrong."""
    body, command = read_request(i.OpenIncident, request), command_of(request)
    actor = actor_of(principal)
    occasion = occasion_for(context, actor, body["network"])
    endpoint = _endpoint(context, body)
    meeting = _meeting(context, body, actor) if body["meeting"] else None
    rules.check_opens(actor, occasion.network, endpoint, meeting)
    identifier = uuid5(NAMESPACE, f"incident {command['key']}").hex
    session = session_meant(meeting, body["session"], occasion.now) if meeting else None
    hit = in_session(meeting, session) if meeting and session else meeting
    decision = rules.open_incident(body, occasion, endpoint, hit, "person")
    written = write_incident(new_aggregate(identifier), decision, occasion, command)
    if begin_incident(context, written, occasion):
        return written.answer
    found = context.incidents.find(identifier, command["key"])
    return repeated_answer(found.repeated if found else None, command)


def _endpoint(context: Context, body: Request) -> Document | None:
    loaded = context.endpoints.find(body["endpoint"]) if body["endpoint"] else None
    if body["endpoint"] and (loaded is None or loaded.document["network"] != body["network"]):
        raise NotFound("endpoint_unknown", endpoint=body["endpoint"])
    return loaded.document if loaded else None


def _meeting(context: Context, body: Request, actor: Any) -> Document:
    meeting = load_meeting(context, body["meeting"], actor).document
    if meeting["network"] != body["network"]:
        raise NotFound("meeting_unknown")
    if body["session"] is not None:
        session_of(meeting, str(body["session"]))
    return meeting


def begin_incident(context: Context, written: Written, occasion: Occasion) -> bool:
    """Keep a new incident and ask for the notices of it, in one write; False when it is there already."""
    kept = False

    def work() -> None:
        nonlocal kept
        kept = keep(context, INCIDENT, written)
        notices = list(notices_of(written.after, occasion)) if kept else []
        if notices:
            context.messages.add(*notices)

    context.together(work)
    return kept


def write_incident(before: Document, decision: Decision, occasion: Occasion, command: Command | None = None) -> Written:
    """What a decision about an incident means for it."""
    part = Part.SYSTEM if occasion.actor.has("system") else Part.OPERATOR
    return write(INCIDENT, before, decision, occasion, occasion.actor.sign(ROLES[part]), _receipt, command)


def _receipt(incident: Document) -> Request:
    return {"id": incident["_id"], **{name: incident[name] for name in ("state", "severity", "version")}}


def _plainly(contract: type[Contract], decide: Decide) -> Callable[[Context, Request, Principal], Request]:
    """What those who run the network do with an incident alone."""

    def use_case(context: Context, request: Request, principal: Principal) -> Request:
        return _carry_out(context, contract, decide, request, principal)

    return use_case


acknowledge_incident = _plainly(PerhapsWithReason, rules.acknowledge)
reassess_incident = _plainly(i.ReassessIncident, rules.reassess)
restore_incident = _plainly(i.RestoreIncident, rules.restore)
close_incident = _plainly(i.CloseIncident, rules.close)
add_follow_up = _plainly(i.FollowUp, rules.add_follow_up)
finish_follow_up = _plainly(i.FinishFollowUp, rules.finish_follow_up)


def switch_to_standby(context: Context, request: Request, principal: Principal) -> Request:
    """Go on over the other line, or from the standby endpoint: the session says so from the same moment."""

    def decide(incident: Document, body: Request, occasion: Occasion) -> Decision:
        meant = _meant(context, incident, occasion)
        return rules.switch(incident, in_session(*meant) if meant else None, body, occasion)

    def store(written: Written, occasion: Occasion) -> bool:
        meeting = _follow(context, written, occasion)
        notices = list(takeover_notices(context, written.after, occasion))

        def work() -> None:
            if meeting is not None and not keep(context, MEETING, meeting):
                raise Stale("version_stale")
            if not keep(context, INCIDENT, written):
                raise Stale("version_stale")
            if notices:
                context.messages.add(*notices)

        context.together(work)
        return True

    return _carry_out(context, i.SwitchToStandby, decide, request, principal, store)


def _meant(context: Context, incident: Document, occasion: Occasion) -> tuple[Document, Session] | None:
    """The meeting and the session that an incident hits; None when that is over, or there is none."""
    loaded = context.meetings.find(incident["meeting"]) if incident["meeting"] else None
    if loaded is None or loaded.document["state"] not in ACTIVE:
        return None
    session = session_meant(loaded.document, incident["session"], occasion.now)
    return (loaded.document, session) if session else None


def _follow(context: Context, written: Written, occasion: Occasion) -> Written | None:
    """The change of the session; none outside of meetings, where only a line can be switched.

    Raises:
        Conflict: the endpoint has no backup line, or there is no meeting that a standby endpoint could join.
    """
    incident, standby = written.after, written.after["standby"]
    if standby["line"] == "backup":
        lost = context.endpoints.find(incident["endpoint"])
        if lost is None or all(line["kind"] != "backup" for line in lost.document["lines"]):
            raise Conflict("endpoint_without_backup", endpoint=incident["endpoint"])
    meant = _meant(context, incident, occasion)
    if meant is None:
        if standby["endpoint"] is not None:
            raise Conflict("incident_without_meeting")
        return None
    meeting, session = meant
    changes = with_session(meeting, session, **rules.in_meeting(incident, in_session(meeting, session), standby))
    decision = Decision("conference_changed", changes, {"session": session["n"]}, written.entry["reason"])
    return write(MEETING, meeting, decision, occasion, occasion.actor.sign(ROLES[Part.OPERATOR]), meeting_receipt)


def _carry_out(
    context: Context,
    contract: type[Contract],
    decide: Decide,
    request: Request,
    principal: Principal,
    store: Callable[[Written, Occasion], bool] | None = None,
) -> Request:
    """Let those who run the network do what the table says."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(contract, request, path=("incident",))
    for _ in attempts(request):
        loaded = load_incident(context, request, principal, command["key"])
        incident = loaded.document
        occasion = occasion_for(context, actor, incident["network"])
        check_looks_after(actor, occasion.network)
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        check_version(incident, request)
        written = write_incident(incident, decide(incident, body, occasion), occasion, command)
        if store(written, occasion) if store else keep(context, INCIDENT, written):
            return written.answer
    raise Stale("version_stale")


def load_incident(context: Context, request: Request, principal: Principal, command: str = "") -> Loaded:
    """An incident that the caller may know of.

    Raises:
        NotFound: in the same words when there is none.
    """
    loaded = context.incidents.find(request["incident"], command)
    if loaded is None or not _sees(context, loaded.document, principal):
        raise NotFound("incident_unknown")
    return loaded


def _sees(context: Context, incident: Document, principal: Principal) -> bool:
    return rules.sees(actor_of(principal), incident, context.networks.get(incident["network"]))


def list_incidents(context: Context, request: Request, principal: Principal) -> Request:
    """Incidents that the caller may know of: what is left to do however old, the oldest first, all else backwards."""
    query, actor = read_query(i.ListIncidents, request), actor_of(principal)
    check_reads(actor)
    network = context.networks.get(query["network"])
    eye = EVERYBODY if sees_all(actor, network) else actor.agency
    afoot = query["state"] not in (None, rules.State.CLOSED)
    since = query["since"] or (None if afoot else local_day(context.now() - LOOK_BACK))
    limit, after = page_of(request)
    page = context.incidents.page(
        eye_key(eye, network.key, query["state"] or ""),
        since=position(whole_day(since).start) if since else "",
        before=None,
        after=after,
        limit=limit,
        backwards=not afoot,
    )
    return answer_page([_view(one, actor, network) for one in page.rows], page.next)


def read_incident(context: Context, request: Request, principal: Principal) -> Request:
    """One incident."""
    incident = load_incident(context, request, principal).document
    return _view(incident, actor_of(principal), context.networks.get(incident["network"]))


def _view(incident: Document, actor: Actor, network: Network) -> Request:
    """An incident; what may be done with it is told to those who may."""
    names = ("what", "who", "due", "done_at")
    rows = [{"number": one["n"], **{name: one[name] for name in names}} for one in incident["follow_ups"]]
    told = {name: incident.get(name) for name in _VIEW}
    return {
        "id": incident["_id"],
        **told,
        "follow_ups": rows,
        "actions": rules.allowed_actions(incident) if looks_after(actor, network) else [],
    }


def read_incident_history(context: Context, request: Request, principal: Principal) -> Request:
    """An incident's history in order."""
    identifier = load_incident(context, request, principal).document["_id"]
    return answer_history(request, lambda after, limit: context.incidents.history(identifier, after=after, limit=limit))


def verify_incident_history(context: Context, request: Request, principal: Principal) -> Request:
    """Whether an incident's history is what was written."""

    def check(incident: Document) -> None:
        if not _sees(context, incident, principal):
            raise NotFound("incident_unknown")

    found = context.incidents.whole(request["incident"])
    return answer_verified(found, principal, check, NotFound("incident_unknown"), DERIVED)
