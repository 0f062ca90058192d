"""What the one-stop shop answers."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.colleagues import Colleagues as Colleagues  # offered here beside the other views
from shared.contracts.one_stop_shop.values import Address, moment
from shared.contracts.operations import FileTicket as FileTicket  # offered here beside the other views
from shared.contracts.values import Words


def _string(example: str = "", **options: object) -> fields.String:
    return fields.String(metadata={"example": example} if example else {}, **options)  # type: ignore[arg-type]


class ApplicationReceipt(View):
    """The answer to every command on an application; a repeated command gets the same one."""

    id = _string("0f8fad5bd9cb469fa16570867728950e")
    code = _string("H13.30.01-261005-0001")
    status = fields.Integer(metadata={"example": 2})
    status_name = _string("Được tiếp nhận")
    status_name_en = _string("Received")
    version = fields.Integer(metadata={"example": 2})
    step = _string("appraisal", allow_none=True)
    submitted_at = moment()
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    payment = fields.Dict(allow_none=True, metadata={"example": {"state": "paid", "amount": 8000}})
    forms = fields.List(fields.Integer(), metadata={"example": [1]})


class ApplicationRow(View):
    """One row of a list: enough to choose what to open next."""

    id = _string("0f8fad5bd9cb469fa16570867728950e")
    code = _string("H13.30.01-261005-0001")
    procedure = _string("1.001193")
    procedure_name = _string("Đăng ký khai sinh")
    content = _string("Đăng ký khai sinh cho con")
    owner_name = _string("Nguyễn Văn An")
    agency = _string("H13.30.01")
    status = fields.Integer(metadata={"example": 2})
    status_name = _string("Được tiếp nhận")
    status_name_en = _string("Received")
    step = _string("appraisal", allow_none=True)
    assignee = _string("specialist-ninh-kieu", allow_none=True)
    assignee_name = _string("Lê Văn Cường", allow_none=True)
    submitted_at = moment()
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    deadline_at = moment(allow_none=True)
    overdue = fields.Boolean(metadata={"example": False})
    version = fields.Integer(metadata={"example": 2})


class PersonView(View):
    """A person as far as the reader may see."""

    applicant_class = _string("citizen")
    name = _string("Nguyễn Văn An")
    identity_kind = _string("cccd")
    identity_number = _string("092090000123")
    birth_date = fields.Date(allow_none=True)
    phone = _string("0912345678", allow_none=True)
    email = _string("an@example.vn", allow_none=True)
    address = fields.Nested(Address)


class ComponentView(View):
    """A component of the application: what was asked, what was given, where the file is."""

    component = _string("to_khai")
    name = _string("Tờ khai đăng ký khai sinh")
    required = fields.Boolean(metadata={"example": True})
    originals = fields.Integer(metadata={"example": 1})
    certified_copies = fields.Integer(metadata={"example": 0})
    photocopies = fields.Integer(metadata={"example": 0})
    attachment = _string("1", allow_none=True)
    file = fields.Dict(
        allow_none=True,
        metadata={"example": {"name": "to-khai.pdf", "size": 48213, "type": "application/pdf", "sha256": "9f…"}},
    )
    reused_from = _string("component", allow_none=True)


class ApplicationView(ApplicationRow):
    """One application as its owner or an officer of its agencies sees it."""

    procedure_version = fields.Integer(metadata={"example": 1})
    case = _string("standard")
    channel = fields.Integer(metadata={"example": 2})
    national_code = _string("G09.20-20260609-0092637", allow_none=True)
    owner = fields.Nested(PersonView)
    submitter = fields.Nested(PersonView, allow_none=True)
    supported_agency = _string("H13.30.01", allow_none=True)
    received_agency = _string("H13.30.01")
    competent_agency = _string("H13.30.01")
    answers = fields.Dict()
    quantities = fields.Dict()
    components = fields.List(fields.Nested(ComponentView))
    delivery = fields.Dict(metadata={"example": {"method": "post", "state": "requested"}})
    payment = fields.Dict(metadata={"example": {"state": "requested", "amount": 8000, "lines": []}})
    synchronisation = fields.Dict(metadata={"example": {"state": "pending"}})
    clock = fields.Dict(metadata={"example": {"policy": "PAUSE_REMAINING", "intervals": [], "former_due": []}})
    supplements = fields.List(fields.Dict())
    corrections = fields.List(fields.Dict())
    opinions = fields.List(
        fields.Dict(), metadata={"example": [{"agency": "H13.17", "state": "sent", "document_code": "15/UBND-MC"}]}
    )
    withdrawal = fields.Dict(allow_none=True)
    result = fields.Dict(allow_none=True)
    returned = fields.Dict(allow_none=True)
    ratings = fields.List(fields.Dict())
    links = fields.List(fields.Dict())
    possible_duplicates = fields.List(fields.Dict(), metadata={"example": []})
    steps = fields.List(fields.Dict(), metadata={"example": [{"key": "reception", "state": "done"}]})
    forms = fields.List(fields.Dict(), metadata={"example": [{"id": "1", "form": 1, "title": "Giấy tiếp nhận"}]})
    allowed_actions = fields.List(_string("receive"), metadata={"example": ["receive", "refuse"]})


class Present(View):
    """An officer who has the application open."""

    name = _string("Trần Thị Bình")
    since = moment()


class Change(View):
    """What somebody did to an application; `name` is an officer's."""

    type = _string("application_received.v1")
    at = moment()
    role = _string("reception_officer")
    name = _string("Trần Thị Bình", allow_none=True)


class PresenceView(View):
    """Which other officers have the application open, and what happened since the version that the page shows."""

    others = fields.List(fields.Nested(Present))
    changes = fields.List(fields.Nested(Change))


class FormPreview(View):
    """A form that was not issued, marked as a draft; `content` is the PDF in base 64."""

    name = _string("ban-nhap-mau-03-H13.30.01-261005-0001.pdf")
    title = _string("Phiếu từ chối tiếp nhận giải quyết hồ sơ")
    content = _string("JVBERi0xLjc=")


class HistoryEntry(View):
    """One entry of the append-only, hash-chained history."""

    seq = fields.Integer(metadata={"example": 2})
    type = _string("application_received.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "tiep-nhan-ninh-kieu", "role": "reception_officer"}})
    officer = _string("Phạm Thu Hà", allow_none=True)
    reason = _string("")
    data = fields.Dict()
    prev = _string("c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a")
    hash = _string("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class HistoryVerification(View):
    """Whether the chain is whole; otherwise the first entry that was altered."""

    intact = fields.Boolean(metadata={"example": True})
    entries = fields.Integer(metadata={"example": 7})
    first_altered = fields.Integer(allow_none=True, metadata={"example": None})


class FollowView(View):
    """What anybody who knows the code may see: nothing personal (D 6.2)."""

    code = _string("H13.30.01-261005-0001")
    procedure_name = _string("Đăng ký khai sinh")
    agency_name = _string("Ủy ban nhân dân phường Ninh Kiều")
    status = fields.Integer(metadata={"example": 4})
    status_name = _string("Đang xử lý")
    status_name_en = _string("In process")
    step_name = _string("Thẩm định hồ sơ", allow_none=True)
    whose_turn = _string("agency")
    submitted_at = moment()
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    finished_at = moment(allow_none=True)
    returned_at = moment(allow_none=True)
    timeline = fields.List(fields.Dict(), metadata={"example": [{"at": "2026-10-05T01:00:00Z", "status": 1}]})


class Counts(View):
    """Numbers for the menu badges of an officer."""

    by_status = fields.Dict(metadata={"example": {"1": 4, "2": 7}})
    mine = fields.Integer(metadata={"example": 3})
    near_due = fields.Integer(metadata={"example": 2})
    overdue = fields.Integer(metadata={"example": 0})
    unclaimed = fields.Integer(metadata={"example": 5})
    at = moment()


class Notice(View):
    """Something an applicant should know, kept for them to read."""

    id = _string("0f8fad5bd9cb469fa16570867728950e:2")
    application = _string("0f8fad5bd9cb469fa16570867728950e")
    code = _string("H13.30.01-261005-0001")
    type = _string("application_received.v1")
    title = _string("Hồ sơ đã được tiếp nhận")
    text = _string("Hồ sơ H13.30.01-261005-0001 đã được tiếp nhận, hẹn trả 08:00 ngày 12/10/2026.")
    title_en = _string("Application received")
    text_en = _string("Application H13.30.01-261005-0001 was received; the result is promised for 08:00 on 12/10/2026.")
    at = moment()


class DraftView(View):
    """A draft and where it stands."""

    id = _string("0f8fad5bd9cb469fa16570867728950e")
    content = fields.Dict()
    version = fields.Integer(metadata={"example": 3})
    created_at = moment()
    saved_at = moment()
    expires_at = moment()


class Topic(View):
    """Something that people think of when they look for a procedure, and how many procedures there are for it."""

    key = _string("sinh_con")
    name = fields.Nested(Words)
    procedures = fields.Integer(metadata={"example": 3})


class Topics(View):
    """Ways into the catalogue; both keys are filters of its list."""

    life_events = fields.List(fields.Nested(Topic))
    sectors = fields.List(fields.Nested(Topic))


class ProcedureRow(View):
    """A procedure in a list."""

    code = _string("1.001193")
    name = _string("Đăng ký khai sinh")
    name_en = _string("Birth registration")
    sector = _string("Hộ tịch")
    service_level = _string("full")
    competent_level = _string("commune")
    processing_time = _string("trong ngày làm việc")
    time_limit = _string("same day until 15:00")
    fee_from = fields.Integer(allow_none=True, metadata={"example": 0})
    life_events = fields.List(_string("sinh_con"))
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
    processing_time = _string("3 ngày làm việc")
    due_if_received_now = moment(allow_none=True)
    questions = fields.List(fields.Dict())


class AgencyView(View):
    """An agency with both identifiers and what became of it."""

    code = _string("H13.30.01")
    legacy_code = _string("001.30.00.H13", allow_none=True)
    name = _string("Ủy ban nhân dân phường Ninh Kiều")
    parent = _string("H13.30", allow_none=True)
    level = _string("commune")
    active = fields.Boolean(metadata={"example": True})
    successor = _string("H13.30.01", allow_none=True)


class CalendarView(View):
    """One year's exceptions from the ordinary week."""

    year = fields.Integer(metadata={"example": 2026})
    days_off = fields.List(fields.Date())
    make_up_days = fields.List(fields.Date())
    source = _string("data")
    version = fields.Integer(metadata={"example": 1})


class Indicator(View):
    """One indicator with its numerator and denominator; a missing value is null and never 0."""

    id = _string("2.1")
    name = _string("Hồ sơ giải quyết sớm hoặc đúng hạn")
    numerator = fields.Float(allow_none=True, metadata={"example": 118})
    denominator = fields.Integer(allow_none=True, metadata={"example": 120})
    value = fields.Float(allow_none=True, metadata={"example": 98.33})
    unit = _string("percent")


class IndicatorReport(View):
    """Indicators of Decision 766 for an agency and period, with the moment they were taken."""

    agency = _string("H13.30.01")
    first_day = fields.Date()
    last_day = fields.Date()
    taken_at = moment()
    finished_period = fields.Boolean(metadata={"example": True})
    indicators = fields.List(fields.Nested(Indicator))


class Report06aRow(View):
    """A row of Biểu II.06a/VPCP/KSTT by field; received = solved + in process, each the sum of its parts."""

    field = _string("Hộ tịch")
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

    agency = _string("H13.30.01")
    first_day = fields.Date()
    last_day = fields.Date()
    taken_at = moment()
    rows = fields.List(fields.Nested(Report06aRow))
    total = fields.Nested(Report06aRow)


class RegisterRow(View):
    """A row of the register (form 07)."""

    number = fields.Integer(metadata={"example": 1})
    code = _string("H13.30.01-261005-0001")
    procedure_name = _string("Đăng ký khai sinh")
    submitter_name = _string("Nguyễn Văn An")
    channel = fields.Integer(metadata={"example": 2})
    components = fields.Integer(metadata={"example": 3})
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    returned_at = moment(allow_none=True)
    agency = _string("H13.30.01")
    outcome = _string("on_time", allow_none=True)
    return_method = _string("counter", allow_none=True)
    note = _string("")


class PaymentStart(View):
    """Where the applicant pays, how much, and by when."""

    payment = _string("0f8fad5bd9cb469fa16570867728950e-1")
    amount = fields.Integer(metadata={"example": 8000})
    pay_url = _string("https://payment.example.vn/pay/0f8fad5b")
    expires_at = moment()


class Acknowledgement(View):
    """The same answer however often a call-back arrives."""

    result_code = _string("00")


class SynchronisationItem(View):
    """A version of an application in the National Portal's own field names (D 2.8), to be sent on."""

    application = _string("0f8fad5bd9cb469fa16570867728950e")
    version = fields.Integer(metadata={"example": 3})
    updating = fields.Boolean(metadata={"example": False})
    dossier = fields.Dict(metadata={"example": {"MaHoSo": "H13.30.01-261005-0001", "TrangThaiHoSo": 2}})
    progress = fields.List(fields.Dict())
