"""Citizens at their own applications: they pay what is owed, and withdraw although an officer was quicker."""

import pytest
from playwright.sync_api import Browser

from local.demo.caller import Caller
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
    """Go to the payment's own page, which lies elsewhere, pay there and come back; it has told the platform by then."""
    visit.tab.goto(f"/ho-so/{application}")
    visit.tab.locator("main a[href$='/nop-phi']").click()
    visit.press("Thanh toán trực tuyến")
    visit.tab.get_by_role("button", name="Đến trang thanh toán").click()
    assert "100.000 đồng" in visit.tab.inner_text("main")
    visit.tab.get_by_role("button", name="Thanh toán").click()
    visit.tab.wait_for_url(f"{platform.base_url}/ho-so/{application}")
    visit.asked.clear()  # that page is another host, and none of ours
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
