"""A walk through every page: once in each language and once without scripts, looked at in both widths each time.

In English what is Vietnamese must say so: a screen reader would read it with the wrong voice (WCAG 2.2, 3.1.2).
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Response
from playwright.sync_api import Page as Tab

from tests.browser.browsers import WIDTHS, Visit
from tests.browser.page import Page
from tests.browser.pages import PAGES
from tests.browser.scene import Scene
from tests.support.stack import Stack

Way = tuple[str, bool, tuple[int, ...]]
WAYS: tuple[Way, ...] = (("vi", True, WIDTHS), ("en", True, WIDTHS), ("vi", False, WIDTHS[:1]))
"""Languages, with scripts or without, and widths: no script of ours heeds the width."""

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_RUN_AXE = "rules => axe.run(rules).then(({violations, passes}) => ({violations, passes: passes.length}))"
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
    const code = /[a-z]_[a-z]|\\w\\.v\\d|\\w(Error|Exception)\\b|T−\\d|\\/api\\/|Idempotency|If-Match|ETag/;
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


@dataclass
class Found:
    """What one person's pages are: wrong, from elsewhere, as files, and by the ids of the requests they answered."""

    wrong: list[str] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)
    requests: set[str] = field(default_factory=set)


class Walk:
    """Somebody's pages are walked through when first asked for."""

    def __init__(self, browser: Browser, platform: Stack, scene: Scene, folder: Path) -> None:
        self._browser, self._platform, self._scene, self._folder = browser, platform, scene, folder
        self._found: dict[str, Found] = {}

    def of(self, login: str) -> Found:
        """What was found out about the pages of one person."""
        if login not in self._found:
            self._found[login] = Found()
            with Visit(self._browser, self._platform.base_url) as visit:
                if login:
                    visit.sign_in(login)
                for language, scripts, widths in WAYS:
                    visit.tab.goto(f"/ngon-ngu?ngon_ngu={language}&tiep=/")
                    self._look(self._found[login], visit, login, (language, scripts, widths))
        return self._found[login]

    def _look(self, found: Found, visit: Visit, login: str, way: Way) -> None:
        language, scripts, widths = way
        session = visit.context.new_cdp_session(visit.tab)
        for page in (one for one in PAGES if one.login == login):
            session.send("Emulation.setScriptExecutionDisabled", {"value": not scripts})
            answer = page.open_in(visit.tab, self._scene.things)
            session.send("Emulation.setScriptExecutionDisabled", {"value": False})  # axe is a script too
            name = f"{page.name}-{language}{'' if scripts else '-plain'}"
            found.wrong += [f"{name}-{problem}" for problem in problems(visit.tab, widths)]
            found.wrong += [f"{name}: {said}" for said in _complaints(visit, page)]
            found.requests.add(answer.headers["x-request-id"])
            if scripts:
                found.files.append(_kept(answer, self._folder / f"{name}.html"))
        found.elsewhere |= {url for url in visit.asked if not url.startswith(self._platform.base_url)}


def _complaints(visit: Visit, page: Page) -> list[str]:
    """What the browser complained about, but for the very answer that the page is."""
    said = [one for one in visit.complaints if page.status < 500 or f"status of {page.status}" not in one]
    visit.complaints.clear()
    return said


def _kept(answer: Response, file: Path) -> Path:
    file.write_bytes(answer.body())
    return file


def problems(tab: Tab, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with a page as it is shown in each width."""
    tab.evaluate(Axe().axe_script)
    found = [f"any: Vietnamese and does not say so: {text}" for text in tab.evaluate(_UNMARKED)]
    found += [f"any: speaks like a database: {text}" for text in tab.evaluate(_CODES)]
    if (primary := tab.locator(_PRIMARY).count()) > 1:
        found.append(f"any: {primary} primary buttons: people cannot tell what comes next")
    for width in widths:
        tab.set_viewport_size({"width": width, "height": 900})
        found += [f"{width}: {problem}" for problem in _in_this_width(tab)]
    return found


def _in_this_width(tab: Tab) -> list[str]:
    found = ["wider than the window"] if tab.evaluate(_TOO_WIDE) > 0 else []
    found += [f"written over: {text}" for text in tab.evaluate(_WRITTEN_OVER)]
    result: dict[str, Any] = tab.evaluate(_RUN_AXE, RULES)
    for violation in result["violations"]:
        places = [node["html"] for node in violation["nodes"]]
        found.append(f"{violation['id']}: {violation['help']} {places[:3]}")
    assert result["passes"], "axe-core has looked"
    return found
