"""The shapes of the catalogue's smaller data files; a procedure's shape is part of the contract."""

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.procedure import AGENCY_KINDS, DAY, Words
from shared.contracts.one_stop_shop.values import AGENCY_CODE, KEY, text

TIMETABLE_KEY = r"^[a-z][a-z0-9-]{0,63}$"


def _matching(pattern: str, *, required: bool = False) -> fields.String:
    return fields.String(required=required, validate=validate.Regexp(pattern))


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
