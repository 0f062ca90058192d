import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from local.demo.papers import make_paper
from tests.browser.browsers import chromium
from tests.browser.scene import Scene, whole_scene
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ends with the module: while Playwright runs, no other test of this process may run an event loop."""
    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def scene(platform: Stack) -> Iterator[Scene]:
    with whole_scene(platform) as made:
        yield made


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "giấy chứng sinh.pdf"
    file.write_bytes(make_paper("Giấy chứng sinh", f"Bé {uuid.uuid4().hex[:6]}"))
    return file
