"""What callers send to the directory; bodies of commands and filters of questions."""

from marshmallow import fields, validate

from shared.contracts.base import Request
from shared.contracts.email_provisioning.values import (
    AGENCY_ID,
    KINDS,
    LEVELS,
    OFFICER_ID,
    OFFICER_NUMBER,
    POST_ROLES,
    TIMETABLE_KEY,
    UNIT_CODE,
    agency_code,
)
from shared.contracts.shapes import Shape
from shared.contracts.values import FILE_ID, KEY, Page, Words, day, one_of, text
from shared.contracts.values import code as shaped

LEAVING_CAUSES = ("retired", "resigned", "transferred_out", "dismissed", "deceased", "end_of_contract")
OUTCOMES = ("created", "changed", "unchanged", "refused")


class Reason(Request):
    """A command that must say on which ground: the decision's number, or words."""

    reason = text(1000, required=True, example="Quyết định số 12/QĐ-UBND ngày 20/11/2026")


def _agencies(most: int = 50, **options: object) -> "fields.List[str | None]":
    return fields.List(agency_code(), validate=validate.Length(max=most), **options)  # type: ignore[arg-type]


class RegisterAgency(Request):
    """A new agency. `parent` may be left out where the identifier names it; `area` follows for a commune."""

    code = shaped(AGENCY_ID, example="H13.33.01")
    legacy_codes = _agencies(load_default=list)
    name = fields.Nested(Words, required=True)
    level = one_of(*LEVELS)
    kind = one_of(*KINDS)
    parent = agency_code(required=False, allow_none=True, load_default=None)
    province = agency_code(required=False, allow_none=True, load_default=None)
    area = agency_code(required=False, allow_none=True, load_default=None)
    timetable = shaped(TIMETABLE_KEY, example="office-hours", required=False, allow_none=True, load_default=None)
    sectors = fields.List(
        fields.String(validate=Shape(KEY, "ho_tich")), load_default=list, validate=validate.Length(max=60)
    )
    reception = fields.Nested(Words, allow_none=True, load_default=None)
    address = text(300, load_default="", example="Số 1 đường Hòa Bình, phường Ninh Kiều")
    phone = text(40, load_default="", example="02923812345")
    opened_on = day(allow_none=True, load_default=None, example="2025-07-01")
    closed_on = day(allow_none=True, load_default=None, example="2025-06-30")
    successors = _agencies(load_default=list)
    sample = fields.Boolean(load_default=False)


class ChangeAgency(Request):
    """Other facts about an agency; what is left out stays, and a null takes away what may be absent."""

    reason = text(1000, required=True, example="Quyết định số 12/QĐ-UBND ngày 20/11/2026")
    legacy_codes = _agencies()
    name = fields.Nested(Words)
    level = one_of(*LEVELS, required=False)
    kind = one_of(*KINDS, required=False)
    parent = agency_code(required=False, allow_none=True)
    province = agency_code(required=False, allow_none=True)
    area = agency_code(required=False, allow_none=True)
    timetable = shaped(TIMETABLE_KEY, example="office-hours", required=False, allow_none=True)
    sectors = fields.List(fields.String(validate=Shape(KEY, "ho_tich")), validate=validate.Length(max=60))
    reception = fields.Nested(Words, allow_none=True)
    address = text(300, example="Số 1 đường Hòa Bình, phường Ninh Kiều")
    phone = text(40, example="02923812345")
    opened_on = day(allow_none=True, example="2025-07-01")


class CloseAgency(Reason):
    """The last day of an agency and who takes over: one for a merger, several for a division, the main one first."""

    closed_on = day(required=True, example="2026-12-31")
    successors = _agencies(load_default=list)


class OpenUnit(Request):
    """A new unit of an agency; its code is unique within it."""

    reason = text(1000, load_default="", example="Quyết định số 12/QĐ-UBND ngày 20/11/2026")
    code = shaped(UNIT_CODE, example="phong_hanh_chinh")
    name = fields.Nested(Words, required=True)
    parent = shaped(UNIT_CODE, example="van_phong", required=False, allow_none=True, load_default=None)
    opened_on = day(allow_none=True, load_default=None)


class ChangeUnit(Reason):
    """Another name, place or last day of a unit; what is left out stays."""

    name = fields.Nested(Words)
    parent = shaped(UNIT_CODE, example="van_phong", required=False, allow_none=True)
    closed_on = day(allow_none=True, example="2026-12-31")


class NewPost(Request):
    """A post: at which agency and unit, under which title, what it lets its holder do, from which day on.

    `starts_on` is today unless given; `ends_on` is for posts of known length.
    """

    agency = agency_code()
    unit = shaped(UNIT_CODE, example="van_phong", required=False, allow_none=True, load_default=None)
    title = text(200, required=True, example="Chuyên viên")
    roles = fields.List(one_of(*POST_ROLES), load_default=list, validate=validate.Length(max=len(POST_ROLES)))
    starts_on = day(allow_none=True, load_default=None)
    ends_on = day(allow_none=True, load_default=None)


def _phone(**options: object) -> fields.String:
    shape = Shape(r"^\+?\d{8,15}$", "0912345678")
    return fields.String(allow_none=True, validate=shape, metadata={"example": "0912345678"}, **options)  # type: ignore[arg-type]


def _number(**options: object) -> fields.String:
    shape = Shape(OFFICER_NUMBER)
    return fields.String(allow_none=True, validate=shape, metadata={"example": "CT-000123"}, **options)  # type: ignore[arg-type]


class AppointOfficer(Reason):
    """An officer who enters the directory with a first post.

    `number` is the staff number, unique in the whole directory; `account` the key (`sub`) under which the issuer of
    tokens knows the officer, unique too.
    """

    name = text(200, required=True, example="Nguyễn Thị Minh Khai")
    number = _number(load_default=None)
    account = text(200, allow_none=True, load_default=None, example="ntmkhai")
    phone = _phone(load_default=None)
    birth_date = day(allow_none=True, load_default=None, example="1990-05-17")
    post = fields.Nested(NewPost, required=True)
    sample = fields.Boolean(load_default=False)


class GivePost(Reason):
    """A further post beside those held, or one again after having left."""

    post = fields.Nested(NewPost, required=True)


class HandingOn(Reason):
    """Who takes over the open work, if anybody does: an officer by the directory's id; else it waits in the queues."""

    successor = shaped(
        OFFICER_ID, example="0f8fad5bd9cb469fa16570867728950e", required=False, allow_none=True, load_default=None
    )


class MoveOfficer(HandingOn):
    """Another post instead of all those held; the old ones end the day before it starts."""

    post = fields.Nested(NewPost, required=True)


class EndPost(HandingOn):
    """The last day of one of several posts; `post` counts the officer's posts from 0."""

    post = fields.Integer(required=True, strict=True, validate=validate.Range(0, 1000), metadata={"example": 0})
    last_day = day(required=True)


class RecordLeaving(HandingOn):
    """The last day of all posts, and why."""

    cause = one_of(*LEAVING_CAUSES)
    last_day = day(required=True)


class ChangeOfficer(Reason):
    """Another name, staff number, account or telephone; what is left out stays."""

    name = text(200, example="Nguyễn Thị Minh Khai")
    number = _number()
    account = text(200, allow_none=True, example="ntmkhai")
    phone = _phone()
    birth_date = day(allow_none=True, example="1990-05-17")


class AgencyQuery(Page):
    """Which agencies: below one, with words of the name in any order and without diacritics, of a level or kind.

    Closed ones are among them only where asked for.
    """

    q = text(200, allow_none=True, load_default=None, example="ninh kieu")
    agency = agency_code(required=False, allow_none=True, load_default=None)
    level = one_of(*LEVELS, required=False, allow_none=True, load_default=None)
    kind = one_of(*KINDS, required=False, allow_none=True, load_default=None)
    closed = fields.Boolean(load_default=False)


class OfficerQuery(Page):
    """Which officers: at an agency or below it, with words of the name or the staff number, holding a role.

    With `left`, those who have left instead of those who serve.
    """

    q = text(200, allow_none=True, load_default=None, example="minh khai")
    agency = agency_code(required=False, allow_none=True, load_default=None)
    unit = shaped(UNIT_CODE, example="van_phong", required=False, allow_none=True, load_default=None)
    role = one_of(*POST_ROLES, required=False, allow_none=True, load_default=None)
    left = fields.Boolean(load_default=False)


class ResolveQuery(Request):
    """On which day; today unless given."""

    on = day(allow_none=True, load_default=None)


class StartImport(Request):
    """A table of agencies or officers, uploaded before as CSV (UTF-8) or XLSX; with `dry_run` nothing is stored."""

    kind = one_of("agencies", "officers")
    file = shaped(FILE_ID, example="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    dry_run = fields.Boolean(load_default=True)
    sample = fields.Boolean(load_default=False)


class ImportRowsQuery(Page):
    """Which rows of an import, by what became of them."""

    outcome = one_of(*OUTCOMES, required=False, allow_none=True, load_default=None)
