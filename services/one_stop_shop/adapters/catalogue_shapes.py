"""The shapes of the catalogue's smaller data files; an agency's is the directory's, a procedure's is the contract's."""

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.email_provisioning.values import TIMETABLE_KEY
from shared.contracts.values import KEY, Words
from shared.data_files import matching


class SeasonShape(Request):
    """Hours by weekday from one day of the year on."""

    begins = matching(r"^\d{2}-\d{2}$", "04-16", required=True)
    hours = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    reception = fields.Dict(keys=fields.String(), values=fields.String())


class TimetableShape(Request):
    """When an agency works."""

    code = matching(TIMETABLE_KEY, "office-hours", required=True)
    name = fields.Nested(Words, required=True)
    seasons = fields.List(fields.Nested(SeasonShape), required=True)


class YearShape(Request):
    """The days off and make-up days of one year."""

    year = fields.Integer(strict=True, required=True, validate=validate.Range(2000, 2100))
    days_off = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    made_up = fields.Dict(keys=fields.String(), values=fields.String())


class NamedShape(Request):
    """A sector or life event with its key."""

    key = matching(KEY, "ho_tich", required=True)
    name = fields.Nested(Words, required=True)


class FillerShape(Request):
    """Words that people say around what they look for."""

    words = fields.List(fields.String(validate=validate.Length(1, 50)), required=True)
