"""Forms as an office would fill them: plain ones, long ones, and ones that somebody fills to do harm."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from services.one_stop_shop.domain.form_sets import FormSet
from services.one_stop_shop.domain.form_words import Collection, Outcome, SupplementStage
from services.one_stop_shop.domain.forms import (
    Apology,
    ComponentLine,
    ControlSheet,
    FeeLine,
    HandOver,
    Letterhead,
    Lookup,
    MissingLine,
    Person,
    Receipt,
    Refusal,
    Register,
    RegisterRow,
    Signer,
    StopNotice,
    SupplementRequest,
)

VIETNAM = timezone(timedelta(hours=7))
CODE = "H13.30.01-261005-0001"
LOOKUP = Lookup(
    url=f"https://dichvucong.cantho.example.vn/tra-cuu/{CODE}",
    site="https://dichvucong.cantho.example.vn/tra-cuu",
    phone="0292 3812 345",
)
NASTY = '"#*_`$@<b>[]{}\\ #eval("1+1") #read("layout.typ") $x^2$ *đậm* = Tiêu đề //không phải chú thích'


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    """A moment of October 2026 on a clock in Vietnam."""
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


def letterhead(form_set: FormSet, number: str = "", *, sample: bool = False) -> Letterhead:
    """The paper of the ward's reception point."""
    return Letterhead(
        form_set=form_set,
        parent_body="Ủy ban nhân dân phường Ninh Kiều",
        body="Trung tâm Phục vụ hành chính công",
        place="Cần Thơ",
        issued_at=at(5, 9, 32),
        number=number,
        sample=sample,
    )


OWNER = Person(
    name="Nguyễn Thị Hường",
    id_kind="CCCD",
    id_number="092190000123",
    address="12 Nguyễn Trãi, phường Ninh Kiều, thành phố Cần Thơ",
    phone="0912345678",
    email="huong@example.vn",
)
SUBMITTER = Person(
    name="Trần Văn Ước",
    id_kind="CCCD",
    id_number="092090004567",
    address="45/7 Mậu Thân, phường Ninh Kiều, thành phố Cần Thơ",
    phone="0987654321",
    email="uoc@example.vn",
)
PROCEDURE = "Đăng ký thành lập hộ kinh doanh"
SUBJECT = "Hộ kinh doanh Hường Phát, ngành nghề bán lẻ lương thực"
COMPONENTS = (
    ComponentLine(name="Giấy đề nghị đăng ký hộ kinh doanh", originals=1),
    ComponentLine(name="Bản sao giấy tờ pháp lý của chủ hộ kinh doanh", certified_copies=1, photocopies=2),
    ComponentLine(name="Văn bản ủy quyền thực hiện thủ tục", originals=1),
)
FEES = (
    FeeLine(name="Lệ phí đăng ký hộ kinh doanh", amount=100_000, payable=100_000, receipt_number="BL-000123"),
    FeeLine(name="Phí cấp bản sao", amount=400_000, payable=0, ground="Hộ nghèo, Nghị quyết 05/2024/NQ-HĐND"),
)
SIGNER = Signer(name="Phạm Thị Dung", title="Phó Chủ tịch", authority="KT. Chủ tịch")
RECIPIENTS = ("Như trên", "Trung tâm Phục vụ hành chính công", "Lưu: VT")
POINT = "Trung tâm Phục vụ hành chính công phường Ninh Kiều"
AGENCY = "Phòng Kinh tế, Hạ tầng và Đô thị phường Ninh Kiều"


def receipt(form_set: FormSet) -> Receipt:
    """Form 01."""
    return Receipt(
        letterhead=letterhead(form_set, "0001/TNHS"),
        code=CODE,
        lookup=LOOKUP,
        receiving_body=POINT,
        submitter=SUBMITTER,
        owner=replace(OWNER, phone="", email=""),
        procedure=PROCEDURE,
        procedure_code="1.001612",
        subject=SUBJECT,
        channel="Trực tiếp",
        components=COMPONENTS,
        sets=1,
        collection=Collection.BEFORE,
        fees=FEES,
        statutory_time="5 ngày làm việc",
        received_at=at(5, 9, 32),
        due_at=at(12, 9, 32),
        return_method="Nhận trực tiếp tại quầy",
        return_place="quầy số 4",
        officer="Lê Thị Bích Ngọc",
        book="02/2026",
        book_number="115",
    )


def supplement_request(form_set: FormSet) -> SupplementRequest:
    """Form 02."""
    return SupplementRequest(
        letterhead=letterhead(form_set, f"{CODE}-1/HDHS"),
        code=CODE,
        lookup=LOOKUP,
        receiving_body=POINT,
        applicant=OWNER,
        procedure=PROCEDURE,
        subject=SUBJECT,
        missing=(
            MissingLine(name="Văn bản ủy quyền", request="Thiếu chữ ký của người ủy quyền", copies="01 bản chính"),
            MissingLine(name="Giấy tờ pháp lý của chủ hộ", request="Bản chụp mờ", copies="01 bản sao"),
        ),
        reason="Hồ sơ chưa hợp lệ: văn bản ủy quyền chưa được ký.",
        legal_ground="Khoản 2 Điều 100 Nghị định số 168/2025/NĐ-CP",
        stage=SupplementStage.APPRAISAL,
        times_asked=1,
        deadline=at(20, 17),
        officer="Lê Thị Bích Ngọc",
        officer_phone="0292 3812 345 (máy lẻ 12)",
    )


def refusal(form_set: FormSet) -> Refusal:
    """Form 03."""
    return Refusal(
        letterhead=letterhead(form_set, "03/TB-TTPVHCC"),
        code=CODE,
        receiving_body=POINT,
        refusing_body=AGENCY,
        applicant=OWNER,
        procedure=PROCEDURE,
        subject=SUBJECT,
        reason="Chủ hộ đang đứng tên một hộ kinh doanh khác còn hoạt động trên phạm vi toàn quốc.",
        legal_ground="Khoản 3 Điều 82 Nghị định số 168/2025/NĐ-CP",
        guidance="Làm thủ tục chấm dứt hộ kinh doanh cũ rồi nộp lại.",
        guidance_contact="bà Lê Thị Bích Ngọc",
        guidance_phone="0292 3812 345",
        officer="Lê Thị Bích Ngọc",
    )


def apology(form_set: FormSet) -> Apology:
    """Form 04."""
    return Apology(
        letterhead=letterhead(form_set, f"{CODE}-1/PXL"),
        code=CODE,
        to=Person(name=OWNER.name, address=OWNER.address),
        reception_point=POINT,
        agency_at_fault=AGENCY,
        procedure=PROCEDURE,
        subject=SUBJECT,
        received_at=at(5, 9, 32),
        due_at=at(12, 9, 32),
        new_due_at=at(15, 16, 30),
        reason="Phải xác minh lại ngành nghề với cơ quan thuế.",
        return_place=POINT,
        extension_count=1,
        signer=SIGNER,
        recipients=RECIPIENTS,
    )


def stop_notice(form_set: FormSet) -> StopNotice:
    """Form 05 of the 2025 set."""
    return StopNotice(
        letterhead=letterhead(form_set, "02/TB-UBND"),
        code=CODE,
        applicant=OWNER,
        reception_point=POINT,
        procedure=PROCEDURE,
        subject=SUBJECT,
        received_at=at(5, 9, 32),
        requested_at=at(7, 14, 5),
        request="Thay đổi địa điểm kinh doanh, xin rút hồ sơ.",
        stage_reached="Thẩm định hồ sơ",
        decision="Dừng giải quyết hồ sơ kể từ ngày 08/10/2026.",
        legal_ground="Điều 17 Nghị định số 118/2025/NĐ-CP",
        paid=100_000,
        settlement="Hoàn trả vào tài khoản người nộp trong 05 ngày làm việc.",
        signer=SIGNER,
        recipients=RECIPIENTS,
    )


def control_sheet(form_set: FormSet) -> ControlSheet:
    """Form 06, or 05 of the 2018 set."""
    return ControlSheet(
        letterhead=letterhead(form_set),
        code=CODE,
        procedure=PROCEDURE,
        subject=SUBJECT,
        submitter=SUBMITTER,
        owner=OWNER,
        components=COMPONENTS,
        sets=1,
        received_at=at(5, 9, 32),
        statutory_time="5 ngày làm việc",
        due_at=at(12, 9, 32),
        due_back_at=at(9, 16),
        handling_agency=AGENCY,
        hand_overs=(
            HandOver(
                from_agency=POINT,
                to_agency=AGENCY,
                at=at(5, 10, 15),
                deliverer="Lê Thị Bích Ngọc",
                receiver="Lê Văn Cường",
                receiver_role="chuyên viên thụ lý",
                step="Tiếp nhận hồ sơ",
                outcome=Outcome.ON_TIME,
                note="Đủ thành phần",
            ),
            HandOver(
                from_agency=AGENCY,
                to_agency=POINT,
                at=at(9, 15, 40),
                deliverer="Lê Văn Cường",
                receiver="",
                receiver_role="cán bộ tiếp nhận",
                step="Thẩm định hồ sơ",
                outcome=Outcome.EARLY,
                note="Kèm kết quả",
                confirmation="Đã xác nhận",
            ),
        ),
    )


def register_row(number: int) -> RegisterRow:
    """One line of the register, with a code of its own."""
    done = number % 3 != 0
    return RegisterRow(
        code=f"H13.30.01-261005-{number:04d}",
        procedure=PROCEDURE,
        subject=SUBJECT if number % 4 == 0 else "",
        submitter=OWNER.name if number % 2 else SUBMITTER.name,
        address="12 Nguyễn Trãi, phường Ninh Kiều",
        phone="0912345678",
        channel=("Trực tiếp", "Trực tuyến", "Bưu chính")[number % 3],
        components=3,
        received_at=at(5, 8, number % 60),
        due_at=at(12, 8, number % 60) if number % 5 else None,
        returned_at=at(9, 15, 40) if done else None,
        agency="Phòng Kinh tế, Hạ tầng và Đô thị",
        status="Đã trả kết quả" if done else "Đang xử lý",
        outcome=Outcome.EARLY if done else None,
        return_method="Tại quầy" if done else "",
        receipt_signature="Đã ký" if done else "",
        note="Nộp thay" if number % 7 == 0 else "",
    )


def register(form_set: FormSet, rows: int = 5) -> Register:
    """Form 07, or 06 of the 2018 set."""
    return Register(
        letterhead=letterhead(form_set),
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
        rows=tuple(register_row(number) for number in range(1, rows + 1)),
        book="02/2026",
        keeper="Lê Thị Bích Ngọc",
    )
