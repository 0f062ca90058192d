"""What editors send about procedures and the working calendar, and how the catalogue is searched."""

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import (
    AGENCY_CODE,
    PROCEDURE_CODE,
    check_storable,
    code,
    text,
)
from shared.contracts.values import Page, day


class ClosePeriod(Request):
    """The last day on which a procedure version is in force."""

    effective_to = day(required=True, example="2026-12-31")


class PublishProcedure(Request):
    """A new version of a procedure in the shape of the catalogue's data files."""

    definition = fields.Dict(required=True, keys=fields.String(), validate=check_storable)


class SetCalendar(Request):
    """One year's days off and make-up working days, as the Government announced them.

    Days that are past stay as they were, unless a `reason` says why they change.
    """

    days_off = fields.List(day(), required=True, validate=validate.Length(max=60), metadata={"example": ["2026-11-24"]})
    make_up_days = fields.List(
        day(), required=True, validate=validate.Length(max=20), metadata={"example": ["2026-08-22"]}
    )
    reason = text(500, load_default="", example="Quyết định 123/QĐ-TTg")


class ListProcedures(Page):
    """Filters of the catalogue; `q` ignores diacritics and filler words and searches names, keywords and life events.

    `nearest` asks, in one page, for the procedures with most of the words of `q`, where none has all.
    """

    q = text(100, load_default=None, example="khai sinh")
    nearest = fields.Boolean(allow_none=True, load_default=None, metadata={"example": False})
    sector = text(100, load_default=None)
    life_event = text(100, load_default=None)
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)


class ListAgencies(Page):
    """All agencies, or with a `procedure` only the open ones at which it can be handed in."""

    procedure = code(PROCEDURE_CODE, example="1.001193", required=False, load_default=None)
