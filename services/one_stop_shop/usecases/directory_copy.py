"""The copy of the directory's agencies: each is as its newest event says."""

from datetime import date
from typing import Any

from services.one_stop_shop.usecases.context import Context
from shared.contracts.base import ReceivedEvent

_OF_NO_INTEREST = frozenset({"units"})


def copy_agency(context: Context, event: ReceivedEvent) -> None:
    """Keep what the event says of the agency."""
    context.agencies.keep(as_in_the_file(event.data), event.sequence)


def as_in_the_file(data: dict[str, Any]) -> dict[str, Any]:
    """An agency in the form of the seed file, where what is absent is left out; that there is no parent is said."""
    plain = {name: _plain(value) for name, value in data.items() if name not in _OF_NO_INTEREST}
    return {name: value for name, value in plain.items() if name == "parent" or value not in (None, "", [], False)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
