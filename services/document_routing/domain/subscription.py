"""A subscription of an agency's system: where it is told of packages, and when it is left alone for a while."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from shared.errors import Conflict

ACTIVE, PAUSED, CLOSED = "active", "paused", "closed"

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800))
"""Pauses after each failure in a row; together a day. From then on it is the last one."""

GIVE_UP_AFTER = sum(RETRY_AFTER, timedelta())
"""How long nobody may answer before a subscription is paused by itself: one that has a single notification to hear
is paused when that has failed for a day."""

SLOW = timedelta(seconds=2)
"""Who takes longer than this to answer waits among those who do, so that it takes nothing from the others."""

EPOCH = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def subscribe(content: Mapping[str, Any], occasion: Occasion) -> Decision:
    """An agency's system wants to be told at `url`."""
    changes: Changes = {
        **content,
        "agency": occasion.actor.agency,
        "status": ACTIVE,
        "paused_reason": None,
        "created_at": occasion.now,
        **healthy(),
    }
    return Decision("subscription_created", changes)


def healthy() -> Changes:
    """The state of a subscription about which nothing bad is known; moments in the past keep nobody waiting."""
    return {
        "failing_since": None,
        "failures": 0,
        "patient": False,
        "last_success_at": None,
        "last_failure_at": None,
        "last_error": None,
        "not_before": EPOCH,
        "leased_until": EPOCH,
    }


def pause(subscription: Aggregate, reason: str, *, automatic: bool) -> Decision | None:
    """Tell nothing for now; None when it is so already.

    Raises:
        Conflict: the subscription is closed.
    """
    check_open(subscription)
    if subscription["status"] == PAUSED:
        return None
    data = {"automatic": automatic, "failing_since": subscription["failing_since"] if automatic else None}
    return Decision("subscription_paused", {"status": PAUSED, "paused_reason": reason}, data, reason)


def resume(subscription: Aggregate, reason: str) -> Decision | None:
    """Tell again, beginning with what waited; None when it is told already.

    Raises:
        Conflict: the subscription is closed.
    """
    check_open(subscription)
    if subscription["status"] == ACTIVE:
        return None
    changes = {"status": ACTIVE, "paused_reason": None, "failing_since": None, "failures": 0, "not_before": EPOCH}
    return Decision("subscription_resumed", changes, reason=reason)


def close(subscription: Aggregate, reason: str) -> Decision | None:
    """Tell never again; None when it is closed already."""
    if subscription["status"] == CLOSED:
        return None
    return Decision("subscription_closed", {"status": CLOSED}, reason=reason)


def check_open(subscription: Aggregate) -> None:
    """Refuse what only makes sense as long as somebody may be told.

    Raises:
        Conflict: the subscription is closed.
    """
    if subscription["status"] == CLOSED:
        raise Conflict("subscription_closed")


def after_success(now: datetime, took: timedelta) -> Changes:
    """The health after somebody answered."""
    return {
        "failing_since": None,
        "failures": 0,
        "last_success_at": now,
        "patient": took > SLOW,
        "not_before": EPOCH,
    }


def after_failure(subscription: Mapping[str, Any], now: datetime, error: str) -> Changes:
    """The health after nobody answered, or not as expected, and when to try again."""
    failures = subscription["failures"] + 1
    return {
        "failing_since": subscription["failing_since"] or now,
        "failures": failures,
        "last_failure_at": now,
        "last_error": error[:300],
        "patient": True,
        "not_before": now + RETRY_AFTER[min(failures, len(RETRY_AFTER)) - 1],
    }


def is_hopeless(health: Mapping[str, Any], now: datetime) -> bool:
    """Whether nobody has answered for so long that the subscription is to be paused."""
    return health["failing_since"] is not None and now - health["failing_since"] >= GIVE_UP_AFTER


def next_attempt(attempts: int, now: datetime) -> datetime:
    """When a notification that failed that often is told again: it is never given up while it is kept."""
    return now + RETRY_AFTER[min(attempts, len(RETRY_AFTER)) - 1]


def settle(before: Aggregate, changes: Changes, occasion: Occasion) -> Changes:
    """Nothing more follows; a new subscription has nothing to be told yet."""
    return changes
