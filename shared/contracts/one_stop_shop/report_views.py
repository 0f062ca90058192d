"""What reports and the register of applications answer."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.one_stop_shop.values import moment
from shared.contracts.values import string_like


class Indicator(View):
    """One indicator with its numerator and denominator; a missing value is null and never 0."""

    id = string_like("2.1")
    name = string_like("Hồ sơ giải quyết sớm hoặc đúng hạn")
    numerator = fields.Float(allow_none=True, metadata={"example": 118})
    denominator = fields.Integer(allow_none=True, metadata={"example": 120})
    value = fields.Float(allow_none=True, metadata={"example": 98.33})
    unit = string_like("percent")


class IndicatorReport(View):
    """Indicators of Decision 766 for an agency and period, with the moment they were taken."""

    agency = string_like("H13.30.01")
    first_day = fields.Date()
    last_day = fields.Date()
    taken_at = moment()
    finished_period = fields.Boolean(metadata={"example": True})
    indicators = fields.List(fields.Nested(Indicator))


class Report06aRow(View):
    """A row of Biểu II.06a/VPCP/KSTT by field; received = solved + in process, each the sum of its parts."""

    field = string_like("Hộ tịch")
    received = fields.Integer(metadata={"example": 130})
    received_online = fields.Integer(metadata={"example": 90})
    received_direct = fields.Integer(metadata={"example": 30})
    carried_over = fields.Integer(metadata={"example": 10})
    solved = fields.Integer(metadata={"example": 120})
    solved_early = fields.Integer(metadata={"example": 80})
    solved_on_time = fields.Integer(metadata={"example": 38})
    solved_late = fields.Integer(metadata={"example": 2})
    in_process = fields.Integer(metadata={"example": 10})
    in_process_in_time = fields.Integer(metadata={"example": 9})
    in_process_late = fields.Integer(metadata={"example": 1})


class Report06a(View):
    """Biểu II.06a for an agency and period."""

    agency = string_like("H13.30.01")
    first_day = fields.Date()
    last_day = fields.Date()
    taken_at = moment()
    rows = fields.List(fields.Nested(Report06aRow))
    total = fields.Nested(Report06aRow)


class RegisterRow(View):
    """A row of the register (form 07)."""

    number = fields.Integer(metadata={"example": 1})
    code = string_like("H13.30.01-261005-0001")
    procedure_name = string_like("Đăng ký khai sinh")
    submitter_name = string_like("Nguyễn Văn An")
    channel = fields.Integer(metadata={"example": 2})
    components = fields.Integer(metadata={"example": 3})
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    returned_at = moment(allow_none=True)
    agency = string_like("H13.30.01")
    outcome = string_like("on_time", allow_none=True)
    return_method = string_like("counter", allow_none=True)
    note = string_like("")
