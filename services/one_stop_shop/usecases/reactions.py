"""What follows from an application's own events: notices for its people, news for the bundle that it is part of.

Each runs in one transaction with the note that the event was applied, so nothing follows twice.
"""

from services.one_stop_shop.domain import ties
from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.application import Application, Decision
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.context import Context, occasion_on
from services.one_stop_shop.usecases.notices import notice_of
from shared.contracts.base import ReceivedEvent
from shared.contracts.one_stop_shop.events import (
    ApplicationFinished,
    ApplicationLinked,
    ApplicationRefused,
    ApplicationReturned,
    WithdrawalDecided,
)
from shared.errors import Stale

PROGRESS = (ApplicationFinished, ApplicationReturned, ApplicationRefused, WithdrawalDecided)
"""Events of a part that its bundle must know of."""


def react_to_application(context: Context, event: ReceivedEvent) -> None:
    """Let everything follow that follows from this event."""
    loaded = context.applications.find(event.subject)
    if loaded is None:
        raise LookupError(f"an event of an application that is not there: {event.id}")
    notice = notice_of(event, loaded.document)
    if notice is not None:
        context.notices.add(notice)
    if event.event is ApplicationLinked:
        _mirror_tie(context, loaded.document, event.data["other"], event.data["kind"])
    if event.event in PROGRESS and not loaded.document["counted"]:
        for bundle in context.applications.bundles_of(event.subject):
            _tell_bundle(context, bundle, event)


def _mirror_tie(context: Context, application: Application, other: str, kind: str) -> None:
    """Let the other application know of the tie; what knows of it already stays as it is."""
    loaded = context.applications.find(other)
    if loaded is not None and not ties.is_tied(loaded.document, application["_id"]):
        _save(context, loaded.document, ties.mirror(loaded.document, application, kind))


def _tell_bundle(context: Context, bundle: str, event: ReceivedEvent) -> None:
    loaded = context.applications.find(bundle)
    if loaded is not None:
        _save(context, loaded.document, ties.record_part(loaded.document, event.subject, event.data["status"]))


def _save(context: Context, application: Application, decision: Decision) -> None:
    occasion = occasion_on(context, CLOCKWORK, application)
    changes, entry, _ = record(application, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
    if not context.applications.save(application["_id"], application["version"], changes, entry):
        raise Stale("version_stale")
