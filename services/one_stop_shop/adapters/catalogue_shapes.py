"""The shapes of the catalogue's smaller data files, and what is wrong with a shape, in words.

A procedure's shape is part of the contract.
"""

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.procedure import AGENCY_KINDS, DAY
from shared.contracts.values import AGENCY_CODE, KEY, Words, text

TIMETABLE_KEY = r"^[a-z][a-z0-9-]{0,63}$"


_EXAMPLES = {AGENCY_CODE: "H13.30.01", DAY: "2026-11-24", KEY: "ho_tich", TIMETABLE_KEY: "office-hours"}
_WORDS = {
    "Field may not be null.": "this is empty",
    "Missing data for required field.": "this is missing",
    "Not a valid boolean.": "write true or false",
    "Not a valid integer.": "write a whole number",
    "Not a valid list.": "write a list, one line with a dash for each",
    "Not a valid string.": "write a text, in quotes if it looks like a number",
    "Unknown field.": "there is no such name here",
}


def _matching(pattern: str, *, required: bool = False) -> fields.String:
    metadata = {"example": _EXAMPLES.get(pattern, "04-16")}
    return fields.String(required=required, validate=validate.Regexp(pattern), metadata=metadata)


class AgencyShape(Request):
    """One agency."""

    code = _matching(AGENCY_CODE, required=True)
    legacy_codes = fields.List(_matching(AGENCY_CODE))
    name = fields.Nested(Words, required=True)
    level = fields.String(required=True, validate=validate.OneOf(["ministry", "province", "district", "commune"]))
    kind = fields.String(required=True, validate=validate.OneOf([*AGENCY_KINDS, "ministry", "centre"]))
    parent = _matching(AGENCY_CODE)
    province = _matching(AGENCY_CODE)
    area = _matching(AGENCY_CODE)
    timetable = _matching(TIMETABLE_KEY)
    sectors = fields.List(_matching(KEY))
    reception = fields.Nested(Words)
    opened_on = _matching(DAY)
    closed_on = _matching(DAY)
    successor = _matching(AGENCY_CODE)
    address = text(300)
    phone = text(40)
    sample = fields.Boolean(truthy={True}, falsy={False})


class SeasonShape(Request):
    """Hours by weekday from one day of the year on."""

    begins = _matching(r"^\d{2}-\d{2}$", required=True)
    hours = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    reception = fields.Dict(keys=fields.String(), values=fields.String())


class TimetableShape(Request):
    """When an agency works."""

    code = _matching(TIMETABLE_KEY, required=True)
    name = fields.Nested(Words, required=True)
    seasons = fields.List(fields.Nested(SeasonShape), required=True)


class YearShape(Request):
    """The days off and make-up days of one year."""

    year = fields.Integer(strict=True, required=True, validate=validate.Range(2000, 2100))
    days_off = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    made_up = fields.Dict(keys=fields.String(), values=fields.String())


class NamedShape(Request):
    """A sector or life event with its key."""

    key = _matching(KEY, required=True)
    name = fields.Nested(Words, required=True)


def shape_problems(shape: Schema, plain: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is wrong with the shape of `plain`, as dotted paths and words."""
    for path, message in _flatten(shape.validate(plain)):
        example = _example(shape, path) if "expected pattern" in message else None
        yield path, f"write it such as “{example}”" if example else _WORDS.get(message, message)


def _flatten(messages: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Marshmallow nests its messages as deep as the data."""
    if isinstance(messages, dict):
        for name, inner in messages.items():
            own = "" if name == "_schema" else str(name)
            yield from _flatten(inner, ".".join(part for part in (path, own) if part))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, str(message)


def _example(shape: Any, path: str) -> str | None:
    """The example of the field that the path leads to."""
    for name in path.split("."):
        if isinstance(shape, fields.List):
            shape = shape.inner
        else:
            shape = (shape.schema if isinstance(shape, fields.Nested) else shape).fields[name]
    example = shape.metadata.get("example")
    return str(example) if example else None
