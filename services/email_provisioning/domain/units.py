"""Units of an agency: departments, divisions, the office; each is part of its agency's document."""

from collections.abc import Mapping
from typing import Any

from services.email_provisioning.domain.access import check_changes_agency
from services.email_provisioning.domain.decisions import Decision, Document, Occasion, plain_day
from shared.errors import Conflict, Invalid, NotFound, field_error

MOST_UNITS = 500
"""More than any agency has; the agency's document and its events carry them all."""

Unit = Mapping[str, Any]


def open_unit(agency: Document, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """A new unit.

    Raises:
        Conflict: `unit_known`, or `too_many_units`.
        Invalid: its parent is no unit of this agency.
    """
    check_changes_agency(occasion.actor, agency)
    if any(unit["code"] == body["code"] for unit in agency["units"]):
        raise Conflict("unit_known", unit=body["code"])
    if len(agency["units"]) >= MOST_UNITS:
        raise Conflict("too_many_units", limit=MOST_UNITS)
    _check_parent(agency, body["parent"])
    unit = {
        "code": body["code"],
        "name": body["name"],
        "parent": body["parent"],
        "opened_on": plain_day(body["opened_on"]),
        "closed_on": None,
    }
    return Decision("agency_changed", {"units": [*agency["units"], unit]})


def change_unit(agency: Document, code: str, body: Mapping[str, Any], occasion: Occasion) -> Decision:
    """Another name, place or last day of a unit; what the body does not name stays.

    Raises:
        Conflict: `unit_below_itself`, or `unit_unchanged`.
    """
    check_changes_agency(occasion.actor, agency)
    before = unit_of(agency, code)
    after = {**before, **{name: body[name] for name in ("name", "parent") if name in body}}
    if "closed_on" in body:
        after["closed_on"] = plain_day(body["closed_on"])
    if after == before:
        raise Conflict("unit_unchanged", unit=code)
    if after["closed_on"] and after["closed_on"] < (after["opened_on"] or ""):
        raise Invalid("request_invalid", fields=[field_error("closed_on", "period_reversed")])
    units = [after if unit["code"] == code else unit for unit in agency["units"]]
    _check_parent(agency, after["parent"])
    _check_no_circle(units, code)
    return Decision("agency_changed", {"units": units})


def unit_of(agency: Document, code: str) -> Unit:
    """A unit of an agency.

    Raises:
        NotFound: `unit_unknown`.
    """
    for unit in agency["units"]:
        if unit["code"] == code:
            found: Unit = unit
            return found
    raise NotFound("unit_unknown", unit=code, agency=agency["code"])


def _check_parent(agency: Document, parent: str | None) -> None:
    if parent is not None and all(unit["code"] != parent for unit in agency["units"]):
        raise Invalid("request_invalid", fields=[field_error("parent", "unit_unknown", unit=parent)])


def _check_no_circle(units: list[Unit], code: str) -> None:
    above = {unit["code"]: unit["parent"] for unit in units}
    place = above[code]
    while place is not None:
        if place == code:
            raise Conflict("unit_below_itself", unit=code)
        place = above[place]
