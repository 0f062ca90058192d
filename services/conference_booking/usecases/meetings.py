"""What people do with meetings; each command is one write, and its repetition gets the first answer."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from services.conference_booking.domain import changing, sessions
from services.conference_booking.domain import meetings as rules
from services.conference_booking.domain.access import check_sees
from services.conference_booking.domain.actors import STAFF, Actor, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.needs import Resources
from services.conference_booking.domain.networks import Network
from services.conference_booking.domain.risks import risks_of
from services.conference_booking.domain.rooms import with_dial_in
from services.conference_booking.domain.transitions import check_allowed
from services.conference_booking.usecases.booking import Booking, book, wish_of
from services.conference_booking.usecases.changes import capacity
from services.conference_booking.usecases.clashes import alternatives, clashes_of, look, tell, with_starts
from services.conference_booking.usecases.context import Context, actor_of, occasion_for
from services.conference_booking.usecases.preempting import check_may_preempt
from shared.commands import Loaded, attempts, check_version, command_of, new_aggregate, repeated_answer
from shared.contracts.base import Request as Contract
from shared.contracts.conference_booking.operations import OPERATIONS
from shared.contracts.conference_booking.requests import FindFreeTimes, RequestMeeting
from shared.contracts.principal import Principal
from shared.errors import Forbidden, NotFound, Stale
from shared.requests import read_request

NAMESPACE = UUID("6b1e1d0a-7a4c-5c53-9d6e-2f0c8f4f1b90")
"""Ids follow from idempotency keys: a request that is repeated makes no second meeting."""

_BODIES: dict[str, type[Contract]] = {operation.name: operation.body for operation in OPERATIONS if operation.body}

Request = dict[str, Any]
UseCase = Callable[[Context, Request, Principal], Request]
Decide = Callable[[Document, Request, Occasion, Part], Decision]


def request_meeting(context: Context, request: Request, principal: Principal) -> Request:
    """Ask for a meeting, which holds all it needs at once."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(RequestMeeting, request)
    occasion = occasion_for(context, actor, body["network"])
    part = _asking(actor, occasion)
    before = new_aggregate(uuid5(NAMESPACE, command["key"]).hex)
    earlier = context.meetings.find(before["_id"], command["key"])
    if earlier is not None:
        return repeated_answer(earlier.repeated, command)
    if body["preempt"]:
        check_may_preempt(body["rank"], occasion)
    decision = _with_risks(
        context, before, rules.request(before["_id"], body, occasion, _there(context, occasion.network), part), occasion
    )
    earliest = _earliest(occasion, part, urgent=body["urgent"])
    booking = Booking(before, decision, occasion, part, command, body["preempt"], earliest)
    answer = book(context, booking)
    if answer is None:
        raise Stale("version_stale")
    return answer


def _asking(actor: Actor, occasion: Occasion) -> Part:
    """As what somebody asks: who approves or runs the network may enter what was asked for by telephone.

    Raises:
        Forbidden: for those of no agency.
    """
    parts = actor.parts(occasion.network)
    part = next((part for part in (Part.APPROVER, Part.OPERATOR) if part in parts), Part.CONVENER)
    if not actor.agency or (part is Part.CONVENER and not actor.has(*STAFF)):
        raise Forbidden("role_not_allowed", action="request_meeting")
    return part


def _there(context: Context, network: Network) -> Resources:
    bridge = context.bridges.find(network.key)
    return Resources(
        context.endpoints.of_network(network.key),
        context.technicians.of_network(network.key),
        bridge.document["cost"] if bridge else {},
        network.technicians.exclusive,
    )


def _earliest(occasion: Occasion, part: Part, *, urgent: bool) -> Any:
    return rules.earliest_start(occasion, urgent=urgent) if part is Part.CONVENER else occasion.now


def _with_risks(context: Context, before: Document, decision: Decision, occasion: Occasion) -> Decision:
    """A meeting over an endpoint that is down is at risk from its first moment."""
    after = {**before, **decision.changes}
    endpoints = context.endpoints.find_all(after["things"])
    risks = risks_of(after, endpoints, None, occasion.now)
    return Decision(decision.event, {**decision.changes, "at_risk": risks}, decision.data, decision.reason)


def find_free_times(context: Context, request: Request, principal: Principal) -> Request:
    """Try a wish without holding anything."""
    actor, body = actor_of(principal), read_request(FindFreeTimes, request)
    occasion = occasion_for(context, actor, body["network"])
    part = _asking(actor, occasion)
    own = load_meeting(context, body["meeting"], actor).document if body["meeting"] else new_aggregate("")
    after = {**own, **rules.wished(body, occasion, _there(context, occasion.network)), "proposed": None}
    earliest = _earliest(occasion, part, urgent=body["urgent"])
    wish = wish_of(own, after, earliest)
    usable = capacity(context, body["network"])
    if not wish.claims:
        return {"free": True, "earliest": earliest, "clashes": [], "alternatives": []}
    occupancy = look(context, body["network"], wish, usable)
    clashes = clashes_of(occupancy, wish.claims)
    found = alternatives(occupancy, wish, occasion) if clashes else []
    return {
        "free": not clashes,
        "earliest": earliest,
        "clashes": tell(context, occasion, clashes, wish.claims),
        "alternatives": with_starts(found, after["sessions"][0]["start"], body["zone"]),
    }


def change_meeting(context: Context, request: Request, principal: Principal) -> Request:
    """Something else about a meeting; what it holds is swapped in the same write."""

    def decide(meeting: Document, body: Request, occasion: Occasion, part: Part) -> Decision:
        if body["preempt"]:
            check_may_preempt(body["rank"] if "rank" in body else meeting["rank"], occasion)
        decision = changing.change(meeting, body, occasion, _there(context, occasion.network), part)
        return _with_risks(context, meeting, decision, occasion)

    return carry_out(context, "change_meeting", decide, request, principal)


def approve_change(context: Context, request: Request, principal: Principal) -> Request:
    """The change that waited beside an approved meeting becomes true."""

    def decide(meeting: Document, body: Request, occasion: Occasion, _: Part) -> Decision:
        decision = changing.approve_change(meeting, body, occasion, _there(context, occasion.network))
        return _with_risks(context, meeting, decision, occasion)

    return carry_out(context, "approve_change", decide, request, principal)


def move_session(context: Context, request: Request, principal: Principal) -> Request:
    """One session of a series at another time; what it held is given back in the same write."""

    def decide(meeting: Document, body: Request, occasion: Occasion, part: Part) -> Decision:
        there = _there(context, occasion.network)
        decision = changing.move_session(meeting, request["session"], body, occasion, there, part)
        return _with_risks(context, meeting, decision, occasion)

    return carry_out(context, "move_session", decide, request, principal)


def _plainly(action: str, rule: Callable[[Document, Request, Occasion], Decision]) -> UseCase:
    """What follows from the meeting and the body alone."""

    def decide(meeting: Document, body: Request, occasion: Occasion, _: Part) -> Decision:
        return rule(meeting, body, occasion)

    def use_case(context: Context, request: Request, principal: Principal) -> Request:
        return carry_out(context, action, decide, request, principal)

    return use_case


def _on_session(action: str, rule: Callable[[Document, str, Request, Occasion], Decision]) -> UseCase:
    """What is done with one session."""

    def use_case(context: Context, request: Request, principal: Principal) -> Request:
        def decide(meeting: Document, body: Request, occasion: Occasion, _: Part) -> Decision:
            return rule(meeting, request["session"], body, occasion)

        return carry_out(context, action, decide, request, principal)

    return use_case


def carry_out(context: Context, action: str, decide: Decide, request: Request, principal: Principal) -> Request:
    """Do what one row of the transition table says."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(_BODIES[action], request, path=("meeting", "session"))
    for _ in attempts(request):
        loaded = load_meeting(context, request["meeting"], actor, command["key"])
        if loaded.repeated is not None:
            return repeated_answer(loaded.repeated, command)
        meeting = loaded.document
        check_version(meeting, request)
        occasion = occasion_for(context, actor, meeting["network"])
        _, part = check_allowed(meeting, actor.parts(occasion.network, meeting["convener"]), action)
        decision = with_dial_in(meeting, decide(meeting, body, occasion, part), occasion.network.bridge)
        earliest = _earliest(occasion, part, urgent=meeting["urgent"])
        booking = Booking(meeting, decision, occasion, part, command, body.get("preempt", False), earliest)
        answer = book(context, booking)
        if answer is not None:
            return answer
    raise Stale("version_stale")


def load_meeting(context: Context, identifier: str, actor: Actor, command: str = "") -> Loaded:
    """A meeting that the actor may know of.

    Raises:
        NotFound: in the same words when there is none.
    """
    loaded = context.meetings.find(identifier, command)
    if loaded is None:
        raise NotFound("meeting_unknown")
    check_sees(actor, loaded.document, context.networks.get(loaded.document["network"]))
    return loaded


answer_meeting_question = _plainly("answer_meeting_question", rules.answer)
answer_change_question = _plainly("answer_change_question", rules.answer_change)
cancel_meeting = _plainly("cancel_meeting", rules.cancel)
approve_meeting = _plainly("approve_meeting", rules.approve)
reject_meeting = _plainly("reject_meeting", rules.reject)
reject_change = _plainly("reject_change", changing.reject_change)
ask_meeting_information = _plainly("ask_meeting_information", rules.question)
ask_change_information = _plainly("ask_change_information", rules.question_change)
cancel_session = _on_session("cancel_session", sessions.cancel_session)
start_session = _on_session("start_session", sessions.start)
extend_session = _on_session("extend_session", sessions.extend)
end_session = _on_session("end_session", sessions.end)
