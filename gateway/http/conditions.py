"""`ETag`, `If-Match` and `If-None-Match` over the version that every aggregate carries (RFC 9110, 13)."""

import re
from typing import Any

from flask import request

from gateway.http.refusals import BadRequest, PreconditionRequired
from shared.errors import Stale

_VERSION = re.compile(r'"(\d{1,15})"')
_WEAK = re.compile(r'W/".*"')


def etag_of(answer: Any) -> str | None:
    """The entity tag of an answer that shows the version of one aggregate."""
    version = answer.get("version") if isinstance(answer, dict) else None
    return f'"{version}"' if isinstance(version, int) else None


def required_version() -> int:
    """The version that the caller saw and wants to change.

    Raises:
        PreconditionRequired: no `If-Match`: without it two officers would overwrite each other's work.
        Stale: a weak tag, which never matches here (RFC 9110, 13.1.1).
        BadRequest: anything but one tag of ours, `*` included, for it would hide what the caller saw.
    """
    given = request.headers.get("If-Match")
    if given is None:
        raise PreconditionRequired("if_match_missing")
    if _WEAK.fullmatch(given):
        raise Stale("if_match_weak")
    match = _VERSION.fullmatch(given.strip())
    if not match:
        raise BadRequest("if_match_malformed")
    return int(match[1])


def not_modified(etag: str) -> bool:
    """Whether the caller has this version already."""
    return "If-None-Match" in request.headers and request.if_none_match.contains_weak(etag.strip('"'))
