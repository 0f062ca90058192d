"""What an officer types into the search, and what is looked for."""

from typing import Any

import pytest

from services.one_stop_shop.domain.visibility import Scope
from services.one_stop_shop.usecases.queries_applications import _sought

OFFICE = Scope(agency="H13.30.01", parties=())


@pytest.mark.parametrize(
    ("text", "sought"),
    [
        ("H13.30.01-261005-0001", {"code": "H13.30.01-261005-0001"}),
        (" H13.30.01 - 261005 - 0001 ", {"code": "H13.30.01-261005-0001"}),
        ("h13 30 01 261005 0001", {"code": "H13.30.01-261005-0001"}),
        ("261005-0001", {"words": ("0001",), "code_end": "261005-0001"}),
        (" 261005 – 0001 ", {"words": ("0001",), "code_end": "261005-0001"}),
        ("20260609-0092637", {"words": ("0092637",), "code_end": "20260609-0092637"}),
        ("261005 0001", {"identity": "2610050001"}),
        ("0912345678", {"identity": "0912345678"}),
        ("0912 345 678", {"identity": "0912345678"}),
        ("0912.345.678", {"identity": "0912345678"}),
        ("092 090 000 123", {"identity": "092090000123"}),
        ("b1234567", {"identity": "B1234567"}),
        ("C01X00T47", {"identity": "C01X00T47"}),
        ("0301234567-001", {"identity": "0301234567-001"}),
        ("an 0912345678", {"words": ("an", "0912345678")}),
        ("0001 0912345678", {"words": ("0001", "0912345678")}),
        ("Nguyễn Văn An", {"words": ("nguyen", "van", "an")}),
        ("Phương", {"words": ("phuong",)}),
        ("0002", {"words": ("0002",)}),
    ],
)
def test_numbers_are_understood_however_they_are_grouped(text: str, sought: dict[str, Any]) -> None:
    assert _sought(text, OFFICE) == sought
