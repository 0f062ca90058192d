"""The page of a list that is seen: which of its rows these are, and the ways to the pages before and behind it.

A cursor names a place in a list. The address holds it, whether the page lies before that place (`back`), and how many
rows stand before it (`truoc`). While others work, rows come and go before the place: the page stays where it is, only
the numbers may be out by as many, until either end of the list puts them right.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

_BEFORE = "truoc"
PLACE = ("cursor", "back", _BEFORE)
"""What the address says of the page beside the filters."""


class Ways(NamedTuple):
    """Where the earlier page and the following one are, "" where there is none; `rows` of how many these are."""

    earlier: str
    following: str
    rows: str
    total: int | None


def filters_of(wanted: Mapping[str, str]) -> dict[str, str]:
    """What the list is narrowed by, whichever page of it is seen."""
    return {name: value for name, value in wanted.items() if name not in PLACE}


def asked_of(wanted: Mapping[str, str]) -> dict[str, str]:
    """What the service is asked: without the number that only the page knows."""
    return {name: value for name, value in wanted.items() if name != _BEFORE}


def ways_from(here: str, wanted: Mapping[str, str], found: Mapping[str, Any], total: int | None) -> Ways:
    """The ways from the page that was `found`; `total` is how long the list is, where that is known anyway."""
    back, length = "back" in wanted, len(found["items"])
    place, further = wanted.get("cursor"), found["next_cursor"]
    before, behind = (further, place) if back else (place, further)
    skipped = _number(wanted.get(_BEFORE, ""))
    if skipped is not None and back:
        skipped = max(skipped - length, 0)
    if not behind and total is not None:
        skipped = max(total - length, 0)
    if not before:
        skipped = 0
    last = None if skipped is None else skipped + length
    whole = last if total is None and not behind else total
    return Ways(
        _address(here, wanted, before, skipped, back="1") if before else "",
        _address(here, wanted, behind, last) if behind else "",
        _span(skipped, last, whole),
        whole,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _span(skipped: int | None, last: int | None, whole: int | None) -> str:
    """The numbers of the rows; nothing where there are none, or so many went that the numbers would lie behind all."""
    if skipped is None or last is None or skipped == last or (whole is not None and last > whole):
        return ""
    return f"{last}" if last == skipped + 1 else f"{skipped + 1}–{last}"


def _address(here: str, wanted: Mapping[str, str], place: str, rows: int | None, **side: str) -> str:
    known = {} if rows is None else {_BEFORE: rows}
    return f"{here}?{urlencode({**filters_of(wanted), 'cursor': place, **side, **known})}"
