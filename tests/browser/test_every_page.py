"""Every page and state, in each width and language, with and without scripts: whole, our own, accessible, sound."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from local.state import ROOT
from tests.browser.browsers import Visit
from tests.browser.html_judge import judge
from tests.browser.pages import NO_PAGES, PAGES
from tests.browser.scene import Scene
from tests.browser.walk import WAYS, Walk, problems
from tests.support.gateway import GatewayInHand
from tests.support.stack import Stack

TEMPLATES = ROOT / "gateway/portal/templates"
LOGINS = sorted({page.login for page in PAGES})
_FRAMES = {"base.html", "console_base.html"}
"""What pages extend."""

WHOLE_WALK = pytest.mark.timeout(1200)
"""For tests that walk for everybody, where they are run alone."""


@pytest.fixture(scope="module")
def walk(platform: Stack, scene: Scene, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return Walk(browser, platform, scene, tmp_path_factory.mktemp("pages"))


def endpoints(app: Flask) -> set[str]:
    """What answers GET on the pages' side."""
    return {
        rule.endpoint.removeprefix("portal.")
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("portal.") and "GET" in (rule.methods or ())
    }


def templates() -> set[str]:
    """Every template of a whole page, by its name in the access log."""
    extends = re.compile(r'{% extends "(.+)" %}')
    return {
        path.stem
        for path in TEMPLATES.glob("*.html")
        if path.name not in _FRAMES and (found := extends.match(path.read_text("utf-8"))) and found[1] in _FRAMES
    }


def shown(platform: Stack, requests: set[str]) -> Iterator[str]:
    """Of which templates the answers to these requests were made, as the gateway noted."""
    for gateway in platform.platform.gateways:
        for line in gateway.log.read_text("utf-8").splitlines():
            if '"page":' in line and (noted := json.loads(line))["correlation"] in requests:
                yield noted["page"]


def test_no_address_is_forgotten() -> None:
    assert endpoints(GatewayInHand().app) == {page.endpoint for page in PAGES if page.endpoint} | NO_PAGES
    assert len({page.name for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("login", LOGINS, ids=lambda login: login or "nobody")
def test_pages_are_accessible_whole_and_our_own(walk: Walk, login: str) -> None:
    found = walk.of(login)
    assert found.wrong == []
    assert found.elsewhere == set()


@WHOLE_WALK
def test_no_template_is_forgotten(walk: Walk, platform: Stack) -> None:
    """Whatever the code may answer with, to a button too, is among the pages that are looked at."""
    requests = set().union(*(walk.of(login).requests for login in LOGINS))
    assert set(shown(platform, requests)) == templates()


@WHOLE_WALK
def test_every_page_is_sound_html(walk: Walk, tmp_path: Path) -> None:
    files = [file for login in LOGINS for file in walk.of(login).files]
    assert len(set(files)) == len(PAGES) * len({language for language, _scripts, _widths in WAYS})
    assert judge(tmp_path / "answer.json", *files) == []


def test_what_is_wrong_is_found(platform: Stack, browser: Browser, tmp_path: Path) -> None:
    with Visit(browser, platform.base_url) as visit:
        visit.tab.goto("/")
        visit.tab.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
        assert any("320: label" in one for one in problems(visit.tab))
    page = tmp_path / "wrong.html"
    page.write_text("<!doctype html><html lang='vi'><title>x</title><p id='a'><p id='a'><ul><p></ul>", "utf-8")
    found = judge(tmp_path / "answer.json", page)
    assert any("no-dup-id" in one for one in found)
    assert any("element-permitted-content" in one for one in found)
