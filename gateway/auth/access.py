"""Everything is denied unless allowed: each route says which scope it needs, or why nobody need be known.

A route that says neither stops the application from starting. Programs show a token with every request; people who
read pages are known by the session of their browser.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from gateway.auth.hosts import Hosts
from gateway.auth.tokens import Verifier
from gateway.http.call import client_address, current_call
from gateway.http.limits import Buckets
from shared.contracts.principal import Principal
from shared.errors import Forbidden, Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """What a route demands: a `scope`, or nothing for the `reason` given; `limited` routes count by address.

    A `page` is for people: its caller is whoever signed in on this browser, and no token is looked for.
    """

    scope: str = ""
    reason: str = ""
    limited: bool = True
    page: bool = False


def requires(scope: str) -> Callable[[View], View]:
    """Only callers whose token carries this scope."""
    return _declare(Access(scope=scope))


def public(reason: str, *, limited: bool = True) -> Callable[[View], View]:
    """Anybody, for this reason; limited by address unless the route is for machines of our own."""
    return _declare(Access(reason=reason, limited=limited))


def page_for(scope: str) -> Callable[[View], View]:
    """A page for people who signed in and whose roles carry this scope."""
    return _declare(Access(scope=scope, page=True))


def open_page(reason: str, *, limited: bool = True) -> Callable[[View], View]:
    """A page for anybody, for this reason; whoever signed in is greeted."""
    return _declare(Access(reason=reason, limited=limited, page=True))


def _declare(access: Access) -> Callable[[View], View]:
    if bool(access.scope) == bool(access.reason):
        raise ValueError("a route needs a scope or the reason why it is public")

    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # a function carries attributes, its type does not say so
        return view

    return mark


def access_of(view: Callable[..., Any]) -> Access | None:
    """What a view demands, or None where nobody has said."""
    access: Access | None = getattr(view, "access", None)
    return access


def refuse_undeclared(app: Flask) -> None:
    """Stop the start when a route declares neither a scope nor why it is public."""
    silent = [rule.rule for rule in app.url_map.iter_rules() if access_of(app.view_functions[rule.endpoint]) is None]
    if silent:
        raise RuntimeError(f"routes that do not say who may use them: {', '.join(sorted(silent))}")


def guard(app: Flask, verifier: Verifier, buckets: Buckets, recognise: Callable[[], None], hosts: Hosts) -> None:
    """Judge every request before its view runs; `recognise` makes who signed in on the browser the caller."""

    @app.before_request
    def judge() -> None:
        if request.routing_exception is not None:
            return  # Flask answers: no such route or no such verb
        access = access_of(current_app.view_functions[request.endpoint or ""])
        if access is None:
            raise Forbidden("access_undeclared")
        hosts.refuse_elsewhere(access.scope)
        if request.method == "OPTIONS":
            return  # Flask answers: which verbs there are
        if access.page:
            recognise()
        if access.scope:
            admit_reader(access.scope) if access.page else admit(verifier, access.scope)
        elif access.limited:
            buckets.take(client_address())


def admit(verifier: Verifier, scope: str) -> None:
    """Let the caller of the request in hand pass if the token is good and carries the scope."""
    call = current_call()
    call.principal, call.on_wire = verifier.verify(bearer_token())
    require(call.principal, scope)


def admit_reader(scope: str) -> None:
    """Let the person at the browser pass if they signed in and may."""
    principal = current_call().principal
    if principal is None:
        raise Unauthenticated("token_missing")
    require(principal, scope)


def require(principal: Principal, scope: str) -> None:
    """Refuse whoever was not granted the scope."""
    if not may(principal, scope):
        raise Forbidden("scope_missing", scope=scope)


def may(principal: Principal, scope: str) -> bool:
    """Whether the scope, or all scopes of its service (`service:*`), were granted."""
    return scope in principal.scopes or f"{scope.partition(':')[0]}:*" in principal.scopes


def bearer_token() -> str:
    """The token of the request in hand (RFC 6750, header only)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthenticated("token_missing")
    return token.strip()
