"""SCIM 2.0 under `/scim/v2`: every request goes to the service as it came, its answer back as it is.

The protocol describes itself to its callers, so that it stands in no OpenAPI document; it has its own form of
refusals (`gateway.http.scim_refusals`), and no idempotency keys: the user name is one.
"""

import unicodedata
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request

from gateway.api.mount import ask
from gateway.auth.access import requires
from gateway.http.refusals import BadRequest
from gateway.http.scim_refusals import MEDIA_TYPE, ROOT
from gateway.http.sentences import language, sentence
from gateway.http.validation import read_body
from shared.contracts.email_provisioning.operations import SERVICE
from shared.contracts.email_provisioning.scim import METHODS

SCOPE = "scim:write"
_HEADERS = ("If-Match", "If-None-Match", "Content-Type")

scim = Blueprint("scim", __name__, url_prefix=ROOT)


@requires(SCOPE)
def serve_scim(path: str = "") -> Response:
    """One request of the protocol."""
    answer = ask(
        SERVICE,
        "serve_scim",
        {
            "method": "GET" if request.method == "HEAD" else request.method,
            "base_url": f"{current_app.config['SYSTEMS_URL']}{ROOT}",
            "path": f"/{path}",
            "query": {name: request.args[name] for name in request.args},
            "headers": {name: request.headers[name] for name in _HEADERS if name in request.headers},
            "body": _composed(read_body(request)),
        },
    )
    body = answer["body"]
    response = Response(status=answer["status"], headers=answer["headers"])
    response.mimetype = MEDIA_TYPE
    response.headers["Vary"] = "Accept-Language"
    if body is not None:
        response.set_data(orjson.dumps(_worded(body)))
    else:
        del response.headers["Content-Type"]
    return response


scim.add_url_rule("", "root", serve_scim, methods=METHODS)
scim.add_url_rule("/<path:path>", "serve_scim", serve_scim, methods=METHODS)


def _composed(data: bytes) -> str:
    """The body with every text in it composed (Unicode NFC), so that what looks alike is alike.

    Raises:
        BadRequest: it is no JSON.
    """
    if not data:
        return ""
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadRequest("malformed_json", line=error.lineno, column=error.colno) from error
    return unicodedata.normalize("NFC", orjson.dumps(body).decode())


def _worded(value: Any) -> Any:
    """The answer with what keeps a wish from being fulfilled in words; the service gives code and figures."""
    if isinstance(value, list):
        return [_worded(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _words(inner) if name == "problem" else _worded(inner) for name, inner in value.items()}


def _words(told: Any) -> Any:
    try:
        found = orjson.loads(told)
        code, params, path = found["code"], found["params"], found["path"]
    except (TypeError, ValueError, KeyError):
        return told
    words = sentence(code, params, language())
    return f"{path}: {words}" if path else words
