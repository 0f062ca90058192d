"""The platform pauses a subscription by itself: an alert in the history that everybody can see."""

from datetime import datetime
from typing import Any

from services.document_routing.domain import subscription as s
from services.document_routing.domain.actors import CLOCKWORK, SYSTEM
from services.document_routing.domain.agencies import Directory
from services.document_routing.domain.aggregate import Aggregate, Occasion
from services.document_routing.domain.document_types import DocumentTypes
from services.document_routing.usecases.changes import record
from services.document_routing.usecases.exchange_kinds import SUBSCRIPTION
from shared.history import Entry
from shared.working_time import WorkingTime


def pause_by_itself(subscription: Aggregate, reason: str, now: datetime) -> tuple[dict[str, Any], Entry] | None:
    """What the pause changes, and its entry; None when the subscription is paused already."""
    decision = s.pause(subscription, reason, automatic=True)
    if decision is None:
        return None
    occasion = Occasion(now, CLOCKWORK, Directory(()), DocumentTypes(()), WorkingTime())
    changes, entry, _ = record(SUBSCRIPTION, subscription, decision, occasion, CLOCKWORK.sign((SYSTEM,)))
    return changes, entry
