"""What the platform says about itself: the OpenAPI document, the page made of it, and the codes of refusals."""

import hashlib
from collections.abc import Callable
from functools import cache

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from gateway.auth.access import public
from gateway.http.hardening import PAGE_POLICY
from gateway.openapi.document import GatewayApi, complete_document
from gateway.openapi.page import render_problems, render_reference, style
from gateway.openapi.routes import describe_document

REASON = "It describes the platform and holds nothing personal."


def about_routes(api: GatewayApi) -> Blueprint:
    """The routes; what they show is made at the first request and kept."""
    routes = Blueprint("about", __name__, url_prefix="/api/v1", description="Về nền tảng · About the platform")

    @cache
    def document() -> bytes:
        return orjson.dumps(complete_document(api))

    @cache
    def reference() -> bytes:
        return render_reference(complete_document(api)).encode()

    shown: tuple[tuple[str, str, str, str, str, Callable[[], bytes]], ...] = (
        ("/openapi.json", "show_document", "Mô tả OpenAPI · OpenAPI document", "application/json", "{}", document),
        ("/docs", "show_reference", "Tài liệu API · API reference", "text/html", "<!doctype html>…", reference),
        (
            "/docs/problems",
            "show_problems",
            "Mã lỗi · Error codes",
            "text/html",
            "<!doctype html>…",
            cache(lambda: render_problems().encode()),
        ),
        (
            "/docs/style.css",
            "show_style",
            "Kiểu trình bày · Style sheet",
            "text/css",
            "body { … }",
            cache(lambda: style().encode()),
        ),
    )
    for path, name, summary, media_type, example, make in shown:
        view = public(REASON)(_showing(make, media_type))
        example = orjson.loads(example) if media_type == "application/json" else example
        view._apidoc = {  # type: ignore[attr-defined]  # flask-smorest's
            "manual_doc": describe_document(name, summary, media_type, example)
        }
        routes.add_url_rule(path, name, view, methods=["GET"])
    return routes


def _showing(make: Callable[[], bytes], media_type: str) -> Callable[[], Response]:
    """A view of something that only changes when the program does."""

    def show() -> Response:
        body = make()
        etag = hashlib.sha256(body).hexdigest()[:32]
        same = request.if_none_match.contains(etag)
        response = Response(b"" if same else body, 304 if same else 200, mimetype=media_type)
        response.set_etag(etag)
        response.headers["Cache-Control"] = "public, max-age=300"
        if media_type == "text/html":
            response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response

    return show
