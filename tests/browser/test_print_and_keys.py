"""On paper stands what a page says and nothing to press; and whoever has no mouse does the same work."""

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Visit
from tests.browser.pages import PAGES
from tests.browser.scene import NOBODY, Scene
from tests.support.stack import Stack

A4_PIXELS = 794
PRINTED = (
    *("procedure", "receipt", "own-new", "own-returned", "case-new", "case-in-process"),
    *("register-in", "register-out", "document-issued", "arrival-assigned"),
    *("report-indicators", "report-06a", "report-documents", "report-mail", "conference-figures"),
    *("calendar-week", "conference", "script-released", "session-planned", "incident", "line"),
    *("mailbox", "console", "console-audit"),
)
_PRESSED = "a.govuk-button, button:not(.tc-check--there), input:not([type=hidden]), nav a"
_SEEN = f"[...document.querySelectorAll('{_PRESSED}')].filter(one => one.offsetParent).length"
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_MOST_KEYS = 60


@pytest.mark.parametrize("name", PRINTED)
def test_paper_holds_what_is_said_and_nothing_to_press(
    platform: Stack, scene: Scene, browser: Browser, name: str
) -> None:
    (printed,) = (page for page in PAGES if page.name == name)
    with Visit(browser, platform.base_url, width=A4_PIXELS) as visit:
        if printed.login != NOBODY:
            visit.sign_in(printed.login)
        printed.open_in(visit.tab, scene.things)
        assert visit.tab.evaluate(_SEEN) > 0, "on the screen there is"
        heading = visit.tab.locator("h1").inner_text()
        visit.tab.emulate_media(media="print")
        assert visit.tab.evaluate(_SEEN) == 0
        assert visit.tab.evaluate(_TOO_WIDE) <= 0
        assert heading in visit.words


def reach(visit: Visit, text: str) -> None:
    """Go on with the tabulator key until what says this has the focus, which can be seen."""
    for _key in range(_MOST_KEYS):
        visit.tab.keyboard.press("Tab")
        focused = visit.tab.evaluate("document.activeElement.innerText + ' #' + document.activeElement.id")
        if text in str(focused):
            shown = visit.tab.evaluate(
                "(s => s.outlineStyle + s.boxShadow + s.backgroundColor)(getComputedStyle(document.activeElement))"
            )
            assert shown != "nonenonergba(0, 0, 0, 0)", text
            return
    raise AssertionError(f"{text} is not reached by keys")


def follow_by_keys(visit: Visit, text: str) -> None:
    """Reach something, and press Enter on it."""
    reach(visit, text)
    with visit.tab.expect_navigation():
        visit.tab.keyboard.press("Enter")


def test_a_clerk_registers_a_document_without_a_mouse(platform: Stack, browser: Browser) -> None:
    arrival = Scene(platform.base_url).things["arrival_new"]
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/dang-nhap")
        follow_by_keys(visit, "Cán bộ, công chức")
        follow_by_keys(visit, "Nguyễn Thị Hạnh")
        follow_by_keys(visit, "Chờ tiếp nhận")
        assert visit.tab.locator(f"a[href$='{arrival}']").count() == 1
        visit.tab.goto(f"/van-ban/den/{arrival}")
        follow_by_keys(visit, "Tiếp nhận, vào sổ")
        reach(visit, "#note")
        visit.tab.keyboard.type("Chuyển lãnh đạo")
        follow_by_keys(visit, "Tiếp nhận, vào sổ")
        assert "Đã tiếp nhận" in visit.words
        assert visit.complaints == []


def test_a_citizen_finds_starts_and_answers_without_a_mouse(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url) as visit:
        keys = visit.tab.keyboard
        visit.tab.goto("/")
        reach(visit, "#q")
        keys.type("khai sinh")
        with visit.tab.expect_navigation():
            keys.press("Enter")
        follow_by_keys(visit, "Thủ tục đăng ký khai sinh")
        follow_by_keys(visit, "Nộp hồ sơ trực tuyến")
        follow_by_keys(visit, "Người dân, doanh nghiệp")
        follow_by_keys(visit, "Nguyễn Văn An")
        reach(visit, "#agency")
        while visit.tab.input_value("#agency") != "H13.30.01":
            keys.press("ArrowDown")
        follow_by_keys(visit, "Bắt đầu")
        reach(visit, "#case")
        keys.press("Space")
        follow_by_keys(visit, "Lưu và tiếp tục")
        assert "Bạn nộp hồ sơ cho ai?" in visit.words
        assert visit.complaints == []


def test_the_first_key_leads_to_the_content(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/")
        reach(visit, "Đến nội dung chính")
        visit.tab.keyboard.press("Enter")
        assert visit.tab.url.endswith("#main-content")
