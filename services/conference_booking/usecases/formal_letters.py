"""The invitation document of a meeting: asked for by its convener, kept true, and followed in document routing."""

from typing import Any
from zoneinfo import ZoneInfo

from services.conference_booking.domain import formal_letters as rules
from services.conference_booking.domain.actors import CLOCKWORK, Part
from services.conference_booking.domain.decisions import Decision, Document, Occasion
from services.conference_booking.domain.sessions import sessions_ahead
from services.conference_booking.usecases.changes import follow
from services.conference_booking.usecases.context import Context, occasion_for
from services.conference_booking.usecases.meetings import carry_out
from shared.contracts.base import ReceivedEvent
from shared.contracts.document_routing.events import DocumentRecalled, DocumentReplaced
from shared.contracts.principal import Principal
from shared.observability import tracing

Request = dict[str, Any]


def ask_invitation_letter(context: Context, request: Request, principal: Principal) -> Request:
    """Let the convener's agency have a draft in document routing."""

    def decide(meeting: Document, _: Request, __: Occasion, ___: Part) -> Decision:
        return rules.ask(meeting, _words(context, meeting))

    return carry_out(context, "ask_invitation_letter", decide, request, principal)


def _words(context: Context, meeting: Document) -> dict[str, str]:
    chair = context.endpoints.find_all([meeting["chair"]])[meeting["chair"]]["name"]["vi"]
    ahead = [one["start"] for one in sessions_ahead(meeting)] or [meeting["sessions"][0]["start"]]
    wall = min(ahead).astimezone(ZoneInfo(meeting["zone"]))
    return rules.words_of(meeting, chair, wall)


def correct_letter(context: Context, meeting: Document) -> None:
    """Tell document routing what is true of the meeting now.

    Raises:
        Stale: somebody changed the meeting meanwhile.
    """
    decision = rules.correct(meeting, _words(context, meeting))
    if decision is not None:
        follow(context, meeting, decision, occasion_for(context, CLOCKWORK, meeting["network"]))


def note_document(context: Context, event: ReceivedEvent) -> None:
    """Keep where the document of a meeting stands; of other documents nothing is kept.

    Raises:
        Stale: somebody changed the meeting meanwhile; the event comes again.
    """
    letter = event.data["letter"]
    loaded = context.meetings.find(letter.partition(":")[0]) if letter else None
    if loaded is None:
        return
    ended = {DocumentRecalled: "recalled", DocumentReplaced: "replaced"}
    status = ended.get(event.event, event.data["status"])
    decision = rules.progressed(loaded.document, letter, status, event.subject, event.data["code"])
    if decision is not None:
        with tracing(event.correlation_id, event.traceparent):
            follow(context, loaded.document, decision, occasion_for(context, CLOCKWORK, loaded.document["network"]))
