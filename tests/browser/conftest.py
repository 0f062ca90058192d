from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.browsers import chromium
from tests.browser.scene import Scene
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the module: while Playwright runs, no other test of this process may run an event loop."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def scene(platform: Stack) -> Scene:
    return Scene(platform.base_url)
