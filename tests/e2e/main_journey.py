"""One application, its people, and what they do with it over HTTP."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.demo.caller import Caller
from local.demo.papers import make_paper
from tests.support.stack import Stack

ADDRESS = {"line": "12 Nguyễn Trãi", "commune": "Phường Ninh Kiều", "province": "Thành phố Cần Thơ"}
OWNER = {
    "name": "Nguyễn Văn An",
    "identity_number": "092090000123",
    "phone": "0912345678",
    "email": "an@example.vn",
    "address": ADDRESS,
}
RESULT = {
    "kind": "granted",
    "number": "92A8001234",
    "issued_by": "Ủy ban nhân dân phường Ninh Kiều",
    "signer": "Phạm Thị Dung",
}


def signed(paper: str, **changes: str) -> dict[str, Any]:
    """The result as it is signed at this moment."""
    return RESULT | {"signed_at": datetime.now(UTC).isoformat(), "files": [paper], **changes}


class Journey:
    """One application and the people around it; `do` acts as somebody and checks the status reached."""

    def __init__(self, stack: Stack, people: dict[str, Caller]) -> None:
        self.stack, self.people = stack, people
        self.application: dict[str, Any] = {}
        self.promised: list[str] = []
        """When the result was promised: at reception, after the supplement, after the extension."""

    def submit(self, **changes: Any) -> dict[str, Any]:
        paper = make_paper("Giấy đề nghị đăng ký hộ kinh doanh", "Chủ hộ: Nguyễn Văn An")
        uploaded = self.people["citizen"].upload("giấy đề nghị.pdf", "application/pdf", paper)
        content = {
            "procedure": "1.001612",
            "agency": "H13.30.01",
            "owner": OWNER,
            "content": "Đăng ký hộ kinh doanh",
            "answers": {"business_name": "Cà phê Bến Ninh Kiều"},
            "components": [{"component": "giay_de_nghi", "file": uploaded}],
            "delivery": {"method": "post", "receiver": "Nguyễn Văn An", "phone": "0912345678", "address": ADDRESS},
        }
        self.application = self.people["citizen"].post("/applications", content | changes)
        assert self.application["status"] == 1
        return self.application

    def do(self, part: str, action: str, expected: int, **body: Any) -> dict[str, Any]:
        self.application = self.people[part].act(self.application, action, **body)
        assert self.application["status"] == expected, action
        return self.application

    def pay_online(self) -> None:
        citizen = self.people["citizen"]
        order, again = (citizen.post(f"/applications/{self.application['id']}/payments", {}) for _ in range(2))
        assert again == order, "an order that is open is offered again"
        body = json.dumps(
            {
                "payment": order["payment"],
                "result_code": "00",
                "amount": order["amount"],
                "transaction": "VNP14226112",
                "paid_at": datetime.now(UTC).isoformat(),
            }
        ).encode()
        secret = Path(self.stack.environment["PAYMENT_SECRET_FILE"]).read_bytes()
        headers = {
            "Content-Type": "application/json",
            "X-Signature": hmac.new(secret, body, hashlib.sha256).hexdigest(),
        }
        with self.stack.client() as anybody:
            answers = [anybody.post("/api/v1/payments/notices", content=body, headers=headers) for _ in range(3)]
            forged = anybody.post("/api/v1/payments/notices", content=body, headers=headers | {"X-Signature": "0" * 64})
        assert [answer.json() for answer in answers] == [{"result_code": "00"}] * 3
        assert forged.status_code == 401
        self.refresh()

    def wait_for_register_number(self) -> str:
        """The number under which document routing enters the result in the register."""
        self.application = self.people["head"].wait_for(
            f"/applications/{self.application['id']}", lambda view: view["result"].get("register_number")
        )
        return str(self.application["result"]["register_number"])

    def refresh(self) -> dict[str, Any]:
        self.application = self.people["citizen"].get(f"/applications/{self.application['id']}")
        return self.application
