"""What the directory answers."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.history import ChainVerification
from shared.contracts.values import Words, day, moment, string_like


class AgencyReceipt(View):
    """The answer to every command on an agency; a repeated command gets the same one."""

    code = string_like("H13.33.01")
    version = fields.Integer(metadata={"example": 2})
    closed_on = day(allow_none=True)


class OfficerReceipt(View):
    """The answer to every command on an officer; a repeated command gets the same one."""

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    version = fields.Integer(metadata={"example": 2})
    posts = fields.Integer(metadata={"example": 1})


class DirectoryAgencyRow(View):
    """One row of a list of agencies."""

    code = string_like("H13.30.01")
    legacy_codes = fields.List(string_like("000.00.30.H13"))
    name = fields.Nested(Words)
    level = string_like("commune")
    kind = string_like("people_committee")
    parent = string_like("H13", allow_none=True)
    province = string_like("H13", allow_none=True)
    closed_on = day(allow_none=True)
    successors = fields.List(string_like("H13.30.01"), metadata={"example": []})
    sample = fields.Boolean(metadata={"example": True})
    version = fields.Integer(metadata={"example": 2})


class AgencyUnitView(View):
    """A unit of an agency."""

    code = string_like("van_phong")
    name = fields.Nested(Words)
    parent = string_like("van_phong", allow_none=True)
    opened_on = day(allow_none=True)
    closed_on = day(allow_none=True)


class DirectoryAgencyView(DirectoryAgencyRow):
    """One agency with its units."""

    area = string_like("H13.30.01", allow_none=True)
    timetable = string_like("office-hours", allow_none=True)
    sectors = fields.List(string_like("ho_tich"))
    reception = fields.Nested(Words, allow_none=True)
    address = string_like("Số 1 đường Hòa Bình, phường Ninh Kiều")
    phone = string_like("02923812345")
    opened_on = day(allow_none=True)
    units = fields.List(fields.Nested(AgencyUnitView))
    above = fields.List(string_like("H13"), metadata={"example": ["H13"]})


class AgencyResolution(View):
    """Who acts under an identifier on a day: the agency itself while it is open, else those that took over."""

    asked = string_like("000.00.30.H51")
    code = string_like("H51.30")
    on = day()
    open = fields.Boolean(metadata={"example": False})
    acting = fields.List(fields.Nested(DirectoryAgencyRow))


class PostView(View):
    """A post with its place in the officer's list, by which it is ended."""

    number = fields.Integer(metadata={"example": 0})
    agency = string_like("H13.30.01")
    unit = string_like("van_phong", allow_none=True)
    title = string_like("Chuyên viên")
    roles = fields.List(string_like("specialist"))
    starts_on = day()
    ends_on = day(allow_none=True)
    holds = fields.Boolean(metadata={"example": True})


class OfficerRow(View):
    """One row of a list of officers, with the posts that last."""

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    name = string_like("Nguyễn Thị Minh Khai")
    number = string_like("CT-000123", allow_none=True)
    posts = fields.List(fields.Nested(PostView))
    serving = fields.Boolean(metadata={"example": True})
    sample = fields.Boolean(metadata={"example": True})
    version = fields.Integer(metadata={"example": 2})


class OfficerView(OfficerRow):
    """One officer with every post; telephone and birth date only for their administrators."""

    account = string_like("ntmkhai", allow_none=True)
    phone = string_like("0912345678", allow_none=True)
    birth_date = day(allow_none=True, example="1990-05-17")
    left = fields.Dict(allow_none=True, metadata={"example": {"cause": "retired", "on": "2026-12-31"}})


class DirectoryHistoryEntry(View):
    """One entry of the append-only, hash-chained history."""

    seq = fields.Integer(metadata={"example": 2})
    type = string_like("officer_moved.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "quan-tri-can-tho", "role": "directory_administrator"}})
    reason = string_like("Quyết định số 12/QĐ-UBND")
    data = fields.Dict()
    prev = string_like("c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a")
    hash = string_like("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class DirectoryHistoryVerification(ChainVerification):
    """Whether the chain is whole; otherwise the first entry that was altered."""


class ImportView(View):
    """An import: what it is of, how far it has come, and how many rows came out in which way."""

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    kind = string_like("officers")
    file_name = string_like("can-bo.xlsx")
    dry_run = fields.Boolean(metadata={"example": True})
    state = string_like("done")
    problem = fields.Dict(allow_none=True, metadata={"example": None})
    rows = fields.Integer(metadata={"example": 120})
    done = fields.Integer(metadata={"example": 120})
    created = fields.Integer(metadata={"example": 100})
    changed = fields.Integer(metadata={"example": 10})
    unchanged = fields.Integer(metadata={"example": 8})
    refused = fields.Integer(metadata={"example": 2})
    started_at = moment()
    finished_at = moment(allow_none=True)


class ImportRowView(View):
    """What became of one row, or would; `line` counts the lines of the table from 1, the header included.

    `changes` are the columns that become others, `warnings` what deserves a second look before the import.
    """

    line = fields.Integer(metadata={"example": 2})
    key = string_like("CT-000123")
    name = string_like("Phạm Thu Hà")
    outcome = string_like("created", allow_none=True)
    subject = string_like("0f8fad5bd9cb469fa16570867728950e", allow_none=True)
    problems = fields.List(
        fields.Dict(), metadata={"example": [{"path": "agency", "code": "agency_unknown", "params": {}}]}
    )
    changes = fields.List(
        fields.Dict(), metadata={"example": [{"path": "title", "old": "Chuyên viên", "new": "Phó trưởng phòng"}]}
    )
    warnings = fields.List(
        fields.Dict(), metadata={"example": [{"path": "name", "code": "number_of_another", "params": {}}]}
    )
