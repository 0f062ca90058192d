"""Every page and state at both widths and in both languages: whole, our own, accessible, and nothing left untranslated.

In English what is Vietnamese must say so: a screen reader would read it with the wrong voice (WCAG 2.2, 3.1.2).
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.browsers import WIDTHS, Visit
from tests.browser.pages import NO_PAGES, PAGES
from tests.browser.scene import Scene
from tests.support.gateway import GatewayInHand
from tests.support.stack import Stack

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WAYS = ((320, "vi"), (1280, "vi"), (320, "en"))
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_WRITTEN_OVER = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
  const texts = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()]);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return texts.filter(([, a], i) => texts.some(([, b], j) => j > i && !apart(a, b))).map(([text]) => text);
})"""
_CODES = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const [text, parent] = [walker.currentNode.textContent.trim(), walker.currentNode.parentElement];
    const code = /[a-z]_[a-z]|\\w\\.v\\d|\\w(Error|Exception)\\b|T−\\d/;
    if (!parent.closest('.tc-tech, textarea') && code.test(text)) found.push(text);
  }
  return found;
}"""
"""Words of programs that are not set apart as such: nobody but those who mend the platform should have to read them."""

_PRIMARY = "main .govuk-button:not(.govuk-button--secondary, .govuk-button--warning, .govuk-button--inverse)"
_UNMARKED = """() => {
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.replaceAll('Trục Chung', '').trim();
    const parent = walker.currentNode.parentElement;
    const english = parent.closest('[lang]').lang === 'en' && !['OPTION', 'TEXTAREA'].includes(parent.tagName);
    if (english && /[\\u00c0-\\u1ef9]/.test(text)) found.push(text);
  }
  return found;
}"""
"""What a reader of English, or their screen reader, would take for English and is not; options are mostly names."""


def endpoints(app: Flask) -> set[str]:
    """What answers GET on the pages' side."""
    return {
        rule.endpoint.removeprefix("portal.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("portal.") and "GET" in (rule.methods or ())
    }


def test_no_page_is_forgotten() -> None:
    assert endpoints(GatewayInHand().app) == {page.endpoint for page in PAGES} | NO_PAGES
    assert len({page.name for page in PAGES}) == len(PAGES)
    assert {width for width, _language in WAYS} == set(WIDTHS)


@pytest.mark.parametrize(("width", "language"), WAYS)
@pytest.mark.parametrize("login", sorted({page.login for page in PAGES}), ids=lambda login: login or "nobody")
def test_pages_are_accessible_whole_and_our_own(
    platform: Stack, scene: Scene, browser: Browser, login: str, width: int, language: str
) -> None:
    wrong: list[str] = []
    with Visit(browser, platform.base_url, width=width) as visit:
        if login:
            visit.sign_in(login)
        visit.tab.goto(f"/ngon-ngu?ngon_ngu={language}&tiep=/")
        for page in (one for one in PAGES if one.login == login):
            page.open_in(visit.tab, scene.things)
            wrong += [f"{page.name}: {problem}" for problem in problems(visit)]
        elsewhere = {url for url in visit.asked if not url.startswith(platform.base_url)}
    assert wrong == []
    assert elsewhere == set()
    assert visit.complaints == []


def problems(visit: Visit) -> list[str]:
    """What is wrong with a page as it is shown."""
    found = []
    if visit.tab.evaluate(_TOO_WIDE) > 0:
        found.append("wider than the window")
    found += [f"written over: {text}" for text in visit.tab.evaluate(_WRITTEN_OVER)]
    found += [f"Vietnamese and does not say so: {text}" for text in visit.tab.evaluate(_UNMARKED)]
    if (primary := visit.tab.locator(_PRIMARY).count()) > 1:
        found.append(f"{primary} primary buttons: people cannot tell what comes next")
    found += [f"speaks like a database: {text}" for text in visit.tab.evaluate(_CODES)]
    result = Axe().run(visit.tab, options=RULES).response
    for violation in result["violations"]:
        places = [node["html"] for node in violation["nodes"]]
        found.append(f"{violation['id']}: {violation['help']} {places[:3]}")
    assert result["passes"], "axe-core has looked"
    return found


def test_axe_finds_what_is_wrong(platform: Stack, browser: Browser) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/")
        visit.tab.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
        result = Axe().run(visit.tab, options=RULES).response
    assert "label" in {violation["id"] for violation in result["violations"]}
