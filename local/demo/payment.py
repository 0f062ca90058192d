"""What the payment platform of the demo does."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any


def signed_notice(order: dict[str, Any], secret: bytes) -> dict[str, Any]:
    """Its notice of an order that was paid: what is sent, signed with the shared secret."""
    notice = {
        "payment": order["payment"],
        "result_code": "00",
        "amount": order["amount"],
        "transaction": "VNP14226112",
        "paid_at": datetime.now(UTC).isoformat(),
    }
    content = json.dumps(notice).encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": "",
        "X-Signature": hmac.new(secret, content, hashlib.sha256).hexdigest(),
    }
    return {"content": content, "headers": headers}
