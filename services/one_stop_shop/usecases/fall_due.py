"""Due work of an application: what the law lets happen at a certain moment, told once."""

from services.one_stop_shop.domain.actors import CLOCKWORK, SYSTEM
from services.one_stop_shop.domain.deadlines import due_now, fall_due, without
from services.one_stop_shop.usecases.changes import record
from services.one_stop_shop.usecases.context import Context, occasion_on
from shared.errors import Stale


def fire_due_work(context: Context, application: str) -> None:
    """Tell every moment of this application that has come, each in its own write.

    Raises:
        Stale: when somebody changed the application meanwhile; the loop looks again.
    """
    while (loaded := context.applications.find(application)) is not None:
        occasion = occasion_on(context, CLOCKWORK, loaded.document)
        work = due_now(loaded.document, occasion.now)
        if work is None:
            return
        before = without(loaded.document, work)
        decision = fall_due(before, occasion, work["kind"])
        changes, entry, _ = record(before, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
        if not context.applications.save(application, loaded.document["version"], changes, entry):
            raise Stale("version_stale")
