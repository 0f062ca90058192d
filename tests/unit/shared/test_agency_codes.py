"""Identifiers of agencies, of both generations."""

import pytest

from shared import agency_codes as codes
from shared.errors import Invalid


@pytest.mark.parametrize(
    ("text", "legacy", "parent"),
    [
        ("000.00.00.H56", True, None),
        ("000.00.06.H56", True, "000.00.00.H56"),
        ("000.12.06.H56", True, "000.00.06.H56"),
        ("003.12.06.H56", True, "000.12.06.H56"),
        ("H56", False, None),
        ("G09.20", False, "G09"),
        ("H55.242", False, "H55"),
        ("H15.50.05.13", False, "H15.50.05"),
    ],
)
def test_agency_identifiers_of_both_generations(text: str, legacy: bool, parent: str | None) -> None:
    assert codes.agency_id(text.lower() + " ") == text
    assert codes.is_legacy_agency_id(text) is legacy
    assert codes.parent_agency_id(text) == parent


@pytest.mark.parametrize(
    "text",
    ["", "H5", "H56.1", "H56.1234", "00.00.00.H56", "000.00.H56", "H13.30.01.02.03", "H13-30", "H１3", "H13.30.01\nX"],
)
def test_other_agency_identifiers_are_refused(text: str) -> None:
    with pytest.raises(Invalid, match="agency_code_malformed"):
        codes.agency_id(text)
