"""What officers read of an application's course, and applicants do not."""

from typing import Any

import pytest

from tests.support.gateway import GatewayInHand
from tests.support.reader import Reader
from tests.unit.portal.desk_answers import CASE, ID

STEPS = [
    {"key": "verify", "name": "Thẩm định hồ sơ", "note": "Đủ điều kiện"},
    {"key": "sign", "name": "Ký, cấp giấy chứng nhận", "note": ""},
]
OPINION = {
    "id": f"{ID}:1", "agency": "H13.17", "subject": "Sự phù hợp với quy hoạch", "due_on": "2026-10-12",
    "state": "sent", "document_code": "7/UBND-KT", "reply_code": None,
}  # fmt: skip
COURSE: list[tuple[str, str, dict[str, Any]]] = [
    ("application_handed_over.v1", "", {"step": "verify"}),
    ("opinion_requested.v1", "", {"opinion": f"{ID}:1", "to": "H13.17"}),
    ("opinion_sent.v1", "", {"opinion": f"{ID}:1", "document_code": "7/UBND-KT"}),
    ("step_completed.v1", "Mời xem bản vẽ", {"step": "verify", "outcome": "late", "next_step": "sign"}),
]
AGENCY = {"code": "H13.17", "name": "Sở Xây dựng", "level": "province", "active": False}
INSIDE = (
    "Bước đã xong: Thẩm định hồ sơ", "Kết quả của bước này: Đủ điều kiện", "Thời hạn của bước: Quá hạn",
    "Bước tiếp theo: Ký, cấp giấy chứng nhận", "Bước tiếp theo: Thẩm định hồ sơ", "Cơ quan được hỏi: Sở Xây dựng",
    "Hỏi về: Sự phù hợp với quy hoạch", "Cần trả lời trước ngày: 12/10/2026", "Văn bản: 7/UBND-KT",
)  # fmt: skip


@pytest.fixture
def course(gateway: GatewayInHand, officer: Reader) -> Reader:
    """An application with steps, an opinion, and what led to it."""
    who = {"sub": "x", "role": "specialist"}
    gateway.bus.answers["get_application"] |= {"steps": STEPS, "step": "sign", "status": 4, "opinions": [OPINION]}
    gateway.bus.answers["list_agencies"] = {"items": [AGENCY], "next": None}
    gateway.bus.answers["get_history"] = {
        "items": [
            {"seq": number, "type": kind, "at": "2026-10-05T02:00:00+00:00", "reason": reason, "data": data,
             "actor": who, "officer": "Lê Văn Cường"}
            for number, (kind, reason, data) in enumerate(COURSE, 1)
        ],
        "next": None,
    }  # fmt: skip
    return officer


def test_officers_read_which_step_was_done_how_and_by_whom_and_which_is_present(course: Reader) -> None:
    words = course.open(CASE).words
    assert "Đang giải quyết · Bước: Ký, cấp giấy chứng nhận" in words
    assert [one for one in INSIDE if one not in words] == []
    assert "Mời xem bản vẽ" in words


def test_officers_read_whom_an_opinion_is_asked_of_by_name(course: Reader) -> None:
    words = course.open(CASE).words
    assert "Hỏi Sở Xây dựng, văn bản 7/UBND-KT" in words
    assert "H13.17" not in words


def test_applicants_read_none_of_it_but_that_it_goes_on(gateway: GatewayInHand, course: Reader) -> None:
    gateway.bus.answers["follow_application"] = {"whose_turn": "agency", "agency_name": "UBND phường Ninh Kiều"}
    words = course.sign_in("citizen-an").open(f"/ho-so/{ID}").words
    assert "Xong một bước giải quyết" in words
    assert [one for one in ("Mời xem bản vẽ", *INSIDE) if one in words] == []
