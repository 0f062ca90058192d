"""Chromium in a test's hands: one browser per module, one context per visit."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Page as Tab

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (320, 1280)
EVERY_WAY = [(scripts, width) for scripts in (True, False) for width in WIDTHS]
"""With and without scripts, on a phone and on a desk."""
BOTH_WAYS = [(True, 320), (False, 1280)]
"""Each of the four once, where every way would say the same again."""
GUEST = "guest"
HOW_TO = "Chromium is missing: please run `sudo apt-get install --no-install-recommends -y chromium`"


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; it asks nobody but the platform."""
    if not shutil.which(CHROMIUM):
        raise RuntimeError(HOW_TO)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """Somebody at a browser of this width, with or without scripts."""

    def __init__(self, browser: Browser, base_url: str, *, width: int = 1280, scripts: bool = True) -> None:
        self.context = browser.new_context(
            base_url=base_url, viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="vi-VN"
        )
        self.context.set_default_timeout(60_000)
        self.tab: Tab = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.tab.on("request", lambda request: self._note_asked(request.url))
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.tab.on("console", lambda said: self._note(said.type, said.text))

    def _note_asked(self, url: str) -> None:
        if not url.startswith("chrome"):  # Chromium's own, with which it draws a PDF in a page
            self.asked.append(url)

    def _note(self, kind: str, text: str) -> None:
        if kind == "error" and "status of 4" not in text:  # a form that was not right is answered with 422
            self.complaints.append(text)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def sign_in(self, login: str) -> "Visit":
        """Become one of the people of the demonstration, at their issuer; or a guest."""
        if login == GUEST:
            self.tab.goto("/dang-nhap?tiep=/thu-tuc/2.000815/nop")
            self.press("Nộp không cần đăng nhập")
        else:
            self.tab.goto("/dang-nhap")
            self.become(login)
        self.asked.clear()  # the issuer is another host, and no part of the pages
        return self

    def become(self, login: str) -> None:
        """From the page that asks who one is, by the issuer and back."""
        door = "cong-dan" if login.startswith("citizen-") else "can-bo"
        with self.tab.expect_navigation():
            self.tab.locator(f"main a[href*='{door}']").click()
        with self.tab.expect_navigation():
            self.tab.locator(f"button[value='{login}']").click()

    def press(self, text: str) -> None:
        """Press the button with this text and wait for the page that follows."""
        with self.tab.expect_navigation():
            self.tab.locator("main").get_by_role("button", name=text, exact=True).first.click()

    def send_file(self, paper: Path, box: str = "#tep", button: str = "Gửi tệp", said: str = "Đã gửi 1 tệp") -> None:
        """Send a file of a form that stays, and wait until the page says that it has come."""
        self.tab.set_input_files(box, paper)
        self.tab.locator("main").get_by_role("button", name=button, exact=True).click()
        self.tab.locator("main [data-sent]").get_by_text(said).wait_for()

    def follow(self, text: str) -> None:
        """Follow the link with this text, out of the folded menu where it is there."""
        links = self.tab.get_by_text(text, exact=True).filter(visible=True)
        if not links.count():
            self.tab.locator(".tc-nav__more").click()
        with self.tab.expect_navigation():
            links.first.click()

    @property
    def words(self) -> str:
        """What the main part of the page says."""
        return self.tab.locator("main").inner_text()
