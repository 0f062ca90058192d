"""Lines of registers as they are read."""

import pytest

from services.document_routing.domain.books import kind_and_subject
from services.document_routing.domain.document_types import RESULT


@pytest.mark.parametrize(
    ("kind", "subject", "line"),
    [
        ("Công văn", "V/v lấy ý kiến", "Công văn V/v lấy ý kiến"),
        ("Thông báo", "Thông báo lịch họp", "Thông báo lịch họp"),
        ("Quyết định (cá biệt)", "quyết định khen thưởng", "Quyết định (cá biệt) khen thưởng"),
        ("Giấy mời", "Giấy phép xây dựng", "Giấy mời Giấy phép xây dựng"),
        (RESULT, "Kết quả 92A8 của hồ sơ H13-1", "Kết quả thủ tục hành chính 92A8 của hồ sơ H13-1"),
    ],
)
def test_a_register_says_the_kind_of_a_document_once(kind: str, subject: str, line: str) -> None:
    assert kind_and_subject(kind, subject) == line
