"""What is answered about applications."""

from marshmallow import fields

from shared.contracts.base import View
from shared.contracts.history import ChainVerification
from shared.contracts.one_stop_shop.values import Address, moment
from shared.contracts.values import string_like


class ApplicationReceipt(View):
    """The answer to every command on an application; a repeated command gets the same one."""

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    code = string_like("H13.30.01-261005-0001")
    status = fields.Integer(metadata={"example": 2})
    status_name = string_like("Được tiếp nhận")
    status_name_en = string_like("Received")
    version = fields.Integer(metadata={"example": 2})
    step = string_like("appraisal", allow_none=True)
    submitted_at = moment()
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    payment = fields.Dict(allow_none=True, metadata={"example": {"state": "paid", "amount": 8000}})
    forms = fields.List(fields.Integer(), metadata={"example": [1]})


class ApplicationRow(View):
    """One row of a list: enough to choose what to open next; `withdrawn` once a withdrawal was agreed to.

    `claimable` and `assignable` say whether its reader may take it, or give it to an officer.
    """

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    code = string_like("H13.30.01-261005-0001")
    procedure = string_like("1.001193")
    procedure_name = string_like("Đăng ký khai sinh")
    content = string_like("Đăng ký khai sinh cho con")
    owner_name = string_like("Nguyễn Văn An")
    agency = string_like("H13.30.01")
    status = fields.Integer(metadata={"example": 2})
    status_name = string_like("Được tiếp nhận")
    status_name_en = string_like("Received")
    step = string_like("appraisal", allow_none=True)
    assignee = string_like("specialist-ninh-kieu", allow_none=True)
    assignee_name = string_like("Lê Văn Cường", allow_none=True)
    submitted_at = moment()
    received_at = moment(allow_none=True)
    due_at = moment(allow_none=True)
    deadline_at = moment(allow_none=True)
    overdue = fields.Boolean(metadata={"example": False})
    withdrawn = fields.Boolean(metadata={"example": False})
    claimable = fields.Boolean(metadata={"example": True})
    assignable = fields.Boolean(metadata={"example": False})
    version = fields.Integer(metadata={"example": 2})


class PersonView(View):
    """A person as far as the reader may see."""

    applicant_class = string_like("citizen")
    name = string_like("Nguyễn Văn An")
    identity_kind = string_like("cccd")
    identity_number = string_like("092090000123")
    birth_date = fields.Date(allow_none=True)
    phone = string_like("0912345678", allow_none=True)
    email = string_like("an@example.vn", allow_none=True)
    address = fields.Nested(Address)


class ComponentView(View):
    """A component of the application: what was asked, what was given, where the file is."""

    component = string_like("to_khai")
    name = string_like("Tờ khai đăng ký khai sinh")
    required = fields.Boolean(metadata={"example": True})
    originals = fields.Integer(metadata={"example": 1})
    certified_copies = fields.Integer(metadata={"example": 0})
    photocopies = fields.Integer(metadata={"example": 0})
    attachment = string_like("1", allow_none=True)
    file = fields.Dict(
        allow_none=True,
        metadata={"example": {"name": "to-khai.pdf", "size": 48213, "type": "application/pdf", "sha256": "9f…"}},
    )
    reused_from = string_like("component", allow_none=True)


class ApplicationView(ApplicationRow):
    """One application as its owner or an officer of its agencies sees it."""

    procedure_version = fields.Integer(metadata={"example": 1})
    case = string_like("standard")
    channel = fields.Integer(metadata={"example": 2})
    national_code = string_like("G09.20-20260609-0092637", allow_none=True)
    owner = fields.Nested(PersonView)
    submitter = fields.Nested(PersonView, allow_none=True)
    supported_agency = string_like("H13.30.01", allow_none=True)
    received_agency = string_like("H13.30.01")
    competent_agency = string_like("H13.30.01")
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
    allowed_actions = fields.List(string_like("receive"), metadata={"example": ["receive", "refuse"]})


class Present(View):
    """An officer who has the application open."""

    name = string_like("Trần Thị Bình")
    since = moment()


class Change(View):
    """What somebody did to an application; `name` is an officer's."""

    type = string_like("application_received.v1")
    at = moment()
    role = string_like("reception_officer")
    name = string_like("Trần Thị Bình", allow_none=True)


class PresenceView(View):
    """Which other officers have the application open, and what happened since the version that the page shows."""

    others = fields.List(fields.Nested(Present))
    changes = fields.List(fields.Nested(Change))


class FormPreview(View):
    """A form that was not issued, marked as a draft; `content` is the PDF in base 64."""

    name = string_like("ban-nhap-mau-03-H13.30.01-261005-0001.pdf")
    title = string_like("Phiếu từ chối tiếp nhận giải quyết hồ sơ")
    content = string_like("JVBERi0xLjc=")


class HistoryEntry(View):
    """One entry of the append-only, hash-chained history."""

    seq = fields.Integer(metadata={"example": 2})
    type = string_like("application_received.v1")
    at = moment()
    actor = fields.Dict(metadata={"example": {"sub": "tiep-nhan-ninh-kieu", "role": "reception_officer"}})
    officer = string_like("Phạm Thu Hà", allow_none=True)
    reason = string_like("")
    data = fields.Dict()
    prev = string_like("c0535e4be2b79ffd93291305436bf889314e4a3faec05ecffcbb7df31ad9e51a")
    hash = string_like("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730")


class HistoryVerification(ChainVerification):
    """Whether the chain is whole; otherwise the first entry that was altered."""


class FollowView(View):
    """What anybody who knows the code may see: nothing personal (D 6.2)."""

    code = string_like("H13.30.01-261005-0001")
    procedure_name = string_like("Đăng ký khai sinh")
    agency_name = string_like("Ủy ban nhân dân phường Ninh Kiều")
    status = fields.Integer(metadata={"example": 4})
    status_name = string_like("Đang xử lý")
    status_name_en = string_like("In process")
    step_name = string_like("Thẩm định hồ sơ", allow_none=True)
    whose_turn = string_like("agency")
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

    id = string_like("0f8fad5bd9cb469fa16570867728950e:2")
    application = string_like("0f8fad5bd9cb469fa16570867728950e")
    code = string_like("H13.30.01-261005-0001")
    type = string_like("application_received.v1")
    title = string_like("Hồ sơ đã được tiếp nhận")
    text = string_like("Hồ sơ H13.30.01-261005-0001 đã được tiếp nhận, hẹn trả 08:00 ngày 12/10/2026.")
    title_en = string_like("Application received")
    text_en = string_like(
        "Application H13.30.01-261005-0001 was received; the result is promised for 08:00 on 12/10/2026."
    )
    at = moment()


class DraftView(View):
    """A draft and where it stands; the application that came of it, once it was handed in."""

    id = string_like("0f8fad5bd9cb469fa16570867728950e")
    content = fields.Dict()
    version = fields.Integer(metadata={"example": 3})
    created_at = moment()
    saved_at = moment()
    expires_at = moment()
    application = string_like("1f8fad5bd9cb469fa16570867728950e", allow_none=True)


class PaymentStart(View):
    """Where the applicant pays, how much, and by when.

    While the last order for what is owed is open and has time left, whoever asks again gets that order, not another.
    """

    payment = string_like("0f8fad5bd9cb469fa16570867728950e-1")
    amount = fields.Integer(metadata={"example": 8000})
    pay_url = string_like("https://payment.example.vn/pay/0f8fad5b")
    expires_at = moment()


class Acknowledgement(View):
    """The same answer however often a call-back arrives."""

    result_code = string_like("00")


class SynchronisationItem(View):
    """A version of an application in the National Portal's own field names (D 2.8), to be sent on."""

    application = string_like("0f8fad5bd9cb469fa16570867728950e")
    version = fields.Integer(metadata={"example": 3})
    updating = fields.Boolean(metadata={"example": False})
    dossier = fields.Dict(metadata={"example": {"MaHoSo": "H13.30.01-261005-0001", "TrangThaiHoSo": 2}})
    progress = fields.List(fields.Dict())
