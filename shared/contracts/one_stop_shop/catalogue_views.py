"""What is answered about procedures, agencies and the working calendar."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.one_stop_shop.values import moment
from shared.contracts.values import Words, string_like


class Topic(View):
    """Something that people think of when they look for a procedure, and how many procedures there are for it."""

    key = string_like("sinh_con")
    name = fields.Nested(Words)
    procedures = fields.Integer(metadata={"example": 3})


class Topics(View):
    """Ways into the catalogue; both keys are filters of its list."""

    life_events = fields.List(fields.Nested(Topic))
    sectors = fields.List(fields.Nested(Topic))


class ProcedureRow(View):
    """A procedure in a list."""

    code = string_like("1.001193")
    name = string_like("Đăng ký khai sinh")
    name_en = string_like("Birth registration")
    sector = string_like("Hộ tịch")
    service_level = string_like("full")
    competent_level = string_like("commune")
    processing_time = string_like("trong ngày làm việc")
    time_limit = string_like("same day until 15:00")
    fee_from = fields.Integer(allow_none=True, metadata={"example": 0})
    life_events = fields.List(string_like("sinh_con"))
    version = fields.Integer(metadata={"example": 1})
    sample = fields.Boolean(metadata={"example": True})


class ProcedureView(ProcedureRow):
    """One version of a procedure, whole, in the shape of the catalogue's data files."""

    effective_from = fields.Date(metadata={"example": "2025-07-01"})
    effective_to = fields.Date(allow_none=True)
    withdrawn = fields.Boolean(metadata={"example": False})
    definition = fields.Dict()


class PreviewView(View):
    """What follows from the answers so far."""

    components = fields.List(fields.Dict())
    fee = fields.Dict(metadata={"example": {"amount": 8000, "lines": []}})
    processing_time = string_like("3 ngày làm việc")
    due_if_received_now = moment(allow_none=True)
    questions = fields.List(fields.Dict())


class AgencyView(View):
    """An agency with both identifiers and what became of it; `reception` is the name of its reception point."""

    code = string_like("H13.30.01")
    legacy_code = string_like("001.30.00.H13", allow_none=True)
    name = string_like("Ủy ban nhân dân phường Ninh Kiều")
    parent = string_like("H13.30", allow_none=True)
    level = string_like("commune")
    active = fields.Boolean(metadata={"example": True})
    successor = string_like("H13.30.01", allow_none=True)
    province = string_like("H13", allow_none=True)
    reception = string_like("Trung tâm Phục vụ hành chính công phường Ninh Kiều", allow_none=True)


class CalendarView(View):
    """One year's exceptions from the ordinary week."""

    year = fields.Integer(metadata={"example": 2026})
    days_off = fields.List(fields.Date())
    make_up_days = fields.List(fields.Date())
    source = string_like("data")
    version = fields.Integer(metadata={"example": 1})
