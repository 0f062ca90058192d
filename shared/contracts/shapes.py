"""Where marshmallow's own pieces let something slip through, or name a fault in a place that nobody sent."""

import re
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The years of this platform's work and people; beyond them lie slips of the pen, and the ends of the calendar."""

_UNSEEN = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that print as nothing."""


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""A day as RFC 3339 writes it; ISO 8601 knows shorter forms and weeks, which people and other systems misread."""
_MOMENT = re.compile(rf"{_DAY.pattern}[Tt ]", re.ASCII)


class Shape(validate.Regexp):
    """A code of a known shape, from its first character to its last: `$` alone would let a line end slip through.

    Digits are those from 0 to 9: other scripts' would make another code that looks the same.

    What is refused is told with a right example.
    """

    def __init__(self, pattern: str, example: str = "") -> None:
        super().__init__(pattern, re.ASCII, error=f"Not of the shape of {example}." if example else None)

    def __call__(self, value: Any) -> Any:
        """Refuse what does not fit wholly."""
        if self.regex.fullmatch(value) is None:
            raise ValidationError(self.error)
        return value


class Map(fields.Dict):
    """An object of free names; what is wrong stands under its name, not under `name.value`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]  # theirs is not
        except ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            flat = {name: told.get("value", told.get("key")) for name, told in error.messages.items()}
            raise ValidationError(flat, valid_data=error.valid_data) from error


class Number(fields.Integer):
    """A whole number of a query; Python's own reader takes underscores and other scripts' digits too."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


class Moment(fields.AwareDateTime):
    """A moment with its zone, of the years that count; loaded in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if isinstance(value, str) and not _MOMENT.match(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        moment: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            moment = moment.astimezone(UTC)
        except OverflowError as error:  # the first or last hours that there are, seen from another zone
            raise ValidationError("year_out_of_range") from error
        _check_year(moment)
        return moment


class Day(fields.Date):
    """A day of the years that count."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        if isinstance(value, str) and not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: date = super()._deserialize(value, attr, data, **kwargs)
        _check_year(day)
        return day


def _check_year(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError("year_out_of_range")


def is_visible(text: str) -> bool:
    """Whether there is anything to be seen in a text: a letter, digit, punctuation mark or sign."""
    return any(unicodedata.category(letter)[0] in "LNPS" and letter not in _UNSEEN for letter in text)


def has_hidden(text: str) -> bool:
    """Whether a text holds line ends or characters that nobody sees but that turn, join or part the others."""
    return any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") or letter in _UNSEEN for letter in text)
