"""Somebody who has never seen it applies on a cheap phone: what that takes is counted, not timed.

Every line that was not read before is read, every answer typed, every control found and pressed, every page fetched
over a slow mobile line. So the figure is the same on a fast machine and a slow one.
"""

import re
from pathlib import Path

from playwright.sync_api import Browser, Request

from local.state import ROOT
from tests.browser.birth import NEXT
from tests.browser.browsers import Visit
from tests.browser.scene import CITIZEN
from tests.support.stack import Stack
from tests.support.timetable import Timetable

THREE_MINUTES = 180
SYLLABLES_A_SECOND = 5.2
"""Read as fast as it is spoken: Coupé and others (2019), Vietnamese. In silence most people read faster."""
LETTERS_A_SECOND = 36.2 * 5 / 60
"""On a phone, with both thumbs: Palin and others (2019), 37,000 people."""
DECIDE, TAP = 1.35, 1.1
"""To make up one's mind, and to reach a control: the keystroke-level model of Card, Moran and Newell (1980), in which
one decides once about what then follows by itself."""
BYTES_A_SECOND, THERE_AND_BACK = 1_600_000 / 8, 0.15
"""A slow line of the fourth generation, as page testers take it."""
SEEN = """() => {
    const hidden = [...document.querySelectorAll('.govuk-visually-hidden, .govuk-skip-link')]
    hidden.forEach(one => one.style.display = 'none')
    const said = [...document.querySelectorAll('select')].reduce(
        (text, list) => text.replace(list.innerText, list.selectedOptions[0].text), document.body.innerText)
    hidden.forEach(one => one.style.display = '')
    return said
}"""
"""What a page shows to the eye; of a list that is shut, the row that is chosen."""


class Newcomer:
    """Adds up, step by step, what a person does who goes through pages for the first time."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.table = Timetable("first-application")
        self.pressed: list[str] = []
        self.seconds = 0.0
        self._step = 0.0
        self._read: set[str] = set()
        visit.tab.on("requestfinished", self._fetch)

    def _fetch(self, request: Request) -> None:
        sizes = request.sizes()
        if sizes["responseBodySize"] < 0:
            return  # out of the phone's own cache
        self._step += THERE_AND_BACK + (sizes["responseBodySize"] + sizes["responseHeadersSize"]) / BYTES_A_SECOND

    def _read_to(self, text: str) -> None:
        """Read what is new on the page, from its top down to where this stands."""
        said = self.visit.tab.evaluate(SEEN)
        assert text in said
        lines = {line.strip() for line in said[: said.index(text) + len(text)].splitlines()} - self._read
        self._read |= lines
        self._step += sum(len(line.split()) for line in lines) / SYLLABLES_A_SECOND

    def fill(self, field: str, text: str) -> None:
        """Tap a field, and type."""
        self._step += TAP + len(text) / LETTERS_A_SECOND
        self.visit.tab.fill(field, text)

    def fill_by_phone(self, **known: str) -> None:
        """Take what the phone knows of its owner, in all fields at once; each has to say what belongs in it."""
        self._step += DECIDE + 2 * TAP
        for name, text in known.items():
            field = self.visit.tab.locator(f"#{name}")
            assert field.get_attribute("autocomplete")
            field.fill(text)

    def choose(self, label: str) -> None:
        """Tap one of several answers."""
        self._step += DECIDE + TAP
        self.visit.tab.get_by_label(re.compile(rf"^\s*{label}\b")).check()

    def select(self, field: str, value: str) -> None:
        """Open a list, and take a row of it."""
        self._step += DECIDE + 2 * TAP
        self.visit.tab.select_option(field, value)

    def press(self, text: str) -> None:
        """Press a button that leads on."""
        self._leave_by(text)
        self.visit.press(text)

    def follow(self, text: str) -> None:
        """Follow a link."""
        self._leave_by(text)
        self.visit.follow(text)

    def hand_over(self, paper: Path, button: str) -> None:
        """Take what is on the phone, and wait until it is sent."""
        self._step += DECIDE + 2 * TAP + paper.stat().st_size / BYTES_A_SECOND
        self.visit.tab.set_input_files("#tep", paper)
        self._leave_by(button)
        self.visit.tab.get_by_role("button", name=button).click()
        self.visit.tab.wait_for_url("**/nhan-ket-qua")

    def become(self, login: str, name: str) -> None:
        """Sign in at the issuer of the demonstration, by the door of citizens."""
        self._leave_by("Người dân, doanh nghiệp")
        self._step += TAP
        self.pressed.append(name)
        self.visit.become(login)

    def _leave_by(self, text: str) -> None:
        self._read_to(text)
        self._step += TAP
        self.pressed.append(text)
        self.table.note(self.visit.tab.locator("h1").inner_text(), f"{self._step:.1f} s")
        self.seconds, self._step = self.seconds + self._step, 0.0


def apply(newcomer: Newcomer, paper: Path) -> None:
    """From the first page to the receipt, with the answers that may not be left out."""
    newcomer.visit.tab.goto("/")
    newcomer.fill("#q", "khai sinh")
    newcomer.press("Tìm")
    newcomer.follow("Thủ tục đăng ký khai sinh")
    newcomer.follow("Nộp hồ sơ trực tuyến")
    newcomer.become(CITIZEN, "Nguyễn Văn An")
    newcomer.select("#agency", "H13.30.01")
    newcomer.press("Bắt đầu")
    newcomer.choose("Đăng ký đúng hạn")
    newcomer.press(NEXT)
    newcomer.choose("Cho chính tôi")
    newcomer.press(NEXT)
    newcomer.fill_by_phone(phone="0912345678")
    newcomer.press(NEXT)
    newcomer.fill_by_phone(line="12 Nguyễn Trãi", commune="Phường Ninh Kiều", province="Thành phố Cần Thơ")
    newcomer.press(NEXT)
    newcomer.fill("#answer", "Nguyễn Minh Khôi")
    newcomer.press(NEXT)
    for part, value in (("day", "1"), ("month", "11"), ("year", "2026")):
        newcomer.fill(f"#answer-{part}", value)
    newcomer.press(NEXT)
    newcomer.choose("Nam")
    newcomer.press(NEXT)
    newcomer.press(NEXT)
    newcomer.choose("Giấy chứng sinh")
    newcomer.press(NEXT)
    newcomer.press(NEXT)
    newcomer.hand_over(paper, "Gửi tệp và tiếp tục")
    newcomer.choose("Trực tuyến, trên trang này")
    newcomer.press(NEXT)
    newcomer.press("Nộp hồ sơ")


def test_the_first_application_takes_less_than_three_minutes(
    own_platform: Stack, browser: Browser, paper: Path
) -> None:
    """On a platform of its own: who has never seen it has no draft of which a page would tell."""
    with Visit(browser, own_platform.base_url, width=320) as visit:
        newcomer = Newcomer(visit)
        apply(newcomer, paper)
        newcomer.table.note("Altogether", f"{newcomer.seconds:.0f} s")
        newcomer.table.write()
        assert visit.tab.url.endswith("/da-nop")
        assert newcomer.seconds < THREE_MINUTES
    readme = (ROOT / "README.md").read_text("utf-8")
    assert [step for step in newcomer.pressed if f"**{step}**" not in readme] == []
