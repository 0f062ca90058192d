"""What follows from applications' own events: notices for their people, news for the bundles that they are part of.

It runs in one transaction with the note that the events were applied, so nothing follows twice.
"""

from collections.abc import Callable, Iterator, Sequence

from services.one_stop_shop.domain import corrections, stopping, ties
from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application, Decision
from services.one_stop_shop.domain.texts import Text
from services.one_stop_shop.domain.transitions import BY_ACTION
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.context import Context, occasion_on
from services.one_stop_shop.usecases.messages import request_messages
from services.one_stop_shop.usecases.notices import TOLD_FROM, notice_of
from services.one_stop_shop.usecases.parts import open_part_of, procedures_of_parts
from shared.contracts.base import Event, ReceivedEvent
from shared.contracts.one_stop_shop.events import (
    ApplicationCorrected,
    ApplicationFinished,
    ApplicationReceived,
    ApplicationRefused,
    ApplicationResumed,
    ApplicationStopped,
    WithdrawalDecided,
    WithdrawalRequested,
)
from shared.contracts.one_stop_shop.result_events import ApplicationReturned, ResultRecalled
from shared.errors import Stale
from shared.observability import tracing


def react_to_applications(context: Context, events: Sequence[ReceivedEvent]) -> None:
    """Let everything follow that follows from these events."""
    found = context.applications.find_all({event.subject for event in events}, only=TOLD_FROM)
    about = [(event, found[event.subject], _procedure_of(context, found[event.subject])) for event in events]
    told = [notice for one in about if (notice := notice_of(*one)) is not None]
    context.notices.add(*told)
    request_messages(context, told, found)
    for event in events:
        tell_others = _CONCERNS_OTHERS.get(event.event)
        if tell_others is not None:
            with tracing(event.correlation_id, event.traceparent, event.event.type(), "consumer"):
                tell_others(context, event)


def _procedure_of(context: Context, application: Application) -> Text:
    procedure = application["procedure"]
    return context.catalogue.version(procedure["code"], procedure["version"]).name


def _tell_bundles(context: Context, event: ReceivedEvent) -> None:
    """Let the bundles that this application is a part of know how it stands."""
    for bundle in context.applications.find_all(context.applications.bundles_of(event.subject)).values():
        _save(context, bundle, ties.record_part(bundle, event.subject, event.data["status"]))


def _open_parts(context: Context, event: ReceivedEvent) -> None:
    """Open the parts of a bundle that was received; each is an entry of its own in the bundle's history."""
    bundle = context.applications.find_all([event.subject])[event.subject]
    for procedure in procedures_of_parts(context, bundle):
        opened = open_part_of(context, bundle, procedure)
        if opened is not None:
            _save(context, bundle, opened)
            bundle = context.applications.find_all([event.subject])[event.subject]


def _end_withdrawal(context: Context, event: ReceivedEvent) -> None:
    """A bundle that was given back takes its parts along: their people asked for the whole to end."""
    _tell_bundles(context, event)
    if not event.data["accepted"]:
        return
    for bundle, part in _parts_to_follow(context, event, "request_withdrawal"):
        reason = {"reason": f"Hồ sơ liên thông {bundle['code']} đã được rút"}
        _save(context, part, stopping.request_withdrawal(part, occasion_on(context, CLOCKWORK, part), reason))


def _correct_parts(context: Context, event: ReceivedEvent) -> None:
    """The parts of a bundle belong to its people, also when these are put right."""
    for bundle, part in _parts_to_follow(context, event, "correct"):
        reason = f"Theo hồ sơ liên thông {bundle['code']}"
        decision = corrections.follow(part, bundle, occasion_on(context, CLOCKWORK, part), reason)
        if decision is not None:
            _save(context, part, decision)


def _parts_to_follow(context: Context, event: ReceivedEvent, action: str) -> Iterator[tuple[Application, Application]]:
    """The bundle that the event is about with each part that was opened for it and to which this can be done now."""
    bundle = context.applications.find_all([event.subject])[event.subject]
    tied = [tie["application"] for tie in bundle["links"] if tie["kind"] == "part"]
    for part in context.applications.find_all(tied).values():
        if ties.opened_for(bundle, part) and part["status"] in BY_ACTION[action].sources:
            yield bundle, part


def _save(context: Context, application: Application, decision: Decision) -> None:
    occasion = occasion_on(context, CLOCKWORK, application)
    changes, entry, _ = record(application, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
    if not context.applications.save(application["_id"], application["version"], changes, entry):
        raise Stale("version_stale")


_CONCERNS_OTHERS: dict[type[Event], Callable[[Context, ReceivedEvent], None]] = {
    ApplicationReceived: _open_parts,
    ApplicationCorrected: _correct_parts,
    ApplicationFinished: _tell_bundles,
    ApplicationReturned: _tell_bundles,
    ApplicationRefused: _tell_bundles,
    ApplicationStopped: _tell_bundles,
    ApplicationResumed: _tell_bundles,
    ResultRecalled: _tell_bundles,
    WithdrawalRequested: _tell_bundles,
    WithdrawalDecided: _end_withdrawal,
}
