"""Citizens at their own applications: they pay what is owed, and withdraw although an officer was quicker.

What they pay too much is told to them, and the head gives it back.
"""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import CITIZEN, HEAD, RECEPTION, Scene
from tests.support.stack import Stack, secret_of


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_citizen_pays_and_withdraws(platform: Stack, browser: Browser, scripts: bool, width: int) -> None:
    things = Scene(platform.base_url).things
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(CITIZEN)
        _pay(platform, visit, things["unpaid"])
        _pay_again(platform, visit, things["unpaid"])
        _withdraw(platform, visit, things["new"])
        assert visit.complaints == []
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(HEAD)
        _give_back(visit, things["unpaid"])
        assert visit.complaints == []


def _pay(platform: Stack, visit: Visit, application: str) -> None:
    """Go to the payment's own page, which lies elsewhere, pay there and come back; it has told the platform by then."""
    visit.tab.goto(f"/ho-so/{application}")
    visit.tab.locator("main a[href$='/nop-phi']").click()
    visit.press("Thanh toán trực tuyến")
    visit.tab.goto(f"/ho-so/{application}/nop-phi")
    visit.press("Tiếp tục thanh toán")
    visit.tab.get_by_role("button", name="Đến trang thanh toán").click()
    assert "100.000 đồng" in visit.tab.inner_text("main")
    visit.tab.get_by_role("button", name="Thanh toán").click()
    visit.tab.wait_for_url(f"{platform.base_url}/ho-so/{application}")
    visit.asked.clear()  # that page is another host, and none of ours
    assert "Đã nộp, chờ tiếp nhận" in visit.words
    assert "(Đã nộp)" in visit.words
    assert visit.tab.locator("main a[href$='/nop-phi']").count() == 0


def _pay_again(platform: Stack, visit: Visit, application: str) -> None:
    """Money comes a second time on the one order that there is: the page tells of it."""
    with Caller(platform.base_url, CITIZEN, secret_of(CITIZEN)) as citizen:
        (order,) = citizen.get(f"/applications/{application}")["payment"]["attempts"]
    again = {
        "payment": order["payment"], "result_code": "00", "amount": order["amount"], "transaction": "VNP2",
        "paid_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    body = json.dumps(again).encode()
    secret = Path(platform.environment["PAYMENT_SECRET_FILE"]).read_bytes()
    signed = {"X-Signature": hmac.new(secret, body, hashlib.sha256).hexdigest(), "Content-Type": "application/json"}
    with platform.client() as anybody:
        assert anybody.post("/api/v1/payments/notices", content=body, headers=signed).json() == {"result_code": "00"}
    visit.tab.goto(f"/ho-so/{application}")
    told = visit.words.count("Đã nộp thừa 100.000 đồng. Khoản này sẽ được hoàn lại cho người nộp.")
    assert told == 2, "at the fee and in the course"


def _give_back(visit: Visit, application: str) -> None:
    visit.tab.goto(f"/ban-lam-viec/{application}")
    visit.follow("Hoàn tiền")
    visit.tab.get_by_label("100.000 đồng nộp thừa (giao dịch VNP2").check()
    visit.tab.fill("#reason", "Nộp hai lần")
    visit.press("Hoàn tiền")
    assert "Nộp hai lần" in visit.words
    assert "Tiền được hoàn lại" in visit.words
    assert visit.words.count("Đã nộp thừa") == 1, "only the course tells that it had come"


def _withdraw(platform: Stack, visit: Visit, application: str) -> None:
    """Be overtaken by the officer who receives it, and press again."""
    visit.tab.goto(f"/ho-so/{application}")
    visit.follow("Xin rút hồ sơ")
    with Caller(platform.base_url, RECEPTION, secret_of(RECEPTION)) as reception:
        found = reception.get(f"/applications/{application}")
        reception.act(reception.act(found, "exempt-payment", ground="Nghị quyết 05/2024/NQ-HĐND"), "receive")
    visit.tab.fill("#reason", "Nộp nhầm thủ tục")
    visit.press("Gửi yêu cầu rút")
    assert "Nay là: Đã được tiếp nhận" in visit.words
    assert visit.tab.input_value("#reason") == "Nộp nhầm thủ tục"
    visit.press("Gửi yêu cầu rút")
    assert visit.tab.url.endswith(application)
    assert "Người nộp xin rút hồ sơ" in visit.words
    visit.tab.goto(f"/ho-so/{application}/rut")
    assert "Hồ sơ này đã có yêu cầu rút lúc" in visit.words
    assert visit.tab.locator("main textarea").count() == 0
