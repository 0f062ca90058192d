"""What people do with outgoing documents."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from services.document_routing.domain import issued, outgoing
from services.document_routing.domain.actors import STAFF
from services.document_routing.domain.aggregate import Aggregate, Decision, Occasion
from services.document_routing.domain.duties import day_of
from services.document_routing.domain.numbering import OUTGOING, Series
from services.document_routing.usecases.attachments import attach, attach_one
from services.document_routing.usecases.changes import ARRIVAL, DOCUMENT, take_place_of_replaced
from services.document_routing.usecases.commands import begin, carry_out
from services.document_routing.usecases.context import Context, actor_of, occasion_for
from shared.commands import command_of
from shared.contracts.document_routing.requests import DraftDocument
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Invalid, field_error
from shared.requests import read_request

NAMESPACE = UUID("3f1d7f0e-6a52-5d0f-8f0b-6f0f1c9f2a77")
"""Ids follow from idempotency keys and from what an aggregate is about: nothing can come to be twice."""

Request = dict[str, Any]


def create_document(context: Context, request: Request, principal: Principal) -> Request:
    """Begin a draft of the caller's agency."""
    actor, command = actor_of(principal), command_of(request)
    body = read_request(DraftDocument, request)
    if not actor.agency or not actor.has(*STAFF):
        raise Forbidden("role_not_allowed", action="create_document")
    outgoing.check_not_secret(body)
    occasion = occasion_for(context, actor, actor.agency)

    def decide() -> Decision:
        _check_ties(context, occasion, body)
        outgoing.check_not_over(body["due_on"], occasion)
        outgoing.draft(occasion, body, [])  # what is refused must not keep files that nothing refers to
        return outgoing.draft(occasion, body, attach(context, actor.subject, body["main"], body["attachments"]))

    return begin(context, DOCUMENT, uuid5(NAMESPACE, command["key"]).hex, decide, occasion, command, STAFF)


def revise_document(context: Context, request: Request, principal: Principal) -> Request:
    """A new version of a draft."""

    def decide(document: Aggregate, occasion: Occasion, body: Request) -> Decision:
        outgoing.check_not_secret(body)
        _check_ties(context, occasion, body)
        outgoing.check_not_over(body["due_on"], occasion)
        outgoing.revise(document, occasion, body, [])
        files = attach(context, occasion.actor.subject, body["main"], body["attachments"], document["files"])
        return outgoing.revise(document, occasion, body, files)

    return carry_out(context, DOCUMENT, "revise_document", decide, request, principal)


def submit_document(context: Context, request: Request, principal: Principal) -> Request:
    """Put a draft before the leader."""

    def decide(document: Aggregate, occasion: Occasion, body: Request) -> Decision:
        outgoing.check_still_right(document, occasion, _to_be_replaced(context, document))
        return outgoing.submit(document, occasion, body)

    return carry_out(context, DOCUMENT, "submit_document", decide, request, principal)


def return_document(context: Context, request: Request, principal: Principal) -> Request:
    """Give a draft back to its drafter."""
    return carry_out(context, DOCUMENT, "return_document", outgoing.send_back, request, principal)


def sign_document(context: Context, request: Request, principal: Principal) -> Request:
    """Sign."""

    def decide(document: Aggregate, occasion: Occasion, body: Request) -> Decision:
        outgoing.check_still_right(document, occasion, _to_be_replaced(context, document))
        signed = attach_one(context, occasion.actor.subject, "signed_file", body["signed_file"])
        return outgoing.sign(document, occasion, body, signed)

    return carry_out(context, DOCUMENT, "sign_document", decide, request, principal)


def issue_document(context: Context, request: Request, principal: Principal) -> Request:
    """Give the next number of the year and send: number and issue become final in one transaction, or neither does."""

    series = Series(principal.agency, OUTGOING, day_of(context.now()).year)

    def decide(document: Aggregate, occasion: Occasion, _: Request) -> Decision:
        for replaced in _to_be_replaced(context, document):
            outgoing.check_replaceable(replaced)
        outgoing.issue(document, occasion, 0, occasion.today)  # what is refused must not take a number
        number, on = context.series.take(series, occasion.today)
        answered = list(context.arrivals.find_all(document["responds_to"]).values())
        return outgoing.issue(document, occasion, number, on, answered)

    def issue() -> Request:
        receipt = carry_out(context, DOCUMENT, "issue_document", decide, request, principal)
        take_place_of_replaced(context, receipt["id"])
        return receipt

    with context.series.turn(series):
        return context.together(issue)


def _to_be_replaced(context: Context, document: Aggregate) -> Iterable[Aggregate]:
    """The document whose place this one is to take, if there is one."""
    return context.documents.find_all(filter(None, [document["replaces"]])).values()


def recall_document(context: Context, request: Request, principal: Principal) -> Request:
    """Take an issued document back."""
    return carry_out(context, DOCUMENT, "recall_document", issued.recall, request, principal)


def update_document(context: Context, request: Request, principal: Principal) -> Request:
    """Correct an issued document."""

    def decide(document: Aggregate, occasion: Occasion, body: Request) -> Decision:
        return issued.update(document, occasion, body, _new_files(context, document, occasion, body))

    return carry_out(context, DOCUMENT, "update_document", decide, request, principal)


def _new_files(context: Context, document: Aggregate, occasion: Occasion, body: Request) -> list[dict[str, Any]] | None:
    """The files after an update; None when they stay."""
    if body["main"] is None and body["attachments"] is None:
        return None
    main = body["main"] or next((file["id"] for file in document["files"] if file["role"] == "main"), None)
    others = [file["id"] for file in document["files"] if file["role"] == "attachment"]
    attachments = others if body["attachments"] is None else body["attachments"]
    return attach(context, occasion.actor.subject, main, attachments, document["files"])


def _check_ties(context: Context, occasion: Occasion, body: Request) -> None:
    """What a draft refers to must be there and be the agency's own: arrivals that it answers, documents it names."""
    own = occasion.actor.agency
    for name, kind in (("responds_to", ARRIVAL), ("references", DOCUMENT)):
        found = kind.kept_in(context).find_all(body[name]) if body[name] else {}
        for number, identifier in enumerate(body[name]):
            if found.get(identifier, {}).get("agency") != own:
                raise Invalid("request_invalid", fields=[field_error(f"{name}.{number}", kind.unknown)])
    if body["replaces"]:
        found = context.documents.find_all([body["replaces"]])
        replaced = found.get(body["replaces"])
        if replaced is None or replaced["agency"] != own or replaced["status"] != "issued":
            raise Invalid("request_invalid", fields=[field_error("replaces", "document_unknown")])
        outgoing.check_replaceable(replaced)
