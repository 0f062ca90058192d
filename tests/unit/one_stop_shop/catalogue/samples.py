"""A small procedure in its plain form, and the ways in which tests change it."""

from copy import deepcopy
from typing import Any

from services.one_stop_shop.domain.procedure import ProcedureVersion
from services.one_stop_shop.domain.procedure_reading import build


def words(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


SMALL: dict[str, Any] = {
    "code": "1.000001",
    "version": 1,
    "effective_from": "2025-07-01",
    "sample": True,
    "name": words("Thủ tục nhỏ"),
    "sector": "ho_tich",
    "service_level": "full",
    "competent": {"level": "commune", "kind": "people_committee"},
    "clock_policy": "PAUSE_REMAINING",
    "processing_time": "2 working days",
    "reception_time": "8 working hours",
    "supplement_within": "30 days",
    "extensions": 1,
    "sign_in_required": True,
    "non_territorial": False,
    "retention": "permanent",
    "legal_basis": ["Luật Hộ tịch"],
    "questions": [
        {"key": "subject", "name": words("Tên"), "kind": "text", "identifies": True},
        {"key": "storeys", "name": words("Số tầng"), "kind": "number", "required": False},
        {"key": "heritage", "name": words("Di tích"), "kind": "yes_no", "required": False},
        {
            "key": "exemption",
            "name": words("Đối tượng"),
            "kind": "choice",
            "required": False,
            "choices": [{"value": "poor", "name": words("Hộ nghèo")}, {"value": "student", "name": words("Sinh viên")}],
        },
        {
            "key": "since",
            "name": words("Từ ngày"),
            "kind": "date",
            "when": {"field": "heritage", "equals": True},
            "not_after_today": True,
        },
    ],
    "components": [
        {"key": "to_khai", "name": words("Tờ khai"), "source": "form", "originals": 1},
        {"key": "ban_ve", "name": words("Bản vẽ"), "source": "paper", "originals": 2},
        {"key": "dan_cu", "name": words("Dữ liệu dân cư"), "source": "data"},
        {"key": "anh", "name": words("Ảnh"), "source": "paper", "optional": True},
        {
            "key": "pccc",
            "name": words("Thẩm duyệt"),
            "source": "paper",
            "certified_copies": 1,
            "when": {"any": [{"field": "storeys", "at_least": 7}, {"field": "heritage", "equals": True}]},
        },
        {
            "key": "uy_quyen",
            "name": words("Ủy quyền"),
            "source": "paper",
            "when": {"all": [{"field": "authorised", "equals": True}, {"not": {"field": "channel", "in": ["post"]}}]},
        },
    ],
    "steps": [
        {"key": "reception", "name": words("Tiếp nhận"), "role": "reception_officer", "time": "4 working hours"},
        {"key": "appraisal", "name": words("Thẩm định"), "role": "specialist", "time": "1 working day"},
        {"key": "signing", "name": words("Ký"), "role": "head_of_unit", "time": "4 working hours"},
    ],
    "fees": [
        {
            "key": "le_phi",
            "kind": "fee",
            "name": words("Lệ phí"),
            "collected": "reception",
            "per": "copy",
            "amounts": [
                {"amount": 0, "when": {"field": "exemption", "equals": "poor"}, "ground": words("Hộ nghèo")},
                {"amount": 4000, "when": {"field": "exemption", "equals": "student"}, "ground": words("Sinh viên")},
                {
                    "amount": 5000,
                    "when": {"field": "channel", "equals": "online"},
                    "valid_from": "2026-01-01",
                    "valid_to": "2026-12-31",
                },
                {"amount": 8000},
            ],
        },
    ],
    "cases": [
        {"key": "standard", "name": words("Thông thường")},
        {
            "key": "verified",
            "name": words("Phải xác minh"),
            "processing_time": "10 days",
            "fees": [],
            "steps": [{"key": "appraisal", "name": words("Xác minh"), "role": "specialist", "time": "10 days"}],
        },
    ],
    "results": [{"key": "giay", "name": words("Giấy"), "code": "KQ.G15.000001", "paper": True}],
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The small procedure with one value set; `path` is dotted as in messages, a missing last name is added."""
    plain = deepcopy(SMALL)
    *parents, last = path.split(".")
    target: Any = plain
    for name in parents:
        target = target[int(name)] if isinstance(target, list) else target[name]
    if isinstance(target, list):
        target[int(last)] = value
    else:
        target[last] = value
    return plain


def small(path: str | None = None, value: Any = None) -> ProcedureVersion:
    return build(changed(path, value) if path else SMALL)
