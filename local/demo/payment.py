"""The payment platform of the demonstration: its page, where nobody loses money, and its word about what was paid.

It stands for the National Portal's payment gateway; the one-stop shop knows it by the same settings.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
from flask import Flask, redirect, request

from local.demo.shell import render

_PAGE = """<h1>Thanh toán thử nghiệm</h1>
<p>Đứng thay cho trang của đơn vị thanh toán thật; không ai mất tiền.</p>
<p>Hồ sơ {{ order.description }}<br><strong>{{ amount }} đồng</strong></p>
{% if said %}<p role="alert">{{ said }}</p>{% endif %}
{% if not late %}<form method="post"><ul><li>
<button><b>Thanh toán</b>{{ amount }} đồng</button></li></ul></form>{% endif %}
<p><a href="{{ order.return_url }}">Thôi, trở lại hồ sơ</a></p>"""


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


def create_payment_page(secret: bytes, tell: Callable[[dict[str, Any]], str]) -> Flask:
    """The page to which an order comes in the address; `tell` brings a signed notice and gives its result code."""
    app = Flask(__name__)

    @app.route("/", methods=["GET", "POST"])
    def pay() -> Any:
        signed, _, signature = request.query_string.decode("ascii").rpartition("&signature=")
        if not hmac.compare_digest(hmac.new(secret, signed.encode(), hashlib.sha256).hexdigest(), signature):
            return render("Thanh toán thử nghiệm", "<h1>Lệnh thanh toán không đúng chữ ký</h1>"), 400
        order: dict[str, Any] = {**request.args.to_dict(), "amount": int(request.args["amount"])}
        late = datetime.fromisoformat(order["expires_at"]) < datetime.now(UTC)
        said = "Lệnh thanh toán đã hết hạn." if late else ""
        if request.method == "POST" and not late:
            if (result := tell(signed_notice(order, secret))) == "00":
                return redirect(order["return_url"], 303)
            said = f"Chưa báo được cho cơ quan ({result}). Hãy bấm lại."
        amount = f"{order['amount']:,}".replace(",", ".")
        return render("Thanh toán thử nghiệm", _PAGE, order=order, amount=amount, late=late, said=said)

    return app


def teller(platform: str) -> Callable[[dict[str, Any]], str]:
    """Brings notices to the platform at this address."""

    def tell(notice: dict[str, Any]) -> str:
        answer = httpx.post(f"{platform}/api/v1/payments/notices", timeout=30, **notice)
        return str(answer.json().get("result_code", answer.status_code))

    return tell
