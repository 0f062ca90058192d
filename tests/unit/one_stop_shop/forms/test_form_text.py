from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.adapters.form_text import dong, dong_in_words, moment
from shared.printed_text import clean, tidy


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "Không đồng"),
        (5, "Năm đồng"),
        (10, "Mười đồng"),
        (15, "Mười lăm đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (105, "Một trăm linh năm đồng"),
        (8_000, "Tám nghìn đồng"),
        (14_000, "Mười bốn nghìn đồng"),
        (75_500, "Bảy mươi lăm nghìn năm trăm đồng"),
        (400_000, "Bốn trăm nghìn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_005_000, "Một triệu không trăm linh năm nghìn đồng"),
        (2_000_000_000, "Hai tỷ đồng"),
        (1_000_010_001, "Một tỷ không trăm mười nghìn không trăm linh một đồng"),
        (3_000_000_000_000, "Ba nghìn tỷ đồng"),
        (-1_000, "Âm một nghìn đồng"),
    ],
)
def test_amounts_are_read_as_people_read_them(amount: int, words: str) -> None:
    assert dong_in_words(amount) == words


def test_every_amount_reads_differently() -> None:
    amounts = [*range(2_000), *range(990_000, 1_012_000, 7), *range(0, 2_000_000_000, 12_345_679)]
    assert len({dong_in_words(amount) for amount in amounts}) == len(set(amounts))


def test_thousands_are_parted_by_dots() -> None:
    assert [dong(amount) for amount in (0, 999, 8_000, 1_234_567)] == ["0", "999", "8.000", "1.234.567"]


def test_moments_are_shown_on_a_clock_in_vietnam() -> None:
    shown = moment(datetime(2026, 10, 4, 18, 5, tzinfo=UTC))
    assert shown["full"] == "01 giờ 05 phút, ngày 05 tháng 10 năm 2026"
    assert shown["short"] == "01:05 05/10/2026"


def test_a_moment_without_a_zone_is_a_defect() -> None:
    with pytest.raises(ValueError, match="with a zone"):
        moment(datetime(2026, 10, 5, 8))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("  Trần \t Văn\n\nƯớc ", "Trần Văn Ước"),
        ("đã\u202eduyệt\u202c\u200b", "đãduyệt"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("李 😀", "□ □"),
        ("Z\u0335\u0321\u0322\u0327", "Z\u0335\u0321"),
    ],
)
def test_what_people_write_is_made_printable(written: str, shown: str) -> None:
    assert clean(written) == shown


def test_paragraphs_keep_their_lines_and_lose_empty_ones() -> None:
    assert clean("một\r\n\r\n  hai ", multiline=True) == "một\nhai"


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert "\n" not in clean(text)


def test_a_spreadsheet_keeps_letters_that_the_form_font_lacks() -> None:
    assert tidy("李小龙\x00") == "李小龙"
