"""Cursor paging: stable while rows come and go, and a cursor only fits the list it came from.

The service says where the next page begins; the caller gets that position signed together with the list, its
filters and its own name, so that a forged or transplanted cursor is refused before any query runs.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import current_app, request

from gateway.http.call import current_call
from shared.errors import Invalid, field_error

_SIGNATURE_BYTES = 16


def open_cursor(query: dict[str, Any], list_name: str) -> Any:
    """The position that the caller's cursor leads to; None at the start of the list.

    Raises:
        Invalid: it is not a cursor of ours for this list, these filters and this caller.
    """
    cursor = query.get("cursor")
    return None if cursor is None else _open(cursor, _binding(query, list_name))


def seal(position: Any, query: dict[str, Any], list_name: str) -> str:
    """The cursor that leads to the page after `position`."""
    payload: bytes = orjson.dumps(position)
    return _encode(_sign(payload, _binding(query, list_name)) + payload)


def link_to_next(cursor: str) -> str:
    """The `Link` header (RFC 8288) that leads to the next page."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f'<{request.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'


def _binding(query: dict[str, Any], list_name: str) -> bytes:
    filters = {name: value for name, value in query.items() if name not in ("limit", "cursor", "back")}
    bound = [list_name, current_call().subject, filters]
    return orjson.dumps(bound, option=orjson.OPT_SORT_KEYS)


def _open(cursor: str, binding: bytes) -> Any:
    try:
        data = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
    except (UnicodeEncodeError, binascii.Error) as error:
        raise _refusal() from error
    signature, payload = data[:_SIGNATURE_BYTES], data[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _sign(payload, binding)):
        raise _refusal()
    return orjson.loads(payload)


def _refusal() -> Invalid:
    return Invalid("request_invalid", fields=[field_error("cursor", "cursor_malformed")])


def _sign(payload: bytes, binding: bytes) -> bytes:
    secret: bytes = current_app.config["CURSOR_SECRET"]
    return hmac.digest(secret, binding + b"\n" + payload, hashlib.sha256)[:_SIGNATURE_BYTES]


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
