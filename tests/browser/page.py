"""How somebody comes to a page: by its address, by a button there, or when the services behind it cannot be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import FilePayload, Locator, Response
from playwright.sync_api import Page as Tab

from local.demo.papers import make_paper
from shared.errors import Error
from tests.browser.failing import answer_instead

SEND = "form >> nth=-1 >> button[type=submit]:not([aria-hidden]) >> nth=0"
"""The button of a form: of the last one there, the first, for those behind it stand beside."""

PAPER, NO_PAPER = "giấy tờ.pdf", "ghi chú.txt"
"""Files that may be sent, and may not."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody sees it; `path` and what is typed may name things of the scene in braces.

    A page that is `pressed` is the one that the button answers with which a selector finds in the main part, after
    the fields of these names were given what is `typed`, hidden ones too: an old `version` is what a form holds that
    was opened before others changed the thing. With `sent_to` the form was of that address then. Where there is a
    `failure`, every question of the page to a service meets it.
    """

    name: str
    endpoint: str
    path: str
    login: str = ""
    status: int = 200
    pressed: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    sent_to: str = ""
    failure: Error | None = None

    def open_in(self, tab: Tab, things: Mapping[str, str]) -> Response:
        """Open it, and press its button; what was answered must be what is to be seen."""
        path = self.path.format_map(things)
        if self.failure:
            answer_instead(tab, path, self.login, self.failure)
        answer = tab.goto(path)
        if self.pressed:
            answer = self._press(tab, things)
        assert answer is not None, self.name
        assert answer.status == self.status, f"{self.name}: {answer.status}, {tab.title()}"
        return answer

    def _press(self, tab: Tab, things: Mapping[str, str]) -> Response:
        """Fill in and press; a form with a file is sent by the script of the page, which changes the main part only."""
        main = tab.locator("main")
        button = main.locator(self.pressed)
        form = button.locator("xpath=ancestor::form")
        for name, value in self.typed.items():
            _enter(form.locator(f"[name='{name}']"), value.format_map(things))
        if self.sent_to:
            button.evaluate("(one, to) => one.form.action = to", self.sent_to.format_map(things))
        main.evaluate("main => main.dataset.former = ''")
        with tab.expect_response(lambda one: one.request.method == "POST") as sent:
            button.click()
        tab.wait_for_selector("main:not([data-former])", state="attached")
        tab.wait_for_load_state()
        return sent.value


def _enter(boxes: Locator, value: str) -> None:
    """Give a field its value: a file by its name, of several boxes the one that has the value, or the first."""
    kind = boxes.first.get_attribute("type") or boxes.first.evaluate("one => one.localName")
    if kind in ("checkbox", "radio"):
        (boxes.and_(boxes.page.locator(f"[value='{value}']")) if value else boxes).first.check()
    elif kind == "file":
        boxes.first.set_input_files(_file(value))
    elif kind == "hidden":
        boxes.first.evaluate("(one, value) => one.value = value", value)
    elif kind == "select":
        boxes.first.select_option(value)
    else:
        boxes.first.fill(value)


def _file(name: str) -> FilePayload:
    if name == PAPER:
        return {"name": name, "mimeType": "application/pdf", "buffer": make_paper("Giấy tờ", "của một trang thử")}
    return {"name": name, "mimeType": "text/plain", "buffer": b"plain words"}


def refused(name: str, endpoint: str, path: str, login: str = "") -> Page:
    """A page whose form was sent empty, and came back with what is missing."""
    return Page(f"{name}-wrong", endpoint, path, login, status=422, pressed=SEND)


def overtaken(name: str, endpoint: str, path: str, login: str) -> Page:
    """A page whose form was sent after others had changed the thing."""
    return Page(f"{name}-overtaken", endpoint, path, login, 412, SEND, {"version": "0"})
