"""What people do with incoming documents."""

from typing import Any
from uuid import uuid5

from services.document_routing.domain import arriving, incoming
from services.document_routing.domain.actors import CLERK
from services.document_routing.domain.aggregate import Aggregate, Decision, Occasion
from services.document_routing.domain.duties import day_of
from services.document_routing.domain.numbering import INCOMING, Series
from services.document_routing.domain.outgoing import check_not_secret
from services.document_routing.usecases.attachments import attach_one
from services.document_routing.usecases.changes import ARRIVAL
from services.document_routing.usecases.commands import begin, carry_out
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from services.document_routing.usecases.staffing import with_names
from shared.commands import command_of
from shared.contracts.document_routing.requests import EnterArrival
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, field_error
from shared.requests import read_request

Request = dict[str, Any]


def arrival_id(document: str, receiver: str, sending: int = 1) -> str:
    """The id of a document at one receiver: each sending arrives there once."""
    further = f":{sending}" if sending > 1 else ""
    return uuid5(NAMESPACE, f"arrival:{document}:{receiver}{further}").hex


def enter_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Enter and register what came on paper; the number becomes final together with the entry."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(EnterArrival, request)
    if not actor.agency or not actor.has(CLERK):
        raise Forbidden("role_not_allowed", action="enter_arrival")
    check_not_secret(body)
    occasion = occasion_for(context, actor, actor.agency)

    def decide() -> Decision:
        arriving.enter(occasion, body, None, 0, occasion.today)  # what is refused must take neither a number nor a file
        scan = attach_one(context, actor.subject, "scan", body["scan"])
        return arriving.enter(occasion, body, scan, *context.series.take(series, occasion.today))

    identifier = uuid5(NAMESPACE, command["key"]).hex
    series = _series(context, actor.agency)
    with context.series.turn(series):
        return context.together(lambda: begin(context, ARRIVAL, identifier, decide, occasion, command, (CLERK,)))


def register_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Enter an arrival in the register (03) under the next arrival number of the year."""

    def decide(arrival: Aggregate, occasion: Occasion, _: Request) -> Decision:
        return arriving.register(arrival, occasion, *context.series.take(series, occasion.today))

    series = _series(context, principal.agency)
    with context.series.turn(series):
        return context.together(lambda: carry_out(context, ARRIVAL, "register_arrival", decide, request, principal))


def _series(context: Context, agency: str) -> Series:
    return Series(agency, INCOMING, day_of(context.now()).year)


def refuse_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Refuse an arrival (02)."""
    return carry_out(context, ARRIVAL, "refuse_arrival", incoming.refuse, request, principal)


def assign_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Say who handles an arrival (04)."""

    def decide(arrival: Aggregate, occasion: Occasion, body: Request) -> Decision:
        return incoming.assign(arrival, occasion, with_names(context, arrival, occasion, body))

    return carry_out(context, ARRIVAL, "assign_arrival", decide, request, principal)


def work_on_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Begin to handle an arrival (05)."""
    return carry_out(context, ARRIVAL, "work_on_arrival", incoming.work_on, request, principal)


def complete_arrival(context: Context, request: Request, principal: Principal) -> Request:
    """Close the job (06)."""

    def decide(arrival: Aggregate, occasion: Occasion, body: Request) -> Decision:
        return incoming.complete(arrival, occasion, _reply(context, arrival, body["reply"]), body["note"])

    return carry_out(context, ARRIVAL, "complete_arrival", decide, request, principal)


def _reply(context: Context, arrival: Aggregate, reply: str | None) -> Aggregate | None:
    if reply is None:
        return None
    found = context.documents.find_all([reply]).get(reply)
    if found is None or found["agency"] != arrival["agency"]:
        raise Invalid("request_invalid", fields=[field_error("reply", "document_unknown")])
    if not _answers(found, arrival):
        raise Invalid("request_invalid", fields=[field_error("reply", "reply_to_another")])
    return found


def _answers(document: Aggregate, arrival: Aggregate) -> bool:
    """Whether a document can be the reply: it names what it answers, or nothing and goes to who wants to hear it."""
    answered = [*document["responds_to"], *(one["document"] for one in document["answers"])]
    if answered:
        return arrival["_id"] in answered or (arrival["document"] or "") in answered
    sender = arrival["sender"]
    addressed = [one["receiver"] for one in document["deliveries"]] or [one["agency"] for one in document["receivers"]]
    return not sender or sender in addressed


def answer_request(context: Context, request: Request, principal: Principal) -> Request:
    """Agree (15) or refuse (16) to what the sender asked."""
    return carry_out(context, ARRIVAL, "answer_request", incoming.answer_request, request, principal)
