"""Somebody who reads pages in a browser without scripts: cookies, forms with their hidden fields, redirects."""

import re
from typing import Any

from flask import Flask
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse


class Reader:
    """One browser; it shows one page at a time."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.answer: TestResponse

    def open(self, path: str, **rest: Any) -> "Reader":
        """Ask for a page and follow where it leads."""
        self.answer = self.client.get(path, follow_redirects=True, **rest)
        return self

    def send(self, form: int = -1, follow: bool = True, **entered: Any) -> "Reader":
        """Send a form of the page shown, the last one unless said otherwise, with what its fields hold."""
        shown = self.forms[form]
        fields: dict[str, Any] = dict(shown.form_values()) | entered
        self.answer = self.client.post(shown.action or self.path, data=fields, follow_redirects=follow)
        return self

    def sign_in(self, login: str) -> "Reader":
        """Choose one of the people of the demonstration."""
        self.open("/dang-nhap")
        chosen = next(n for n, form in enumerate(self.forms) if dict(form.form_values()).get("person") == login)
        return self.send(chosen)

    @property
    def path(self) -> str:
        """Where the page shown lies."""
        return self.answer.request.path

    @property
    def page(self) -> HtmlElement:
        """The page shown."""
        return html.fromstring(self.answer.text)

    @property
    def forms(self) -> list[FormElement]:
        """Its forms, in order."""
        return list(self.page.forms)

    @property
    def words(self) -> str:
        """All that can be read on it, on one line."""
        body = self.page.find("body")
        assert body is not None
        return re.sub(r"\s+", " ", str(body.text_content()))
