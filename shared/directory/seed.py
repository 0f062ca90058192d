"""The seed file of agencies: where it is, what shape a row has, and its rows."""

from pathlib import Path
from typing import Any

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.email_provisioning.values import KINDS, LEVELS, TIMETABLE_KEY
from shared.contracts.values import AGENCY_CODE, KEY, Words, text
from shared.data_files import DataFile, DataFileError, matching, open_file, shape_problems

AGENCIES = Path(__file__).parent / "agencies.yaml"

DAY = r"^\d{4}-\d{2}-\d{2}$"


def _agency(*, required: bool = False) -> fields.String:
    return matching(AGENCY_CODE, "H13.30.01", required=required)


def _day() -> fields.String:
    return matching(DAY, "2026-11-24")


class AgencyShape(Request):
    """One agency of the seed file, with the names that `RegisterAgency` has."""

    code = _agency(required=True)
    legacy_codes = fields.List(_agency())
    name = fields.Nested(Words, required=True)
    level = fields.String(required=True, validate=validate.OneOf(LEVELS))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    parent = _agency()
    province = _agency()
    area = _agency()
    timetable = matching(TIMETABLE_KEY, "office-hours")
    sectors = fields.List(matching(KEY, "ho_tich"))
    reception = fields.Nested(Words)
    opened_on = _day()
    closed_on = _day()
    successors = fields.List(_agency())
    address = text(300)
    phone = text(40)
    sample = fields.Boolean(truthy={True}, falsy={False})


def read_seed(path: Path = AGENCIES) -> list[dict[str, Any]]:
    """The rows of the file, each of a right shape and speaking only of agencies that are in it.

    Raises:
        DataFileError: naming every mistake; nothing should be loaded then.
    """
    problems: list[str] = []
    file = open_file(path, path.name, problems)
    rows: list[dict[str, Any]] = file.content if file is not None and isinstance(file.content, list) else []
    if file is not None and not rows:
        file.report("", "this file holds a list")
    if file is not None:
        _check(file, rows)
    if problems:
        raise DataFileError(*problems)
    return rows


def _check(file: DataFile, rows: list[dict[str, Any]]) -> None:
    shape = AgencyShape()
    known = {row["code"] for row in rows if isinstance(row, dict) and "code" in row}
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            file.report(f"{number}.", "this should be a list of names with values")
            continue
        for path, reason in shape_problems(shape, row):
            file.report(f"{number}.{path}", reason)
        for name in ("parent", "province", "area", "successors"):
            for code in [row[name]] if isinstance(row.get(name), str) else row.get(name) or []:
                if code not in known:
                    file.report(f"{number}.{name}", f"no agency has the code “{code}”")
        for code in [row.get("code"), *(row.get("legacy_codes") or [])]:
            if code in seen:
                file.report(f"{number}.", f"“{code}” stands here twice")
            seen.add(str(code))
