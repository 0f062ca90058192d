"""What follows for applications from official documents: a letter went out, its answer came, a result has its number.

It runs in one transaction with the note that the event was applied, so nothing follows twice.
"""

from collections.abc import Callable
from dataclasses import replace

from services.one_stop_shop.domain import opinions
from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application, Decision, Occasion
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.context import Context, occasion_on
from shared.contracts.base import ReceivedEvent
from shared.errors import Stale
from shared.observability import tracing


def note_document(context: Context, event: ReceivedEvent) -> None:
    """A document was issued: it asks for an opinion, or it is the entry of a result in the register."""
    code, opinion = event.data["code"], event.data["opinion"]
    _follow(
        context,
        event,
        lambda application, _: (
            opinions.note_sent(application, opinion, code)
            if opinion
            else opinions.note_register_number(application, code)
        ),
    )


def note_reply(context: Context, event: ReceivedEvent) -> None:
    """A document was registered on arrival: it may be the answer to a request for an opinion."""
    opinion, code = event.data["opinion"], event.data["code"]
    if opinion:
        _follow(context, event, lambda application, now: opinions.receive(application, now, opinion, code))


def _follow(context: Context, event: ReceivedEvent, decide: Callable[[Application, Occasion], Decision | None]) -> None:
    application = context.applications.find_all([event.data["application"]]).get(event.data["application"])
    if application is None:
        return  # most documents are written for no application
    actor = replace(CLOCKWORK, agency=application["competent_agency"])
    occasion = occasion_on(context, actor, application)
    decision = decide(application, occasion)
    if decision is None:
        return
    with tracing(event.correlation_id, event.traceparent, event.event.type(), "consumer"):
        changes, entry, _ = record(application, decision, occasion, actor.sign((SYSTEM,)))
        if not context.applications.save(application["_id"], application["version"], changes, entry):
            raise Stale("version_stale")
