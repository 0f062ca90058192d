"""Refusals in the form of SCIM (RFC 7644, 3.12), for callers of `/scim/v2`."""

from typing import Any

from gateway.http.sentences import Language, sentence
from shared.errors import Error

ROOT = "/scim/v2"
MEDIA_TYPE = "application/scim+json"

_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
_TYPES = {"malformed_json": "invalidSyntax", "request_malformed": "invalidSyntax", "request_invalid": "invalidValue"}


def speaks_scim(path: str) -> bool:
    """Whether a request is one of the protocol."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def describe_scim(error: Error, status: int, tongue: Language) -> dict[str, Any]:
    """The members of the error message; `status` is a text there."""
    detail = sentence(error.code, error.params, tongue, otherwise="internal_error")
    told: dict[str, Any] = {"schemas": [_SCHEMA], "status": str(status), "detail": detail}
    return told | ({"scimType": _TYPES[error.code]} if error.code in _TYPES else {})
