"""On paper stands what a page says and nothing to press."""

from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Visit
from tests.browser.pages import PAGES
from tests.browser.scene import NOBODY, Scene
from tests.support.stack import Stack

A4_PIXELS = 794
STYLES = Path("gateway/portal/assets/portal.css")
PRINTED = (
    *("procedure", "receipt", "own-new", "own-returned", "case-new", "case-in-process"),
    *("register-in", "register-out", "document-issued", "arrival-assigned"),
    *("report-indicators", "report-06a", "report-documents", "report-mail", "conference-figures"),
    *("calendar-week", "conference", "script-released", "session-planned", "incident", "line"),
    *("mailbox", "console", "console-audit"),
)
_PRESSED = "a.govuk-button, button:not(.tc-check--there), input:not([type=hidden]), nav a"
_SEEN = f"[...document.querySelectorAll('{_PRESSED}')].filter(one => one.offsetParent).length"
_ADDRESSES = """[...document.querySelectorAll('main a')].filter(one => one.offsetParent)
  .map(one => getComputedStyle(one, '::after').content).filter(text => text.includes('(/'))"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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
        assert visit.tab.evaluate(_ADDRESSES) == []
        assert visit.tab.evaluate(_TOO_WIDE) <= 0
        assert heading in visit.words


def test_a_long_table_begins_on_the_sheet_of_its_heading_and_no_row_is_torn(browser: Browser) -> None:
    rows = "".join(
        f"<tr><th>Chỉ tiêu {number}</th><td>dòng trên<br>dòng dưới {number}</td></tr>" for number in range(70)
    )
    section = f'<section class="tc-report"><h2>Bộ chỉ số</h2><table class="tc-cases">{rows}</table></section>'
    tab = browser.new_page()
    tab.set_content(f"<style>{STYLES.read_text('utf-8')}</style><h1>Báo cáo</h1>{section}")
    sheets = pypdfium2.PdfDocument(tab.pdf(format="A4"))
    words = [sheet.get_textpage().get_text_range() for sheet in sheets]
    tab.close()
    assert len(words) > 1
    assert "Bộ chỉ số" in words[0]
    assert "Chỉ tiêu 0" in words[0]
    assert [sheet.count("dòng trên") for sheet in words] == [sheet.count("dòng dưới") for sheet in words]
