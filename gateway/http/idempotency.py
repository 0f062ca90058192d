"""`Idempotency-Key` on every POST: the same key and body get the same answer, whatever broke in between.

After draft-ietf-httpapi-idempotency-key-header. The key is bound to the caller; the service stores it together
with the effect and the answer in one write.
"""

import hashlib
import re
from typing import Any

import orjson
from flask import request

from gateway.http.call import current_call
from gateway.http.refusals import BadRequest

KEY = r'^("[A-Za-z0-9._:-]{8,128}"|[A-Za-z0-9._:-]{8,128})$'
_KEY = re.compile(KEY)


def required_key() -> str:
    """The key that came with the request.

    Raises:
        BadRequest: the header is missing or breaks its format.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        raise BadRequest("idempotency_key_missing")
    if not _KEY.fullmatch(key):
        raise BadRequest("idempotency_key_malformed")
    return key.strip('"')


def command(key: str, body: Any) -> dict[str, str]:
    """What identifies this command: the key of this caller, and a digest of everything it asks for."""
    asked = (request.method.encode(), request.path.encode(), orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
    return {
        "key": f"{current_call().subject}:{key}",
        "digest": hashlib.sha256(b"\n".join(asked)).hexdigest(),
    }
