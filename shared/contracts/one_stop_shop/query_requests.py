"""Filters of the lists and reports of applications."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from shared.contracts.base import Request
from shared.contracts.one_stop_shop.values import (
    AGENCY_CODE,
    KEY,
    PROCEDURE_CODE,
    code,
    one_of,
    text,
)
from shared.contracts.shapes import Number
from shared.contracts.values import Page, day


class ListApplications(Page):
    """Filters of the work queue and the search, all of them combinable; `due` is measured now: "near" begins one
    working day before the deadline, for a limit of less than two days at half of it.

    `turn` finds what waits for its applicant: something to add, a fee to pay, a result to collect at the counter.
    Officers see their agency's applications, citizens their own; `q` ignores diacritics. `back` asks for what stands
    before the place of the cursor instead of behind it, in the same order; the next cursor then leads further back.
    `closed` finds only what was refused, withdrawn or returned, or without it what somebody still waits for.
    """

    status = Number(load_default=None, validate=validate.Range(1, 10), metadata={"example": 2})
    step = code(KEY, example="appraisal", required=False, load_default=None)
    assignee = text(100, load_default=None, example="me")
    due = one_of("near", "overdue", required=False, load_default=None)
    closed = fields.Boolean(load_default=None, allow_none=True, metadata={"example": False})
    turn = one_of("applicant", required=False, load_default=None)
    procedure = code(PROCEDURE_CODE, example="1.001193", required=False, load_default=None)
    q = text(100, load_default=None, example="nguyen van an")
    back = fields.Boolean(load_default=None, allow_none=True, metadata={"example": True})


class Period(Request):
    """First and last day of a report, both included, and the agency (the caller's own when not given)."""

    first_day = day(required=True, example="2026-10-01")
    last_day = day(required=True, example="2026-10-31")
    agency = code(AGENCY_CODE, example="H13.30.01", required=False, load_default=None)

    @validates_schema
    def check_order(self, data: dict[str, Any], **_: Any) -> None:
        """At most a year, and not backwards."""
        if not 0 <= (data["last_day"] - data["first_day"]).days <= 366:
            raise ValidationError("period", "last_day")


class RegisterPeriod(Period, Page):
    """A page of the register of applications (form 07)."""


class Since(Page):
    """A cursor into what has changed since a synchronising system last asked."""
