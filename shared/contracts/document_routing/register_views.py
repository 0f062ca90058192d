"""What registers, figures and connections answer."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.document_routing.values import EXAMPLE_ID
from shared.contracts.values import moment, number_like, string_like


class DocumentType(View):
    """One of the kinds of document of Decree 30 with its abbreviation in symbols."""

    kind = string_like("quyet_dinh")
    name = string_like("Quyết định (cá biệt)")
    name_en = string_like("Decision")
    abbreviation = string_like("QĐ")


class OutgoingRegisterRow(View):
    """A line of the register of outgoing documents (Decree 30, Annex IV).

    What an agency's own system numbered has no `number` of the series that is kept here.
    """

    id = string_like(EXAMPLE_ID)
    number = number_like(15, allow_none=True)
    code = string_like("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = string_like("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    signer_name = string_like("Phạm Thị Dung")
    receivers = string_like("Sở Xây dựng thành phố Cần Thơ")
    archive_unit = string_like("Văn phòng")
    copies = number_like(1)
    note = string_like("")


class IncomingRegisterRow(View):
    """A line of the register of incoming documents (Decree 30, Annex IV)."""

    id = string_like(EXAMPLE_ID)
    arrived_on = fields.Date(metadata={"example": "2026-11-20"})
    arrival_number = number_like(128)
    author = string_like("Ủy ban nhân dân phường Ninh Kiều")
    code = string_like("15/UBND-VP")
    issued_on = fields.Date(metadata={"example": "2026-11-20"})
    kind_and_subject = string_like("Công văn V/v lấy ý kiến về hồ sơ cấp phép xây dựng")
    handler = string_like("Phòng Quản lý đô thị")
    passed_on = fields.Date(allow_none=True, metadata={"example": "2026-11-20"})
    received_by = string_like("")
    due_on = fields.Date(allow_none=True, metadata={"example": "2026-12-01"})
    note = string_like("")


class RegisterFault(View):
    """A run of numbers that are `missing`, `doubled`, or `beyond` what the series gave."""

    first = number_like(7)
    last = number_like(7)
    problem = string_like("missing")


class RegisterGap(View):
    """A run of numbers that were left out on purpose, after a restore: they may stand on papers of the time before."""

    first = number_like(16)
    last = number_like(215)
    by = string_like("Nguyễn Văn An")
    reason = string_like("Khôi phục dữ liệu sau khi mất ổ đĩa")
    at = moment()


class RegisterVerification(View):
    """Whether a year's register is whole; `given` is the last number that its series gave."""

    agency = string_like("H13.30.01")
    register = string_like("outgoing")
    year = number_like(2026)
    given = number_like(15)
    intact = fields.Boolean(metadata={"example": True})
    findings = fields.List(fields.Nested(RegisterFault))
    skipped = fields.List(fields.Nested(RegisterGap), metadata={"example": []})


class DocumentFigure(View):
    """One figure; `value` is null where nothing could be counted, which is not zero."""

    key = string_like("confirmed_within_day")
    name = string_like("Văn bản đến được xác nhận trong ngày")
    unit = string_like("percent")
    numerator = number_like(19, allow_none=True)
    denominator = number_like(20, allow_none=True)
    value = fields.Float(allow_none=True, metadata={"example": 95.0})


class DocumentFigures(View):
    """The figures of an agency and period (D 3.6)."""

    agency = string_like("H13.30.01")
    first_day = fields.Date(metadata={"example": "2026-11-01"})
    last_day = fields.Date(metadata={"example": "2026-11-30"})
    figures = fields.List(fields.Nested(DocumentFigure))


class ConnectionView(View):
    """How an agency gets its documents; of one that the directory does not know, level and kind are unknown."""

    agency = string_like("H13.17")
    mode = string_like("desk")
    symbol = string_like("SXD", allow_none=True)
    name = string_like("Sở Xây dựng thành phố Cần Thơ", allow_none=True)
    level = string_like("province", allow_none=True)
    kind = string_like("department", allow_none=True)
