"""Headers that keep browsers from doing more with an answer than reading it.

They are added beneath Flask, to every answer whoever made it, which costs a fraction of doing it in Flask.
"""

from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.wsgi import ClosingIterator

from gateway.http.unread import large_body
from shared.observability import correlation_id, tracing

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]
_UNLESS_GIVEN = (
    ("Content-Security-Policy", API_POLICY),
    ("X-Frame-Options", "DENY"),
    ("Cache-Control", "no-store"),
)
_HTTPS_ONLY = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
"""Only where the caller came by https, as RFC 6797 asks."""

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def hardened(inner: Wsgi) -> Wsgi:
    """The application inside one trace per request, the caller's or a new one, with the headers on every answer."""

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            given = {name for name, _ in headers}
            headers += _ALWAYS
            headers += [header for header in _UNLESS_GIVEN if header[0] not in given]
            headers.append(("X-Request-Id", correlation_id()))
            if environ["wsgi.url_scheme"] == "https":
                headers.append(_HTTPS_ONLY)
            if body is not None:
                body.close_unless_read(start_response)
            return start_response(status, headers, *error)

        body = large_body(environ)
        with tracing(environ.get("HTTP_X_REQUEST_ID", ""), environ.get("HTTP_TRACEPARENT", ""), "request", "server"):
            if body is None:
                return inner(environ, start)
            return ClosingIterator(inner(environ, start), body.drain)

    return application
