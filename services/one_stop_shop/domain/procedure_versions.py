"""Versions of a procedure in time: which one is in force, how far ahead one may be planned, how one ends."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from services.one_stop_shop.domain.procedure import ProcedureVersion
from shared.errors import Invalid, NotFound

YEARS_AHEAD = 2
"""How far ahead a version may begin: none begins before the last one, so a slip of the pen would bar all others."""


def latest_beginning(today: date) -> date:
    """The last day on which a version that is published today may begin."""
    return date(today.year + YEARS_AHEAD, today.month, min(today.day, 28))


YEARS_OPEN = 10
"""How far ahead a version may end; nobody plans beyond it, and who enters such a year has mistyped it."""


def latest_end(today: date) -> date:
    """The last day that may be given as the last one of a version."""
    return date(today.year + YEARS_OPEN, today.month, min(today.day, 28))


def too_far_ahead(version: "ProcedureVersion", today: date) -> tuple[str, date] | None:
    """Which day of a version lies too far ahead, and the latest that would not; None when neither does."""
    if version.effective_from > latest_beginning(today):
        return "effective_from", latest_beginning(today)
    if version.effective_to is not None and version.effective_to > latest_end(today):
        return "effective_to", latest_end(today)
    return None


def version_in_force(versions: Iterable[ProcedureVersion], on: date) -> ProcedureVersion:
    """The version that applications received `on` this day come under; of several the newest."""
    fitting = [v for v in versions if v.effective_from <= on <= (v.effective_to or date.max)]
    if not fitting:
        raise NotFound("procedure_not_in_force", on=on.isoformat())
    return max(fitting, key=lambda version: (version.effective_from, version.version))


def close_version(version: ProcedureVersion, effective_to: date) -> ProcedureVersion:
    """The same version with its last day; what was received until then keeps it."""
    if effective_to < version.effective_from:
        raise Invalid("period_reversed", effective_from=version.effective_from.isoformat())
    definition = {**version.definition, "effective_to": effective_to.isoformat()}
    return replace(version, effective_to=effective_to, definition=definition)


def withdraw_version(version: ProcedureVersion) -> ProcedureVersion:
    """The same version as one that never holds; for one that has not begun."""
    last_day = version.effective_from - timedelta(days=1)
    definition = {**version.definition, "effective_to": last_day.isoformat(), "withdrawn": True}
    return replace(version, effective_to=last_day, withdrawn=True, definition=definition)
