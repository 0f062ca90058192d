"""An operator finds what is wrong, decides about an event, and sees the state change without losing their place."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Visit
from tests.browser.parked import parked_event
from tests.browser.scene import CLERK, OPERATOR
from tests.support.running import eventually
from tests.support.stack import Stack

RENEWED_WITHIN = 40_000  # milliseconds


@pytest.mark.parametrize(("scripts", "width"), [(True, 320), (False, 1280)])
def test_an_event_is_read_replayed_and_left_out(
    own_platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    with (
        parked_event(own_platform) as which,
        Visit(browser, own_platform.base_url, scripts=scripts, width=width) as visit,
    ):
        visit.sign_in(OPERATOR)
        assert visit.tab.url.endswith("/van-hanh")
        visit.follow("Sự kiện bị giữ")
        assert "Ban hành văn bản" in visit.words
        visit.tab.goto(f"/van-hanh/su-kien/mot?{which}")
        assert "không đúng cấu trúc" in visit.words
        assert "event_malformed" not in visit.words
        visit.tab.get_by_text("Chi tiết kỹ thuật").click()
        assert "event_malformed" in visit.words
        assert "document_issued.v1" in visit.words
        assert "of nothing" not in visit.words
        visit.follow("Xử lý lại")
        visit.press("Xử lý lại")
        assert visit.tab.locator(".govuk-error-summary").count() == 1
        visit.tab.fill("#reason", "Đã sửa hợp đồng")
        visit.press("Xử lý lại")
        assert "Đã cho xử lý lại: Ban hành văn bản." in visit.words or "Sự kiện lại bị giữ" in visit.words

        def parked_again() -> bool:
            visit.tab.goto(f"/van-hanh/su-kien/mot?{which}")
            return "Đã sửa hợp đồng" in visit.words

        eventually(parked_again, "the event breaks its contract still")
        visit.follow("Bỏ hẳn sự kiện")
        visit.tab.fill("#reason", "Sự kiện thử nghiệm")
        visit.press("Bỏ hẳn sự kiện")
        assert "Đã bỏ hẳn sự kiện ở" in visit.words
        visit.tab.goto(f"/van-hanh/su-kien/mot?{which}")
        assert "Sự kiện này không còn bị giữ ở" in visit.words
        assert visit.complaints == []


def test_the_state_renews_itself_and_nobody_loses_their_place(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url) as visit:
        visit.sign_in(OPERATOR)
        visit.tab.goto("/van-hanh")
        for place in ("again", "tile-queues"):
            visit.tab.evaluate("document.querySelector('#live').dataset.old = '1'")
            visit.tab.focus(f"#{place}")
            visit.tab.wait_for_selector("#live:not([data-old])", timeout=RENEWED_WITHIN)
            assert visit.tab.evaluate("document.activeElement.id") == place
        visit.follow("Dừng tự cập nhật")
        assert visit.tab.locator("#live[hx-get]").count() == 0
        visit.follow("Tự cập nhật lại")
        assert visit.tab.locator("#live[hx-get]").count() == 1
        visit.context.clear_cookies()
        visit.tab.wait_for_url(re.compile(r"/dang-nhap\?tiep=/van-hanh$"), timeout=RENEWED_WITHIN)
        assert visit.complaints == []


def test_a_service_that_is_gone_is_seen(own_platform: Stack, browser: Browser) -> None:
    own_platform.stop("conference_booking")
    try:
        with Visit(browser, own_platform.base_url, scripts=False) as visit:
            visit.sign_in(OPERATOR)
            first = visit.tab.locator("tbody tr").first.inner_text()
            assert "Hội nghị trực tuyến" in first
            assert "Không" in first
            visit.follow("Hàng đợi")
            assert "Không ai đọc" in visit.tab.locator("tbody tr").first.inner_text()
    finally:
        own_platform.start("conference_booking")


def test_histories_are_searched_and_verified(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url, scripts=False, width=320) as visit:
        visit.sign_in(OPERATOR)
        visit.follow("Nhật ký")
        visit.tab.fill("#q", "H13.30.01")
        visit.press("Tra nhật ký")
        assert "Chuỗi lịch sử nguyên vẹn" in visit.words
        assert "Có cơ quan mới" in visit.words
        visit.tab.select_option("#type", label="Cơ quan ngừng hoạt động")
        visit.press("Tra nhật ký")
        assert "Không có việc nào như vậy ở đây." in visit.words
        visit.press("Kiểm tra mọi chuỗi ngay")

        def verified() -> bool:
            visit.tab.goto("/van-hanh/nhat-ky")
            return "Kiểm tra gần nhất" in visit.words

        eventually(verified, "all histories are read", seconds=120)
        row = visit.tab.locator("tbody tr", has_text="Cơ quan").inner_text()
        assert row.split()[-1] == "0", "nothing was altered"


def test_only_operators_come_in(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url, scripts=False) as visit:
        visit.sign_in(CLERK)
        assert visit.tab.get_by_text("Vận hành", exact=True).count() == 0
        assert visit.tab.goto("/van-hanh").status == 403  # type: ignore[union-attr]  # it leads somewhere


def test_the_console_speaks_english(own_platform: Stack, browser: Browser) -> None:
    with Visit(browser, own_platform.base_url, scripts=False) as visit:
        visit.sign_in(OPERATOR)
        visit.follow("English")
        assert "Parts, those with problems first" in visit.words
        assert "Answers (RabbitMQ" in visit.words
