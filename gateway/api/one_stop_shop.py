"""The resources of the one-stop shop: its table of operations, and the proof of the payment platform's notices."""

import hashlib
import hmac

from flask import current_app, request
from flask_smorest import Blueprint

from gateway.api.mount import mount
from shared.contracts.one_stop_shop.operations import OPERATIONS, SERVICE
from shared.errors import Unauthenticated, Unavailable

SIGNATURE = "X-Signature"

one_stop_shop = Blueprint(SERVICE, __name__, url_prefix="/api/v1", description="Một cửa · One-stop shop")


def prove_payment_notice() -> dict[str, str]:
    """The identity of a notice, once its signature (HMAC-SHA256 of the raw body, in hex) is proven.

    The same notice comes as often as the payment platform likes, so its content is its key.

    Raises:
        Unauthenticated: signed by somebody else, or not at all.
        Unavailable: this gateway was given no secret to check with.
    """
    secret: str | None = current_app.config["PAYMENT_SECRET"]
    if secret is None:
        raise Unavailable("payment_secret_missing", retry_after=60)
    raw = request.get_data()
    expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), request.headers.get(SIGNATURE, "").encode("latin-1", "replace")):
        raise Unauthenticated("payment_signature_wrong")
    digest = hashlib.sha256(raw).hexdigest()
    return {"key": f"payment-gateway:{digest}", "digest": digest}


mount(
    one_stop_shop,
    SERVICE,
    OPERATIONS,
    created={
        "submit_application": "/applications/{id}",
        "submit_draft": "/applications/{id}",
        "create_draft": "/drafts/{id}",
        "publish_procedure": "/procedures/{code}",
    },
    proofs={"record_payment_notice": prove_payment_notice},
)
