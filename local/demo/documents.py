"""The letter of the demonstration: a ward asks the department of construction, and the department replies."""

from typing import Any

PEOPLE = {
    "ward_specialist": "specialist-ninh-kieu",
    "ward_leader": "head-ninh-kieu",
    "ward_clerk": "clerk-ninh-kieu",
    "department_specialist": "specialist-xay-dung",
    "department_leader": "head-xay-dung",
    "department_clerk": "clerk-xay-dung",
}

LETTER: dict[str, Any] = {
    "kind": "cong_van",
    "subject": "V/v lấy ý kiến về quy hoạch tại địa điểm đăng ký hộ kinh doanh",
    "unit": {"code": "KT", "name": "Phòng Kinh tế, Hạ tầng và Đô thị"},
    "receivers": [{"agency": "H13.17"}],
    "places": ["Như trên", "Lưu: VT"],
    "urgency": 0,
    "pages": 1,
}

REPLY: dict[str, Any] = {
    "kind": "cong_van",
    "subject": "V/v trả lời ý kiến về quy hoạch",
    "unit": {"code": "QH", "name": "Phòng Quy hoạch"},
    "receivers": [{"agency": "H13.30.01"}],
    "places": ["Như trên", "Lưu: VT"],
    "pages": 1,
}

SIGNERS: dict[str, dict[str, str]] = {
    "ward": {"form": "TM.", "behalf": "ỦY BAN NHÂN DÂN", "position": "CHỦ TỊCH", "name": "Phạm Thị Dung"},
    "department": {"form": "KT.", "behalf": "GIÁM ĐỐC", "position": "PHÓ GIÁM ĐỐC", "name": "Đặng Quốc Việt"},
}

ASSIGNMENT: dict[str, Any] = {
    "lead": {"unit": "Phòng Quy hoạch", "officer": "specialist-xay-dung", "officer_name": "Trương Văn Nam"},
    "co_operating": [{"unit": "Thanh tra Sở"}],
    "opinion": "Kiểm tra quy hoạch và tham mưu văn bản trả lời",
}
