"""Values that the directory's requests, views and events carry: names, units, posts."""

from typing import Any

from marshmallow import fields

from shared.contracts.shapes import Shape
from shared.contracts.values import AGENCY_CODE, KEY

LEVELS = ("ministry", "province", "district", "commune")
"""Levels of agencies; districts exist only as what they were until 30 June 2025."""

KINDS = (
    "ministry",
    "people_committee",
    "people_council",
    "office",
    "department",
    "zone_board",
    "centre",
    "police",
    "social_insurance",
    "party",
    "public_service_unit",
)
"""Kinds of agencies; `office` serves a People's Committee, `zone_board` manages an economic zone."""

POST_ROLES = (
    "clerk",
    "specialist",
    "reception_officer",
    "head_of_unit",
    "directory_administrator",
    "catalogue_editor",
)
"""What a post lets its holder do on the platform; the service that owns an action says which role it wants."""

UNIT_CODE = KEY
AGENCY_ID = r"^[A-Z]\d{2}(\.\d{2,3}){0,3}$"
"""An agency by its current identifier (Decision 20/2020), under which the directory keeps it."""

TIMETABLE_KEY = r"^[a-z][a-z0-9-]{0,63}$"
OFFICER_ID = r"^[0-9a-f]{32}$"
OFFICER_NUMBER = r"^[A-Za-z0-9][A-Za-z0-9./-]{0,31}$"
"""A staff number as the agency that keeps the personnel roll writes it."""


def agency_code(*, required: bool = True, **options: Any) -> fields.String:
    """An agency, by an identifier of either generation."""
    return fields.String(
        required=required, validate=Shape(AGENCY_CODE, "H13.30.01"), metadata={"example": "H13.30.01"}, **options
    )
