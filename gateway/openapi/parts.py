"""What many operations share in the document: headers that are asked for, headers that are given, problems."""

from typing import Any

from apispec import APISpec

from gateway.http.idempotency import KEY
from gateway.http.problems import MEDIA_TYPE
from gateway.http.sentences import sentence, title

NAME = "^[A-Za-z0-9._-]{1,64}$"
"""What a name in a path may look like; anything else is nothing we have."""

STATUS_KINDS = {
    400: ("BadRequest", "idempotency_key_missing"),
    401: ("Unauthenticated", "token_missing"),
    403: ("Forbidden", "scope_missing"),
    404: ("NotFound", "not_found"),
    406: ("NotAcceptable", "not_acceptable"),
    408: ("TooSlow", "body_too_slow"),
    409: ("Conflict", "action_not_allowed"),
    412: ("Stale", "version_stale"),
    413: ("TooLarge", "body_too_large"),
    415: ("Unsupported", "content_type_unsupported"),
    416: ("NotSatisfiable", "range_not_satisfiable"),
    422: ("Invalid", "request_invalid"),
    428: ("PreconditionRequired", "if_match_missing"),
    429: ("TooMany", "too_many_requests"),
    500: ("Internal", "internal_error"),
    503: ("Unavailable", "service_unavailable"),
    504: ("TimedOut", "service_timed_out"),
}
"""Each status that an operation may refuse with, its kind, and a code that serves as the example."""

_TEXT = {"type": "string"}
HEADERS = {
    "ETag": {"description": "Version of what is shown · Phiên bản", "schema": _TEXT, "example": '"3"'},
    "Location": {
        "description": "Where it can be read · Địa chỉ xem lại",
        "schema": _TEXT,
        "example": "/api/v1/applications/0f8fad5bd9cb469fa16570867728950e",
    },
    "Link": {
        "description": "The next page (RFC 8288) · Trang sau",
        "schema": _TEXT,
        "example": '</api/v1/applications?cursor=…>; rel="next"',
    },
    "X-Request-Id": {
        "description": "Quote it when asking for help · Nêu mã này khi cần hỗ trợ",
        "schema": _TEXT,
        "example": "5f0c8a4e-7d0b-4b5e-9e51-9d7c0c0a5d11",
    },
}
PARAMETERS = {
    "IdempotencyKey": {
        "in": "header",
        "name": "Idempotency-Key",
        "required": True,
        "example": "0192f3a4-5b6c-7d8e-9f00-112233445566",
        "description": "Any unique key of 8–128 characters; the same key and body get the same answer. "
        "· Khóa duy nhất; gửi lại cùng khóa và nội dung sẽ nhận cùng câu trả lời.",
        "schema": {"type": "string", "pattern": KEY},
    },
    "IfMatch": {
        "in": "header",
        "name": "If-Match",
        "required": True,
        "example": '"3"',
        "description": "The version that was seen, as `ETag` gave it. · Phiên bản đã xem.",
        "schema": {"type": "string", "pattern": '^"[0-9]{1,15}"$'},
    },
    "RequestTimeout": {
        "in": "header",
        "name": "X-Request-Timeout",
        "required": False,
        "example": "5",
        "description": "Seconds the caller is ready to wait. · Số giây sẵn sàng chờ.",
        "schema": {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3})?$"},
    },
    "Signature": {
        "in": "header",
        "name": "X-Signature",
        "required": True,
        "example": "5f2c…",
        "description": "HMAC-SHA256 of the raw body with the shared secret, in hex. · Chữ ký HMAC-SHA256.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    "AcceptLanguage": {
        "in": "header",
        "name": "Accept-Language",
        "required": False,
        "example": "vi",
        "description": "`vi` (default) or `en`: the language of refusals. · Ngôn ngữ của thông báo lỗi.",
        "schema": _TEXT,
    },
}

PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457) · Chi tiết lỗi",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": _TEXT,
        "status": {"type": "integer"},
        "detail": _TEXT,
        "instance": _TEXT,
        "code": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"},
        "request_id": _TEXT,
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["path", "code", "detail"],
                "properties": {"path": _TEXT, "code": _TEXT, "detail": _TEXT},
            },
        },
        "clashes": {
            "type": "array",
            "description": "What stands in the way of a meeting · Những chỗ trùng lịch",
            "items": {"type": "object"},
        },
        "alternatives": {
            "type": "array",
            "description": "When it could be instead · Giờ trống gần nhất",
            "items": {"type": "object"},
        },
    },
}


def add_parts(spec: APISpec, public_url: str) -> None:
    """Put the shared parts into the document."""
    spec.components.schema("Problem", PROBLEM)
    for status, (kind, code) in STATUS_KINDS.items():
        spec.components.response(kind, _problem_response(status, kind, code, public_url))
    for name, parameter in PARAMETERS.items():
        rest = {key: value for key, value in parameter.items() if key != "in"}
        spec.components.parameter(name, "header", rest)
    for name, header in HEADERS.items():
        spec.components.header(name, header)
    spec.components.security_scheme(
        "oauth2",
        {
            "type": "oauth2",
            "description": "Token of the built-in issuer or of a configured one (Keycloak, the national SSO).",
            "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": {}}},
        },
    )


def _problem_response(status: int, kind: str, code: str, public_url: str) -> dict[str, Any]:
    return {
        "description": f"{title(kind, 'vi')} · {title(kind, 'en')}",
        "content": {MEDIA_TYPE: {"schema": "Problem", "example": problem_example(status, kind, code, public_url)}},
    }


def problem_example(status: int, kind: str, code: str, public_url: str) -> dict[str, Any]:
    """What a refusal of this status looks like."""
    example: dict[str, Any] = {
        "type": f"{public_url}/api/v1/docs/problems#{code}",
        "title": title(kind, "vi"),
        "status": status,
        "detail": sentence(
            code,
            {
                "scope": "applications:work",
                "limit": 1048576,
                "size": 48213,
                "retry_after": 2,
                "produced": "application/json",
                "expected": "application/json",
            },
            "vi",
        ),
        "instance": "/api/v1/applications",
        "code": code,
        "request_id": "5f0c8a4e-7d0b-4b5e-9e51-9d7c0c0a5d11",
    }
    if status == 422:
        example["errors"] = [{"path": "owner.name", "code": "required", "detail": sentence("required", {}, "vi")}]
    return example


def refusals(*statuses: int) -> dict[str, Any]:
    """The responses of an operation for these statuses; apispec makes references of names."""
    return {str(status): STATUS_KINDS[status][0] for status in sorted(statuses)}


def headers(*names: str) -> dict[str, Any]:
    """References to shared headers of an answer."""
    return {name: name for name in (*names, "X-Request-Id")}
