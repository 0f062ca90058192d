"""What is wrong with data that breaks its contract, field by field.

marshmallow reports sentences; people and programs need stable codes, so every known sentence has one here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shared.errors import FieldError, field_error

_CODE = re.compile(r"[a-z][a-z0-9_]*")

_ABOVE = "(?:greater than|greater than or equal to)"
_BELOW = "(?:less than|less than or equal to)"

MESSAGES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), code)
    for pattern, code in (
        (r"Missing data for required field\.", "required"),
        (r"Field may not be null\.", "null_not_allowed"),
        (r"Unknown field\.", "unknown_field"),
        (r"Invalid (input )?type\.", "wrong_type"),
        (r"Not a valid string\.", "not_a_text"),
        (r"Not a valid utf-8 string\.", "not_a_text"),
        (r"Not a valid (integer|number)\.", "not_a_number"),
        (r"Number too large\.", "number_too_large"),
        (r"Special numeric values \(nan or infinity\) are not permitted\.", "not_a_number"),
        (r"Not a valid boolean\.", "not_true_or_false"),
        (r"Not a valid list\.", "not_a_list"),
        (r"Not a valid tuple\.", "not_a_list"),
        (r"Not a valid mapping type\.", "not_an_object"),
        (r"Not a valid date\.", "not_a_date"),
        (r"Not a valid time\.", "not_a_time"),
        (r"Not a valid (naive |aware )?datetime\.", "not_a_moment"),
        (r".* cannot be formatted as a (date|time|datetime)\.", "not_a_moment"),
        (r"Not a valid period of time\.", "not_a_duration"),
        (r".* cannot be interpreted as a valid period of time\.", "not_a_duration"),
        (r"Not a valid email address\.", "not_an_email"),
        (r"Not a valid URL\.", "not_a_url"),
        (r"Not a valid UUID\.", "not_a_uuid"),
        (r"Not a valid IP(v4|v6)? (address|interface)\.", "not_an_address"),
        (r"Must be one of: (?P<choices>.*)\.", "not_a_choice"),
        (r"One or more of the choices you made was not in: (?P<choices>.*)\.", "not_a_choice"),
        (r"One or more of the choices you made was in: (?P<choices>.*)\.", "forbidden_choice"),
        (r"String does not match expected pattern\.", "wrong_shape"),
        (r"Not of the shape of (?P<example>.*)\.", "wrong_shape"),
        (r"Shorter than minimum length (?P<min>\S+)\.", "too_short"),
        (r"Longer than maximum length (?P<max>\S+)\.", "too_long"),
        (r"Length must be between (?P<min>\S+) and (?P<max>\S+)\.", "wrong_length"),
        (r"Length must be (?P<equal>\S+)\.", "wrong_exact_length"),
        (rf"Must be {_ABOVE} (?P<min>\S+)\.", "too_small"),
        (rf"Must be {_BELOW} (?P<max>\S+)\.", "too_great"),
        (rf"Must be {_ABOVE} (?P<min>\S+) and {_BELOW} (?P<max>\S+)\.", "out_of_range"),
        (r"Must be equal to (?P<other>.*)\.", "not_equal"),
        (r"Found a duplicate value: .*\.", "repeated"),
        (r"Invalid (input|value|data)\.", "invalid_value"),
    )
)
"""marshmallow's sentences and their codes; named groups become figures of our sentence."""


def field_errors(messages: Any, path: str = "") -> list[FieldError]:
    """marshmallow's nested messages as a flat list, in the order of the fields."""
    return list(_walk(messages, path))


def _walk(messages: Any, path: str) -> Iterator[FieldError]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _walk(inner, path if name == "_schema" else f"{path}.{name}".lstrip("."))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _walk(inner, path)
    else:
        yield _name(path, str(messages))


def _name(path: str, message: str) -> FieldError:
    if _CODE.fullmatch(message):
        return field_error(path, message)
    for pattern, code in MESSAGES:
        match = pattern.fullmatch(message)
        if match:
            return field_error(path, code, **match.groupdict())
    return field_error(path, "invalid_value")
