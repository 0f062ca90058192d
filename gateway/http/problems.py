"""Every refusal as problem details (RFC 9457): a stable `code`, a sentence to read, one entry per wrong field."""

from typing import Any

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.routing import RequestRedirect

from gateway.http.call import current_call
from gateway.http.refusals import STATUS, BadRequest, MethodNotAllowed
from gateway.http.scim_refusals import MEDIA_TYPE as SCIM_MEDIA_TYPE
from gateway.http.scim_refusals import describe_scim, speaks_scim
from gateway.http.sentences import Language, language, sentence, title
from shared.errors import Error, FieldError, Internal, NotFound, TooLarge
from shared.observability import correlation_id, logger

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
"""What an answer 503 proposes when nobody knows better: longer than a broker needs to take a connection back."""

EXTENSIONS = ("clashes", "alternatives")
"""Params that a program acts on beside the sentence: they stand in the problem as they are (RFC 9457, 3.2)."""

_log = logger(__name__)


def register_problems(app: Flask) -> None:
    """Answer every error of the application as problem details."""
    app.register_error_handler(Error, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.register_error_handler(Exception, answer_defect)


def status_of(error: Error) -> int:
    """The HTTP status of a refusal."""
    return STATUS.get(error.kind, STATUS["Internal"])


def answer(error: Error) -> Response:
    """The problem that a refusal becomes."""
    known = error if error.kind in STATUS else Internal("internal_error")
    status = status_of(known)
    current_call().problem = known.code
    if speaks_scim(request.path):
        problem, form = describe_scim(known, status, language()), SCIM_MEDIA_TYPE
    else:
        problem, form = describe(known, status, language()), MEDIA_TYPE
    response = Response(orjson.dumps(problem, default=str), status, mimetype=form)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language()
    _add_headers(response, known, status)
    return response


def describe(error: Error, status: int, tongue: Language) -> dict[str, Any]:
    """The members of the problem document."""
    problem: dict[str, Any] = {
        "type": f"{current_app.config['PUBLIC_URL']}/api/v1/docs/problems#{error.code}",
        "title": title(error.kind, tongue),
        "status": status,
        "detail": sentence(error.code, error.params, tongue, otherwise="internal_error"),
        "instance": request.path,
        "code": error.code,
        "request_id": correlation_id(),
    }
    if error.fields:
        problem["errors"] = [_describe_field(field, tongue) for field in error.fields]
    return problem | {name: error.params[name] for name in EXTENSIONS if name in error.params}


def _describe_field(field: FieldError, tongue: Language) -> dict[str, str]:
    detail = sentence(field["code"], field.get("params") or {}, tongue, otherwise="invalid_value")
    return {"path": field["path"], "code": field["code"], "detail": detail}


def _add_headers(response: Response, error: Error, status: int) -> None:
    """The header that goes with a status: how to prove who one is, when to come back, which verbs exist."""
    if status == 401:
        reason = "" if error.code == "token_missing" else ', error="invalid_token"'
        response.headers["WWW-Authenticate"] = f'Bearer realm="truc-chung"{reason}'
    elif status == 403 and "scope" in error.params:
        response.headers["WWW-Authenticate"] = (
            f'Bearer realm="truc-chung", error="insufficient_scope", scope="{error.params["scope"]}"'
        )
    elif status in (429, 503):
        response.headers["Retry-After"] = str(error.params.get("retry_after", RETRY_AFTER_SECONDS))
    elif status == 405:
        response.headers["Allow"] = ", ".join(sorted(error.params["allow"]))
    elif status == 416:
        response.headers["Content-Range"] = f"bytes */{error.params['size']}"


def answer_http(error: HTTPException) -> Response:
    """What Flask and Werkzeug refuse by themselves, in our form."""
    return answer(refusal_in(error))


def refusal_in(error: HTTPException) -> Error:
    """What Flask and Werkzeug mean, as one of our refusals."""
    if isinstance(error, WrongMethod):
        return MethodNotAllowed("method_not_allowed", allow=sorted(error.valid_methods or ()))
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge("body_too_large", limit=request.max_content_length)
    if isinstance(error, ClientDisconnected):
        return BadRequest("body_incomplete")
    if isinstance(error, RequestRedirect) or error.code == 404:
        return NotFound("route_unknown")
    if error.code is not None and error.code < 500:
        return BadRequest("request_malformed")
    return defect_in(error)


def answer_defect(error: Exception) -> Response:
    """A defect in our form."""
    return answer(defect_in(error))


def defect_in(error: Exception) -> Internal:
    """A defect: the log gets the trace, the caller the request id under which to ask for it."""
    _log.error("request_broken", exc_info=error)
    return Internal("internal_error")
