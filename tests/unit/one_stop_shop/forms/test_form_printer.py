from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from services.one_stop_shop.adapters.form_printer import FormPrinter
from services.one_stop_shop.domain.form_sets import FormKind, FormSet, form_name
from services.one_stop_shop.domain.form_words import Collection
from services.one_stop_shop.domain.forms import FeeLine, Form
from shared.errors import NotFound
from shared.printed_text import clean
from tests.unit.one_stop_shop.forms import samples
from tests.unit.one_stop_shop.forms.every_form import every_form as filled_forms
from tests.unit.one_stop_shop.forms.every_form import with_sample_mark
from tests.unit.one_stop_shop.forms.reading import (
    codes_of,
    letters_outside,
    pages_of,
    shows,
    squeeze,
    text_of,
    values_of,
)

LABELS = {
    FormKind.RECEIPT: (
        "Tiếp nhận hồ sơ của", "CCCD", "Địa chỉ", "Số điện thoại", "Email", "Chủ hồ sơ", "Địa chỉ chủ hồ sơ",
        "Nội dung yêu cầu giải quyết", "Phí, lệ phí", "TT", "Tên thành phần hồ sơ", "Bản chính",
        "Bản sao chứng thực", "Bản chụp", "Số lượng hồ sơ", "Thời hạn giải quyết", "Thời gian nhận hồ sơ",
        "Thời gian trả kết quả", "Tra cứu hồ sơ tại", "Đăng ký nhận kết quả", "giấy ủy quyền",
        "Người nộp hồ sơ", "Người tiếp nhận hồ sơ", "Mã hồ sơ", "mã thủ tục", "Kênh nộp",
    ),
    FormKind.SUPPLEMENT_REQUEST: (
        "Số:", "Bộ phận tiếp nhận", "Hồ sơ của", "Nội dung yêu cầu giải quyết", "Địa chỉ", "Số điện thoại",
        "Email", "Nội dung cần bổ sung, hoàn thiện", "Lý do", "Căn cứ pháp lý", "Thời điểm yêu cầu",
        "Thời hạn bổ sung", "lần thứ 1", "Người hướng dẫn",
    ),
    FormKind.REFUSAL: (
        "Bộ phận tiếp nhận", "Hồ sơ của", "Địa chỉ", "Số điện thoại", "Email", "Nội dung yêu cầu giải quyết",
        "Cơ quan từ chối", "Lý do", "liên hệ", "Người nộp hồ sơ", "Người tiếp nhận hồ sơ",
    ),
    FormKind.APOLOGY: (
        "Số:", "Kính gửi", "Địa chỉ", "Ngày tiếp nhận", "Nội dung yêu cầu giải quyết", "Mã hồ sơ",
        "Thời gian hẹn trả", "Cơ quan để chậm", "Lý do", "Nơi trả kết quả", "xin lỗi", "Nơi nhận", "Lần hẹn lại",
    ),
    FormKind.STOP_NOTICE: (
        "Đề nghị dừng giải quyết", "Nội dung đề nghị", "Hồ sơ đã đến bước", "Quyết định", "Số tiền đã nộp",
        "Xử lý số tiền đã nộp", "chưa có quyết định hoặc kết quả giải quyết", "Nơi nhận",
    ),
    FormKind.CONTROL_SHEET: (
        "Mã hồ sơ", "Nội dung yêu cầu giải quyết", "Người nộp hồ sơ", "Chủ hồ sơ", "Địa chỉ", "Số điện thoại",
        "Email", "Thời gian nhận hồ sơ", "Thời hạn giải quyết", "Hẹn trả người nộp", "Hẹn trả bộ phận",
        "Tên thành phần hồ sơ", "Số lượng hồ sơ", "Giao:", "Nhận:", "Thời gian giao, nhận", "Kết quả giải quyết",
        "Ghi chú, xác nhận",
    ),
    FormKind.REGISTER: (
        "TT", "Mã hồ sơ", "Thủ tục, nội dung", "Người nộp", "Kênh nộp", "Số TP", "Ngày nhận", "Hẹn trả",
        "Ngày trả", "Cơ quan giải quyết", "Kết quả", "Hình thức nhận", "Ký nhận", "Ghi chú", "Người lập sổ",
    ),
}  # fmt: skip
LONG = "Công ty trách nhiệm hữu hạn một thành viên Thương mại – Dịch vụ Nông sản Đồng bằng sông Cửu Long " * 2
WALL = "W" * 200


def name_of(form: Form) -> str:
    """The form in a test's name."""
    return f"{form.kind.value}-{form.letterhead.form_set.value}"


every_form = pytest.mark.parametrize("form", filled_forms(), ids=name_of)


class OncePrinter(FormPrinter):
    """Prints each form once: the tests look at the same paper again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.printed: dict[Form, bytes] = {}

    def print(self, form: Form) -> bytes:
        if form not in self.printed:
            self.printed[form] = super().print(form)
        return self.printed[form]


@pytest.fixture(scope="module")
def printer() -> FormPrinter:
    return OncePrinter()


@every_form
def test_every_value_stands_on_paper(printer: FormPrinter, form: Form) -> None:
    text = squeeze(text_of(printer.print(form)))
    missing = [ways for ways in values_of(form) if not any(squeeze(way) in text for way in ways)]
    assert missing == []


@every_form
def test_the_paper_has_its_headings_and_labels(printer: FormPrinter, form: Form) -> None:
    text = squeeze(text_of(printer.print(form)))
    name = form_name(form.letterhead.form_set, form.kind)
    nation = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
    wanted = (
        *nation,
        "Cần Thơ, ngày 05 tháng 10 năm 2026",
        f"Mẫu số {name.number}",
        name.circular,
        name.title,
        *LABELS[form.kind],
    )
    assert [words for words in wanted if squeeze(words) not in text] == []


@every_form
def test_an_ordinary_form_fills_one_sheet(printer: FormPrinter, form: Form) -> None:
    assert len(PdfReader(BytesIO(printer.print(form))).pages) == 1


@every_form
def test_the_file_is_an_accessible_archive_copy(printer: FormPrinter, form: Form) -> None:
    reader = PdfReader(BytesIO(printer.print(form)))
    root: Any = reader.trailer["/Root"]
    archive = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in archive
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in archive
    assert "<pdfuaid:part>1</pdfuaid:part>" in archive
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert form_name(form.letterhead.form_set, form.kind).title in str(reader.metadata.title)


@every_form
def test_all_fonts_are_in_the_file(printer: FormPrinter, form: Form) -> None:
    fonts: dict[str, Any] = {}
    for page in PdfReader(BytesIO(printer.print(form))).pages:
        page_fonts: Any = page["/Resources"]["/Font"]  # type: ignore[index]  # pypdf types every entry as a bare object
        fonts |= {str(font["/BaseFont"]): font for font in page_fonts.values()}
    assert fonts
    for name, font in fonts.items():
        assert "LibertinusSerif" in name
        assert "/FontFile3" in font["/DescendantFonts"][0]["/FontDescriptor"]


@every_form
def test_the_same_form_gives_the_same_bytes(printer: FormPrinter, form: Form) -> None:
    assert printer.print(form) == FormPrinter().print(form)


@pytest.mark.parametrize("form", [form for form in filled_forms() if hasattr(form, "lookup")], ids=name_of)
def test_a_scanner_reads_the_code_and_a_telephone_the_page(printer: FormPrinter, form: Form) -> None:
    assert codes_of(printer.print(form)) == {"Code39": samples.CODE, "QRCode": samples.LOOKUP.url}


@pytest.mark.parametrize(
    "code", [samples.CODE, "000.00.06.H56-231027-0361", "H15.50.05.13-261008-0975", "G09.20-20260609-0092637"]
)
def test_codes_of_every_generation_can_be_scanned(printer: FormPrinter, code: str) -> None:
    form = replace(samples.control_sheet(FormSet.C2025), code=code)
    assert codes_of(printer.print(form)) == {"Code39": code}


@every_form
def test_sample_data_says_so_on_every_page(printer: FormPrinter, form: Form) -> None:
    assert not shows(printer.print(form), "BẢN DỮ LIỆU MẪU")
    long = samples.register(form.letterhead.form_set, 30) if form.kind is FormKind.REGISTER else form
    pages = pages_of(printer.print(with_sample_mark(long)))
    assert all("KHÔNG CÓ GIÁ TRỊ PHÁP LÝ" in page for page in pages)


def test_relief_is_printed_with_its_amount_and_its_ground(printer: FormPrinter) -> None:
    ground = "Trẻ em dưới 6 tuổi, Nghị quyết 05/2024/NQ-HĐND"
    fee = FeeLine(name="Lệ phí hộ tịch", amount=400_000, payable=0, ground=ground)
    pdf = printer.print(replace(samples.receipt(FormSet.C2025), collection=Collection.EXEMPT, fees=(fee,)))
    assert shows(pdf, f"Lệ phí hộ tịch 400.000 400.000 0 {ground}")
    assert shows(pdf, "Tổng số phải nộp: 0 đồng")
    assert shows(pdf, "Đối tượng được miễn")


def test_a_procedure_without_a_day_says_so(printer: FormPrinter) -> None:
    assert shows(printer.print(replace(samples.receipt(FormSet.C2025), due_at=None)), "Không có ngày hẹn trả")


def test_electronic_copies_get_a_column_only_when_there_are_some(printer: FormPrinter) -> None:
    form = samples.receipt(FormSet.C2025)
    assert not shows(printer.print(form), "Bản điện tử")
    electronic = replace(form, components=(replace(form.components[0], electronic=1),))
    assert shows(printer.print(electronic), "Bản điện tử")


@every_form
def test_nothing_that_people_write_is_run(printer: FormPrinter, form: Form) -> None:
    pdf = printer.print(with_words(form, samples.NASTY))
    assert shows(pdf, samples.NASTY)


@pytest.mark.parametrize("words", [LONG, WALL, samples.NASTY], ids=["long", "wall", "nasty"])
@pytest.mark.parametrize("form", filled_forms()[-7:], ids=name_of)
def test_long_words_stay_on_the_paper(printer: FormPrinter, form: Form, words: str) -> None:
    pdf = printer.print(with_words(form, words))
    assert letters_outside(pdf, left=35, right=35, bottom=35) == []


def with_words(form: Form, words: str) -> Form:
    """The form with every line of people's text replaced."""
    keep = {"code", "procedure_code", "statutory_time", "stage"}
    parts: dict[str, Any] = {"letterhead": replace(form.letterhead, parent_body=words, body=words)}
    for name in (field.name for field in fields(form)):
        value = getattr(form, name)
        if isinstance(value, str) and type(value) is str and name not in keep:
            parts[name] = words
        elif name in ("submitter", "owner", "applicant", "to"):
            parts[name] = replace(value, name=words, address=words, email=words)
        elif name in ("components", "missing"):
            parts[name] = tuple(replace(line, name=words) for line in value)
        elif name == "hand_overs":
            parts[name] = tuple(replace(line, note=words, receiver=words, to_agency=words) for line in value)
        elif name == "rows":
            parts[name] = tuple(replace(line, submitter=words, note=words, agency=words) for line in value)
    return replace(form, **parts)


def test_long_tables_repeat_their_head_and_number_their_pages(printer: FormPrinter) -> None:
    form = samples.register(FormSet.C2025, 60)
    texts = pages_of(printer.print(form))
    assert len(texts) >= 3
    for number, text in enumerate(texts[1:], start=2):
        assert "Hình thức nhận" in " ".join(text.split())
        assert str(number) in text.split()
    whole = squeeze("".join(texts))
    assert [row.code for row in form.rows if squeeze(row.code) not in whole] == []


def test_letters_that_the_font_lacks_leave_a_visible_mark(printer: FormPrinter) -> None:
    form = samples.refusal(FormSet.C2025)
    pdf = printer.print(replace(form, applicant=replace(form.applicant, name="李 Nguyễn 😀 محمد")))
    assert shows(pdf, "□ Nguyễn □ □□□□")


def test_every_letter_that_passes_can_be_printed_in_every_style(printer: FormPrinter) -> None:
    letters = [chr(number) for number in range(0x20, 0x10000) if clean(f"a{chr(number)}b") == f"a{chr(number)}b"]
    words = " ".join(f"a{letter}b" for letter in letters)
    form = samples.refusal(FormSet.C2025)
    upper = replace(form.letterhead, parent_body=words, body=words, place=words)
    styled = replace(form, letterhead=upper, reason=words, applicant=replace(form.applicant, name=words))
    assert len(letters) > 800
    assert {"ữ", "Ỵ", "đ", "₫", "–", "Ж", "é"} <= set(letters)
    assert "a\u0169b" in text_of(printer.print(styled))


def test_ligatures_are_parted_instead_of_lost(printer: FormPrinter) -> None:
    assert shows(printer.print(replace(samples.refusal(FormSet.C2025), reason="Of\ufb01ce \ufb03")), "Office ffi")


@settings(max_examples=25, deadline=None)
@given(name=st.text(max_size=60), reason=st.text(max_size=200))
def test_any_text_can_be_printed(name: str, reason: str) -> None:
    form = samples.refusal(FormSet.C2025)
    anything = replace(form, reason=reason, applicant=replace(form.applicant, name=name))
    assert SHARED.print(anything).startswith(b"%PDF-")


SHARED = FormPrinter()


def test_threads_may_share_a_printer(printer: FormPrinter) -> None:
    shared = FormPrinter()
    forms = filled_forms()
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(shared.print, forms)) == [printer.print(form) for form in forms]


def test_a_moment_without_a_zone_is_refused(printer: FormPrinter) -> None:
    with pytest.raises(ValueError, match="with a zone"):
        printer.print(replace(samples.receipt(FormSet.C2025), received_at=datetime(2026, 10, 5)))


def test_the_set_of_2018_knows_no_notice_of_stopping(printer: FormPrinter) -> None:
    with pytest.raises(NotFound, match="form_not_in_set"):
        printer.print(samples.stop_notice(FormSet.C2018))
