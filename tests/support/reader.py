"""Somebody who reads pages in a browser without scripts: cookies, forms with their hidden fields, redirects."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from lxml import html
from lxml.html import FormElement, HtmlElement
from werkzeug.test import TestResponse

from tests.support.issuers import door_of, started_issuers


class Reader:
    """One browser; it shows one page at a time."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.public_url: str = app.config["PUBLIC_URL"]
        self.answer: TestResponse

    def open(self, path: str, **rest: Any) -> "Reader":
        """Ask for a page and follow where it leads."""
        self.answer = self.client.get(path, follow_redirects=True, **rest)
        return self

    def send(self, form: int = -1, follow: bool = True, to: str = "", **entered: Any) -> "Reader":
        """Send a form of the page shown, the last one unless said otherwise, with what its fields hold.

        `to` is where the button that was pressed leads.
        """
        shown = self.forms[form]
        fields: dict[str, Any] = dict(shown.form_values()) | entered
        self.answer = self.client.post(to or shown.action or self.path, data=fields, follow_redirects=follow)
        return self

    def sign_in(self, login: str) -> "Reader":
        """Go to the issuer, become somebody there, and come back."""
        self.open("/dang-nhap")
        away = next(str(link) for link in self.page.xpath("//main//a/@href") if door_of(login) in link)
        return self.come_back(self.client.get(away).location, login)

    def come_back(self, issuer: str, login: str) -> "Reader":
        """From the issuer's page, as somebody."""
        back = urlsplit(started_issuers(self.public_url).choose(issuer, login))
        return self.open(f"{back.path}?{back.query}")

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
    def proof(self) -> str:
        """What its first form proves itself with."""
        return str(dict(self.forms[0].form_values())["form_token"])

    @property
    def words(self) -> str:
        """All that can be read on it, on one line."""
        body = self.page.find("body")
        assert body is not None
        return re.sub(r"\s+", " ", str(body.text_content()))
