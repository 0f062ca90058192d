"""Citizens at their own applications: they pay what is owed, and withdraw although an officer was quicker."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
from local.demo.payment import signed_notice
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import CITIZEN, RECEPTION, Scene
from tests.support.stack import Stack, secret_of


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_a_citizen_pays_and_withdraws(platform: Stack, browser: Browser, scripts: bool, width: int) -> None:
    things = Scene(platform.base_url).things
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        visit.sign_in(CITIZEN)
        _pay(platform, visit, things["unpaid"])
        _withdraw(platform, visit, things["new"])
        assert visit.complaints == []


def _pay(platform: Stack, visit: Visit, application: str) -> None:
    """Go as far as the payment's own page, which lies elsewhere; it calls back when the money came."""
    visit.tab.goto(f"/ho-so/{application}")
    visit.tab.locator("main a[href$='/nop-phi']").click()
    visit.press("Thanh toán trực tuyến")
    link = visit.tab.get_by_role("button", name="Đến trang thanh toán").get_attribute("href")
    asked = parse_qs(urlsplit(link or "").query)
    order = {"payment": asked["payment"][0], "amount": int(asked["amount"][0])}
    secret = Path(platform.environment["PAYMENT_SECRET_FILE"]).read_bytes()
    with platform.client() as anybody:
        assert anybody.post("/api/v1/payments/notices", **signed_notice(order, secret)).json() == {"result_code": "00"}
    visit.tab.goto(f"/ho-so/{application}")
    assert "Đã nộp, chờ tiếp nhận" in visit.words
    assert "(Đã nộp)" in visit.words
    assert visit.tab.locator("main a[href$='/nop-phi']").count() == 0


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
