"""What follows here from the one-stop shop's applications: letters that ask for opinions, numbers of results."""

from uuid import uuid5

from services.document_routing.domain.actors import SYSTEM
from services.document_routing.domain.for_applications import draft_for_opinion, register_result
from services.document_routing.domain.numbering import OUTGOING, Series
from services.document_routing.usecases.changes import DOCUMENT, begun
from services.document_routing.usecases.context import Context, occasion_for
from services.document_routing.usecases.documents import NAMESPACE
from shared.actors import Actor
from shared.contracts.base import ReceivedEvent


def draft_opinion(context: Context, event: ReceivedEvent) -> None:
    """Begin the letter that an application needs; it is begun once, however often the event comes."""
    occasion = occasion_for(context, _desk(event.data["by"]), event.data["by"])
    drafted = draft_for_opinion(occasion, event.data, event.subject)
    identifier = uuid5(NAMESPACE, f"opinion:{event.data['opinion']}").hex
    context.documents.add(begun(DOCUMENT, identifier, drafted, occasion, occasion.actor.sign((SYSTEM,))))


def number_result(context: Context, event: ReceivedEvent) -> None:
    """Give a finished application's result its number in the register of what its agency issues."""
    identifier = uuid5(NAMESPACE, f"result:{event.id}").hex
    if not event.data["competent"] or context.documents.find(identifier) is not None:
        return  # finished before there were registers, or numbered already
    actor = _desk(event.data["competent"])
    occasion = occasion_for(context, actor, actor.agency)
    series = Series(actor.agency, OUTGOING, occasion.today.year)
    with context.series.turn(series):
        number, on = context.series.take(series, occasion.today)
        issued = register_result(occasion, event.data, event.subject, number, on)
        context.documents.add(begun(DOCUMENT, identifier, issued, occasion, actor.sign((SYSTEM,))))


def _desk(agency: str) -> Actor:
    """The one-stop shop of an agency, which acts through the platform."""
    return Actor(subject="one_stop_shop", name="Bộ phận Một cửa", roles=frozenset({SYSTEM}), agency=agency)
