from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.one_stop_shop.domain import codes
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("text", "agency", "day", "sequence"),
    [
        ("000.00.06.H56-231027-0361", "000.00.06.H56", date(2023, 10, 27), 361),
        ("H15.50.05.13-261008-0975", "H15.50.05.13", date(2026, 10, 8), 975),
        ("G09.20-20260609-0092637", "G09.20", date(2026, 6, 9), 92637),
        ("h13.30.01-261005-10001", "H13.30.01", date(2026, 10, 5), 10001),
    ],
)
def test_all_shapes_of_application_codes_are_read(text: str, agency: str, day: date, sequence: int) -> None:
    code = codes.parse_application_code(text)
    assert (code.text, code.agency, code.day, code.sequence) == (text.upper(), agency, day, sequence)


@pytest.mark.parametrize(
    "text",
    [
        "H13.30.01-261305-0001",
        "H13.30.01-261005-001",
        "H13.30.01-2610050001",
        "",
        "X-261005-0001",
        "H13.30.01-19260609-0092637",
    ],
)
def test_other_application_codes_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="application_code_malformed"):
        codes.parse_application_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "H13.30.01-261005-0001", " h13.30.01 - 261005 - 0001 ", "h13 30 01 261005 0001", "H13.30.01.261005.0001",
        "H13-30-01-261005-0001", "H13.30.01-2610 05-0001", "H13.30.01 – 261005 – 0001", "H13.30.01\n261005\n0001",
    ],
)  # fmt: skip
def test_a_code_is_read_however_it_is_divided(text: str) -> None:
    assert codes.read_application_code(text).text == "H13.30.01-261005-0001"


@pytest.mark.parametrize("text", ["", "0001", "261005-0001", "H13.30.01", "Nguyễn Văn An", "H13 30 01 261305 0001"])
def test_what_is_no_whole_code_is_not_read_as_one(text: str) -> None:
    with pytest.raises(Invalid, match="application_code_malformed"):
        codes.read_application_code(text)


@given(day=st.dates(date(2020, 1, 1), date(2099, 12, 31)), sequence=st.integers(1, 99_999_999))
def test_an_issued_code_reads_back_and_is_never_cut(day: date, sequence: int) -> None:
    code = codes.parse_application_code(codes.issue_application_code("H13.30.01", day, sequence))
    assert (code.agency, code.day, code.sequence) == ("H13.30.01", day, sequence)


def test_the_code_has_four_digits_and_grows() -> None:
    assert codes.issue_application_code("H13.30.01", date(2026, 10, 5), 1) == "H13.30.01-261005-0001"
    assert codes.issue_application_code("H13.30.01", date(2026, 10, 5), 10_000) == "H13.30.01-261005-10000"


def test_a_code_is_never_issued_under_a_legacy_identifier() -> None:
    with pytest.raises(Invalid, match="agency_id_legacy"):
        codes.issue_application_code("000.00.06.H56", date(2026, 10, 5), 1)
    with pytest.raises(Invalid, match="sequence_not_positive"):
        codes.issue_application_code("H13", date(2026, 10, 5), 0)


@pytest.mark.parametrize("text", ["1.001193", "1.001193.000.00.00.H56", "2.000815.000.00.00.H55.02"])
def test_procedure_codes_share_their_national_part(text: str) -> None:
    assert codes.procedure_code(text) == text
    assert codes.national_procedure_code(text) == text[:8]


@pytest.mark.parametrize("text", ["1.00119", "1001193", "1.001193.H56", ""])
def test_other_procedure_codes_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="procedure_code_malformed"):
        codes.procedure_code(text)


def test_result_codes() -> None:
    assert codes.result_code("000.00.00.G09-KQ002269") == "000.00.00.G09-KQ002269"
    assert codes.result_code("kq.g07.000122") == "KQ.G07.000122"
    with pytest.raises(Invalid, match="result_code_malformed"):
        codes.result_code("KQ-1")
