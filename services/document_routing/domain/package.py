"""A package: one message on its way to one agency's own system or to another exchange, until it is acknowledged.

Its transport state stands apart from the business statuses of the document: preparing, initial, processing, done, fail.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.document_routing.domain.aggregate import Aggregate, Changes, Decision, Occasion
from services.document_routing.domain.outgoing import RECALL, UPDATE
from shared.errors import Conflict

PREPARING, INITIAL, PROCESSING, DONE, FAILED, WITHDRAWN = (
    "preparing",
    "initial",
    "processing",
    "done",
    "fail",
    "withdrawn",
)
OFFERED = (INITIAL, PROCESSING)
"""States in which the receiver is still offered the package."""

RETRY_AFTER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800))
"""Pauses between attempts to reach another exchange: together a day."""


def prepare(content: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Something has to reach an agency; its file is written afterwards, or stands already in `content`."""
    changes: Changes = {
        "status": PREPARING,
        "file": None,
        "digest": "",
        "size": 0,
        "position": None,
        "offered": False,
        "created_at": occasion.now,
        "fetched_at": None,
        "acknowledged_at": None,
        "reason": "",
        "attempts": 0,
        "last_error": "",
        "retry_at": None,
        **content,
    }
    return Decision("package_prepared", changes)


def make_ready(package: Aggregate, file: Mapping[str, Any], position: int) -> Decision | None:
    """The file is written; `position` counts what was ready for this agency before it; None when that is known."""
    if package["status"] != PREPARING:
        return None
    changes = {
        "status": INITIAL,
        "file": file["id"],
        "digest": file["sha256"],
        "size": file["size"],
        "position": position,
        "offered": True,
    }
    return Decision("package_ready", changes)


def fetch(package: Aggregate, occasion: Occasion) -> Decision | None:
    """The receiver takes the file; only the first time is news.

    Raises:
        Conflict: it was withdrawn, or its file is not written yet.
    """
    if package["status"] in (PREPARING, WITHDRAWN):
        raise Conflict("package_not_offered", status=package["status"])
    if package["fetched_at"] is not None and package["status"] != FAILED:
        return None
    again = package["status"] in (INITIAL, FAILED)
    changes = {"status": PROCESSING, "offered": True} if again else {}
    return Decision("package_fetched", {**changes, "fetched_at": package["fetched_at"] or occasion.now})


def acknowledge(package: Aggregate, occasion: Occasion, outcome: str, reason: str) -> Decision | None:
    """The receiver says how it went; said again it changes nothing, and what failed may still be done.

    A recall or an update that failed is offered again until it is done: without it the receiver works on what no longer
    holds.

    Raises:
        Conflict: it was withdrawn or is done, and cannot fail any more.
    """
    if package["status"] in (PREPARING, WITHDRAWN) or (package["status"] == DONE and outcome == FAILED):
        raise Conflict("package_not_offered", status=package["status"])
    if package["status"] == outcome:
        return None
    changes = {"status": outcome, "acknowledged_at": occasion.now, "reason": reason}
    changes["offered"] = outcome == FAILED and package["business"] in (RECALL, UPDATE)
    return Decision("package_acknowledged", changes, {"outcome": outcome}, reason)


def fail(package: Aggregate, reason: str) -> Decision:
    """The file cannot be written, now or ever: the sender sees that the transport failed, and why."""
    changes = {"status": FAILED, "offered": False, "reason": reason[:500]}
    return Decision("package_acknowledged", changes, {"outcome": FAILED}, reason)


def has_left(package: Aggregate) -> bool:
    """Whether the receiver has the file, or is fetching it."""
    return package["status"] in (PROCESSING, DONE)


def withdraw(package: Aggregate) -> Decision | None:
    """The sender took the document back; what the receiver has can only be recalled."""
    if has_left(package) or package["status"] == WITHDRAWN:
        return None
    return Decision("package_withdrawn", {"status": WITHDRAWN, "offered": False})


def put_off(package: Aggregate, now: datetime, error: str) -> Changes | None:
    """When to try another exchange again after it failed; None when a day of attempts is over."""
    attempts = package["attempts"] + 1
    if attempts > len(RETRY_AFTER):
        return None
    return {"attempts": attempts, "last_error": error[:500], "retry_at": now + RETRY_AFTER[attempts - 1]}


def settle(before: Aggregate, changes: Changes, occasion: Occasion) -> Changes:
    """The changes of a decision with what is due then: its file, or another attempt at another exchange."""
    after = {**before, **changes}
    due = _due(after, occasion.now)
    changed = {name: value for name, value in changes.items() if name not in before or before[name] != value}
    return {**changed, "due_work": [due] if due else [], "next_due_at": due["at"] if due else None}


def _due(package: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    if package["status"] == PREPARING:
        return {"kind": "compose", "at": now}
    if package["mode"] == "outside" and package["status"] in OFFERED:
        return {"kind": "send_outside", "at": package["retry_at"] or now}
    return None
