"""Rehearsals and readiness of sessions, and what follows when a mark before a session comes."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid5

from services.conference_booking.domain import readiness as rules
from services.conference_booking.domain.actors import CLOCKWORK, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.finding import settle
from services.conference_booking.domain.needs import connected
from services.conference_booking.domain.sessions import session_of
from services.conference_booking.domain.transitions import allowed_actions
from services.conference_booking.usecases.beside import Beside, carry_out
from services.conference_booking.usecases.changes import READINESS, Written, keep, write
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.letters import warning_words
from services.conference_booking.usecases.lines import last_measured
from services.conference_booking.usecases.meetings import NAMESPACE, load_meeting
from shared.commands import first_document, new_aggregate, write_entry
from shared.contracts.base import Request as Contract
from shared.contracts.conference_booking import readiness as r
from shared.contracts.conference_booking.invitations import MessageRequested
from shared.contracts.principal import Principal
from shared.errors import NotFound, Stale

NOT_READY = "conference_not_ready"
"""The kind of a message that warns of endpoints that are not ready."""

Request = dict[str, Any]


def _receipt(readiness: Document) -> Request:
    return {name: readiness[name] for name in ("meeting", "session", "version")}


BESIDE_SESSION = Beside(READINESS, True, _receipt)


def report_readiness(context: Context, request: Request, principal: Principal) -> Request:
    """What is there at an endpoint."""

    def decide(readiness: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        session = session_of(meeting, request["session"])
        return rules.report(readiness, meeting, session, request["endpoint"], body, occasion)

    return _at_endpoint(context, "report_readiness", r.ReportReadiness, decide, request, principal)


def record_rehearsal(context: Context, request: Request, principal: Principal) -> Request:
    """What was tried at an endpoint; without a technician's name it was whoever is on duty."""

    def decide(readiness: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        endpoint = request["endpoint"]
        measured = body["measured"] or last_measured(context, endpoint)
        body["technician"] = _technician(context, meeting, endpoint, body["technician"])
        session = session_of(meeting, request["session"])
        return rules.record(readiness, meeting, session, endpoint, body, measured, occasion)

    return _at_endpoint(context, "record_rehearsal", r.RecordRehearsal, decide, request, principal)


def _technician(context: Context, meeting: Document, endpoint: str, named: str | None) -> str | None:
    if named is None:
        return next((one["technician"] for one in meeting.get("technicians", ()) if one["endpoint"] == endpoint), None)
    found = context.technicians.find(named)
    if found is None or found.document["network"] != meeting["network"]:
        raise NotFound("technician_unknown", technician=named)
    return named


def _at_endpoint(
    context: Context,
    action: str,
    contract: type[Contract],
    decide: Callable[[Document, Document, Request, Occasion], Decision],
    request: Request,
    principal: Principal,
) -> Request:
    """What whoever runs the network, and the endpoint's own agency, say of it."""
    actor = actor_of(principal)

    def as_host(meeting: Document) -> frozenset[Part]:
        place = context.endpoints.find(request["endpoint"])
        if place is None or request["endpoint"] not in connected(meeting):
            raise NotFound("endpoint_not_in_meeting", endpoint=request["endpoint"])
        return actor.as_host([place.document["agency"]])

    return carry_out(context, BESIDE_SESSION, action, contract, decide, request, principal, as_host)


def conclude_rehearsal(context: Context, request: Request, principal: Principal) -> Request:
    """What came of the rehearsal as a whole."""

    def decide(readiness: Document, meeting: Document, body: Request, occasion: Occasion) -> Decision:
        session = session_of(meeting, request["session"])
        return rules.conclude(readiness, meeting, session, body, connected(meeting), occasion)

    return carry_out(context, BESIDE_SESSION, "conclude_rehearsal", r.ConcludeRehearsal, decide, request, principal)


def read_readiness(context: Context, request: Request, principal: Principal) -> Request:
    """The board of a session."""
    meeting = load_meeting(context, request["meeting"], actor_of(principal)).document
    session = session_of(meeting, request["session"])
    readiness = BESIDE_SESSION.load(context, request).document
    places = context.endpoints.find_all(connected(meeting))
    network, actor = context.networks.get(meeting["network"]), actor_of(principal)
    parts = actor.parts(network, meeting["convener"])
    records = {row["endpoint"]: row for row in readiness.get("records", ())}
    checks = {key: rules.check_of(readiness, session, key) for key in places}

    def row(key: str) -> Request:
        standings = rules.marks_view(readiness, session, network.marks, key, context.now())
        return {
            "endpoint": key,
            "name": places[key]["name"],
            "technicians": [one["technician"] for one in meeting.get("technicians", ()) if one["endpoint"] == key],
            "checks": checks[key],
            "marks": [{"before": before, "state": state} for before, state in standings],
            "rehearsal": _rehearsal(records[key], session) if key in records else None,
            "may_report": "report_readiness"
            in allowed_actions(meeting, parts | actor.as_host([places[key]["agency"]])),
        }

    result = readiness.get("result")
    return {
        "meeting": meeting["_id"],
        "session": session["n"],
        "start": session["start"],
        "state": session["state"],
        "connected": sum(check["connected"] is not None for check in checks.values()),
        "endpoints": [row(key) for key in sorted(places)],
        "marks": sorted(rules.marks_found(readiness, session), key=lambda mark: -mark["before"]),
        "result": _rehearsal(result, session) if result else None,
        "not_passed": rules.without_pass(readiness, session, connected(meeting)),
        "version": readiness["version"],
    }


def _rehearsal(said: Mapping[str, Any], session: Mapping[str, Any]) -> Request:
    shown = {name: value for name, value in said.items() if name not in ("endpoint", "agency")}
    return shown | {"before_move": rules.is_outdated(said, session)}


def judge_marks(context: Context, meeting: Document, due: list[rules.Due]) -> None:
    """Keep what was found at the marks whose moments have come, and warn of what is not ready, in one transaction.

    Raises:
        Stale: somebody changed the meeting or reported something meanwhile; whoever looks for what is due looks again.
    """
    occasion = occasion_for(context, CLOCKWORK, meeting["network"])
    known = {mark.before: mark for mark in occasion.network.marks}
    found: list[tuple[Written, list[dict[str, Any]]]] = []
    before: dict[str, Document] = {}
    for one in (one for one in due if one.before in known):
        key = BESIDE_SESSION.identifier({"meeting": meeting["_id"], "session": one.session["n"]})
        if key not in before:
            before[key] = BESIDE_SESSION.load(
                context, {"meeting": meeting["_id"], "session": one.session["n"]}
            ).document
        decision, short = rules.judge(before[key], meeting, one, known[one.before], connected(meeting), occasion)
        written = write(READINESS, before[key], decision, occasion, CLOCKWORK.sign(), _receipt)
        messages = _warnings(context, meeting, one, short, occasion) if occasion.now < one.session["start"] else []
        found.append((written, messages))
        before[key] = {**written.after, "version": written.entry["seq"], "head": written.entry["hash"]}
    looked = settle(meeting, {"judged_until": max(one.at for one in due)}, occasion.now)

    def work() -> None:
        for written, messages in found:
            if not keep(context, READINESS, written):
                raise Stale("version_stale")
            context.messages.add(*messages)
        if not context.meetings.derive(meeting["_id"], meeting["version"], looked):
            raise Stale("version_stale")

    context.together(work)


def _warnings(
    context: Context, meeting: Document, due: rules.Due, short: Mapping[str, list[str]], occasion: Occasion
) -> list[dict[str, Any]]:
    """One message for each mailbox: of those on duty, or else of the endpoint; of the operator about all."""
    to: dict[str, dict[str, list[str]]] = {}
    people = context.technicians.find_all({duty["technician"] for duty in meeting.get("technicians", ())})
    places = context.endpoints.find_all(short)
    for endpoint, lacks in short.items():
        on_duty = [one["technician"] for one in meeting.get("technicians", ()) if one["endpoint"] == endpoint]
        boxes = [people[key]["mailbox"] for key in on_duty if people[key]["mailbox"]]
        for box in filter(None, boxes or [places[endpoint].get("mailbox")]):
            to.setdefault(box, {})[endpoint] = lacks
    if occasion.network.mailbox and short:
        to[occasion.network.mailbox] = dict(short)
    return [_warning(meeting, due, box, lacks, occasion) for box, lacks in to.items()]


def _warning(
    meeting: Document, due: rules.Due, address: str, lacks: Mapping[str, list[str]], occasion: Occasion
) -> dict[str, Any]:
    about = f"{meeting['_id']}:{due.session['n']}:{due.at.isoformat()}:{address}"
    before = new_aggregate(uuid5(NAMESPACE, about).hex)
    facts = {
        "kind": NOT_READY,
        "meeting": meeting["_id"],
        "session": due.session["n"],
        "before": due.before,
        "address": address,
        "lacks": {key: list(names) for key, names in lacks.items()},
    }
    entry = write_entry(
        before,
        MessageRequested,
        MessageRequested.dump(about=meeting["_id"], kind=NOT_READY),
        at=occasion.now,
        actor={**CLOCKWORK.sign()},
        answered={},
        after={**before, **facts},
    )
    return first_document(before, facts, entry)


def read_warning(context: Context, message: Document, meeting: Document) -> Request:
    """A warning as it is to be sent now; to nobody once the session has begun or is off."""
    session = session_of(meeting, str(message["session"]))
    wanted = session["state"] == "planned" and context.now() < session["start"]
    places = {key: one["name"] for key, one in context.endpoints.find_all(message["lacks"]).items()}
    words = warning_words(meeting, session, message, places)
    return {"to": message["address"] if wanted else None, **words, "attachments": [], "calendar": None}
