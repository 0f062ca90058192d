"""The built-in issuer over HTTP: its token endpoint, its metadata and its keys."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

import orjson
from flask import Response, request
from flask_smorest import Blueprint
from werkzeug.datastructures import MultiDict

from gateway.auth.access import public
from gateway.auth.issuer import BuiltInIssuer, Credentials, OAuthError
from gateway.http.call import client_address
from gateway.http.validation import read_body
from gateway.openapi.routes import describe_document, describe_token
from shared.errors import TooMany

FORM = "application/x-www-form-urlencoded"


def oauth_routes(issuer: BuiltInIssuer) -> Blueprint:
    """The routes of an issuer."""
    routes = Blueprint("oauth", __name__, description="Đăng nhập · Tokens")

    @public("Whoever asks for a token proves itself here.", limited=False)
    def issue_token() -> Response:
        """Issue a token."""
        try:
            return _answer(issuer.grant(*_asked(), client_address()), 200)
        except OAuthError as error:
            return _refuse(error)
        except TooMany as error:
            description = "Too many wrong secrets; wait before the next one."
            response = _refuse(OAuthError("temporarily_unavailable", description, 429))
            response.headers["Retry-After"] = str(error.params["retry_after"])
            return response

    @public("Discovery needs no proof.")
    def show_metadata() -> Response:
        """Describe the issuer."""
        return _cacheable(issuer.metadata())

    @public("Public keys are public.")
    def show_keys() -> Response:
        """Show the keys that verify our tokens."""
        return _cacheable(issuer.public_keys())

    described: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
        ("/oauth/token", "POST", issue_token, describe_token()),
        (
            "/.well-known/openid-configuration",
            "GET",
            show_metadata,
            describe_document(
                "show_metadata", "Thông tin bộ cấp mã · Issuer metadata", "application/json", issuer.metadata()
            ),
        ),
        (
            "/oauth/jwks.json",
            "GET",
            show_keys,
            describe_document("show_keys", "Khóa công khai · Public keys", "application/json", issuer.public_keys()),
        ),
    )
    for path, verb, view, description in described:
        view._apidoc = {"manual_doc": description}
        routes.add_url_rule(path, view.__name__, view, methods=[verb])
    return routes


def _asked() -> tuple[Credentials, str | None]:
    """Who asks and for which scope."""
    if request.mimetype != FORM:
        raise OAuthError("invalid_request", f"The body must be {FORM}.")
    form = _form()
    if form.get("grant_type") != "client_credentials":
        known = "grant_type" in form
        raise OAuthError(
            "unsupported_grant_type" if known else "invalid_request", "grant_type must be client_credentials."
        )
    return _credentials(form), form.get("scope")


def _form() -> MultiDict[str, str]:
    read_body(request)  # keeps to the time limit, and leaves the form to Flask
    form: MultiDict[str, str] = request.form
    if any(len(form.getlist(name)) > 1 for name in form):
        raise OAuthError("invalid_request", "A parameter is given twice.")
    return form


def _credentials(form: MultiDict[str, str]) -> Credentials:
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client, _, secret = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise OAuthError("invalid_client", "Malformed Basic credentials.", 401) from error
        return Credentials(unquote_plus(client), unquote_plus(secret))
    if not form.get("client_id") or not form.get("client_secret"):
        raise OAuthError("invalid_client", "The client must prove itself by Basic or in the form.", 401)
    return Credentials(form["client_id"], form["client_secret"])


def _answer(body: dict[str, Any], status: int) -> Response:
    response = Response(orjson.dumps(body), status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Pragma"] = "no-cache"
    return response


def _refuse(error: OAuthError) -> Response:
    response = _answer({"error": error.error, "error_description": error.description}, error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="truc-chung", charset="UTF-8"'
    return response


def _cacheable(body: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(body), mimetype="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response
