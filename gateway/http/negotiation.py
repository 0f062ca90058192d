"""Whether the caller can read what the resource answers with (RFC 9110, 12.5.1)."""

from flask import request

from gateway.http.refusals import NotAcceptable


def require_acceptable(produced: str) -> None:
    """Refuse when `Accept` rules out the only form there is; the usual headers are recognised without parsing."""
    accept = request.environ.get("HTTP_ACCEPT")
    if accept is None or accept in ("", "*/*", produced):
        return
    if request.accept_mimetypes.quality(produced) <= 0:
        raise NotAcceptable("not_acceptable", produced=produced)
