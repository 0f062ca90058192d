"""What the menu offers, and what the pages of a part lead to beside them, opens for whoever is offered it."""

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import Visit
from tests.browser.scene import ADMINISTRATOR, CITIZEN, CLERK, HEAD, OPERATOR, RECEPTION, SPECIALIST
from tests.support.stack import Stack

_OFFERED = "header nav a, nav.tc-sides a"


@pytest.mark.parametrize("login", [CITIZEN, RECEPTION, SPECIALIST, HEAD, CLERK, ADMINISTRATOR, OPERATOR])
def test_whatever_is_offered_opens(platform: Stack, browser: Browser, login: str) -> None:
    with Visit(browser, platform.base_url, scripts=False) as visit:
        visit.sign_in(login)
        waiting, seen = ["/"], set[str]()
        while waiting:
            seen.add(path := waiting.pop())
            answer = visit.tab.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            links = visit.tab.eval_on_selector_all(_OFFERED, "links => links.map(link => link.pathname)")
            waiting += sorted(set(links) - seen - set(waiting))
        assert len(seen) > 3
