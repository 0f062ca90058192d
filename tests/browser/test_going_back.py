"""Back and forth in the browser's history over answers that were refused; nothing is left there for the next person."""

import pytest
from playwright.sync_api import Browser, Error

from local.demo.caller import Caller
from tests.browser.birth import AGENCY, NEXT
from tests.browser.browsers import BOTH_WAYS, Visit
from tests.browser.scene import CITIZEN, OWNER
from tests.support.stack import Stack, secret_of


@pytest.mark.parametrize(("scripts", "width"), BOTH_WAYS)
def test_one_goes_back_over_a_wrong_answer_and_forth_again(
    platform: Stack, browser: Browser, scripts: bool, width: int
) -> None:
    with Visit(browser, platform.base_url, scripts=scripts, width=width) as visit:
        asked = _answer_twice(platform, visit)
        tab = visit.tab
        after = tab.url
        assert after != asked
        tab.go_back()
        assert _shown(visit) == (asked, "1", True)
        tab.go_back()
        assert _shown(visit) == (asked, "31", False)
        tab.go_forward()
        assert _shown(visit) == (asked, "1", True)
        tab.go_forward()
        assert tab.url == after
        assert visit.complaints == []


def test_what_was_typed_is_gone_with_whoever_signs_out(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url) as visit:
        _answer_twice(platform, visit)
        visit.tab.locator("form[action='/dang-xuat'] button").first.click()
        visit.tab.wait_for_url(f"{platform.base_url}/")
        visit.tab.go_back()
        assert "Đăng nhập" in visit.words
        with pytest.raises(Error, match="ERR_CACHE_MISS"):
            visit.tab.go_back()


def _shown(visit: Visit) -> tuple[str, str, bool]:
    """Where the tab is, the day that was typed there last, and whether it is told that there is none."""
    return visit.tab.url, visit.tab.input_value("#answer-day"), "Không có ngày này" in visit.words


def _answer_twice(platform: Stack, visit: Visit) -> str:
    """A day that there is not, then one that there is; the address of the question."""
    with Caller(platform.base_url, CITIZEN, secret_of(CITIZEN)) as citizen:
        content = {"procedure": "1.001193", "agency": AGENCY, "case": "overdue", "owner": OWNER}
        draft = citizen.post("/drafts", {"content": content | {"answers": {"child_name": "Nguyễn Minh Khôi"}}})
    visit.sign_in(CITIZEN)
    visit.tab.goto(f"/nhap/{draft['id']}/hoi-child_birth_date")
    asked = visit.tab.url
    for day in ("31", "1"):
        for part, value in (("day", day), ("month", "11"), ("year", "2020")):
            visit.tab.fill(f"#answer-{part}", value)
        visit.press(NEXT)
    return asked
