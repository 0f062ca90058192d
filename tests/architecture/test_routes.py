"""Every route says who may use it, and every scope that a route needs is granted to somebody."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from gateway.app import Outside, create_app
from gateway.auth.access import access_of, public, refuse_undeclared, requires
from gateway.auth.scopes import scopes_by_role
from shared.contracts.principal import Role
from shared.settings import load
from tests.architecture.sources import REPO
from tests.support.ended import EndedInMemory
from tests.support.memory_bucket import memory_store

REQUEST = re.compile(r"`(GET|POST|PUT|PATCH|DELETE) (/[^`\s?]+)")
PAGES = [REPO / "docs/delivery-guarantees.md", *sorted((REPO / "docs").glob("runbooks/*.md"))]
GUIDES = sorted((REPO / "docs/how-to").glob("*.md"))
"""Which leave out /api/v1 where they say so once; a runbook is read at night and says all."""


class SilentBus:
    """A bus that must not be used while the application is built."""

    def call(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a route was called")


@pytest.fixture(scope="module")
def app() -> Flask:
    settings = load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": "mongodb://unused"})
    return create_app(settings, Outside(SilentBus(), memory_store(), EndedInMemory(), lambda: None))


def silent(app: Flask) -> list[str]:
    """The routes that say neither which scope they need nor why they need none."""
    return [rule.rule for rule in app.url_map.iter_rules() if access_of(app.view_functions[rule.endpoint]) is None]


def needed(app: Flask) -> Iterator[str]:
    """The scopes that routes need."""
    for view in app.view_functions.values():
        access = access_of(view)
        if access and access.scope:
            yield access.scope


def complaints(needed: set[str], granted: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Scopes that stand on one side only."""
    given = {scope for scopes in granted.values() for scope in scopes}
    return [f"nobody is granted {scope}" for scope in sorted(needed - given)] + [
        f"no route needs {scope}" for scope in sorted(given - needed)
    ]


def test_every_route_is_authenticated_or_says_why_not(app: Flask) -> None:
    assert len(list(app.url_map.iter_rules())) > 20
    assert silent(app) == []


def test_every_scope_is_needed_and_granted(app: Flask) -> None:
    assert complaints(set(needed(app)), scopes_by_role()) == []


def test_every_role_is_known_and_granted_something() -> None:
    assert set(scopes_by_role()) == {role.value for role in Role}
    assert all(scopes_by_role().values())


def test_a_route_that_says_nothing_is_named_and_stops_the_start() -> None:
    app = Flask("example", static_folder=None)
    app.add_url_rule("/open", "open", public("It says nothing.")(lambda: ""))
    app.add_url_rule("/closed", "closed", requires("files:write")(lambda: ""))
    refuse_undeclared(app)
    assert silent(app) == []
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    assert silent(app) == ["/forgotten"]
    with pytest.raises(RuntimeError, match="/forgotten"):
        refuse_undeclared(app)


def test_scopes_on_one_side_only_are_named() -> None:
    granted = {"citizen": ("a:read", "a:lost")}
    assert complaints({"a:read", "a:write"}, granted) == ["nobody is granted a:write", "no route needs a:lost"]


def unknown(app: Flask, text: str, *prefixes: str) -> list[str]:
    """The requests of a page that no route takes, under none of the prefixes."""
    routes = app.url_map.bind("localhost")

    def is_known(verb: str, path: str) -> bool:
        try:
            routes.match(path, verb)
        except HTTPException:
            return False
        return True

    asked = [(verb, re.sub(r"\{\w+\}", "1", path)) for verb, path in REQUEST.findall(text)]
    return [f"{verb} {path}" for verb, path in asked if not any(is_known(verb, first + path) for first in prefixes)]


@pytest.mark.parametrize("page", [*PAGES, *GUIDES], ids=lambda page: page.stem)
def test_every_request_that_a_page_names_has_a_route(app: Flask, page: Path) -> None:
    prefixes = ("", "/api/v1") if page in GUIDES else ("",)
    assert unknown(app, page.read_text("utf-8"), *prefixes) == []


def test_a_request_without_route_is_named(app: Flask) -> None:
    right, short = "GET /api/v1/exchange/subscriptions", "GET /mail/hosts"
    wrong = ["GET /api/v1/subscriptions", "PUT /api/v1/exchange/subscriptions"]
    text = " ".join(f"`{one}?state=x`" for one in (right, *wrong, short))
    assert unknown(app, text, "") == [*wrong, short]
    assert unknown(app, text, "", "/api/v1") == wrong
