"""Every page, as it is served, is sound HTML: html-validate finds nothing but what its rules except."""

import json
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.state import DEFAULT_FOLDER, ROOT
from tests.browser.browsers import Visit
from tests.browser.pages import PAGES
from tests.browser.scene import Scene
from tests.support.stack import Stack

JUDGE = DEFAULT_FOLDER / "html-validate/node_modules/.bin/html-validate"
RULES = ROOT / "local/html-validate/rules.cjs"
MISSING = "html-validate is missing; install it: make judges (it needs Node and npm: apt-get install nodejs npm)"


def judge(answer: Path, *files: Path) -> list[str]:
    """What is wrong with pages: the page, the line, the rule and its words; it is told by way of a file."""
    if not JUDGE.exists():
        pytest.fail(MISSING)
    command = [str(JUDGE), "--config", str(RULES), "--formatter", f"json={answer}", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(found['filePath']).stem}:{one['line']}: {one['ruleId']}: {one['message']}"
        for found in json.loads(answer.read_text("utf-8"))
        for one in found["messages"]
    ]


def test_every_page_is_sound_html(platform: Stack, scene: Scene, browser: Browser, tmp_path: Path) -> None:
    for login in sorted({page.login for page in PAGES}):
        with Visit(browser, platform.base_url, scripts=False) as visit:
            if login:
                visit.sign_in(login)
            for page in (one for one in PAGES if one.login == login):
                (tmp_path / f"{page.name}.html").write_bytes(page.open_in(visit.tab, scene.things).body())
    pages = sorted(tmp_path.glob("*.html"))
    assert len(pages) == len(PAGES)
    assert judge(tmp_path / "answer.json", *pages) == []


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    page = tmp_path / "wrong.html"
    page.write_text("<!doctype html><html lang='vi'><title>x</title><p id='a'><p id='a'><ul><p></ul>", "utf-8")
    found = judge(tmp_path / "answer.json", page)
    assert any("no-dup-id" in one for one in found)
    assert any("element-permitted-content" in one for one in found)
