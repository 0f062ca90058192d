"""Every page at both widths: nothing is cut off, nothing comes from elsewhere, and axe-core finds nothing to mend."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.browsers import WIDTHS, Visit
from tests.browser.scene import NO_PAGES, PAGES, Page, Scene
from tests.support.gateway import GatewayInHand
from tests.support.stack import Stack

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("login", sorted({page.login for page in PAGES}), ids=lambda login: login or "nobody")
def test_pages_are_accessible_whole_and_our_own(
    platform: Stack, scene: Scene, browser: Browser, login: str, width: int
) -> None:
    wrong: list[str] = []
    with Visit(browser, platform.base_url, width=width) as visit:
        if login:
            visit.sign_in(login)
        for page in (one for one in PAGES if one.login == login):
            wrong += [f"{page.name}: {problem}" for problem in problems(visit, scene, page)]
        elsewhere = {url for url in visit.asked if not url.startswith(platform.base_url)}
    assert wrong == []
    assert elsewhere == set()
    assert visit.complaints == []


def problems(visit: Visit, scene: Scene, page: Page) -> list[str]:
    """What is wrong with a page as it is shown."""
    visit.tab.goto(scene.path_of(page))
    found = []
    if visit.tab.evaluate(_TOO_WIDE) > 0:
        found.append("wider than the window")
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
