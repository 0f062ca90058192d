"""Which values the SCIM interface takes: those that the database keeps as they are, and that a directory could mean.

A wish that cannot be fulfilled today is kept and told why; a value that can never be one is refused when it is sent.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate
from scim2_models import InvalidFilterException, InvalidValueException, Resource

from services.email_provisioning.domain.scim.wishes import USER_EXTENSION
from shared.contracts.shapes import FIRST_YEAR, LAST_YEAR
from shared.contracts.values import check_storable, day

GREATEST = 2**63 - 1
"""The greatest whole number that the database keeps."""

MOST_SENT = 2**31 - 1
"""The greatest size, in MiB, that is kept as a wish; which of them a mailbox may have the directory tells."""

Leaf = tuple[str, Any]

_SIZE = fields.Integer(strict=True, validate=validate.Range(0, MOST_SENT))
_NO_TEXT = "control characters, halves of letters and signs that turn the direction of writing are not taken"
_NO_DAY = f"no day of the years {FIRST_YEAR} to {LAST_YEAR}, as YYYY-MM-DD"
_RULES: dict[str, tuple[Callable[[Any], Any], str]] = {
    f"{USER_EXTENSION}:quota": (_SIZE.deserialize, f"no whole number of MiB from 0 to {MOST_SENT}"),
    f"{USER_EXTENSION}:startsOn": (day().deserialize, _NO_DAY),
    f"{USER_EXTENSION}:revokeOn": (day().deserialize, _NO_DAY),
}
"""What no directory understands, and in which words it is refused."""


def check_resource(resource: Resource[Any], known: Any = None) -> None:
    """Refuse values that no resource has; what already stands in the body that is `known` may stay.

    Raises:
        InvalidValueException: there is one; its detail names the attribute.
    """
    kept = set(_leaves(known))
    for leaf in _leaves(resource.model_dump()):
        if leaf not in kept:
            _check(*leaf)


def check_wanted(text: Any) -> None:
    """Refuse a filter's text that no resource holds, and that no question to the database carries.

    Raises:
        InvalidFilterException: it is one.
    """
    if isinstance(text, str) and not _passes(check_storable, text):
        raise InvalidFilterException(detail=f"{text!a}: {_NO_TEXT}")


def check_index(start_index: int | None) -> None:
    """Refuse a first result beyond whatever is counted.

    Raises:
        InvalidValueException: it is one.
    """
    if start_index is not None and start_index > GREATEST:
        raise InvalidValueException(detail=f"startIndex: no whole number up to {GREATEST}")


def nearest_number(number: int) -> int:
    """A whole number, or the last one on its side that the database compares: no resource has one out there."""
    return max(-GREATEST - 1, min(number, GREATEST))


def nearest_moment(moment: datetime) -> datetime:
    """A moment in UTC, or the calendar's first or last one if it lies beyond, seen from there."""
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError):
        end = datetime.min if moment.year == datetime.min.year else datetime.max
        return end.replace(tzinfo=UTC)


def _check(place: str, value: Any) -> None:
    if isinstance(value, str) and not _passes(check_storable, value):
        raise InvalidValueException(detail=f"{place}: {_NO_TEXT}")
    rule, words = _RULES.get(place, (check_storable, f"no whole number up to {GREATEST}"))
    if value != "" and not _passes(rule, value):
        raise InvalidValueException(detail=f"{place}: {words}")


def _passes(rule: Callable[[Any], Any], value: Any) -> bool:
    try:
        rule(value)
    except ValidationError:
        return False
    return True


def _leaves(value: Any, place: str = "") -> Iterator[Leaf]:
    """Everything that is said in a body, each under the name of its attribute."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{place}:{name}" if place.startswith("urn:") else f"{place}.{name}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, place)
    elif value is not None:
        yield place, value
