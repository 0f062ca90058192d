"""Headers that keep browsers from doing more with an answer than reading it."""

from flask import Flask, Response, request

from shared.observability import correlation_id

API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'"
)
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


def harden(app: Flask) -> None:
    """Add the headers to every answer; HSTS only where the caller came by https, as RFC 6797 asks."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.extend(_ALWAYS)
        headers["X-Request-Id"] = correlation_id()
        if "Content-Security-Policy" not in headers:
            headers["Content-Security-Policy"] = API_POLICY
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        if request.environ.get("wsgi.url_scheme") == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        return response
