"""`make screenshots`: pictures of every page at both widths, for people to look at."""

import sys
from pathlib import Path

from local.state import DEFAULT_FOLDER
from tests.browser.browsers import WIDTHS, Visit, chromium
from tests.browser.pages import PAGES
from tests.browser.scene import whole_scene
from tests.support.stack import Stack, fresh_state, started_servers, started_stack


def main(folder: Path) -> None:
    """Start a platform, fill it, and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with fresh_state() as state, started_servers(state) as servers, started_stack(state, servers) as platform:
        take(platform, folder)
    sys.stdout.write(f"{len(PAGES) * len(WIDTHS)} pictures in {folder}\n")


def take(platform: Stack, folder: Path) -> None:
    """The pictures of a platform that runs."""
    with chromium() as browser, whole_scene(platform) as scene:
        for width in WIDTHS:
            for login in sorted({page.login for page in PAGES}):
                with Visit(browser, platform.base_url, width=width) as visit:
                    if login:
                        visit.sign_in(login)
                    for page in (one for one in PAGES if one.login == login):
                        page.open_in(visit.tab, scene.things)
                        visit.tab.screenshot(path=folder / f"{page.name}-{width}.png", full_page=True)


if __name__ == "__main__":
    main(DEFAULT_FOLDER / "screenshots")
