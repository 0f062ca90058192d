"""Names in different spellings."""

import pytest

from shared.words import is_name, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Lê Thị Hòa", "Lê Thị Hoà"),
        ("Thuỷ", "Thủy"),
        ("Quý", "Qúy"),
        ("NGUYỄN  VĂN-AN", "Nguyễn Văn An"),
        ("Đoàn Đức", "Doan Duc"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("An", "Ân"),
    ],
)
def test_one_name_is_spelt_in_several_ways(one: str, other: str) -> None:
    assert same_name(one, other)
    assert same_name(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ân", "Ẩn"),
        ("Ân An", "An Ân"),
        ("Hà Ha", "Ha Hà"),
        ("Đức Duy", "Dức Đuy"),
        ("Nguyễn Văn An", "Nguyên Vãn An"),
        ("Mận Man", "Man Mận"),
    ],
)
def test_marks_belong_to_their_letters(one: str, other: str) -> None:
    assert not same_name(one, other)
    assert not same_name(other, one)


@pytest.mark.parametrize(
    ("text", "well"),
    [
        ("Nguyễn Minh Khôi", True),
        ("H'Hen Niê", True),
        ("Maria-Anna van der Berg 3rd", True),
        ("Nguye\u0302\u0303n", True),
        ("12345", False),
        ("<b>x</b>", False),
        ("Nguyễn Minh Khôi 🎉", False),
        ("An\nBình", False),
        ("An\u200bBình", False),
        ("", False),
    ],
)
def test_a_persons_name_is_made_of_letters(text: str, well: bool) -> None:
    assert is_name(text) is well
