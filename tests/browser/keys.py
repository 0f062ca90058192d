"""Somebody who has no mouse: they go on with the tabulator key, and see at each stop where they are.

A stop that looks like the others, lies outside the window or under something else, or comes before one that was
passed already, is a fault (WCAG 2.2: 2.4.3, 2.4.7, 2.4.11).
"""

from pathlib import Path

from tests.browser.browsers import Visit

MOST = 300
_STOP = """() => {
  const one = document.activeElement;
  if (one === document.body) { window.passed = null; return null; }
  const marks = ['outlineStyle', 'outlineWidth', 'boxShadow', 'backgroundColor', 'borderColor', 'borderWidth',
                 'textDecoration', 'color', 'clip', 'position'];
  const looks = () => JSON.stringify([one, ...(one.labels ?? [])].flatMap(part =>
    [null, '::before'].map(kind => getComputedStyle(part, kind)).map(style => marks.map(mark => style[mark]))));
  const focused = looks();
  one.blur();
  const plain = looks();
  one.focus();
  const box = one.getClientRects()[0];
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const there = document.elementFromPoint(x, y);
  const before = window.passed;
  window.passed = one;
  return {
    text: one.innerText ?? '', id: one.id, name: one.name ?? '', value: one.value ?? '',
    html: one.outerHTML.slice(0, 200),
    seen: focused !== plain,
    free: [one, ...(one.labels ?? [])].some(part => part.contains(there)),
    after: !before || !before.isConnected || Boolean(before.compareDocumentPosition(one) & 4),
  };
}"""
"""Where the focus stands, and whether that can be seen; None at the end of the page."""


class Keys:
    """The keyboard of a visit."""

    def __init__(self, visit: Visit) -> None:
        self._tab = visit.tab
        self._tab.on("filechooser", lambda _: None)  # asked for early: a listener that comes with the key may be late

    def reach(self, what: str) -> None:
        """Go on to what says this, has this `#id`, this `=value`, or is of this `@group`."""
        for _key in range(MOST):
            self._tab.keyboard.press("Tab")
            stop = self._tab.evaluate(_STOP)
            if stop is None:
                continue
            assert stop["seen"], f"the focus cannot be seen: {stop['html']}"
            assert stop["free"], f"the focus lies under something or outside: {stop['html']}"
            assert stop["after"], f"the focus goes back: {stop['html']}"
            called = (f"#{stop['id']}", f"={stop['value']}", f"@{stop['name']}")
            if what in called or (what[0] not in "#=@" and what in stop["text"]):
                return
        raise AssertionError(f"{what} is not reached by keys")

    def type(self, what: str, text: str) -> None:
        """Reach a box, and type into it in the place of what stands there."""
        self.reach(what)
        self._tab.keyboard.press("Control+A")
        self._tab.keyboard.type(text)

    def follow(self, what: str) -> None:
        """Reach a link or a button, press Enter on it, and wait for the page that follows."""
        self.reach(what)
        with self._tab.expect_navigation():
            self._tab.keyboard.press("Enter")

    def choose(self, group: str, value: str) -> None:
        """Reach the radio buttons of this name, and go on with the arrow to the one that has this value."""
        self.reach(f"@{group}")
        self._tab.keyboard.press("Space")
        for _key in range(MOST):
            if self._tab.evaluate("document.activeElement.value") == value:
                return
            self._tab.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be chosen by keys")

    def select(self, box: str, value: str) -> None:
        """Reach a list, and go on with the arrow to the row that has this value."""
        self.reach(box)
        for _key in range(MOST):
            if self._tab.evaluate("document.activeElement.value") == value:
                return
            self._tab.keyboard.press("ArrowDown")
        raise AssertionError(f"{value} cannot be selected by keys")

    def tick(self, value: str) -> None:
        """Reach the box with this value, and tick it."""
        self.reach(f"={value}")
        self._tab.keyboard.press("Space")
        assert self._tab.evaluate("document.activeElement.checked")

    def attach(self, paper: Path) -> None:
        """Reach the box of a file, and open what the browser chooses files with."""
        self.reach("#tep")
        with self._tab.expect_file_chooser() as chooser:
            self._tab.keyboard.press("Enter")
        chooser.value.set_files(paper)

    def sign_in(self, login: str) -> None:
        """From the page that asks who one is to the page that follows."""
        self._tab.goto("/dang-nhap")
        self.follow("Người dân, doanh nghiệp" if login.startswith("citizen-") else "Cán bộ, công chức")
        self.follow(f"={login}")
