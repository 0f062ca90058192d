"""The payment platform's signed call-back."""

import hashlib
import hmac

import orjson
import pytest

from tests.support.gateway import PAYMENT_SECRET, GatewayInHand

NOTICE = {
    "payment": "pay-0001",
    "result_code": "00",
    "amount": 8000,
    "transaction": "VNP14226112",
    "paid_at": "2026-10-05T09:00:00+07:00",
}


def sign(body: bytes) -> str:
    return hmac.new(PAYMENT_SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_a_signed_payment_notice_needs_no_token_and_no_key(gateway: GatewayInHand) -> None:
    gateway.bus.answers["record_payment_notice"] = {"result_code": "00"}
    body = orjson.dumps(NOTICE)
    headers = {"X-Signature": sign(body), "Content-Type": "application/json", "Idempotency-Key": ""}

    for _ in range(2):
        answer = gateway.send("POST", "/payments/notices", data=body, headers=headers)
        assert (answer.status_code, answer.get_json()) == (200, {"result_code": "00"})

    first, second = gateway.bus.asked
    assert first.request["_command"] == second.request["_command"]
    assert first.request["_command"]["key"].startswith("payment-gateway:")


@pytest.mark.parametrize("signature", ["", "0" * 64, "đ"])
def test_a_notice_signed_by_somebody_else_is_refused(gateway: GatewayInHand, signature: str) -> None:
    headers = {"X-Signature": signature.encode().decode("latin-1"), "Content-Type": "application/json"}
    answer = gateway.send("POST", "/payments/notices", data=orjson.dumps(NOTICE), headers=headers)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "payment_signature_wrong")
    assert gateway.bus.asked == []


def test_without_a_secret_no_notice_is_believed() -> None:
    gateway = GatewayInHand(environment={"PAYMENT_SECRET": ""})

    answer = gateway.send("POST", "/payments/notices", json=NOTICE)

    assert (answer.status_code, answer.get_json()["code"]) == (503, "payment_secret_missing")
