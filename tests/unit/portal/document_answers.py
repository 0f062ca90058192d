"""What the service of documents answers in tests of pages."""

from typing import Any

from tests.support.gateway import GatewayInHand

ID = "0f8fad5bd9cb469fa16570867728950e"
FILE = "a" * 64
ARRIVAL: dict[str, Any] = {
    "id": ID,
    "agency": "H13.17",
    "status": "03",
    "status_name": "Đã tiếp nhận",
    "status_name_en": "Registered",
    "arrival_number": 128,
    "arrived_at": "2026-11-20T02:00:00Z",
    "sender": "H13.30.01",
    "sender_name": "Ủy ban nhân dân phường Ninh Kiều",
    "kind": "cong_van",
    "kind_name": "Công văn",
    "kind_name_en": "Official letter",
    "code": "15/UBND-VP",
    "issued_on": "2026-11-20",
    "subject": "V/v lấy ý kiến",
    "lead_unit": None,
    "due_at": None,
    "overdue": True,
    "request": None,
    "version": 7,
    "summary": "",
    "signer": None,
    "signatures": None,
    "sender_due_on": None,
    "files": [{"key": "1", "role": "main", "name": "công văn.pdf", "size": 48213, "type": "application/pdf"}],
    "confirm_by": None,
    "assignments": [],
    "reply": None,
    "answers": [],
    "requests": [{"id": "1", "kind": "recall", "answer": None, "reason": "Sai nội dung"}],
    "allowed_actions": ["assign_arrival"],
}
DELIVERY = {
    "receiver": "H13.17",
    "name": "Sở Xây dựng thành phố Cần Thơ",
    "purpose": "action",
    "sending": 1,
    "sent_at": "2026-11-20T02:00:00Z",
    "transport": "done",
    "standing": "03",
    "standing_name": "Đã tiếp nhận",
    "standing_name_en": "Registered",
    "state": "03",
    "state_name": "Đã tiếp nhận",
    "state_name_en": "Registered",
    "cancelled_at": None,
    "requests": [],
    "rows": [{"code": "03", "name": "Đã tiếp nhận", "name_en": "Registered", "at": "2026-11-20T03:30:00Z"}],
}
SENDING = {
    **DELIVERY,
    "receiver": "H13.01",
    "name": "Văn phòng",
    "standing": None,
    "state": "sending",
    "state_name": "Đang gửi",
    "state_name_en": "Being sent",
    "rows": [],
}
REFUSED = {
    **DELIVERY,
    "receiver": "H13.02",
    "name": "Sở Y tế",
    "standing": "02",
    "state": "02",
    "state_name": "Từ chối tiếp nhận",
    "state_name_en": "Refused",
    "rows": [{"code": "02", "name": "Từ chối tiếp nhận", "name_en": "Refused", "at": "2026-11-20T04:00:00Z",
              "reason": "Gửi nhầm nơi", "by": "Trần Văn Thư"}],
}  # fmt: skip
DOCUMENT: dict[str, Any] = {
    **{name: ARRIVAL[name] for name in ("id", "kind", "kind_name", "kind_name_en", "code", "issued_on", "subject")},
    "status": "issued",
    "status_name": "Đã phát hành",
    "status_name_en": "Issued",
    "drafter_name": "Lê Văn Cường",
    "signer_name": "Phạm Thị Dung",
    "receivers": ["H13.17", "H13.01"],
    "states": [
        {"state": "03", "state_name": "Đã tiếp nhận", "state_name_en": "Registered", "count": 1},
        {"state": "sending", "state_name": "Đang gửi", "state_name_en": "Being sent", "count": 1},
    ],
    "troubled": False,
    "due_on": None,
    "version": 4,
    "summary": "",
    "unit": None,
    "files": [],
    "signatures": None,
    "responds_to": [],
    "replies": [],
    "replaces": None,
    "replaced_by": None,
    "application": None,
    "deliveries": [DELIVERY, SENDING],
    "allowed_actions": ["recall_document", "revise_document"],
}
COUNTS = {"unconfirmed": 3, "to_assign": 1, "mine": 2, "overdue": 1, "draft": 2, "in_review": 1, "signed": 0,
          "troubled": 1}  # fmt: skip
RECEIPT = {"id": ID, "version": 8}
BOOK: dict[str, Any] = {"agency": "H13.17", "register": "incoming", "year": 2026, "given": 128, "intact": True,
                        "findings": [], "skipped": []}  # fmt: skip


def asked(gateway: GatewayInHand, method: str) -> dict[str, Any]:
    """What was asked of the service last."""
    return next(one.request for one in reversed(gateway.bus.asked) if one.method == method)
