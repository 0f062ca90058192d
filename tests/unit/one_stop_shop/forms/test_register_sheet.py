from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from services.one_stop_shop.adapters.register_sheet import COLUMNS, register_sheet
from services.one_stop_shop.domain.form_sets import FormSet
from services.one_stop_shop.domain.forms import Register
from shared.sheets import SAMPLE_MARK
from tests.unit.one_stop_shop.forms import samples


def sheet_of(register: Register) -> Worksheet:
    """The only sheet of the file, read back."""
    workbook = load_workbook(BytesIO(register_sheet(register)))
    assert len(workbook.worksheets) == 1
    return workbook.worksheets[0]


def test_the_heading_names_body_form_and_period() -> None:
    sheet = sheet_of(samples.register(FormSet.C2025))
    heading = [sheet.cell(row, 1).value for row in range(1, 5)]
    assert heading == [
        "ỦY BAN NHÂN DÂN PHƯỜNG NINH KIỀU – TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "SỔ THEO DÕI HỒ SƠ",
        "Từ ngày 01/10/2026 đến ngày 31/10/2026 – Quyển số: 02/2026",
        "Mẫu số 07 (Thông tư số 03/2025/TT-VPCP)",
    ]


def test_the_set_of_2018_numbers_the_register_six() -> None:
    assert sheet_of(samples.register(FormSet.C2018)).cell(4, 1).value == "Mẫu số 06 (Thông tư số 01/2018/TT-VPCP)"


def test_every_row_has_every_column_in_its_own_type() -> None:
    register = samples.register(FormSet.C2025, 20)
    sheet = sheet_of(register)
    headings = [cell.value for cell in sheet[6]]
    assert headings == ["TT", *(column.heading for column in COLUMNS)]
    for number, row in enumerate(register.rows, start=1):
        line = {heading: cell.value for heading, cell in zip(headings, sheet[6 + number], strict=True)}
        assert line["TT"] == number
        assert line["Mã hồ sơ"] == row.code
        assert line["Số điện thoại"] == "0912345678"
        assert line["Số thành phần"] == 3
        assert line["Nhận hồ sơ"] == row.received_at.replace(tzinfo=None)
        assert line["Hẹn trả kết quả"] == (row.due_at.replace(tzinfo=None) if row.due_at else None)
        assert line["Trả kết quả"] == (row.returned_at.replace(tzinfo=None) if row.returned_at else None)
        assert line["Kết quả giải quyết"] == (row.outcome.value if row.outcome else None)
    assert sheet.max_row == 6 + len(register.rows)
    assert sheet["J7"].number_format == "dd/mm/yyyy hh:mm"


def test_officers_can_filter_scroll_and_print_it() -> None:
    sheet = sheet_of(samples.register(FormSet.C2025, 20))
    assert sheet.auto_filter.ref == "A6:R26"
    assert sheet.freeze_panes == "C7"
    assert sheet.print_title_rows == "$6:$6"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


@pytest.mark.parametrize("words", ["=1+1", "+84912345678", "@SUM(A1)", '=HYPERLINK("http://x")', samples.NASTY])
def test_nothing_that_people_write_becomes_a_formula(words: str) -> None:
    register = samples.register(FormSet.C2025, 1)
    cell = sheet_of(replace(register, rows=(replace(register.rows[0], submitter=words),)))["E7"]
    assert cell.data_type == "s"
    assert cell.value == words


def test_sample_data_says_so() -> None:
    register = samples.register(FormSet.C2025)
    assert sheet_of(register).cell(5, 1).value is None
    marked = replace(register, letterhead=replace(register.letterhead, sample=True))
    assert sheet_of(marked).cell(5, 1).value == SAMPLE_MARK


def test_an_empty_register_is_a_sheet_with_headings() -> None:
    sheet = sheet_of(samples.register(FormSet.C2025, 0))
    assert sheet.max_row == 6
    assert sheet.cell(6, 2).value == "Mã hồ sơ"


def test_the_same_register_gives_the_same_bytes() -> None:
    register = samples.register(FormSet.C2025, 5)
    content = register_sheet(register)
    assert content == register_sheet(register)
    created = load_workbook(BytesIO(content)).properties.created
    assert created == datetime(2026, 10, 5, 2, 32)  # the file format writes UTC without a zone
