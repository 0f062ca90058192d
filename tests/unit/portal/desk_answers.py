"""What the one-stop shop answers in tests of the desk."""

from typing import Any

from shared.contracts.one_stop_shop.catalogue_operations import DEFINITION_EXAMPLE
from tests.support.gateway import GatewayInHand

ID = "0f8fad5bd9cb469fa16570867728950e"
CASE = f"/ban-lam-viec/{ID}"
ADDRESS = {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"}
OWNER = {"name": "Nguyễn Văn An", "identity_number": "092090000123", "phone": None, "address": ADDRESS}
ROW = {
    "id": ID,
    "code": "H13.30.01-261005-0001",
    "procedure": "2.000908",
    "procedure_name": "Cấp bản sao",
    "content": "Cấp bản sao",
    "owner_name": "Nguyễn Văn An",
    "status": 1,
    "assignee_name": None,
    "due_at": None,
    "deadline_at": None,
    "overdue": True,
    "withdrawn": False,
    "claimable": True,
    "assignable": True,
    "version": 7,
}
COUNTS = {"by_status": {"1": 4}, "mine": 3, "near_due": 2, "overdue": 1, "unclaimed": 5}

APPLICATION: dict[str, Any] = {
    **ROW,
    "owner": OWNER,
    "submitter": None,
    "case": "standard",
    "answers": {},
    "components": [],
    "supplements": [],
    "channel": 2,
    "competent_agency": "H13.30.01",
    "step": None,
    "steps": [],
    "opinions": [],
    "payment": {"amount": 0, "state": "none", "ground": ""},
    "delivery": {"method": "counter", "state": "none"},
    "result": None,
    "returned": None,
    "clock": {},
    "forms": [],
    "possible_duplicates": [],
    "allowed_actions": ["refuse", "receive", "rate"],
}
ANSWERS = {
    "count_applications": COUNTS,
    "list_applications": {"items": [ROW], "next": ["x", ID]},
    "get_application": APPLICATION,
    "get_history": {"items": [], "next": None},
    "get_procedure": {"definition": DEFINITION_EXAMPLE},
    "receive_application": {},
    "refuse_application": {},
    "list_assignees": {"officers": [{"account": "cuong", "name": "Lê Văn Cường", "roles": ["specialist"]}]},
    "note_presence": {"others": [], "changes": []},
}


def asked(gateway: GatewayInHand, method: str) -> list[dict[str, Any]]:
    return [one.request for one in gateway.bus.asked if one.method == method]


OTHERS = [{"name": "Nguyễn Văn Bảy", "since": "2026-10-05T07:05:00+00:00"}]
CHANGES = [
    {"type": "payment_requested.v1", "at": "2026-10-05T07:06:00+00:00", "role": "reception_officer", "name": "Lý Bảy"},
    {"type": "withdrawal_requested.v1", "at": "2026-10-05T07:07:00+00:00", "role": "citizen", "name": None},
]


PAPER = {
    "id": "2" * 32, "subject": "V/v lấy ý kiến",
    "kind_name": "Công văn", "kind_name_en": "Letter", "code": "15/UBND-MC",
    "issued_on": "2026-10-05", "status": "issued", "status_name": "Đã phát hành", "status_name_en": "Issued",
}  # fmt: skip


RESULT = {
    "kind": "granted", "number": "92A8001234", "register_number": "45/GCN", "issued_by": "UBND phường Ninh Kiều",
    "signer": "Phạm Thị Dung", "signed_at": "2026-10-08T02:30:00+00:00", "summary": "Cấp lần đầu",
    "files": [{"id": "f", "name": "giấy chứng nhận.pdf", "type": "application/pdf", "size": 2048}],
}  # fmt: skip
BY_POST = {
    "method": "post", "state": "in_transit", "receiver": "Trần Thị Nhận", "phone": "0907654321", "waybill": "EH1VN",
    "cod_fee": 30000, "address": {"line": "99 Đường Bưu Điện", "commune": "Xã Phong Điền", "province": "Cần Thơ"},
}  # fmt: skip
