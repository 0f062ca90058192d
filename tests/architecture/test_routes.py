"""Every route says who may use it, and every scope that a route needs is granted to somebody."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask

from gateway.app import Outside, create_app
from gateway.auth.access import access_of, public, refuse_undeclared, requires
from gateway.auth.scopes import scopes_by_role
from shared.contracts.principal import Role
from shared.settings import load
from tests.support.memory_bucket import memory_store


class SilentBus:
    """A bus that must not be used while the application is built."""

    def call(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("a route was called")


@pytest.fixture(scope="module")
def app() -> Flask:
    settings = load({"AMQP_URI": "pyamqp://unused", "MONGO_URI": "mongodb://unused"})
    return create_app(settings, Outside(SilentBus(), memory_store(), lambda: None))


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
